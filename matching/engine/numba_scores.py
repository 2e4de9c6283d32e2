"""Score the roles that one candidate may take, for the compiled loops: several at a time.

In: the roles found, and the candidate's tables. Out: the scores by which lists order. The rows of
some roles are turned into columns, so that one instruction computes a formula for several of them.
"""

from typing import Any, Final

import numpy as np
from numba import njit

from matching.engine import aspects, pairs
from matching.engine.fixed_point import WEIGHT
from matching.engine.numba_columns import (
    BEGIN,
    BY_ASKED,
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
from matching.engine.numba_tables import NAMED, OPTIONS

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
TERMS: Final = len(aspects.ASPECTS) + 8
(OWN_GOAL, OWN_WISH, OWN_TRACK, OWN_CREDIT, OWN_ASKED, OWN_PAY, OWN_NEED,
 OWN_TARGETS) = range(len(aspects.ASPECTS), TERMS)  # fmt: skip
"""Places of what a candidate brings to the formulas, behind the weights of the aspects."""

FLAGS: Final = len(PACKED) - 1
"""The word whose highest whole number has the flags."""

_TRACK_WEIGHT: Final = pairs.TRACK_WEIGHT
_TASK_WEIGHT: Final = WEIGHT - pairs.TRACK_WEIGHT

_skills = njit(aspects.skills, **OPTIONS)
_speed = njit(aspects.speed, **OPTIONS)
_schedule = njit(aspects.schedule, **OPTIONS)
_scope = njit(aspects.scope, **OPTIONS)
_pay = njit(aspects.pay, **OPTIONS)
_evidence = njit(aspects.evidence, **OPTIONS)
_field_by_skill = njit(aspects.field_by_skill, **OPTIONS)
_competence = njit(aspects.competence, **OPTIONS)
_motivation = njit(aspects.motivation, **OPTIONS)
_growth = njit(aspects.growth, **OPTIONS)
_score = njit(pairs.score, **OPTIONS)
_mutual = njit(pairs.mutual, **OPTIONS)


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
        amounts[SPEED * LANES + lane] = _speed(wait, np.int64(roles.halves[role, TICKS]), table)
        field = np.uint32(roles.halves[role, FIELD])
        covered = sums[role, 0]
        amounts[NEW_FIELD * LANES + lane] = _field_by_skill(value[field], covered >= NAMED)
        amounts[INTEREST * LANES + lane] = interest[field]
        amounts[COVERED * LANES + lane] = covered & (NAMED - 1)
        for column in range(1, 3):
            amounts[(COVERED + column) * LANES + lane] = sums[role, column]


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


def set_terms(traits: Any, scales: Any, weights: Any, terms: Any) -> None:
    """Set what a candidate brings to every formula: the weights of the aspects, and the rest."""
    for aspect in range(len(weights)):
        terms[aspect] = weights[aspect]
    terms[OWN_GOAL], terms[OWN_WISH] = traits[GOAL], traits[WISH]
    terms[OWN_TRACK] = np.float64(traits[TRACK]) * _TRACK_WEIGHT
    terms[OWN_CREDIT] = traits[CREDIT] > 0
    terms[OWN_ASKED] = traits[BY_ASKED]
    terms[OWN_PAY], terms[OWN_NEED] = scales[1], scales[2]
    terms[OWN_TARGETS] = traits[HAS_TARGETS]


def weigh(terms: Any, wanted: Any, words: Any, amounts: Any) -> None:
    """Set fit, and mutual score, of all lanes: sums of weights times values, and a score.

    There is no branch and no look-up, so that several lanes are computed at once.
    """
    (skills, depths, speed, schedule, scope, mentors, network, pay, effort, evidence, way, new) = (
        terms[0], terms[1], terms[2], terms[3], terms[4], terms[5],
        terms[6], terms[7], terms[8], terms[9], terms[10], terms[11],
    )  # fmt: skip
    goal, wish, track, wants_credit = (
        terms[OWN_GOAL], terms[OWN_WISH], terms[OWN_TRACK], terms[OWN_CREDIT]
    )  # fmt: skip
    by_asked, targets = terms[OWN_ASKED], terms[OWN_TARGETS]
    pay_scale, need_scale = terms[OWN_PAY], terms[OWN_NEED]
    for lane in range(LANES):
        depth = amounts[DEPTH * LANES + lane]
        flags = np.int32(words[FLAGS * LANES + lane] >> np.uint64(VALUE_BITS * (IN_A_WORD - 1)))
        credited = wants_credit * np.float64(flags >> SHOWN_CREDIT & 1)
        fit = (
            skills * _skills(amounts[COVERED * LANES + lane])
            + depths * depth
            + speed * amounts[SPEED * LANES + lane]
            + schedule * _schedule(amounts[RIGID * LANES + lane], amounts[HOUR * LANES + lane])
            + scope * _scope(amounts[BREADTH * LANES + lane], wish)
            + mentors * amounts[MENTORSHIP * LANES + lane]
            + network * amounts[NETWORK * LANES + lane]
            + pay
            * _pay(
                amounts[RATE * LANES + lane],
                amounts[INCOME * LANES + lane],
                pay_scale,
                need_scale,
                credited,
            )
            + effort * amounts[EFFORT * LANES + lane]
            + evidence * _evidence(flags, amounts[PUBLIC_WORK * LANES + lane], wanted, by_asked)
            + way * amounts[TRAJECTORY * LANES + lane]
            + new * amounts[NEW_FIELD * LANES + lane]
        )
        potential = amounts[POTENTIAL * LANES + lane]
        asks, lists = np.float64(flags >> SHOWN_ASKS & 1), np.float64(flags >> SHOWN_SKILLS & 1)
        suit = (
            (_TASK_WEIGHT - 3 * potential) * _competence(amounts[COMPETENCE * LANES + lane], asks)
            + track
            + potential
            * (
                _motivation(goal, depth)
                + amounts[INTEREST * LANES + lane]
                + _growth(amounts[GROWTH * LANES + lane], targets * lists)
            )
        )
        amounts[FIT * LANES + lane] = fit
        amounts[MUTUAL * LANES + lane] = _mutual(fit, suit)


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
            own[pair] = np.int32(_score(amounts[FIT * LANES + lane]))
        else:
            own[pair] = both - roles.halves[found[pair], PRICE]


_set_terms = njit(set_terms, **OPTIONS)
_gather_roles = njit(gather, **OPTIONS)
_unpack_words = njit(unpack, **OPTIONS)
_weigh_lanes = njit(weigh, **OPTIONS)
_set_scores = njit(set_scores, **OPTIONS)


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
    terms, words, amounts = room
    begin, wanted = np.int64(traits[BEGIN]), np.int32(traits[WANTED])
    _set_terms(traits, scales, weights, terms)
    for lane in range(HOUR * LANES, (HOUR + 1) * LANES):
        amounts[lane] = hour
    for first in range(0, count, LANES):
        some = min(LANES, count - first)
        _gather_roles(found, first, some, roles, begin, look_up, words, amounts)
        if is_placed:
            for lane in range(some):
                amounts[SPEED * LANES + lane] = placed[0, first + lane]
                amounts[HOUR * LANES + lane] = placed[1, first + lane]
        _unpack_words(words, amounts)
        _weigh_lanes(terms, wanted, words, amounts)
        _set_scores(found, first, some, roles, amounts, by_fit, scores)
