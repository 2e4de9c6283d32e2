"""Know skills by their codes, how near one is to another, and how rare each is.

A code is a 64-bit digest of a name, the same in every process. In: the skills of a taxonomy with
their aliases and broader groups, or nothing. Out: a ``Vocabulary``. Without a taxonomy two skills are
the same or they have nothing in common, and all weigh the same.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.fixed_point import RELATED


def code_of(name: str) -> int:
    """Return the 64-bit code of a name; 0 is the empty name."""
    if not name:
        return 0
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which names mean the same skill, which skills are related, and how much each weighs."""

    codes: Mapping[str, int] = field(default_factory=dict)
    """Code of the skill that a name or alias (in lower case) stands for."""
    neighbors: Mapping[int, tuple[NDArray[np.int64], NDArray[np.int16]]] = field(
        default_factory=dict
    )
    """By code of a skill held: the codes of other skills it partly covers, and by how much."""
    rarity: Mapping[int, float] = field(default_factory=dict)
    """Weight of a skill on the employer's side; 1 where not given."""

    def code(self, name: str) -> int:
        """Return the code of the skill that a name stands for; unknown names stand for themselves."""
        return self.codes.get(name.strip().lower()) or code_of(name)

    def covered(self, held: int) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
        """Return the codes that a held skill covers, itself first, and the relatedness of each.

        Relatedness is an integer, ``RELATED`` for the skill itself.
        """
        own = np.array([held], np.int64), np.array([RELATED], np.int16)
        if held not in self.neighbors:
            return own
        codes, relatedness = self.neighbors[held]
        return np.concatenate([own[0], codes]), np.concatenate([own[1], relatedness])


IDENTITY: Final = Vocabulary()
"""The vocabulary that relates every skill to itself only."""
