"""Say which skills of two vocabularies are the same one under different names."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain
from typing import NamedTuple

from opportunities.skills.vocabulary.files import VocabularySkill
from opportunities.skills.vocabulary.words import normalize, stems, without_qualifier


class _Names(NamedTuple):
    """The comparable names of one skill: what it is called, and what it is also called."""

    id: str
    labels: tuple[str, ...]
    aliases: frozenset[str]


def equal_skills(
    own: Iterable[VocabularySkill], others: Iterable[VocabularySkill]
) -> dict[str, str]:
    """Return the id of our skill for each id of another vocabulary that means the same.

    A shared label decides first; then the other's label among our aliases (but not among what a
    skill of ours merely includes); then our label among the other's aliases, if the two labels
    share half of their word stems, because some vocabularies list loosely related words there.
    Each skill is used at most once; where several would do, the shortest label, then the lowest id
    is taken.
    """
    ours = [_names(skill) for skill in own]
    theirs = sorted(map(_names, others), key=lambda names: (len(names.labels[0]), names.id))
    by_label = _table(theirs, lambda names: names.labels)
    by_alias = _table(theirs, lambda names: sorted(names.aliases))
    pairs = chain(
        ((skill, other) for skill in ours for text in skill.labels for other in by_label[text]),
        (
            (skill, other)
            for skill in ours
            for text in sorted(skill.aliases)
            for other in by_label[text]
        ),
        (
            (skill, other)
            for skill in ours
            for text in skill.labels
            for other in by_alias[text]
            if _akin(skill, other)
        ),
    )
    linked: dict[str, str] = {}
    used: set[str] = set()
    for skill, other in pairs:
        if skill.id not in used and other.id not in linked:
            linked[other.id] = skill.id
            used.add(skill.id)
    return linked


def enriched(
    skills: Iterable[VocabularySkill], own: Iterable[VocabularySkill]
) -> list[VocabularySkill]:
    """Return the skills with the aliases of ours that equal them, under their own ids."""
    known, ours = list(skills), {skill.id: skill for skill in own}
    linked = equal_skills(ours.values(), known)
    result = []
    for skill in known:
        same = ours.get(linked.get(skill.id, ""))
        extra = () if same is None else (same.label, *same.aliases)
        result.append(skill._replace(aliases=tuple(dict.fromkeys((*skill.aliases, *extra)))))
    return result


def _table(
    skills: Iterable[_Names], names: Callable[[_Names], Iterable[str]]
) -> defaultdict[str, list[_Names]]:
    table: defaultdict[str, list[_Names]] = defaultdict(list)
    for skill in skills:
        for text in names(skill):
            table[text].append(skill)
    return table


def _akin(skill: _Names, other: _Names) -> bool:
    one, two = set(stems(skill.labels[0])), set(stems(other.labels[0]))
    return 2 * len(one & two) >= len(one | two)


def _names(skill: VocabularySkill) -> _Names:
    labels = dict.fromkeys((normalize(skill.label), normalize(without_qualifier(skill.label))))
    names = [alias for alias in skill.aliases if alias not in skill.includes]
    aliases = frozenset(map(normalize, names)) - labels.keys() - {""}
    return _Names(skill.id, tuple(labels), aliases)
