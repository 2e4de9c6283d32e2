"""Rank with compiled loops: the same gates and formulas, one candidate after the other.

Roles are read where the candidate's places and skills lead to, a block at a time. Gates that are
plain comparisons run over a whole block, on columns of two bytes while there are few different
values; what is left is placed, scored some lanes at a time, and offered to the lists of both sides
where it may enter. One thread, no lock held: run one process for each core. The
formulas are those of ``aspects``, ``calendars`` and ``pairs``, compiled as they stand.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numba import njit

from matching.engine import aspects, numba_loops, numba_one_role
from matching.engine.candidate_view import CandidateView
from matching.engine.columns import Candidates, Longs
from matching.engine.numba_columns import Arrangement, arrange, people_of
from matching.engine.role_index import RoleIndex
from matching.engine.topk import EMPTY

_arrangements: Final[WeakKeyDictionary[RoleIndex, Arrangement]] = WeakKeyDictionary()
"""What was made of each index that is still in use."""


def arrangement_of(index: RoleIndex) -> Arrangement:
    """Return the index as the loops read it; made once, when it is first needed."""
    known = _arrangements.get(index)
    if known is None:
        known = _arrangements.setdefault(index, arrange(index))
    return known


def sweep(
    view: CandidateView,
    index: RoleIndex,
    *,
    ties: Longs,
    kept: Longs,
    width: int,
    by_fit: bool,
) -> Longs:
    """Do what ``numpy_kernel.sweep`` does, bit for bit."""
    arrangement = arrangement_of(index)
    room = arrangement.room()
    best = np.full((len(view), width), EMPTY, np.int64)
    _loops(
        arrangement.roles,
        arrangement.covers,
        people_of(view, arrangement),
        aspects.speed_table(),
        ties,
        kept,
        best,
        (
            arrangement.order,
            by_fit,
            room,
            # Not made by the loops: NumPy asks the system for large pages.
            np.empty((len(kept), 2 * kept.shape[1]), np.int64),
        ),
    )
    arrangement.rooms.append(room)
    return best


def score_role(
    candidates: Candidates, rows: Longs, index: RoleIndex, *, by_fit: bool
) -> tuple[Longs, Longs]:
    """Do what ``numpy_kernel.score_role`` does, bit for bit."""
    found, scores = rows.copy(), np.empty(len(rows), np.int64)
    count = _one_role(
        found,
        numba_one_role.people_of(candidates),
        *numba_one_role.role_of(index),
        aspects.speed_table(),
        by_fit,
        scores,
    )
    found, scores = found[:count], scores[:count]
    fits = scores != numba_one_role.NOBODY
    return found[fits], scores[fits]


def _fingerprint() -> str:
    """Return a digest of the engine's source.

    The library's cache looks only at the file of the function that it stores, and at what that
    function encloses: enclosing this digest makes a changed formula a new entry.
    """
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.blake2b(b"".join(map(Path.read_bytes, sources)), digest_size=8).hexdigest()


def _compiled(version: str) -> tuple[Callable[..., None], Callable[..., int]]:
    """Return the loops, and the one of one role, as the library's cache stores them by version."""

    def enter(
        roles: Any, covers: Any, people: Any, table: Any, ties: Any, kept: Any, best: Any, how: Any
    ) -> None:
        if len(version):
            numba_loops.rank_all(roles, covers, people, table, ties, kept, best, how)

    def enter_one(
        rows: Any, people: Any, role: Any, skills: Any, speeds: Any, by_fit: Any, scores: Any
    ) -> Any:
        if len(version):
            count = numba_one_role.score_people(rows, people, role, skills, speeds, by_fit, scores)
        return count

    stored = njit(nogil=True, cache=True)
    return stored(enter), stored(enter_one)


_loops, _one_role = _compiled(_fingerprint())
