"""Keep the best keys, for the compiled loops: all of one candidate's at once, a role's in turns.

In: keys as ``topk`` packs them. Out: the highest of them, in no order. A candidate's keys are all
known when the list is made. A role's come one by one: those above its floor are gathered in a pool
that holds twice as many as are kept, and thinned out when it is full, which moves each key only a
few times and asks the processor to foresee little.
"""

from typing import Any

import numpy as np
from numba import njit

from matching.engine.numba_tables import OPTIONS
from matching.engine.topk import EMPTY


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


_highest_first = njit(highest_first, **OPTIONS)


def lowest(keys: Any, count: Any) -> Any:
    """Return the lowest of the first keys."""
    least = keys[0]
    for place in range(1, count):
        least = min(least, keys[place])
    return least


_lowest = njit(lowest, **OPTIONS)


def keep(keys: Any, count: Any, row: Any) -> None:
    """Write the highest keys into a candidate's row, which is empty."""
    _highest_first(keys, count, len(row))
    for place in range(min(count, len(row))):
        row[place] = keys[place]


def open_pool(kept: Any) -> Any:
    """Return a pool with the keys that roles already have, and each role's floor and number."""
    width = kept.shape[1]
    pool = np.empty((len(kept), 2 * width), np.int64)
    gauge = np.empty((len(kept), 2), np.int64)
    for role in range(len(kept) if width else 0):
        number = 0
        for place in range(width):
            pool[role, number] = kept[role, place]
            number += kept[role, place] != EMPTY
        gauge[role, 0] = _lowest(kept[role], width)
        gauge[role, 1] = number
    return pool, gauge


def offer(found: Any, keys: Any, count: Any, pool: Any, gauge: Any) -> None:
    """Offer a candidate's keys to the roles found."""
    size = pool.shape[1]
    for pair in range(count):
        role = found[pair]
        if keys[pair] > gauge[role, 0]:
            number = gauge[role, 1]
            pool[role, number] = keys[pair]
            number += 1
            if number == size:
                number = size >> 1
                _highest_first(pool[role], size, number)
                gauge[role, 0] = _lowest(pool[role], number)
            gauge[role, 1] = number


def close_pool(pool: Any, gauge: Any, kept: Any) -> None:
    """Write what the pool holds into the rows of the roles, lowest key first."""
    width = kept.shape[1]
    for role in range(len(kept)):
        number = gauge[role, 1]
        if number > width:
            _highest_first(pool[role], number, width)
            number = width
        empty = width - number
        for place in range(empty):
            kept[role, place] = EMPTY
        least = empty
        for place in range(number):
            kept[role, empty + place] = pool[role, place]
            if pool[role, place] < kept[role, least]:
                least = empty + place
        if not empty:
            kept[role, least], kept[role, 0] = kept[role, 0], kept[role, least]
