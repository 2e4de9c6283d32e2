"""Keep the best keys, for the compiled loops: all of one candidate's at once, a role's in turns.

In: scores, or keys as ``topk`` packs them. Out: the highest of them, in no order. What cannot enter
a list is left out by a comparison of scores: below the score from which on a candidate's list is
full, or below that of the last one in a role's list. A role's keys come one by one: those above its
floor are gathered in a pool that holds twice as many as are kept, and thinned out when it is full,
which moves each key only a few times and asks the processor to foresee little.
"""

from typing import Any, Final

import numpy as np

from matching.engine.fixed_point import LOWEST
from matching.engine.numba_formulas import allocating, compiled
from matching.engine.topk import EMPTY, LOW_BITS

SPARE: Final = 4
"""Groups of a candidate's scores beyond those that a list holds, as a part of them."""


@compiled
def highest_first(keys: Any, count: Any, width: Any) -> None:
    """Bring the highest of some different keys to the front (Hoare's selection)."""
    first, last = 0, count
    while first < width < last:
        middle = (first + last) >> 1
        pivot = keys[middle]
        keys[middle] = keys[last - 1]
        higher = first
        for place in range(first, last - 1):
            key = keys[place]
            keys[place] = keys[higher]
            keys[higher] = key
            higher += key > pivot
        keys[last - 1] = keys[higher]
        keys[higher] = pivot
        if higher < width:
            first = higher + 1
        else:
            last = higher


@compiled
def lowest(keys: Any, count: Any) -> Any:
    """Return the lowest of the first keys."""
    least = keys[0]
    for place in range(1, count):
        least = min(least, keys[place])
    return least


@compiled
def enough_from(scores: Any, count: Any, width: Any, highest: Any) -> Any:
    """Return a score that at least ``width`` of some scores reach, and not many more; or LOWEST.

    The scores are dealt out to groups, a few more than ``width``. The highest of each are different
    ones, so that as many scores reach the ``width``-th of those.
    """
    groups = len(highest)
    if count < 2 * groups:
        return np.int64(LOWEST)
    for group in range(groups):
        highest[group] = scores[group]
    for first in range(groups, count - groups + 1, groups):
        for group in range(groups):
            highest[group] = max(highest[group], scores[np.uint64(first) + np.uint64(group)])
    highest_first(highest, groups, width)
    return np.int64(lowest(highest, width))


@compiled
def keep(found: Any, scores: Any, count: Any, tie: Any, highest: Any, keys: Any, row: Any) -> None:
    """Write the highest keys into a candidate's row, which is empty."""
    width = len(row)
    least = enough_from(scores, count, width, highest)
    number = 0
    for pair in range(count):
        score = np.int64(scores[pair])
        if score >= least:
            keys[number] = (score << 32) | (LOW_BITS - np.int64(tie[found[pair]]))
            number += 1
    highest_first(keys, number, width)
    for place in range(min(number, width)):
        row[place] = keys[place]


@allocating
def open_pool(kept: Any, position: Any, pool: Any) -> Any:
    """Fill a pool with the keys that roles already have; return it, each role's number and floor.

    ``position`` is where each role's keys stand among those kept. A floor is a score; what is below
    it cannot enter.
    """
    width = kept.shape[1]
    number = np.zeros(len(kept), np.int32)
    floor = np.empty(len(kept), np.int32)
    for role in range(len(kept) if width else 0):
        row = kept[position[role]]
        filled = 0
        for place in range(width):
            pool[role, filled] = row[place]
            filled += row[place] != EMPTY
        number[role] = filled
        floor[role] = lowest(row, width) >> 32
    return pool, number, floor


@compiled
def offer(found: Any, scores: Any, count: Any, tie: Any, gathered: Any) -> None:
    """Offer a candidate, whose tie number is given, to the roles found."""
    pool, number, floor = gathered
    size = pool.shape[1]
    for pair in range(count):
        role = found[pair]
        if scores[pair] >= floor[role]:
            filled = number[role]
            pool[role, np.uint32(filled)] = (np.int64(scores[pair]) << 32) | (LOW_BITS - tie)
            filled += 1
            if filled == size:
                filled = size >> 1
                highest_first(pool[role], size, filled)
                floor[role] = lowest(pool[role], filled) >> 32
            number[role] = filled


@compiled
def close_pool(gathered: Any, kept: Any, position: Any) -> None:
    """Write what the pool holds into the rows of the roles, lowest key first."""
    pool, number, _ = gathered
    width = kept.shape[1]
    for role in range(len(kept)):
        filled, row = np.int64(number[role]), kept[position[role]]
        if filled > width:
            highest_first(pool[role], filled, width)
            filled = width
        empty = width - filled
        for place in range(empty):
            row[place] = EMPTY
        least = empty
        for place in range(filled):
            row[empty + place] = pool[role, place]
            if pool[role, place] < row[least]:
                least = empty + place
        if not empty:
            row[least], row[0] = row[0], row[least]
