"""Turn a vocabulary as read from files into what the engine relates skills by."""

from matching.engine import Vocabulary
from matching.engine.taxonomy import relate
from opportunities.vocabulary import VocabularyFile, normalize
from opportunities.vocabulary.words import STOP_WORDS, stems


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


def telling_words(label: str) -> list[str]:
    """Return the stems of a label's words, those that every label may have left out."""
    return [stem for stem in stems(normalize(label)) if stem not in STOP_WORDS]
