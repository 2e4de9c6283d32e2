"""Read the skill vocabulary as the engine knows it: codes, neighbors, rarities."""

import io
from collections import defaultdict
from itertools import permutations
from typing import Final

import numpy as np

from matching.engine import Vocabulary, code_of
from matching.engine.fixed_point import RELATED
from opportunities.models import SkillBroader
from opportunities.models.skills import SkillKind

NARROWER_HELD: Final = round(RELATED * 0.8)
"""Who holds a narrower skill has most of the broader one."""
BROADER_HELD: Final = round(RELATED * 0.5)
"""Who holds a broader skill has half of the narrower one."""
SIBLING_HELD: Final = round(RELATED * 0.4)
"""Who holds a skill beside it, under the same broader one."""
LARGEST_FAMILY: Final = 12
"""Broader skills with more members say too little about how near those are."""


def read_vocabulary() -> Vocabulary:
    """Return which skills are near which, from the hierarchy; groups relate nothing."""
    near: dict[int, dict[int, int]] = defaultdict(dict)
    family: dict[str, list[str]] = defaultdict(list)

    def relate(held: str, wanted: str, nearness: int) -> None:
        row = near[code_of(held)]
        code = code_of(wanted)
        row[code] = max(nearness, row.get(code, 0))

    edges = SkillBroader.objects.exclude(parent__kind=SkillKind.GROUP).values_list(
        "child__slug", "parent__slug"
    )
    for child, parent in edges:
        relate(child, parent, NARROWER_HELD)
        relate(parent, child, BROADER_HELD)
        family[parent].append(child)
    for members in family.values():
        if len(members) <= LARGEST_FAMILY:
            for held, wanted in permutations(members, 2):
                relate(held, wanted, SIBLING_HELD)
    held_codes = sorted(near)
    rows = [sorted(near[code].items()) for code in held_codes]
    return Vocabulary(
        held=np.array(held_codes, np.int64),
        near_at=np.cumsum([0, *map(len, rows)], dtype=np.int64),
        near=np.array([code for row in rows for code, _ in row], np.int64),
        nearness=np.array([nearness for row in rows for _, nearness in row], np.int16),
    )


def freeze_vocabulary(vocabulary: Vocabulary) -> bytes:
    """Return neighbors and rarities as bytes; slugs are their own codes, so none are kept."""
    rarity = vocabulary.rarity or {}
    codes = sorted(rarity)
    archive = io.BytesIO()
    np.savez(
        archive,
        held=vocabulary.held,
        near_at=vocabulary.near_at,
        near=vocabulary.near,
        nearness=vocabulary.nearness,
        codes=np.array(codes, np.int64),
        rarity=np.array([rarity[code] for code in codes], np.float64),
    )
    return archive.getvalue()


def thaw_vocabulary(content: bytes | memoryview) -> Vocabulary:
    """Return the vocabulary of a run's record."""
    with np.load(io.BytesIO(bytes(content)), allow_pickle=False) as kept:
        return Vocabulary(
            held=kept["held"],
            near_at=kept["near_at"],
            near=kept["near"],
            nearness=kept["nearness"],
            rarity=dict(zip(kept["codes"].tolist(), kept["rarity"].tolist(), strict=True)),
        )
