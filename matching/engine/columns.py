"""Hold many roles, or many candidates, as columns: what the kernels read.

Every array is C-contiguous and read-only by convention; ``m`` is the number of roles and ``n`` of
candidates. Names are 64-bit codes (``skills.code_of``). A column called ``…_at`` belongs to ragged
data: entry ``i`` owns the slice ``[at[i], at[i + 1])`` of its sister columns. Values, weights and
levels are on the scales of ``fixed_point``; days are ordinals; money and hours are float64 and take
part in one multiplication and comparisons only, so that every machine agrees.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int32]
type Longs = NDArray[np.int64]
type Shorts = NDArray[np.int16]
type Bytes = NDArray[np.uint8]
type Flags = NDArray[np.bool_]


PAY_BY_HAND: Final = 1 << 15
"""The highest bit of ``Opportunities.known``: pay is stated but cannot be compared.

The aspects count from the lowest bit on; a test fails before they reach this one.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of one length, without ragged ones."""

    @classmethod
    def none(cls) -> Self:
        """Return no rows, in columns of whole numbers."""
        return cls(*(np.zeros(0, np.int64) for _ in fields(cls)))

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def keep(self, chosen: Flags | Longs | slice) -> Self:
        """Return the chosen rows."""
        return type(self)(*(getattr(self, item.name)[chosen] for item in fields(self)))

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Return the rows of all parts, one after the other."""
        columns = (item.name for item in fields(cls))
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """Columns of one length, some of them ragged."""

    ids: Longs
    """Identifiers; equal scores are ordered by them, lowest first."""

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def ragged(cls) -> dict[str, tuple[str, ...]]:
        """Return, for every ``…_at`` column, the columns that it cuts into slices."""
        raise NotImplementedError

    def take(self, rows: NDArray[np.integer[Any]]) -> Self:
        """Return the same columns for the rows at these positions, in this order."""
        chosen: dict[str, NDArray[Any]] = {}
        inner = {name: at for at, names in self.ragged().items() for name in names}
        for item in fields(self):
            if item.name not in inner and item.name not in self.ragged():
                chosen[item.name] = np.ascontiguousarray(getattr(self, item.name)[rows])
        for at_name, names in self.ragged().items():
            at = getattr(self, at_name)
            starts, counts = at[:-1][rows], np.diff(at)[rows]
            offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
            positions = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], counts)
            chosen[at_name] = offsets
            for name in names:
                chosen[name] = getattr(self, name)[positions]
        return type(self)(**chosen)

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Return the rows of all parts, one after the other."""
        joined: dict[str, NDArray[Any]] = {}
        for item in fields(cls):
            columns = [getattr(part, item.name) for part in parts]
            if item.name in cls.ragged():
                ends = np.cumsum([0] + [column[-1] for column in columns[:-1]])
                joined[item.name] = np.concatenate(
                    [[0]] + [column[1:] + end for column, end in zip(columns, ends, strict=True)]
                ).astype(np.int64)
            else:
                joined[item.name] = np.concatenate(columns)
        return cls(**joined)


@dataclass(frozen=True, slots=True, eq=False)
class Opportunities(_Columns):
    """Roles as columns of length ``m``."""

    known: NDArray[np.uint16]
    """Bit ``a`` is set where aspect ``ASPECTS[a]`` rests on stated facts only."""
    mode: Bytes
    """Position in ``MODES``."""
    region: Longs
    field: Longs
    work_rights: Longs
    """Code of the country whose right to work is needed; 0 is none."""
    start_earliest: Ints
    """First day on which the role may begin; 0 is any."""
    start_latest: Ints
    """Last day on which it may begin; ``FAR`` is any."""
    days: Floats
    """Calendar length in days."""
    speed_ticks: Ints
    """Calendar length in ticks of the speed table."""
    weekly: Floats
    """Hours per calendar week."""
    rigid: Floats
    """The part of ``weekly`` that the schedule fixes."""
    rate: Floats
    """Income an hour; that of the prior where pay is unstated or cannot be compared."""
    income: Floats
    credit: Flags
    requires_enrolment: Flags
    min_age: Shorts
    depth: Ints
    breadth: Ints
    mentorship: Ints
    network: Ints
    effort: Ints
    trajectory: Ints
    evidence: Bytes
    """Bit ``e`` is set where ``EVIDENCE[e]`` is offered, for the first three."""
    public_work: Ints
    potential: Ints
    """Employer weight of each of motivation, interest and growth."""
    capacity: Ints
    place_at: Longs
    place_x: Ints
    """The points of its places on the sphere of ``places``; 0, 0, 0 where there is none."""
    place_y: Ints
    place_z: Ints
    place_country: Longs
    place_division: Longs
    skill_at: Longs
    skill: Longs
    skill_level: Bytes
    skill_importance: Bytes
    skill_must: Flags

    @classmethod
    def ragged(cls) -> dict[str, tuple[str, ...]]:
        return {
            "place_at": ("place_x", "place_y", "place_z", "place_country", "place_division"),
            "skill_at": ("skill", "skill_level", "skill_importance", "skill_must"),
        }

    @property
    def gate_rate(self) -> Floats:
        """The rate that floors are held against: no floor shuts out what cannot be compared."""
        return np.where(self.known & PAY_BY_HAND, np.inf, self.rate)


@dataclass(frozen=True, slots=True, eq=False)
class Candidates(_Columns):
    """Candidates as columns of length ``n``."""

    weights: Ints
    """Shape (n, aspects): weight of every aspect, each row summing to ``WEIGHT``."""
    goal: Ints
    wish: Ints
    """Wanted breadth of the tasks."""
    explore: Ints
    """Square of how far new fields are wanted, so that who is halfway seldom meets them."""
    available_from: Ints
    available_until: Ints
    """Last available day; ``FAR`` is no limit."""
    hours: Floats
    """Hours per week, in weeks that do not differ."""
    rate_floor: Floats
    pay_scale: Floats
    """Value per unit of hourly pay; 0 where any pay is fully adequate."""
    need_scale: Floats
    """Value per unit of income; 0 where no income is needed."""
    credit: Bytes
    """Position in ``CREDIT_WISHES``."""
    modes: Bytes
    """Bit ``m`` is set where ``MODES[m]`` is acceptable."""
    enrolled: Flags
    age_ok: Shorts
    evidence_wanted: Bytes
    """Bit ``e`` is set where ``EVIDENCE[e]`` is wanted; never 0."""
    track_record: Ints
    skill_at: Longs
    skill: Longs
    skill_level: Bytes
    """Level as stated: what a must-have is held against."""
    skill_credited: Bytes
    """Level that counts towards competence: at most 3 unless verified."""
    skill_used: Bytes
    """Priority of using it: 1, or 0 where it is not mastered at all or a target says more."""
    target_at: Longs
    target: Longs
    target_priority: Bytes
    interest_at: Longs
    interest: Longs
    interest_value: Ints
    done_at: Longs
    done: Longs
    """Fields already worked in."""
    only_at: Longs
    only: Longs
    """The only fields that are open; none is any."""
    region_at: Longs
    region: Longs
    area_at: Longs
    area_x: Ints
    """The centres of the areas on the sphere of ``places``."""
    area_y: Ints
    area_z: Ints
    area_chord: Longs
    """Square of the chord that a circle reaches; ``places.NAMED`` for a country or division."""
    area_country: Longs
    area_division: Longs
    right_at: Longs
    right: Longs
    week_at: Longs
    week: Ints
    """Weeks that differ from ``hours``, ascending (``calendars.week_of``)."""
    week_hours: Floats

    @classmethod
    def ragged(cls) -> dict[str, tuple[str, ...]]:
        return {
            "skill_at": ("skill", "skill_level", "skill_credited", "skill_used"),
            "target_at": ("target", "target_priority"),
            "interest_at": ("interest", "interest_value"),
            "done_at": ("done",),
            "only_at": ("only",),
            "region_at": ("region",),
            "area_at": (
                "area_x", "area_y", "area_z", "area_chord", "area_country", "area_division",
            ),
            "right_at": ("right",),
            "week_at": ("week", "week_hours"),
        }  # fmt: skip


def owning(at: Longs) -> Flags:
    """Return which rows own an entry of a ragged column, of which these are the offsets."""
    owns: Flags = at[1:] > at[:-1]
    return owns


def slices(starts: Longs, counts: Longs) -> Longs:
    """Return the positions ``starts[i] … starts[i] + counts[i] - 1``, one slice after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    places: Longs = np.arange(total) + np.repeat(starts - ends + counts, counts)
    return places
