"""Rank with compiled loops: the same gates and formulas, fused, one pair at a time.

Roles are read in the candidate's bucket ranges, tile by tile. Gates that are plain comparisons run
over a whole tile on columns of two bytes, whose codes are exact while there are few different
values; what is left is compared exactly where they are not, placed, scored and offered to the
bounded heaps of both sides. One thread, no lock held: run one process for each core. The formulas
are those of ``aspects``, ``calendars`` and ``pairs``, compiled as they stand.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from matching.engine import (
    aspects,
    calendars,
    fixed_point,
    numba_gates,
    numba_loops,
    numba_tables,
    pairs,
    placing,
)
from matching.engine.candidate_view import CandidateView
from matching.engine.columns import Bytes, Flags, Floats, Ints, Longs, Shorts
from matching.engine.role_index import RoleIndex
from matching.engine.topk import EMPTY

TILE: Final = 4096
"""Roles gated at once unless the caller says otherwise."""

_HIGHEST: Final = 32_766
"""Highest code of a quantity that the gates of a tile compare."""


class _Roles(NamedTuple):
    """Roles in bucket order; of the matrices, each row is what one role needs at once."""

    gates: Shorts
    """Shape (7, m): codes of load, rate, latest start, length, end, flags and age."""
    ranks: Ints
    """Shape (m, 5): the exact ranks behind the first five."""
    numbers: Ints
    """Shape (m, 32): in the first 20 columns, what ``_role_numbers`` orders."""
    amounts: Floats
    """Shape (m, 16), the same memory: in columns 10 to 14 rigid, rate, income, weekly, days."""
    bucket_at: Longs
    skill: Ints
    postings: Ints
    """Shape (postings, 4): value of a level, shares of competence and growth, bit of the level."""
    must: Ints
    must_level: Bytes


class _Covers(NamedTuple):
    holds_at: Longs
    holds_skill: Ints
    holds_relatedness: Shorts
    learns_at: Longs
    learns_skill: Ints
    learns_relatedness: Shorts
    fields: Longs


class _People(NamedTuple):
    """Candidates; of the matrices, each row is what one candidate needs at once."""

    turns: Longs
    """Positions of the candidates, neighbors together, so that their roles stay in the cache."""
    codes: Shorts
    """Shape (n, 7): what ``_Roles.gates`` are compared with."""
    ranks: Ints
    """Shape (n, 5): what ``_Roles.ranks`` are compared with."""
    numbers: Ints
    """Shape (n, 11), in the order of ``_people_numbers``."""
    amounts: Floats
    """Shape (n, 3): hours, value of a unit of hourly pay, value of a unit of income."""
    weights: Ints
    differs: Flags
    has_targets: Flags
    has_interests: Flags
    held_at: Longs
    held: Ints
    held_level: Bytes
    held_credited: Bytes
    wanted_at: Longs
    wanted: Ints
    wanted_priority: Bytes
    interest_at: Longs
    interest: Ints
    interest_value: Ints
    done_at: Longs
    done: Ints
    region_at: Longs
    region: Ints
    right_at: Longs
    right: Ints
    week_at: Longs
    week: Ints
    week_hours: Floats


def sweep(
    view: CandidateView,
    index: RoleIndex,
    *,
    ties: Longs,
    kept: Longs,
    width: int,
    by_fit: bool,
    block: int,
) -> Longs:
    """Do what ``numpy_kernel.sweep`` does, bit for bit; ``block`` roles are gated at once."""
    scales = _scales(index)
    best = np.full((len(view), width), EMPTY, np.int64)
    _loops(
        _roles(index, scales),
        _covers(index),
        _people(view, index, scales),
        aspects.speed_table(),
        ties,
        kept,
        best,
        (
            max(8, (block or TILE) // 8 * 8),
            by_fit,
            len(index.skill_codes),
            len(index.countries),
            len(index.regions),
            int(np.diff(view.wanted_at).max(initial=0)),
            all(scale.step == 1 for scale in scales),
        ),
    )
    return best


class _Scale(NamedTuple):
    """How a rank becomes a code of two bytes: divided, so that order is kept."""

    step: int

    def codes(self, ranks: Ints) -> Shorts:
        return np.clip(ranks // self.step, -1, _HIGHEST + 1).astype(np.int16)


def _scales(index: RoleIndex) -> tuple[_Scale, ...]:
    ranks = _role_ranks(index)
    return tuple(_Scale(max(1, -(-int(column.max(initial=0)) // _HIGHEST))) for column in ranks)


def _latest_days(index: RoleIndex) -> Ints:
    return np.unique(index.latest)


def _role_ranks(index: RoleIndex) -> tuple[Ints, ...]:
    latest = np.searchsorted(_latest_days(index), index.latest).astype(np.int32)
    return index.load_rank, index.rate_rank, latest, index.days_rank, index.ends_rank


def _roles(index: RoleIndex, scales: tuple[_Scale, ...]) -> _Roles:
    roles = index.opportunities
    ranks = _role_ranks(index)
    rows = np.zeros((len(index), 16))
    numbers = _role_numbers(index)
    rows.view(np.int32)[:, : numbers.shape[1]] = numbers
    amounts = (roles.rigid, roles.rate, roles.income, roles.weekly, roles.days)
    rows[:, 10 : 10 + len(amounts)] = np.stack(amounts, axis=1)
    coded = [scale.codes(column) for scale, column in zip(scales, ranks, strict=True)]
    return _Roles(
        gates=np.stack([*coded, index.flags.astype(np.int16), roles.min_age]),
        ranks=np.stack(ranks, axis=1),
        numbers=rows.view(np.int32),
        amounts=rows,
        bucket_at=index.bucket_at,
        skill=index.skill,
        postings=np.stack(
            [
                index.per_level,
                index.share,
                index.learning,
                numba_tables.LEVEL_BITS * (index.asked.astype(np.int32) - 1),
            ],
            axis=1,
        ),
        must=index.must,
        must_level=index.must_level,
    )


def _role_numbers(index: RoleIndex) -> Ints:
    roles = index.opportunities
    columns = (
        roles.depth,
        roles.breadth,
        roles.mentorship,
        roles.network,
        roles.effort,
        roles.trajectory,
        roles.evidence,
        roles.public_work,
        roles.potential,
        index.field,
        roles.start_earliest,
        roles.speed_ticks,
        index.price,
        index.tie,
        index.country,
        roles.start_latest,
        roles.skill_at[:-1],
        roles.skill_at[1:],
        index.must_at[:-1],
        index.must_at[1:],
    )
    flagged = [column.astype(np.int32) for column in columns]
    flagged[6] |= (roles.credit.astype(np.int32) << 3) | (index.asks.astype(np.int32) << 4)
    return np.stack(flagged, axis=1)


def _covers(index: RoleIndex) -> _Covers:
    return _Covers(
        index.holds.at,
        index.holds.skill,
        index.holds.relatedness,
        index.learns.at,
        index.learns.skill,
        index.learns.relatedness,
        index.fields,
    )


def _people(view: CandidateView, index: RoleIndex, scales: tuple[_Scale, ...]) -> _People:
    people = view.candidates
    latest = np.searchsorted(_latest_days(index), people.available_from).astype(np.int32)
    ranks = (view.load_rank, view.rate_rank, latest, view.days_rank, view.ends_rank)
    return _People(
        turns=_turns(view),
        codes=np.stack(
            [
                *(scale.codes(column) for scale, column in zip(scales, ranks, strict=True)),
                view.forbidden.astype(np.int16),
                people.age_ok,
            ],
            axis=1,
        ),
        ranks=np.stack(ranks, axis=1),
        numbers=_people_numbers(view),
        amounts=np.stack([people.hours, people.pay_scale, people.need_scale], axis=1),
        weights=people.weights,
        differs=view.differs,
        has_targets=view.has_targets,
        has_interests=view.has_interests,
        held_at=view.held_at,
        held=view.held,
        held_level=view.held_level,
        held_credited=view.held_credited,
        wanted_at=view.wanted_at,
        wanted=view.wanted,
        wanted_priority=view.wanted_priority,
        interest_at=view.interest_at,
        interest=view.interest,
        interest_value=view.interest_value,
        done_at=view.done_at,
        done=view.done,
        region_at=view.region_at,
        region=view.region,
        right_at=view.right_at,
        right=view.right,
        week_at=people.week_at,
        week=people.week,
        week_hours=people.week_hours,
    )


def _turns(view: CandidateView) -> Longs:
    right, region = (
        np.append(column, -1)[np.minimum(at[:-1], len(column))]
        for at, column in ((view.right_at, view.right), (view.region_at, view.region))
    )
    return np.lexsort((region, right)).astype(np.int64)


def _people_numbers(view: CandidateView) -> Ints:
    people = view.candidates
    columns = (
        people.goal,
        people.wish,
        people.explore,
        people.available_from,
        people.available_until,
        people.credit,
        people.modes,
        people.evidence_wanted,
        people.track_record,
        people.top_priorities,
        view.interest_unknown,
    )
    return np.stack([column.astype(np.int32) for column in columns], axis=1)


def _fingerprint() -> str:
    """Return a digest of everything compiled that stands in another module.

    The library's cache looks only at the file of the function that it stores, and at what that
    function encloses: enclosing this digest makes a changed formula a new entry.
    """
    digest = hashlib.blake2b(digest_size=8)
    for formula in numba_loops.SOURCES:
        digest.update(formula.__code__.co_code)
        digest.update(repr(formula.__code__.co_consts).encode())
    for module in (
        fixed_point,
        aspects,
        calendars,
        placing,
        pairs,
        numba_tables,
        numba_gates,
        numba_loops,
    ):
        constants = {
            name: value for name, value in vars(module).items() if isinstance(value, int | float)
        }
        digest.update(repr(sorted(constants.items())).encode())
    return digest.hexdigest()


def _compiled(version: str) -> Callable[..., None]:
    """Return the loops behind a function that the library's cache stores by version."""

    def enter(
        roles: Any, covers: Any, people: Any, table: Any, ties: Any, kept: Any, best: Any, how: Any
    ) -> None:
        if len(version):
            numba_loops.loops(roles, covers, people, table, ties, kept, best, how)

    compiled: Callable[..., None] = njit(nogil=True, cache=True)(enter)
    return compiled


_loops: Final = _compiled(_fingerprint())
