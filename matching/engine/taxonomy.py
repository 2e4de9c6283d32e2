"""Relate the skills of a taxonomy: how much of a wanted skill somebody has who holds another.

In: skills by id, the edges of the hierarchy, the words of each label. Out: a ``Vocabulary``. Four
kinds of kinship count, the strongest for each pair:

- a narrower skill covers its broader one, and a broader one part of its narrower ones;
- two skills under one parent skill are siblings;
- two skills in one group are cousins;
- two labels with strongly similar words name similar skills.

Siblings and cousins are the nearer the fewer share the parent: a parent of ``n`` among ``N`` skills
tells ``ln(N / n) / ln(N)`` of what naming one of them would.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import Longs
from matching.engine.fixed_point import RELATED
from matching.engine.skills import Vocabulary, code_of

NARROWER: Final = 0.8
"""How much of a broader skill a narrower one covers."""

BROADER: Final = 0.5
"""How much of a narrower skill a broader one covers."""

SIBLING: Final = 0.77
COUSIN: Final = 0.6
"""Relatedness under a parent skill, or a group, as small as can be."""

WORDED: Final = 0.9
"""Relatedness of labels with the same words."""

ALIKE: Final = 0.35
"""Similarity of words below which labels are not strongly similar."""

WIDEST: Final = 250
"""Members beyond which a parent, a group or a word relates nothing."""

FAINTEST: Final = 0.1
"""Relatedness below which skills have nothing in common."""

type Pairs = tuple[Longs, Longs, NDArray[np.float64]]


def relate(
    skills: Sequence[str],
    *,
    broader: Iterable[tuple[str, str]] = (),
    words: Mapping[str, Sequence[str]] | None = None,
    aliases: Mapping[str, str] | None = None,
) -> Vocabulary:
    """Return the vocabulary of these skills.

    ``broader`` holds pairs of child and parent; an end that is no skill is a group. ``words`` are
    the stems of each label; ``aliases`` lead from other names, in lower case, to skills.
    """
    place = {skill: number for number, skill in enumerate(skills)}
    parents: dict[int, list[int]] = defaultdict(list)
    families: dict[str, list[int]] = defaultdict(list)
    for child, parent in broader:
        if child in place:
            families[parent].append(place[child])
            if parent in place:
                parents[place[child]].append(place[parent])
    found = [
        _lineage(parents),
        *(
            _family(members, SIBLING if parent in place else COUSIN, len(skills))
            for parent, members in families.items()
        ),
        _alike([words.get(skill, ()) for skill in skills] if words else []),
    ]
    held, near, strength = (np.concatenate([part[side] for part in found]) for side in range(3))
    nearness = np.rint(strength * RELATED).astype(np.int64)
    return _vocabulary(skills, held, near, nearness, aliases or {})


def _vocabulary(
    skills: Sequence[str],
    held: Longs,
    near: Longs,
    nearness: Longs,
    aliases: Mapping[str, str],
) -> Vocabulary:
    codes = np.array([code_of(skill) for skill in skills], np.int64)
    kept = (nearness >= FAINTEST * RELATED) & (held != near)
    held, near, nearness = held[kept], near[kept], nearness[kept]
    order = np.lexsort((-nearness, near, held))
    held, near, nearness = held[order], near[order], nearness[order]
    best = np.ones(len(held), np.bool_)
    best[1:] = (held[1:] != held[:-1]) | (near[1:] != near[:-1])
    held, near, nearness = codes[held[best]], codes[near[best]], nearness[best]
    order = np.lexsort((near, held))
    owners, counts = np.unique(held, return_counts=True)
    names = {skill: int(code) for skill, code in zip(skills, codes, strict=True)}
    others = {
        alias: names[skill]
        for alias, skill in aliases.items()
        if skill in names and alias not in names
    }
    return Vocabulary(
        codes=others | names,
        held=owners,
        near_at=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        near=near[order],
        nearness=nearness[order].astype(np.int16),
    )


def _lineage(parents: Mapping[int, Sequence[int]]) -> Pairs:
    """Relate each skill to its parents and theirs, both ways; every step up or down counts."""
    held, near, strength = [], [], []
    for child in parents:
        for ancestor, steps in _ancestors(child, parents):
            held += [child, ancestor]
            near += [ancestor, child]
            strength += [NARROWER**steps, BROADER**steps]
    return np.array(held, np.int64), np.array(near, np.int64), np.array(strength, np.float64)


def _ancestors(child: int, parents: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, int]]:
    seen, level, steps = {child}, list(parents[child]), 1
    while level:
        above: list[int] = []
        for ancestor in level:
            if ancestor not in seen:
                seen.add(ancestor)
                yield ancestor, steps
                above += parents.get(ancestor, ())
        level, steps = above, steps + 1


def _family(members: Sequence[int], closest: float, total: int) -> Pairs:
    """Relate all members under one parent to each other."""
    count = len(members)
    if not 2 <= count <= WIDEST:
        members, count = (), 1
    strength = closest * math.log(total / count) / math.log(total) if total > count else 0.0
    some = np.array(members, np.int64)
    held, near = np.repeat(some, len(some)), np.tile(some, len(some))
    return held, near, np.full(len(held), strength)


def _alike(words: Sequence[Sequence[str]]) -> Pairs:
    """Relate skills whose labels share telling words: the cosine of their weighted words."""
    owner = np.repeat(np.arange(len(words)), [len(set(some)) for some in words])
    stems, word = np.unique(
        np.array([stem for some in words for stem in sorted(set(some))], np.str_),
        return_inverse=True,
    )
    counts = np.bincount(word, minlength=len(stems))
    weight = np.log(1 + len(words) / np.maximum(counts, 1))[word]
    norm = np.sqrt(np.bincount(owner, weight**2, minlength=len(words)))
    order = np.argsort(word, kind="stable")
    held, near, product = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
    for start, end in zip(np.cumsum(counts) - counts, np.cumsum(counts), strict=True):
        if 2 <= end - start <= WIDEST:
            sharing = order[start:end]
            held.append(np.repeat(owner[sharing], end - start))
            near.append(np.tile(owner[sharing], end - start))
            product.append(np.full((end - start) ** 2, weight[sharing[0]] ** 2))
    key = np.concatenate(held) * len(words) + np.concatenate(near)
    cells, inverse = np.unique(key, return_inverse=True)
    first, second = cells // max(1, len(words)), cells % max(1, len(words))
    cosine = np.bincount(inverse, np.concatenate(product), minlength=len(cells)) / (
        norm[first] * norm[second]
    )
    alike = cosine >= ALIKE
    return first[alike], second[alike], WORDED * np.minimum(cosine[alike], 1.0)
