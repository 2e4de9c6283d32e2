"""Know skills by their codes, how near one is to another, and how rare each is.

A code is a 64-bit digest of a name, the same in every process. In: the skills of a taxonomy with
their aliases and broader groups, or nothing. Out: a ``Vocabulary``. Without a taxonomy two skills
are the same or they have nothing in common, and all weigh the same.
"""

import hashlib
import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

import numpy as np

from matching.engine.columns import Floats, Longs, Opportunities, Shorts


def code_of(name: str) -> int:
    """Return the 64-bit code of a name; 0 is the empty name."""
    if not name:
        return 0
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _no_codes() -> Longs:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Which names mean the same skill, which skills are related, and how much each weighs.

    Relatedness says how much of a wanted skill somebody has who holds another: an integer up to
    ``RELATED``, which is the skill itself. Skill ``i`` of ``held`` covers the skills
    ``near[near_at[i]:near_at[i + 1]]``, itself left out, by ``nearness`` of the same slice.
    """

    codes: Mapping[str, int] = field(default_factory=dict)
    """Code of the skill that a name or alias (in lower case) stands for."""
    held: Longs = field(default_factory=_no_codes)
    """Codes of skills that have neighbors, ascending."""
    near_at: Longs = field(default_factory=lambda: np.zeros(1, np.int64))
    near: Longs = field(default_factory=_no_codes)
    nearness: Shorts = field(default_factory=lambda: np.zeros(0, np.int16))
    rarity: Mapping[int, float] | None = None
    """Weight of a skill, by code; None weighs all the same."""
    usual: float = 1.0
    """The mean weight of what roles ask for."""

    def code(self, name: str) -> int:
        """Return the code of the skill that a name stands for; an unknown name is its own skill."""
        known = self.codes.get(name)
        if known is None and self.codes:
            known = self.codes.get(name.strip().lower())
        return code_of(name) if known is None else known

    def weigh(self, opportunities: Opportunities) -> Self:
        """Return the vocabulary with every skill weighed by its rarity among these open roles.

        A skill that ``d`` of ``m`` roles ask for weighs ``ln(1 + m / d)``.
        """
        roles = np.repeat(np.arange(len(opportunities)), np.diff(opportunities.skill_at))
        pairs = np.unique(np.stack([opportunities.skill, roles]), axis=1)
        codes, counts = np.unique(pairs[0], return_counts=True)
        total = len(opportunities)
        return self.weighed(
            {
                int(code): math.log(1 + total / int(count))
                for code, count in zip(codes, counts, strict=True)
            }
        )

    def weighed(self, rarity: Mapping[int, float]) -> Self:
        """Return the vocabulary with these weights.

        The weight tells how many roles ask for a skill, and so what is usual.
        """
        asking = [1 / math.expm1(weight) for weight in rarity.values()]
        summed = math.fsum(map(operator.mul, rarity.values(), asking))
        return replace(self, rarity=rarity, usual=summed / math.fsum(asking) if asking else 1.0)

    def rarities(self, codes: Longs) -> Floats:
        """Return the weight of every code; one that no role asked for is as rare as can be."""
        if self.rarity is None:
            return np.ones(len(codes))
        rarest = max(self.rarity.values(), default=1.0)
        return np.array([self.rarity.get(int(code), rarest) for code in codes], np.float64)


IDENTITY: Final = Vocabulary()
"""The vocabulary that relates every skill to itself only."""
