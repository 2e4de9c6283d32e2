"""Score the roles that one candidate may take, for the compiled loops: several at a time.

In: the roles found, and the candidate's tables. Out: the scores by which lists order. The rows of
some roles are turned into columns, so that one instruction computes a formula for several of them.
"""

from functools import partial
from typing import Any, Final

import numpy as np

from matching.engine import aspects, pairs
from matching.engine import numba_formulas as formulas
from matching.engine.fixed_point import WEIGHT
from matching.engine.numba_columns import (
    BEGIN,
    CREDIT,
    FIELD,
    GOAL,
    HAS_TARGETS,
    IN_A_WORD,
    PACKED,
    PRICE,
    REALS,
    SHOWN_ASKS,
    SHOWN_CREDIT,
    SHOWN_SKILLS,
    START,
    TICKS,
    TRACK,
    VALUE_BITS,
    VALUE_MASK,
    WANTED,
    WISH,
)
from matching.engine.numba_formulas import compiled
from matching.engine.numba_tables import NAMED

LANES: Final = 32
"""Roles that are scored at once."""

(DEPTH, EFFORT, BREADTH, MENTORSHIP, TRAJECTORY, POTENTIAL, NETWORK, PUBLIC_WORK, SHOWN,
 RIGID, RATE, INCOME, SPEED, HOUR, NEW_FIELD, INTEREST,
 COVERED, COMPETENCE, GROWTH, FIT, MUTUAL) = range(21)  # fmt: skip
"""Columns of what is read of a role, looked up and summed, in that order, and what is computed.

First come the lowest whole numbers of the words of ``PACKED``, then the middle and the highest
ones, of which the last is read as flags instead; ``REALS`` follow.
"""

COLUMNS: Final = 21
FLAGS: Final = len(PACKED) - 1
"""The word whose highest whole number has the flags."""

_TRACK_WEIGHT: Final = pairs.TRACK_WEIGHT
_TASK_WEIGHT: Final = WEIGHT - pairs.TRACK_WEIGHT

_skills = compiled(aspects.skills)
_schedule = compiled(aspects.schedule)
_scope = compiled(aspects.scope)
_pay = compiled(aspects.pay)
_evidence = compiled(aspects.evidence)
_competence = compiled(aspects.competence)
_motivation = compiled(aspects.motivation)
_growth = compiled(aspects.growth)
_mutual = compiled(pairs.mutual)


@compiled
def gather(
    found: Any,
    first: Any,
    count: Any,
    roles: Any,
    begin: Any,
    look_up: Any,
    words: Any,
    amounts: Any,
) -> None:
    """Turn the rows of some roles into columns, and look up field, speed and sums over skills."""
    interest, value, table, sums = look_up
    for lane in range(count):
        role = found[np.uint64(first) + np.uint64(lane)]
        for word in range(len(PACKED)):
            words[word * LANES + lane] = roles.words[role, word]
        for real in range(len(REALS)):
            amounts[(RIGID + real) * LANES + lane] = roles.reals[role, len(PACKED) + real]
        wait = max(np.int64(0), np.int64(roles.halves[role, START]) - begin)
        amounts[SPEED * LANES + lane] = formulas.speed(
            wait, np.int64(roles.halves[role, TICKS]), table
        )
        field = np.uint32(roles.halves[role, FIELD])
        covered = sums[role, 0]
        amounts[NEW_FIELD * LANES + lane] = formulas.field_by_skill(value[field], covered >= NAMED)
        amounts[INTEREST * LANES + lane] = interest[field]
        amounts[COVERED * LANES + lane] = covered & (NAMED - 1)
        for column in range(1, 3):
            amounts[(COVERED + column) * LANES + lane] = sums[role, column]


@compiled
def unpack(words: Any, amounts: Any) -> None:
    """Set the columns of whole numbers.

    All words of one place in a row: a loop of ``LANES`` alone is short enough for the compiler to
    write it out, number by number.
    """
    for place in range(IN_A_WORD):
        shift, column = np.uint64(VALUE_BITS * place), place * len(PACKED) * LANES
        for lane in range(len(PACKED) * LANES):
            value = words[lane] >> shift & np.uint64(VALUE_MASK)
            amounts[column + lane] = np.float64(np.int32(value))


@compiled
def weights_of(weights: Any, person: Any) -> Any:
    """Return the weights of the aspects of one row, each by itself."""
    return (
        np.float64(weights[person, 0]), np.float64(weights[person, 1]),
        np.float64(weights[person, 2]), np.float64(weights[person, 3]),
        np.float64(weights[person, 4]), np.float64(weights[person, 5]),
        np.float64(weights[person, 6]), np.float64(weights[person, 7]),
        np.float64(weights[person, 8]), np.float64(weights[person, 9]),
        np.float64(weights[person, 10]), np.float64(weights[person, 11]),
    )  # fmt: skip


@partial(compiled, forceinline=True)
def weigh_pair(weights: Any, seeker: Any, offered: Any, flags: Any, between: Any) -> Any:
    """Return the fit and the mutual score of one pair: sums of weights times values, and a score.

    ``weights`` are those of the aspects, ``seeker`` what else a candidate brings to the formulas,
    ``offered`` and ``flags`` what a role does, ``between`` what was looked up and summed for the
    two; the last two in the order of the columns above. There is no branch and no look-up, so that
    several pairs can be computed at once.
    """
    goal, wish, track, wants_credit, by_asked, pay_scale, need_scale, has_targets, wanted = seeker
    (depth, effort, breadth, mentorship, trajectory, potential, network, public_work,
     rigid, rate, income) = offered  # fmt: skip
    speed, hour, new_field, interest, covered, competence, growth = between
    credited = wants_credit * np.float64(flags >> SHOWN_CREDIT & 1)
    fit = (
        weights[0] * _skills(covered)
        + weights[1] * depth
        + weights[2] * speed
        + weights[3] * _schedule(rigid, hour)
        + weights[4] * _scope(breadth, wish)
        + weights[5] * mentorship
        + weights[6] * network
        + weights[7] * _pay(rate, income, pay_scale, need_scale, credited)
        + weights[8] * effort
        + weights[9] * _evidence(flags, public_work, wanted, by_asked)
        + weights[10] * trajectory
        + weights[11] * new_field
    )
    asks, lists = np.float64(flags >> SHOWN_ASKS & 1), np.float64(flags >> SHOWN_SKILLS & 1)
    suit = (
        (_TASK_WEIGHT - 3 * potential) * _competence(competence, asks)
        + track * _TRACK_WEIGHT
        + potential * (_motivation(goal, depth) + interest + _growth(growth, has_targets * lists))
    )
    return fit, _mutual(fit, suit)


@compiled
def weigh(weights: Any, seeker: Any, words: Any, amounts: Any) -> None:
    """Set fit, and mutual score, of all lanes."""
    for lane in range(LANES):
        flags = np.int32(words[FLAGS * LANES + lane] >> np.uint64(VALUE_BITS * (IN_A_WORD - 1)))
        fit, mutual = weigh_pair(
            weights,
            seeker,
            (
                amounts[DEPTH * LANES + lane],
                amounts[EFFORT * LANES + lane],
                amounts[BREADTH * LANES + lane],
                amounts[MENTORSHIP * LANES + lane],
                amounts[TRAJECTORY * LANES + lane],
                amounts[POTENTIAL * LANES + lane],
                amounts[NETWORK * LANES + lane],
                amounts[PUBLIC_WORK * LANES + lane],
                amounts[RIGID * LANES + lane],
                amounts[RATE * LANES + lane],
                amounts[INCOME * LANES + lane],
            ),
            flags,
            (
                amounts[SPEED * LANES + lane],
                amounts[HOUR * LANES + lane],
                amounts[NEW_FIELD * LANES + lane],
                amounts[INTEREST * LANES + lane],
                amounts[COVERED * LANES + lane],
                amounts[COMPETENCE * LANES + lane],
                amounts[GROWTH * LANES + lane],
            ),
        )
        amounts[FIT * LANES + lane] = fit
        amounts[MUTUAL * LANES + lane] = mutual


@compiled
def set_scores(
    found: Any, first: Any, count: Any, roles: Any, amounts: Any, by_fit: Any, scores: Any
) -> None:
    """Set the scores by which the candidate's list and the roles' order."""
    own, mutual = scores
    for lane in range(count):
        pair = np.uint64(first) + np.uint64(lane)
        both = np.int32(amounts[MUTUAL * LANES + lane])
        mutual[pair] = both
        if by_fit:
            own[pair] = np.int32(formulas.score(amounts[FIT * LANES + lane]))
        else:
            own[pair] = both - roles.halves[found[pair], PRICE]


@compiled
def score(
    found: Any,
    count: Any,
    roles: Any,
    person: Any,
    look_up: Any,
    placing: Any,
    room: Any,
    scores: Any,
) -> None:
    """Set the scores by which the lists of the candidate and of the roles order."""
    traits, scales, weights, by_fit = person
    hour, placed, is_placed = placing
    words, amounts = room
    begin = np.int64(traits[BEGIN])
    seeker = (
        np.float64(traits[GOAL]),
        np.float64(traits[WISH]),
        np.float64(traits[TRACK]),
        np.float64(traits[CREDIT] > 0),
        np.float64(aspects.BY_ASKED[traits[WANTED]]),
        scales[1],
        scales[2],
        np.float64(traits[HAS_TARGETS]),
        np.int32(traits[WANTED]),
    )
    for lane in range(HOUR * LANES, (HOUR + 1) * LANES):
        amounts[lane] = hour
    for first in range(0, count, LANES):
        some = min(LANES, count - first)
        gather(found, first, some, roles, begin, look_up, words, amounts)
        if is_placed:
            for lane in range(some):
                amounts[SPEED * LANES + lane] = placed[0, first + lane]
                amounts[HOUR * LANES + lane] = placed[1, first + lane]
        unpack(words, amounts)
        weigh(weights, seeker, words, amounts)
        set_scores(found, first, some, roles, amounts, by_fit, scores)
