"""The aspects: how much each matters, and its value, a whole number from 0 to ``VALUE``.

In: numbers of one pair, or arrays of many pairs. Out: a number, or an array, of the same shape.
The functions are the only statements of the formulas: the NumPy kernel calls them with arrays, the
compiled kernel compiles the very same functions for single numbers. A choice is a product with a
flag, which costs nothing in either.

Values are whole numbers held in floats, because a processor multiplies four of those at once. Every
product and sum stays below 2**53 and is therefore exact; what is not whole is rounded by ``floor``.

Five aspects are facts of the role alone and are valued when it is packed: ``depth``,
``mentorship``, ``network``, ``effort`` and ``trajectory``.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np

from matching.engine.columns import Ints
from matching.engine.facts import DOSES
from matching.engine.fixed_point import RELATED, SHARE, SPEED_TICKS, USUAL, VALUE

POLES: Final[Mapping[str, tuple[int, int]]] = {
    "skills": (3, 2),
    "depth": (1, 3),
    "speed": (3, 1),
    "schedule": (3, 1),
    "scope": (2, 2),
    "mentorship": (1, 3),
    "network": (1, 3),
    "pay": (2, 2),
    "effort": (2, 1),
    "evidence": (3, 2),
    "trajectory": (1, 3),
    "field": (4, 4),
}
"""The aspects, each with how much it matters: 3 high, 1 low, 4 what nothing is above.

First to somebody who wants quick skill acquisition, then to somebody who wants in-depth career
exploration. Columns of weights and values stand in this order.
"""
ASPECTS: Final = tuple(POLES)

SPEED_FULL_TICKS: Final = int(7 * SPEED_TICKS * DOSES["speed"][1])
HALF: Final = VALUE // 2
UNSEEN: Final = VALUE * 3 // 8
"""Value of ``competence`` where none of the skills asked for is named."""
WHOLE: Final = 1.0 * VALUE
GROWN: Final = SHARE * RELATED // VALUE
"""What a sum of learning times relatedness is divided by."""

PRACTISED_HALF, PRACTISED_FULL = 6, 10
"""Wishes, of priority 1 and as rare as usual, at which ``skills`` bends, and at which it is 1."""

RELATED_BITS: Final = RELATED.bit_length() - 1
RECIPROCAL: Final = 1 << 28
NOVELTY: Final = round(VALUE * math.log1p(1) / math.log1p(3))
"""Value of one new field, out of the three that are worth all of it."""
BY_SKILL: Final = 1 / 3
"""Part of what its field lacks that a role makes up by asking for a skill that was named."""


BY_ASKED: Final = np.array([-(-RECIPROCAL // max(1, asked.bit_count())) for asked in range(16)])
"""What to multiply with, over ``RECIPROCAL``, instead of dividing by how many of the four items of
evidence are wanted and rounding down: by the bits that say which.

Exact while the amount divided times their number is below 2**28. Dividing takes ten times as long.
"""


@cache
def speed_table() -> Ints:
    """Return the value of finishing so many ticks after a candidate becomes available."""
    full = math.log1p(DOSES["speed"][1])
    weeks = np.arange(SPEED_FULL_TICKS) / (7 * SPEED_TICKS)
    # Not NumPy's logarithm, whose last digit may differ from one machine to the next.
    spent = np.fromiter(map(math.log1p, weeks.tolist()), np.float64, count=SPEED_FULL_TICKS)
    return np.append(np.rint(VALUE * (1 - spent / full)), 0).astype(np.int32)


def skills(covered: Any) -> Any:
    """Value what is practised and used: grows with each wish that is covered, ever more slowly.

    ``covered`` sums weight times relatedness over the wishes. Nothing is divided by how many there
    are, so that one more skill or wish never lowers the value.
    """
    wishes = covered * (1 / RELATED / USUAL)
    steep = WHOLE * (1 + PRACTISED_HALF / PRACTISED_FULL)
    return np.minimum(WHOLE, np.floor(wishes * steep / (wishes + PRACTISED_HALF)))


def speed(wait_days: Any, ticks: Any, table: Any) -> Any:
    """Value an early finish: falls with the wait for the start and with the length."""
    return table[np.minimum(wait_days * SPEED_TICKS + ticks, SPEED_FULL_TICKS)]


def hour_value(hours: Any) -> Any:
    """Return what one fixed hour costs of a week that has so many."""
    return VALUE / np.maximum(hours, 1e-9)


def schedule(rigid: Any, hour: Any) -> Any:
    """Value freedom: falls with the share of the tightest week that the schedule fixes.

    ``hour`` is the ``hour_value`` of that week.
    """
    return WHOLE - np.floor(np.minimum(rigid * hour, WHOLE) + 0.5)


def scope(breadth: Any, wish: Any) -> Any:
    """Value breadth as wished: falls with the distance between the two."""
    return WHOLE - np.abs(breadth - wish)


def pay(rate: Any, income: Any, pay_scale: Any, need_scale: Any, credited: Any) -> Any:
    """Value pay: adequacy by the hour and, where a need is stated, in total; grows with both.

    A credit that is wished for halves the shortfall.
    """
    hourly = np.floor(np.minimum(rate * pay_scale, WHOLE) + 0.5)
    hourly = hourly + (WHOLE - hourly) * (pay_scale <= 0)
    total = np.floor(np.minimum(income * need_scale, WHOLE) + 0.5)
    value = hourly + np.floor((total - hourly) * 0.5) * (need_scale > 0)
    return value + np.floor((WHOLE - value + 1) * 0.5) * credited


def evidence(offered: Any, public_work: Any, wanted: Any, by_asked: Any) -> Any:
    """Value proof to show: the mean over the wanted items; grows with each that is offered.

    ``by_asked`` is that of ``BY_ASKED``.
    """
    got = offered & wanted
    items = (got & 1) + (got >> 1 & 1) + (got >> 2 & 1)
    shown = items * WHOLE + (wanted >> 3 & 1) * public_work
    return np.floor(shown * (1 / RECIPROCAL) * by_asked)


def field(interest: Any, is_new: Any, explore: Any) -> Any:
    """Value the field: the interest in it or, if that is more, its novelty to who explores."""
    return np.maximum(interest, (explore * is_new * NOVELTY + HALF) // VALUE)


def field_by_skill(field: Any, is_named: Any) -> Any:
    """Value the field of a role that may ask for a skill that the candidate named.

    Such work is nearer to what was said than the rest of a field that nobody named. The step is the
    same for one skill and for many: how much of the skills is used counts in ``skills``.
    """
    return field + np.floor((WHOLE - field) * BY_SKILL) * is_named


def competence(covered: Any, asks: Any) -> Any:
    """Value the skills asked for; half if nothing is asked.

    ``covered`` sums share times coverage, with shares on the scale ``SHARE``. It makes up what
    ``UNSEEN`` leaves: that somebody did not name a skill does not say that they lack it.
    """
    return HALF + (UNSEEN - HALF + np.floor(covered * ((1 - UNSEEN / VALUE) / SHARE) + 0.5)) * asks


def coverage(level: Any, per_level: Any) -> Any:
    """Value one skill: its relatedness to what is held, times the level held over that asked.

    ``level`` is the best relatedness times level, levels beyond the one asked left out: mastery of
    one skill does not turn it into another. ``per_level`` is the value of one level. Whole numbers,
    as are ``field``'s: both are looked up, not computed for every pair.
    """
    return np.minimum(VALUE, level * per_level >> RELATED_BITS)


def standing_in(relatedness: Any) -> Any:
    """Return how much of a skill asked for a relative stands for: 5/8 of their relatedness.

    Who asks for a skill means it; that a role uses a relative of it is worth more to the candidate.
    """
    return (5 * relatedness + 3 * RELATED * (relatedness == RELATED) + 4) >> 3


def motivation(goal: Any, depth: Any) -> Any:
    """Value the likeness of what a person seeks and what the role is."""
    return WHOLE - np.abs(goal - depth)


def growth(covered: Any, known: Any) -> Any:
    """Value the share of the role's skills that the candidate wants to learn; half if unknown."""
    return HALF + (np.floor(covered * (1 / GROWN) + 0.5) - HALF) * known
