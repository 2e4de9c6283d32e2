"""Arrange both sides as the compiled loops read them: what is needed at once stands together.

In: a ``RoleIndex`` and a ``CandidateView``. Out: tuples of arrays. Numbers that point somewhere are
unsigned, which spares the compiled code a look at their sign.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.candidate_view import CandidateView
from matching.engine.columns import Bytes, Floats, Ints, Longs, Shorts
from matching.engine.fixed_point import LEVELS
from matching.engine.role_index import RoleIndex

type Places = NDArray[np.uint32]

HIGHEST: Final = 32_766
"""Highest code of a quantity that the gates of a tile compare."""

STEP: Final = 64
"""Roles that are gated at once; a tile is a multiple of it."""

(DEPTH, BREADTH, MENTORSHIP, NETWORK, EFFORT, TRAJECTORY, PUBLIC_WORK, POTENTIAL, RIGID, RATE,
 INCOME) = range(11)  # fmt: skip
"""Columns of ``Roles.amounts``."""

AMOUNTS: Final = 11
FIELD, START, TICKS, PRICE, TIE, SHOWN, POSTINGS, POSTINGS_END = range(22, 30)
"""Columns of ``Roles.numbers``, behind the amounts."""

ROW: Final = 32
"""Numbers in the row of a role: two lines of the processor's cache."""

ASKED, MUSTS = 10, 2
"""Skills, and must-haves, for which there is room in a role's row of ``Roles.doors``."""

MORE_MUSTS, END_OF_MUSTS, MORE_ASKED, END_OF_ASKED = range(ASKED + MUSTS, ASKED + MUSTS + 4)
"""Columns of ``Roles.doors``: ranges of the must-haves and postings for which there is none."""

MUST_BITS: Final = 8
"""Bits of the level that a must-have is asked at; the skill stands above."""

LINE: Final = 16
"""Numbers in a line of the processor's cache."""

(GOAL, WISH, EXPLORE, BEGIN, UNTIL, CREDIT, MODES, WANTED, TRACK, BY_TOP, INTEREST_UNKNOWN,
 BY_ASKED, HAS_TARGETS, HAS_INTERESTS) = range(14)  # fmt: skip
"""Columns of ``People.numbers``."""

HELD, WISHES, INTERESTS, DONE, REGIONS, RIGHTS, WEEKS = range(0, 14, 2)
"""Columns of ``People.spans``: the start of each, the end being next to it."""

LEVEL_BITS: Final = 11
"""Bits of a cell for level times relatedness, the level being at most 1, 2, 3, 4."""

LEARNING_BIT: Final = LEVEL_BITS * LEVELS
"""Where the relatedness to a wanted skill begins."""


class Roles(NamedTuple):
    """Roles in bucket order; of the matrices, each row is what one role needs at once."""

    gates: Shorts
    """Shape (7, m + STEP): codes of load, rate, latest start, length, end, flags and age."""
    ranks: Ints
    """Shape (m, 5): the exact ranks behind the first five."""
    amounts: Floats
    """Shape (m, 16)."""
    numbers: Ints
    """Shape (m, 32), the same memory."""
    timing: Floats
    """Shape (m, 3): latest start, days, weekly hours."""
    doors: Places
    """Shape (m, LINE): the first skills, or the number of skills where no more are; the first
    must-haves with their levels; where the others are."""
    bucket_at: Longs
    place_at: Longs
    place_country: Ints
    skill: Places
    postings: Ints
    """Shape (postings, 4): value of a level, shares of competence and growth, bit of the level."""
    must: Places
    must_level: Bytes


class Covers(NamedTuple):
    holds_at: Longs
    holds_skill: Places
    holds_relatedness: Shorts
    learns_at: Longs
    learns_skill: Places
    learns_relatedness: Shorts
    fields: Longs


class People(NamedTuple):
    """Candidates in their turns; of the matrices, each row is what one candidate needs at once."""

    turns: Longs
    """Where each stands in the view: neighbors follow each other, as they meet the same roles."""
    spans: Longs
    """Shape (n, 14): start and end in each ragged column, ``HELD`` to ``WEEKS``."""
    codes: Shorts
    """Shape (n, 7): what ``Roles.gates`` are compared with."""
    ranks: Ints
    """Shape (n, 5): what ``Roles.ranks`` are compared with."""
    numbers: Ints
    """Shape (n, 14)."""
    amounts: Floats
    """Shape (n, 3): hours, value of a unit of hourly pay, value of a unit of income."""
    weights: Floats
    held: Places
    held_level: Bytes
    held_credited: Bytes
    wanted: Places
    wanted_priority: Bytes
    interest: Places
    interest_value: Ints
    done: Places
    region: Places
    right: Places
    week: Ints
    week_hours: Floats


class Scale(NamedTuple):
    """How a rank becomes a code of two bytes: divided, so that order is kept."""

    step: int

    def codes(self, ranks: Ints) -> Shorts:
        return np.clip(ranks // self.step, -1, HIGHEST + 1).astype(np.int16)


def ranks_of(index: RoleIndex) -> tuple[Ints, tuple[Ints, ...]]:
    """Return the distinct latest starts, ascending, and the ranks of the first five gates."""
    days, place = np.unique(index.latest, return_inverse=True)
    latest = place.astype(np.int32)
    return days, (index.load_rank, index.rate_rank, latest, index.days_rank, index.ends_rank)


def scales_of(ranks: tuple[Ints, ...]) -> tuple[Scale, ...]:
    """Return the scales of the first five gates, each as fine as two bytes allow."""
    return tuple(Scale(max(1, -(-int(column.max(initial=0)) // HIGHEST))) for column in ranks)


def roles_of(index: RoleIndex, ranks: tuple[Ints, ...], scales: tuple[Scale, ...]) -> Roles:
    """Return the roles in the order of the index."""
    roles = index.opportunities
    numbers = _aligned(len(index), ROW).view(np.int32)
    amounts = numbers.view(np.float64)
    for column, name in enumerate(
        ("depth", "breadth", "mentorship", "network", "effort", "trajectory", "public_work",
         "potential", "rigid", "rate", "income")
    ):  # fmt: skip
        amounts[:, column] = getattr(roles, name)
    shown = roles.evidence.astype(np.int32)
    for bit, flag in ((3, roles.credit), (4, index.asks), (5, np.diff(roles.skill_at) > 0)):
        shown |= flag.astype(np.int32) << bit
    for column, values in (
        (FIELD, index.field),
        (START, roles.start_earliest),
        (TICKS, roles.speed_ticks),
        (PRICE, index.price),
        (TIE, index.tie),
        (SHOWN, shown),
        (POSTINGS, roles.skill_at[:-1]),
        (POSTINGS_END, roles.skill_at[1:]),
    ):
        numbers[:, column] = values
    gates = np.zeros((7, len(index) + STEP), np.int16)
    for row, (scale, rank) in enumerate(zip(scales, ranks, strict=True)):
        gates[row, : len(index)] = scale.codes(rank)
    gates[-2, : len(index)] = index.flags
    gates[-1, : len(index)] = roles.min_age
    return Roles(
        gates=gates,
        ranks=np.stack(ranks, axis=1),
        amounts=amounts,
        numbers=numbers,
        timing=np.stack([roles.start_latest.astype(np.float64), roles.days, roles.weekly], axis=1),
        doors=_doors(index),
        bucket_at=index.bucket_at,
        place_at=index.place_at,
        place_country=index.place_country,
        skill=_places(index.skill),
        postings=np.stack(
            [
                index.per_level,
                index.share,
                index.learning,
                LEVEL_BITS * (index.asked.astype(np.int32) - 1),
            ],
            axis=1,
        ),
        must=_places(index.must),
        must_level=index.must_level,
    )


def _places(column: NDArray[Any]) -> Places:
    return column.astype(np.uint32)


def _aligned(rows: int, width: int) -> Places:
    """Return rows of zeros that each begin with a line of the processor's cache."""
    room = np.zeros(rows * width + LINE, np.uint32)
    first = -(room.ctypes.data // 4) % LINE
    return room[first : first + rows * width].reshape(rows, width)


def _leading(at: Longs, column: Places, width: int, padding: int) -> Places:
    """Return the first entries of every row of a ragged column, shape (rows, width)."""
    place = at[:-1, None] + np.arange(width)
    padded = np.append(column, np.uint32(padding))
    return padded[np.where(place < at[1:, None], place, len(column))]


def _doors(index: RoleIndex) -> Places:
    skill_at = index.opportunities.skill_at
    must = _places(_places(index.must) << MUST_BITS | index.must_level)
    doors = _aligned(len(index), LINE)
    doors[:, :ASKED] = _leading(skill_at, _places(index.skill), ASKED, len(index.skill_codes))
    doors[:, ASKED : ASKED + MUSTS] = _leading(index.must_at, must, MUSTS, 0)
    doors[:, MORE_MUSTS] = index.must_at[:-1] + MUSTS
    doors[:, END_OF_MUSTS] = index.must_at[1:]
    doors[:, MORE_ASKED] = skill_at[:-1] + ASKED
    doors[:, END_OF_ASKED] = skill_at[1:]
    return doors


def covers_of(index: RoleIndex) -> Covers:
    """Return what skills cover, and the fields."""
    return Covers(
        index.holds.at,
        _places(index.holds.skill),
        index.holds.relatedness,
        index.learns.at,
        _places(index.learns.skill),
        index.learns.relatedness,
        index.fields,
    )


def people_of(view: CandidateView, latest_days: Ints, scales: tuple[Scale, ...]) -> People:
    """Return the candidates, those of one place next to each other."""
    people = view.candidates
    turns = _turns(view)
    latest = np.searchsorted(latest_days, people.available_from).astype(np.int32)
    ranks = (view.load_rank, view.rate_rank, latest, view.days_rank, view.ends_rank)
    numbers = (
        people.goal,
        people.wish,
        people.explore,
        people.available_from,
        people.available_until,
        people.credit,
        people.modes,
        people.evidence_wanted,
        people.track_record,
        view.by_top_priorities,
        view.interest_unknown,
        view.by_asked_evidence,
        view.has_targets,
        view.has_interests,
    )
    codes = (scale.codes(rank) for scale, rank in zip(scales, ranks, strict=True))
    starts = (
        view.held_at,
        view.wanted_at,
        view.interest_at,
        view.done_at,
        view.region_at,
        view.right_at,
        people.week_at,
    )
    return People(
        turns=turns,
        spans=_rows(turns, [part for at in starts for part in (at[:-1], at[1:])], np.int64),
        codes=_rows(turns, [*codes, view.forbidden, people.age_ok], np.int16),
        ranks=_rows(turns, ranks, np.int32),
        numbers=_rows(turns, numbers, np.int32),
        amounts=_rows(turns, [people.hours, people.pay_scale, people.need_scale], np.float64),
        weights=people.weights[turns].astype(np.float64),
        held=_places(view.held),
        held_level=view.held_level,
        held_credited=view.held_credited,
        wanted=_places(view.wanted),
        wanted_priority=view.wanted_priority,
        interest=_places(view.interest),
        interest_value=view.interest_value,
        done=_places(view.done),
        region=_places(view.region),
        right=_places(view.right),
        week=people.week,
        week_hours=people.week_hours,
    )


def _turns(view: CandidateView) -> Longs:
    """Return an order in which those of one place follow each other.

    What the last one met is then still in the processor's cache.
    """
    right, region = (
        np.append(column, -1)[np.minimum(at[:-1], len(column))]
        for at, column in ((view.right_at, view.right), (view.region_at, view.region))
    )
    return np.lexsort((region, right)).astype(np.int64)


def _rows(turns: Longs, columns: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    """Return the columns side by side, in their turns."""
    rows: NDArray[Any] = np.empty((len(turns), len(columns)), kind)
    for place, column in enumerate(columns):
        rows[:, place] = column[turns]
    return rows
