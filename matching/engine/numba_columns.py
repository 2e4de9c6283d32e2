"""Arrange both sides as the compiled loops read them: what is needed at once stands together.

In: a ``RoleIndex`` and a ``CandidateView``. Out: tuples of arrays. Numbers that point somewhere are
unsigned, which spares the compiled code a look at their sign.

Roles have an order of their own here. First come the *free* ones, which need no skill, by place;
within a place those stand together that begin at about the same time and take about as many hours,
so that one comparison rules out a block of them. Behind them stand the others, by one skill that
they need and by place: only who states that skill ever reads them.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from matching.engine.candidate_view import CandidateView
from matching.engine.columns import Bytes, Floats, Ints, Longs, Shorts, owning, slices
from matching.engine.fixed_point import LEVELS
from matching.engine.role_index import (
    ENROLMENT,
    LATEST,
    LOAD,
    NO_CREDIT,
    PLAIN_GATES,
    Cover,
    RoleIndex,
)
from matching.engine.topk import narrow

type Places = NDArray[np.uint32]
type Ranks = Shorts | Ints
type Words = NDArray[np.uint64]

HIGHEST: Final = 32_766
"""Rank up to which gates are compared in two bytes, and not in four, which takes twice as long."""

BLOCK: Final = 64
"""Roles that are gated at once, and ruled out at once."""

STRIPS: Final = 8
"""Blocks of a place that begin at about the same time; they are cut by weekly load."""

VALUE_BITS: Final = 21
"""Bits of a value in a word of a role's row: it reaches ``VALUE`` itself."""

VALUE_MASK: Final = (1 << VALUE_BITS) - 1

PACKED: Final = (
    ("depth", "mentorship", "network"),
    ("effort", "trajectory", "public_work"),
    ("breadth", "potential", "shown"),
)
"""The first words of a role's row: so many whole numbers each, the first one lowest."""

IN_A_WORD: Final = 3

REALS: Final = ("rigid", "rate", "income")
"""The next words, each a float."""

WORDS: Final = len(PACKED) + len(REALS)
"""Words that are turned into columns to be scored."""

ROW: Final = 8
"""Words in a role's row: one line of the processor's cache."""

START, TICKS, PRICE, FIELD = range(2 * WORDS, 2 * WORDS + 4)
"""Halves of the last words, in rows of ``Roles.halves``."""

SHOWN_CREDIT, SHOWN_ASKS, SHOWN_SKILLS = 3, 4, 5
"""Bits of ``shown``, above those of the evidence: credit, skills beyond those taught, skills."""

ASKED_BITS: Final = 2
"""Bits of the level that a skill is asked at, less one, in ``Roles.posted``; the role is above."""

GUIDED: Final = 16
"""A guide to a skill's postings is at most so many times as long as they are."""

MUST_BITS: Final = 8
"""Bits of the level that a must-have is asked at; the skill stands above."""

LINE: Final = 16
"""Numbers of four bytes in a line of the processor's cache."""

(GOAL, WISH, EXPLORE, BEGIN, UNTIL, CREDIT, MODES, WANTED, TRACK,
 HAS_TARGETS, HAS_INTERESTS, IS_CHOOSY) = range(12)  # fmt: skip
"""Columns of ``People.numbers``."""

HELD, WISHES, INTERESTS, DONE, ONLY, REGIONS, RIGHTS, WEEKS = range(0, 16, 2)
"""Columns of ``People.spans``: the start of each, the end being next to it."""

LEVEL_BITS: Final = 11
"""Bits of a cell for level times relatedness, the level being at most 1, 2, 3, 4."""

LEARNING_BIT: Final = LEVEL_BITS * LEVELS
"""Where the relatedness to a wanted skill begins."""


class Roles(NamedTuple):
    """Roles in the order of the compiled loops; of the matrices, each row is one role's."""

    gates: Ranks
    """Shape (7, m + BLOCK): what the plain gates need, one row for each, but both flags in one."""
    blocks: Ranks
    """Shape (blocks, 8): of each gate, what is easiest to pass in a block of roles."""
    gate_rows: Ranks
    """Shape (m, 8): what they need, role by role."""
    words: Words
    """Shape (m, 8): ``PACKED``, ``REALS``, and four numbers."""
    reals: Floats
    """Shape (m, 8), the same memory."""
    halves: Ints
    """Shape (m, 16), the same memory."""
    tie: Ints
    timing: Floats
    """Shape (m, 3): latest start, days, weekly hours."""
    free_at: Longs
    """Start of the free roles of each bucket of the index; and the end."""
    lead_at: Longs
    """Start of the roles that stand by the skill that they need; and the end."""
    bucket: Places
    """The place of each of those."""
    place_at: Longs
    place_country: Ints
    need_at: Longs
    need: Places
    """Skills needed, of all roles, with their levels."""
    asked_at: Longs
    """Where the skills begin that each role asks for; and the end."""
    asked: Places
    postings: Ints
    """Shape (postings, 4): level asked less one, value of a level, shares of competence and growth.
    """
    posted_at: Longs
    """Start of the free roles that ask for each skill."""
    posted: Ints
    """Shape (postings of free roles, 4): the same by skill, the first number with its role."""
    guide: Ints
    """Row of ``guides`` of each skill, or -1."""
    fields: int
    guides: Ints
    """Shape (skills that many ask for, places + 1): where the postings of a place begin."""


class Covers(NamedTuple):
    """What skills cover, as the index has it, and the fields."""

    holds: Cover
    learns: Cover
    new_field: Floats
    """Whether each field is one, and not the absence of any."""


class People(NamedTuple):
    """Candidates in their turns; of the matrices, each row is what one candidate needs at once."""

    turns: Longs
    """Where each stands in the view: neighbors follow each other, as they meet the same roles."""
    spans: Longs
    """Shape (n, 16): start and end of their part of each ragged column, ``HELD`` to ``WEEKS``."""
    had: Ranks
    """Shape (n, 9): what ``Roles.gate_rows`` are compared with, and the flags that are lacking."""
    numbers: Ints
    """Shape (n, 12)."""
    amounts: Floats
    """Shape (n, 3): hours, value of a unit of hourly pay, value of a unit of income."""
    weights: Floats
    held: Places
    held_level: Bytes
    held_credited: Bytes
    held_weight: Ints
    wanted: Places
    wanted_weight: Ints
    interest: Places
    interest_value: Ints
    done: Places
    only: Places
    region: Places
    right: Places
    week: Ints
    week_hours: Floats


class Room(NamedTuple):
    """What the loops write for one candidate, and clear again or write anew for the next."""

    tables: tuple[Places, Longs, Bytes, Places, Places, Longs]
    """Over skills: ``met``, ``cell``, ``stated``, both lists, ``used`` (``numba_tables``)."""
    fields: tuple[Floats, Floats, Bytes]
    """Over fields: the employer's part, the aspect, and whether each is open."""
    allowed: Bytes
    """Over countries: whether the candidate has the right."""
    run_at: Longs
    sums: Longs
    """Shape (m, 4): columns of ``numba_tables``."""
    found: Places
    """The roles found; a block of them is written at once."""
    scores: tuple[Ints, Ints]
    placed: Floats
    keys: Longs


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """What the compiled kernel makes of an index, once, and reads for every candidate."""

    roles: Roles
    covers: Covers
    order: Longs
    """Where each role stands in the index."""
    skills: int
    countries: int
    rooms: list[Room]
    """Those that nobody ranks in at the moment: to clear them took longer than one candidate."""

    def room(self) -> Room:
        """Return room for the loops, which is to be given back to ``rooms``."""
        with suppress(IndexError):
            return self.rooms.pop()
        count, skills, fields = len(self.order), self.skills, self.roles.fields
        allowed = np.zeros(self.countries, np.uint8)
        allowed[0] = 1
        return Room(
            tables=(
                np.zeros(skills, np.uint32),
                np.zeros(skills, np.int64),
                np.zeros(skills, np.uint8),
                np.zeros(skills, np.uint32),
                np.zeros(skills + 1, np.uint32),
                np.zeros(skills, np.int64),
            ),
            fields=(np.zeros(fields), np.zeros(fields), np.zeros(fields, np.uint8)),
            allowed=allowed,
            run_at=np.zeros(skills + 1, np.int64),
            sums=np.zeros((count, 4), np.int64),
            found=np.empty(count + BLOCK, np.uint32),
            scores=(np.empty(count, np.int32), np.empty(count, np.int32)),
            placed=np.empty((2, count)),
            keys=np.empty(count, np.int64),
        )


def arrange(index: RoleIndex) -> Arrangement:
    """Return the index as the compiled loops read it."""
    bucket = np.repeat(np.arange(len(index.bucket_at) - 1), np.diff(index.bucket_at))
    lead = _leads(index)
    order = _order(index, bucket, lead)
    return Arrangement(
        roles=_roles(index, bucket, lead, order),
        covers=Covers(index.holds, index.learns, (index.fields != 0).astype(np.float64)),
        order=order,
        skills=len(index.skill_codes),
        countries=len(index.countries),
        rooms=[],
    )


def _needs(index: RoleIndex) -> tuple[Longs, Places, Bytes]:
    """Return the must-haves that not everybody has: offsets, skills and levels."""
    real = index.must_level > 0
    ends = np.append(0, np.cumsum(real))
    return ends[index.must_at].astype(np.int64), _places(index.must[real]), index.must_level[real]


def _leads(index: RoleIndex) -> Longs:
    """Return the skill by which each role is found, its rarest must-have; -1 for the free ones."""
    at, skill, _ = _needs(index)
    owner = np.repeat(np.arange(len(index)), np.diff(at))
    rarity = np.bincount(skill, minlength=len(index.skill_codes))[skill]
    order = np.lexsort((skill, rarity, owner))
    lead = np.full(len(index), -1, np.int64)
    first = order[at[:-1][np.diff(at) > 0]]
    lead[owner[first]] = skill[first]
    return lead


def _order(index: RoleIndex, bucket: Longs, lead: Longs) -> Longs:
    """Return the order of the loops: by skill needed, place, time and weekly load."""
    latest, load = -index.needed[LATEST], index.needed[LOAD]
    by_time = np.lexsort((latest, bucket, lead))
    group = np.stack([lead, bucket])[:, by_time]
    begins = np.append(True, (np.diff(group) != 0).any(axis=0))[: len(index)]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(index)), 0))
    strip = np.empty(len(index), np.int64)
    strip[by_time] = (np.arange(len(index)) - first) // (STRIPS * BLOCK)
    return np.lexsort((latest, load, strip, bucket, lead)).astype(np.int64)


def _roles(index: RoleIndex, bucket: Longs, lead: Longs, order: Longs) -> Roles:
    roles = index.opportunities
    free = int((lead < 0).sum())
    is_short = np.abs(index.needed).max(initial=0) <= HIGHEST
    needed = np.zeros((PLAIN_GATES, len(index) + BLOCK), np.int16 if is_short else np.int32)
    needed[:, : len(index)] = index.needed[:, order]
    flags = needed[ENROLMENT] | needed[NO_CREDIT] << 1
    words = _words(index, order)
    need_at, need_skill, need_level = _needs(index)
    needs, need_at = _ragged(need_at, order)
    need = _places(need_skill << MUST_BITS | need_level)
    asked, asked_at = _ragged(roles.skill_at, order)
    skill = index.skill[asked]
    free_at = np.searchsorted(bucket[order[:free]], np.arange(len(index.bucket_at))).astype(
        np.int64
    )
    postings = np.stack(
        [index.asked.astype(np.int32) - 1, index.per_level, index.share, index.learning], axis=1
    )[asked]
    posted_at, posted = _posted(asked_at[: free + 1], skill, postings, len(index.skill_codes))
    guide, guides = _guides(posted_at, posted, free_at)
    return Roles(
        gates=np.vstack([needed[:ENROLMENT], flags]),
        blocks=np.minimum.reduceat(needed[:, :free], np.arange(0, free, BLOCK), axis=1).T.copy(),
        gate_rows=needed[:, : len(index)].T.copy(),
        words=words,
        reals=words.view(np.float64),
        halves=words.view(np.int32),
        tie=index.tie[order],
        timing=np.stack([roles.start_latest.astype(np.float64), roles.days, roles.weekly], axis=1)[
            order
        ],
        free_at=free_at,
        lead_at=free
        + np.searchsorted(lead[order[free:]], np.arange(len(index.skill_codes) + 1)).astype(
            np.int64
        ),
        bucket=_places(bucket[order[free:]]),
        place_at=index.place_at,
        fields=len(index.fields),
        place_country=index.place_country,
        need_at=need_at,
        need=need[needs],
        asked_at=asked_at,
        asked=_places(skill),
        postings=postings,
        posted_at=posted_at,
        posted=posted,
        guide=guide,
        guides=guides,
    )


def _ragged(at: Longs, order: Longs) -> tuple[Longs, Longs]:
    """Return where the entries of a ragged column stand in another order, and the new offsets."""
    counts = np.diff(at)[order]
    return slices(at[:-1][order], counts), np.append(0, np.cumsum(counts)).astype(np.int64)


def _words(index: RoleIndex, order: Longs) -> Words:
    """Return the rows of the roles, each on one line of the processor's cache."""
    roles = index.opportunities
    rows = _aligned(len(index), 2 * ROW).view(np.uint64)
    whole = {"shown": shown(index)}
    for word, names in enumerate(PACKED):
        for place, name in enumerate(names):
            values = whole[name] if name in whole else getattr(roles, name)
            if len(values) and not 0 <= values.min() <= values.max() <= VALUE_MASK:
                raise ValueError(f"{name}: a value has no room in a role's row")
            rows[:, word] |= values[order].astype(np.uint64) << np.uint64(VALUE_BITS * place)
    for word, name in enumerate(REALS, len(PACKED)):
        rows.view(np.float64)[:, word] = getattr(roles, name)[order]
    halves = rows.view(np.int32)
    for column, numbers in (
        (START, roles.start_earliest),
        (TICKS, roles.speed_ticks),
        (PRICE, index.price),
        (FIELD, index.field),
    ):
        halves[:, column] = numbers[order]
    return rows


def shown(index: RoleIndex) -> Ints:
    """Return the evidence that each role offers, and above it the bits of ``SHOWN_CREDIT`` on."""
    roles = index.opportunities
    bits = roles.evidence.astype(np.int32)
    for bit, flag in (
        (SHOWN_CREDIT, roles.credit),
        (SHOWN_ASKS, index.asks),
        (SHOWN_SKILLS, owning(roles.skill_at)),
    ):
        bits |= flag.astype(np.int32) << bit
    return bits


def _posted(asked_at: Longs, skill: Ints, postings: Ints, skills: int) -> tuple[Longs, Ints]:
    """Return the inverted index: from each skill to the free roles that ask for it, in order."""
    role = np.repeat(np.arange(len(asked_at) - 1, dtype=np.int32), np.diff(asked_at))
    skill = skill[: len(role)]
    order = np.argsort(narrow(skill, skills), kind="stable")
    posted = postings[: len(role)][order]
    posted[:, 0] |= role[order] << ASKED_BITS
    at = np.searchsorted(skill[order], np.arange(skills + 1)).astype(np.int64)
    return at, np.ascontiguousarray(posted)


def _guides(posted_at: Longs, posted: Ints, free_at: Longs) -> tuple[Ints, Ints]:
    """Return, for skills that many roles ask for, where each place's postings begin."""
    chosen = np.flatnonzero(np.diff(posted_at) * GUIDED >= len(free_at))
    guide = np.full(len(posted_at) - 1, -1, np.int32)
    guide[chosen] = np.arange(len(chosen))
    guides = np.zeros((len(chosen), len(free_at)), np.int32)
    for row, skill in enumerate(chosen):
        first, end = posted_at[skill : skill + 2]
        guides[row] = first + np.searchsorted(posted[first:end, 0] >> ASKED_BITS, free_at)
    return guide, guides


def _places(column: NDArray[Any]) -> Places:
    return column.astype(np.uint32)


def _aligned(rows: int, width: int) -> Places:
    """Return rows of zeros that each begin with a line of the processor's cache."""
    room = np.zeros(rows * width + LINE, np.uint32)
    first = -(room.ctypes.data // 4) % LINE
    return room[first : first + rows * width].reshape(rows, width)


def people_of(view: CandidateView, arrangement: Arrangement) -> People:
    """Return the candidates, those of one place next to each other."""
    people = view.candidates
    turns = _turns(view)
    lacking = 3 ^ (view.had[ENROLMENT] | view.had[NO_CREDIT] << 1)
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
        view.has_targets,
        view.has_interests,
        view.is_choosy,
    )
    starts = (
        view.held_at,
        view.wanted_at,
        view.interest_at,
        view.done_at,
        view.only_at,
        view.region_at,
        view.right_at,
        people.week_at,
    )
    return People(
        turns=turns,
        spans=_rows(turns, [part for at in starts for part in (at[:-1], at[1:])], np.int64),
        had=_rows(turns, [*view.had, lacking], arrangement.roles.gates.dtype),
        numbers=_rows(turns, numbers, np.int32),
        amounts=_rows(turns, [people.hours, people.pay_scale, people.need_scale], np.float64),
        weights=people.weights[turns].astype(np.float64),
        held=_places(view.held),
        held_level=view.held_level,
        held_credited=view.held_credited,
        held_weight=view.held_weight,
        wanted=_places(view.wanted),
        wanted_weight=view.wanted_weight,
        interest=_places(view.interest),
        interest_value=view.interest_value,
        done=_places(view.done),
        only=_places(view.only),
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


def _rows(turns: Longs, columns: Sequence[NDArray[Any]], kind: DTypeLike) -> NDArray[Any]:
    """Return the columns side by side, in their turns."""
    rows: NDArray[Any] = np.empty((len(turns), len(columns)), kind)
    for place, column in enumerate(columns):
        rows[:, place] = column[turns]
    return rows
