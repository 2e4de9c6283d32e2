"""Turn a vocabulary as read from files into what the engine relates skills by."""

from matching.engine import Vocabulary, code_of
from opportunities.vocabulary import VocabularyFile


def vocabulary_of(source: VocabularyFile) -> Vocabulary:
    """Return the engine's vocabulary of skills that are named by their ids."""
    return Vocabulary(codes={skill.id: code_of(skill.id) for skill in source.skills})
