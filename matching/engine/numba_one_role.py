"""Write the loop that scores one role for many people, for single numbers.

In: the columns of ``Candidates``, read where they stand, the rows of people who pass all gates but
must-have skills and weeks that differ, and an index of that role alone. Out: who passes those too,
and their scores. What each skill is to the role is laid out once, so that a person is a walk
through their own skills and one call of the formulas.
"""

from collections import namedtuple
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine import aspects, numba_columns, numba_scores
from matching.engine import numba_formulas as formulas
from matching.engine.columns import Candidates, Ints, Longs
from matching.engine.fixed_point import RELATED
from matching.engine.numba_columns import IN_A_WORD, PACKED, REALS
from matching.engine.numba_formulas import allocating, compiled
from matching.engine.role_index import Cover, RoleIndex

NOBODY: Final = -1
"""The score of who does not pass."""

BLOCK: Final = 1024
"""People who are scored at once: each step runs over all of them, as to hand a function so many
columns takes longer than what it does for one."""

LOWEST_BITS: Final = (1 << 11) - 1
"""The bits of a code by which the skills that are something to the role are found."""

SPEED, HOUR, NEW_FIELD, INTEREST, COVERED, COMPETENCE, GROWTH, NAMED, BETWEEN = range(9)
"""Rows of what is looked up and summed for a pair, in the order of ``numba_scores.weigh_pair``, and
whether the role asks for a skill that is a wish itself."""


People = namedtuple(
    "People",
    "weights goal wish explore available_from available_until hours pay_scale need_scale credit"
    " evidence_wanted track_record skill_at skill skill_level skill_credited skill_used target_at"
    " target target_priority interest_at interest interest_value done_at done week_at week"
    " week_hours",
)
"""The columns of ``Candidates`` that are read, under their names there."""


class Near(NamedTuple):
    """Skills that are near some of the ``p`` that the role asks for."""

    at: NDArray[np.uint32]
    """Where those begin whose codes have each lowest bits; and the end."""
    codes: Longs
    """Their codes, by their lowest bits."""
    related: Longs
    """Shape (skills, p): relatedness to each that is asked."""
    worth: Longs
    """What of a wish for it is covered: the highest relatedness times its weight."""
    is_asked: NDArray[np.bool_]
    """Whether the skill itself is asked for."""


class Skills(NamedTuple):
    held: Near
    wanted: Near
    asked: Longs
    per_level: Longs
    share: Longs
    learning: Longs
    must: Longs
    """The level that must be stated; 0 where none has to be."""


class Role(NamedTuple):
    offered: tuple[float, ...]
    """What ``numba_scores.weigh_pair`` reads under this name."""
    flags: int
    field: int
    start_earliest: int
    start_latest: float
    days: float
    weekly: float
    ticks: int


def people_of(candidates: Candidates) -> People:
    """Return the columns as views that cannot be written to, whatever memory they stand in.

    So all have one type, and the loop is compiled once.
    """
    columns = [getattr(candidates, name).view() for name in People._fields]
    for column in columns:
        column.flags.writeable = False
    return People(*columns)


def role_of(index: RoleIndex) -> tuple[Role, Skills]:
    """Return the only role of an index as the loop reads it."""
    [role], roles = range(len(index)), index.opportunities
    names = [words[place] for place in range(IN_A_WORD) for words in PACKED]
    return Role(
        offered=tuple(float(getattr(roles, name)[role]) for name in (*names[:-1], *REALS)),
        flags=int(numba_columns.shown(index)[role]),
        field=int(roles.field[role]),
        start_earliest=int(roles.start_earliest[role]),
        start_latest=float(roles.start_latest[role]),
        days=float(roles.days[role]),
        weekly=float(roles.weekly[role]),
        ticks=int(roles.speed_ticks[role]),
    ), _skills_of(index)


def _skills_of(index: RoleIndex) -> Skills:
    roles = index.opportunities
    return Skills(
        held=_near(index.holds, index.skill),
        wanted=_near(index.learns, index.skill),
        asked=index.asked.astype(np.int64),
        per_level=index.per_level.astype(np.int64),
        share=index.share.astype(np.int64),
        learning=index.learning.astype(np.int64),
        must=np.where(roles.skill_must, roles.skill_level, 0).astype(np.int64),
    )


def _near(cover: Cover, asked: Ints) -> Near:
    related = np.zeros((len(cover.codes), len(np.unique(asked))), np.int64)
    counts = np.diff(cover.at)
    related[np.repeat(np.arange(len(counts)), counts), cover.skill] = cover.relatedness
    lowest = cover.codes & LOWEST_BITS
    order = np.argsort(lowest)
    return Near(
        at=np.searchsorted(lowest[order], np.arange(LOWEST_BITS + 2)).astype(np.uint32),
        codes=cover.codes[order],
        related=np.ascontiguousarray(related[order][:, asked]),
        worth=(related.max(axis=1, initial=0) * cover.weight)[order],
        is_asked=(related == RELATED).any(axis=1)[order],
    )


@compiled
def row_of(near: Any, code: Any) -> Any:
    """Return the row of a skill, or -1 where it is nothing to the role."""
    lowest = code & LOWEST_BITS
    for row in range(near.at[lowest], near.at[lowest + 1]):
        if near.codes[row] == code:
            return np.int64(row)
    return np.int64(-1)


@allocating
def keep_musts(rows: Any, people: Any, skills: Any) -> Any:
    """Move the rows of those to the front who state all musts; return how many there are."""
    near, must = skills.held, skills.must
    stated, kept = np.zeros(len(must), np.int64), 0
    for number in range(len(rows)):
        person, lacking = rows[number], 0
        for entry in range(people.skill_at[person], people.skill_at[person + 1]):
            row, level = row_of(near, people.skill[entry]), np.int64(people.skill_level[entry])
            if row < 0:
                continue
            for posting in range(len(must)):
                if near.related[row, posting] == RELATED:
                    stated[posting] = max(stated[posting], level)
        for posting in range(len(must)):
            lacking += stated[posting] < must[posting]
            stated[posting] = 0
        rows[kept] = person
        kept += not lacking
    return kept


@allocating
def use(rows: Any, people: Any, skills: Any, between: Any) -> None:
    """Sum what of people's wishes is covered by using what they hold, and their competence.

    Sets whether one of those skills is asked for itself.
    """
    near, asked = skills.held, skills.asked
    count = len(asked)
    reached = np.zeros(count, np.int64)
    for number in range(len(rows)):
        person, covered, competence, is_named = rows[number], 0, 0, False
        for entry in range(people.skill_at[person], people.skill_at[person + 1]):
            row = row_of(near, people.skill[entry])
            if row < 0:
                continue
            covered += near.worth[row] * people.skill_used[entry]
            is_named |= near.is_asked[row] & (people.skill_used[entry] > 0)
            credited = np.int64(people.skill_credited[entry])
            for posting in range(count):
                levels = min(credited, asked[posting])
                part = formulas.standing_in(near.related[row, posting]) * levels
                reached[posting] = max(reached[posting], part)
        for posting in range(count):
            part = formulas.coverage(reached[posting], skills.per_level[posting])
            competence += skills.share[posting] * part
            reached[posting] = 0
        between[COVERED, number], between[COMPETENCE, number] = covered, competence
        between[NAMED, number] = is_named


@allocating
def practise(rows: Any, people: Any, skills: Any, between: Any) -> None:
    """Add what of people's wishes is covered by practising what they want, and sum their growth.

    Sets as well where one of those skills is asked for itself.
    """
    near, learning = skills.wanted, skills.learning
    count = len(learning)
    learnt = np.zeros(count, np.int64)
    for number in range(len(rows)):
        person, covered, growth = rows[number], 0, 0
        for entry in range(people.target_at[person], people.target_at[person + 1]):
            row = row_of(near, people.target[entry])
            if row < 0:
                continue
            covered += near.worth[row] * people.target_priority[entry]
            if near.is_asked[row]:
                between[NAMED, number] = 1
            for posting in range(count):
                learnt[posting] = max(learnt[posting], near.related[row, posting])
        for posting in range(count):
            growth += learning[posting] * learnt[posting]
            learnt[posting] = 0
        between[COVERED, number] += covered
        between[GROWTH, number] = growth


@compiled
def place(rows: Any, people: Any, role: Any, speeds: Any, between: Any, scores: Any) -> None:
    """Set the value of ``speed`` and that of an hour in the tightest week.

    Sets the score as well: NOBODY's for who has no room for the role in their weeks.
    """
    for number in range(len(rows)):
        person = rows[number]
        begin, usual = np.int64(people.available_from[person]), people.hours[person]
        start, tightest, fits = max(begin, role.start_earliest), usual, True
        first, end = people.week_at[person], people.week_at[person + 1]
        if first < end:
            until = np.int64(people.available_until[person])
            start, tightest, fits = formulas.first_fit(
                people.week[first:end],
                people.week_hours[first:end],
                usual,
                start,
                formulas.latest_start(role.start_latest, until, role.days),
                role.days,
                role.weekly,
            )
        scores[number] = 0 if fits else NOBODY
        between[SPEED, number] = formulas.speed(start - begin, role.ticks, speeds)
        between[HOUR, number] = formulas.hour_value(tightest)


@compiled
def value_field(rows: Any, people: Any, field: Any, between: Any) -> None:
    """Set the value of the role's field as the aspect, and as the employer's part ``interest``."""
    for number in range(len(rows)):
        person = rows[number]
        first, end = people.interest_at[person], people.interest_at[person + 1]
        interest, is_new = np.int64(0), np.int64(field != 0)
        for entry in range(first, end):
            if people.interest[entry] == field:
                interest = np.int64(people.interest_value[entry])
        for entry in range(people.done_at[person], people.done_at[person + 1]):
            is_new &= people.done[entry] != field
        value = np.float64(formulas.field(interest, is_new, np.int64(people.explore[person])))
        between[NEW_FIELD, number] = formulas.field_by_skill(value, between[NAMED, number])
        between[INTEREST, number] = interest if first < end else aspects.HALF


@compiled
def weigh(rows: Any, people: Any, role: Any, between: Any, by_fit: Any, scores: Any) -> None:
    """Set the scores of all but those who are NOBODY."""
    for number in range(len(rows)):
        if scores[number] == NOBODY:
            continue
        person = rows[number]
        wanted = people.evidence_wanted[person]
        fit, mutual = numba_scores.weigh_pair(
            numba_scores.weights_of(people.weights, person),
            (
                np.float64(people.goal[person]),
                np.float64(people.wish[person]),
                np.float64(people.track_record[person]),
                np.float64(people.credit[person] > 0),
                np.float64(aspects.BY_ASKED[wanted]),
                people.pay_scale[person],
                people.need_scale[person],
                np.float64(people.target_at[person] < people.target_at[person + 1]),
                np.int32(wanted),
            ),
            role.offered,
            role.flags,
            (
                between[SPEED, number],
                between[HOUR, number],
                between[NEW_FIELD, number],
                between[INTEREST, number],
                between[COVERED, number],
                between[COMPETENCE, number],
                between[GROWTH, number],
            ),
        )
        scores[number] = np.int32(formulas.score(fit)) if by_fit else np.int32(mutual)


@allocating
def score_people(
    rows: Any, people: Any, role: Any, skills: Any, speeds: Any, by_fit: Any, scores: Any
) -> Any:
    """Move the rows of those to the front who have the musts, and set their scores.

    That is the mutual score, or the fit; NOBODY's where their weeks have no room. Returns how many
    there are. ``speeds`` are the values of ``speed``.
    """
    between = np.empty((BETWEEN, BLOCK))
    count = keep_musts(rows, people, skills) if skills.must.any() else len(rows)
    for first in range(0, count, BLOCK):
        block = slice(first, min(count, first + BLOCK))
        some, found = rows[block], scores[block]
        use(some, people, skills, between)
        practise(some, people, skills, between)
        place(some, people, role, speeds, between, found)
        value_field(some, people, role.field, between)
        weigh(some, people, role, between, by_fit, found)
    return count
