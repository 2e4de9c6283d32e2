"""Turn a vocabulary as read from files into what the engine relates skills by."""

from matching.engine import Vocabulary
from matching.engine.taxonomy import relate
from opportunities.skills.vocabulary.files import VocabularyFile
from opportunities.skills.vocabulary.words import telling_words


def vocabulary_of(source: VocabularyFile) -> Vocabulary:
    """Return the engine's vocabulary; its skills go by their ids, their labels and other names.

    A name that several skills bear stands for the first of them that has it as its label, else as
    an alias.
    """
    names: dict[str, str] = {}
    for skill in source.skills:
        names.setdefault(skill.label.lower(), skill.id)
    for skill in source.skills:
        for alias in skill.aliases:
            names.setdefault(alias.lower(), skill.id)
    return relate(
        [skill.id for skill in source.skills],
        broader=source.broader,
        words={skill.id: telling_words(skill.label) for skill in source.skills},
        aliases=names,
    )
