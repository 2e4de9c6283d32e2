"""The vocabulary of skills as text: reading it from files and finding skills in free text.

Pure: no database, clock or randomness, so that commands without a database use it too.
"""

from opportunities.skills.vocabulary.files import (
    ESCO_NOTICE,
    Broader,
    UnusableRow,
    VocabularyError,
    VocabularyFile,
    VocabularySkill,
    read_groups,
    read_vocabulary,
)
from opportunities.skills.vocabulary.link import enriched, equal_skills
from opportunities.skills.vocabulary.meaning import Meanings, word_vectors
from opportunities.skills.vocabulary.resolve import Resolved, Resolver
from opportunities.skills.vocabulary.words import normalize, telling_words

__all__ = [
    "ESCO_NOTICE",
    "Broader",
    "Meanings",
    "Resolved",
    "Resolver",
    "UnusableRow",
    "VocabularyError",
    "VocabularyFile",
    "VocabularySkill",
    "enriched",
    "equal_skills",
    "normalize",
    "read_groups",
    "read_vocabulary",
    "telling_words",
    "word_vectors",
]
