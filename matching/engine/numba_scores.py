"""Score the roles that one candidate may take, for the compiled loops: several at a time.

In: the roles found, and what was computed of each. Out: the keys by which lists order. The rows of
some roles are turned into columns, so that one instruction computes a formula for four of them.
"""

from typing import Any, Final

import numpy as np
from numba import njit

from matching.engine import aspects, pairs
from matching.engine.fixed_point import WEIGHT
from matching.engine.numba_columns import (
    AMOUNTS,
    BREADTH,
    BY_ASKED,
    BY_TOP,
    CREDIT,
    DEPTH,
    EFFORT,
    FIELD,
    GOAL,
    HAS_TARGETS,
    INCOME,
    MENTORSHIP,
    NETWORK,
    POTENTIAL,
    PRICE,
    PUBLIC_WORK,
    RATE,
    RIGID,
    SHOWN,
    TIE,
    TRACK,
    TRAJECTORY,
    WANTED,
    WISH,
)
from matching.engine.numba_tables import OPTIONS
from matching.engine.topk import LOW_BITS

LANES: Final = 32
"""Roles that are scored at once."""

_TRACK_WEIGHT: Final = pairs.TRACK_WEIGHT
_TASK_WEIGHT: Final = WEIGHT - pairs.TRACK_WEIGHT

_skills = njit(aspects.skills, **OPTIONS)
_schedule = njit(aspects.schedule, **OPTIONS)
_scope = njit(aspects.scope, **OPTIONS)
_pay = njit(aspects.pay, **OPTIONS)
_evidence = njit(aspects.evidence, **OPTIONS)
_competence = njit(aspects.competence, **OPTIONS)
_motivation = njit(aspects.motivation, **OPTIONS)
_growth = njit(aspects.growth, **OPTIONS)
_score = njit(pairs.score, **OPTIONS)
_mutual = njit(pairs.mutual, **OPTIONS)


def gather(found: Any, first: Any, count: Any, roles: Any, computed: Any, room: Any) -> None:
    """Turn the rows of some roles into columns, and look up the value of their fields."""
    _, _, value, interest = computed
    amounts, shown, _ = room
    for lane in range(count):
        role = found[first + lane]
        for column in range(AMOUNTS):
            amounts[column * LANES + lane] = roles.amounts[role, column]
        field = np.uint32(roles.numbers[role, FIELD])
        amounts[AMOUNTS * LANES + lane] = value[field]
        amounts[(AMOUNTS + 1) * LANES + lane] = interest[field]
        shown[lane] = roles.numbers[role, SHOWN]


def weigh(first: Any, person: Any, computed: Any, room: Any) -> None:
    """Set fit, and mutual score, of all lanes: sums of weights times values, and a score.

    There is no branch and no look-up, so that several lanes are computed at once.
    """
    traits, scales, weights = person
    placed, sums, _, _ = computed
    amounts, shown, out = room
    goal, wish = np.float64(traits[GOAL]), np.float64(traits[WISH])
    track = np.float64(traits[TRACK]) * _TRACK_WEIGHT
    wanted, wants_credit = np.int32(traits[WANTED]), np.float64(traits[CREDIT] > 0)
    by_top, by_asked = np.float64(traits[BY_TOP]), np.float64(traits[BY_ASKED])
    pay_scale, need_scale = scales[1], scales[2]
    targets = np.float64(traits[HAS_TARGETS])
    (skills, depths, speed, schedule, scope, mentors, network, pay, effort, evidence, way, new) = (
        weights[0], weights[1], weights[2], weights[3], weights[4], weights[5],
        weights[6], weights[7], weights[8], weights[9], weights[10], weights[11],
    )  # fmt: skip
    for lane in range(LANES):
        # Unsigned, so that the compiler sees that neighbors are neighbors.
        pair = np.uint64(first) + np.uint64(lane)
        depth = amounts[DEPTH * LANES + lane]
        flags = shown[lane]
        credited = wants_credit * np.float64(flags >> 3 & 1)
        fit = (
            skills * _skills(sums[2, pair], by_top)
            + depths * depth
            + speed * placed[0, pair]
            + schedule * _schedule(amounts[RIGID * LANES + lane], placed[1, pair])
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
            + new * amounts[AMOUNTS * LANES + lane]
        )
        potential = amounts[POTENTIAL * LANES + lane]
        asks, lists = np.float64(flags >> 4 & 1), np.float64(flags >> 5 & 1)
        suit = (
            (_TASK_WEIGHT - 3 * potential) * _competence(sums[0, pair], asks)
            + track
            + potential
            * (
                _motivation(goal, depth)
                + amounts[(AMOUNTS + 1) * LANES + lane]
                + _growth(sums[1, pair], targets * lists)
            )
        )
        out[lane] = fit
        out[LANES + lane] = _mutual(fit, suit)


def pack(
    found: Any, first: Any, count: Any, numbers: Any, room: Any, order: Any, keys: Any
) -> None:
    """Set the keys of the candidate's list and of the roles' lists, in two rows."""
    by_fit, tie = order
    _, _, out = room
    for lane in range(count):
        role = found[first + lane]
        mutual = np.int64(out[LANES + lane])
        ranking = np.int64(_score(out[lane])) if by_fit else mutual - numbers[role, PRICE]
        keys[0, first + lane] = (ranking << 32) | (LOW_BITS - np.int64(numbers[role, TIE]))
        keys[1, first + lane] = (mutual << 32) | (LOW_BITS - tie)


_gather_roles = njit(gather, **OPTIONS)
_weigh_lanes = njit(weigh, **OPTIONS)
_pack_keys = njit(pack, **OPTIONS)


def set_keys(
    found: Any,
    count: Any,
    roles: Any,
    person: Any,
    computed: Any,
    room: Any,
    order: Any,
    keys: Any,
) -> None:
    """Set the keys by which the lists of the candidate and of the roles order, in two rows."""
    numbers = roles.numbers
    for first in range(0, count, LANES):
        some = min(LANES, count - first)
        _gather_roles(found, first, some, roles, computed, room)
        _weigh_lanes(first, person, computed, room)
        _pack_keys(found, first, some, numbers, room, order, keys)
