"""Value the tradeoffs: one formula per aspect, each from 0 to ``VALUE``.

In: integers and floats of one pair, or arrays of many pairs. Out: an integer, or an array, of the
same shape. These are the only statements of the formulas: the NumPy kernel calls them with arrays,
the compiled kernel compiles the very same functions for single numbers. A choice is a product with
a flag, which costs nothing in either.

Five aspects are facts of the role alone and are valued when it is packed: ``depth``,
``mentorship``, ``network``, ``effort`` and ``trajectory``.
"""

import math
from functools import cache
from typing import Any, Final

import numpy as np

from matching.engine.columns import Ints
from matching.engine.facts import DOSES
from matching.engine.fixed_point import RELATED, SHARE, SPEED_TICKS, VALUE

SPEED_FULL_TICKS: Final = int(7 * SPEED_TICKS * DOSES["speed"][1])
HALF: Final = VALUE // 2
SHARE_BITS: Final = SHARE.bit_length() - 1
GROWTH_BITS: Final = (SHARE * RELATED // VALUE).bit_length() - 1
NOVELTY: Final = round(VALUE * math.log1p(1) / math.log1p(3))
"""Value of one new field, out of the three that are worth all of it."""


@cache
def speed_table() -> Ints:
    """Return the value of finishing so many ticks after a candidate becomes available."""
    full = math.log1p(DOSES["speed"][1])
    week = 7 * SPEED_TICKS
    return np.array(
        [round(VALUE * (1 - math.log1p(tick / week) / full)) for tick in range(SPEED_FULL_TICKS)]
        + [0],
        np.int32,
    )


def skills(covered: Any, top_priorities: Any) -> Any:
    """Value what is practised: covered priorities over the three highest; grows with each target.

    ``covered`` sums priority times relatedness over the targets.
    """
    return np.minimum(VALUE, covered * (VALUE // RELATED) // np.maximum(top_priorities, 1))


def speed(wait_days: Any, ticks: Any, table: Any) -> Any:
    """Value an early finish: falls with the wait for the start and with the length."""
    return table[np.minimum(wait_days * SPEED_TICKS + ticks, SPEED_FULL_TICKS)]


def schedule(rigid: Any, hours: Any) -> Any:
    """Value freedom: falls with the share of the tightest week that the schedule fixes."""
    share = np.minimum(rigid / np.maximum(hours, 1e-9), 1.0)
    return VALUE - np.int64(share * VALUE + 0.5)


def scope(breadth: Any, wish: Any) -> Any:
    """Value breadth as wished: falls with the distance between the two."""
    return VALUE - np.abs(breadth - wish)


def pay(rate: Any, income: Any, pay_scale: Any, need_scale: Any, credited: Any) -> Any:
    """Value pay: adequacy by the hour and, where a need is stated, in total; grows with both.

    A credit that is wished for halves the shortfall.
    """
    hourly = np.int64(np.minimum(rate * pay_scale, 1.0 * VALUE) + 0.5)
    hourly = hourly + (VALUE - hourly) * (pay_scale <= 0)
    total = np.int64(np.minimum(income * need_scale, 1.0 * VALUE) + 0.5)
    value = hourly + (total - hourly) // 2 * (need_scale > 0)
    return value + (VALUE - value + 1) // 2 * credited


def evidence(offered: Any, public_work: Any, wanted: Any) -> Any:
    """Value proof to show: the mean over the wanted items; grows with each that is offered."""
    got = offered & wanted
    items = (got & 1) + (got >> 1 & 1) + (got >> 2 & 1)
    asked = (wanted & 1) + (wanted >> 1 & 1) + (wanted >> 2 & 1) + (wanted >> 3 & 1)
    return (items * VALUE + (wanted >> 3 & 1) * public_work) // np.maximum(asked, 1)


def field(interest: Any, is_new: Any, explore: Any) -> Any:
    """Value the field: a match of interests, mixed with novelty by the wish to explore."""
    return ((VALUE - explore) * interest + explore * is_new * NOVELTY + HALF) // VALUE


def competence(covered: Any, asks: Any) -> Any:
    """Value the skills asked for: each one's share times its coverage; half if nothing is asked.

    ``covered`` sums share times coverage, with shares on the scale ``SHARE``.
    """
    return HALF + (((covered + SHARE // 2) >> SHARE_BITS) - HALF) * asks


def coverage(level: Any, per_level: Any) -> Any:
    """Value one skill: its relatedness to what is held, times the level held over that asked.

    ``level`` is the best relatedness times level, levels beyond the one asked left out: mastery of
    one skill does not turn it into another. ``per_level`` is the value of one level.
    """
    return np.minimum(VALUE, level * per_level // RELATED)


def motivation(goal: Any, depth: Any) -> Any:
    """Value the likeness of what a person seeks and what the role is."""
    return VALUE - np.abs(goal - depth)


def growth(covered: Any, known: Any) -> Any:
    """Value the share of the role's skills that the candidate wants to learn; half if unknown."""
    return HALF + (((covered + (1 << GROWTH_BITS >> 1)) >> GROWTH_BITS) - HALF) * known
