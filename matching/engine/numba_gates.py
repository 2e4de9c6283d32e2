"""Write the gates, for the compiled loops: ranges of roles, whole tiles, what is left of them.

In: the tuples that ``numba_columns`` makes of an index and a view. Out: the roles that one
candidate may take, but for the calendar.
"""

from typing import Any, Final

import numpy as np
from numba import njit

from matching.engine.numba_columns import ASKED, END_OF_MUSTS, MORE_MUSTS, MUST_BITS, MUSTS, STEP
from matching.engine.numba_tables import OPTIONS

MUST_SHIFT: Final = np.uint32(MUST_BITS)
MUST_LEVEL: Final = np.uint32((1 << MUST_BITS) - 1)


def gate(
    gates: Any, codes: Any, first: Any, count: Any, passed: Any, found: Any, number: Any
) -> Any:
    """Append the roles that pass the plain gates to those found, and return how many there are.

    Whole steps are compared, beyond the end of a range too, as what is left over would take longer.
    """
    load, rate, latest = gates[0, first:], gates[1, first:], gates[2, first:]
    days, ends, flags, age = gates[3, first:], gates[4, first:], gates[5, first:], gates[6, first:]
    most, least, begin = codes[0], codes[1], codes[2]
    spare, end, forbidden, attested = codes[3], codes[4], codes[5], codes[6]
    whole = (count + STEP - 1) // STEP * STEP
    for place in range(whole):
        passed[place] = (
            (load[place] <= most)
            & (rate[place] >= least)
            & (latest[place] >= begin)
            & (days[place] <= spare)
            & (ends[place] <= end)
            & ((flags[place] & forbidden) == 0)
            & (age[place] <= attested)
        )
    for place in range(count, whole):
        passed[place] = 0
    words = passed.view(np.uint64)
    for word in range((count + 7) // 8):
        if words[word]:
            for place in range(8 * word, 8 * word + 8):
                found[number] = first + place
                number += passed[place]
    return number


def append(out: Any, count: Any, bucket_at: Any, bucket: Any) -> Any:
    """Add a bucket to the ranges, or to the last one where that ends; return their number."""
    start, end = bucket_at[bucket], bucket_at[bucket + 1]
    if count and out[count - 1, 1] == start:
        out[count - 1, 1] = end
    elif start < end:
        out[count, 0], out[count, 1] = start, end
        count += 1
    return count


_append = njit(append, **OPTIONS)


def ranges(
    region: Any, right: Any, modes: Any, allowed: Any, roles: Any, countries: Any, out: Any
) -> Any:
    """Set the ranges of roles that modes, regions and rights leave open; return their number."""
    bucket_at, place_at, place_country = roles.bucket_at, roles.place_at, roles.place_country
    places = len(place_country)
    most = 1 + len(right)
    for entry in range(len(region)):
        most += 2 * (place_at[region[entry] + 1] - place_at[region[entry]])
    if len(out) < most:
        out = np.zeros((most, 2), np.int64)
    count = 0
    if modes & 1:
        count = _append(out, count, bucket_at, 0)
        for entry in range(len(right)):
            count = _append(out, count, bucket_at, right[entry])
    for mode in range(1, 3):
        if not modes >> mode & 1:
            continue
        first = countries + (mode - 1) * places
        for entry in range(len(region)):
            for place in range(place_at[region[entry]], place_at[region[entry] + 1]):
                if allowed[place_country[place]]:
                    count = _append(out, count, bucket_at, first + place)
    return out, count


def lacks(must: Any, must_level: Any, first: Any, last: Any, stated: Any) -> Any:
    """Return how many must-have skills are not stated at their level."""
    lacking = 0
    for place in range(first, last):
        lacking += stated[must[place]] < must_level[place]
    return lacking


def passes(ranks: Any, role: Any, limits: Any) -> bool:
    """Compare exactly what the gates of the tile compared in part."""
    return bool(
        (ranks[role, 0] <= limits[0])
        & (ranks[role, 1] >= limits[1])
        & (ranks[role, 2] >= limits[2])
        & (ranks[role, 3] <= limits[3])
        & (ranks[role, 4] <= limits[4])
    )


_count_lacking = njit(lacks, **OPTIONS)
_passes_exactly = njit(passes, **OPTIONS)


def keep_open(found: Any, number: Any, roles: Any, limits: Any, stated: Any, exact: Any) -> Any:
    """Keep, of the roles found, those that pass all gates, and return how many there are.

    The first must-have skills stand in the role's row, so that few branches have to be foreseen.
    """
    doors, must, must_level, ranks = roles.doors, roles.must, roles.must_level, roles.ranks
    kept = 0
    for pair in range(number):
        role = found[pair]
        is_open = True
        for place in range(ASKED, ASKED + MUSTS):
            needed = doors[role, place]
            is_open &= stated[needed >> MUST_SHIFT] >= (needed & MUST_LEVEL)
        if doors[role, MORE_MUSTS] < doors[role, END_OF_MUSTS]:
            first, last = np.int64(doors[role, MORE_MUSTS]), np.int64(doors[role, END_OF_MUSTS])
            is_open &= _count_lacking(must, must_level, first, last, stated) == 0
        if not exact:
            is_open &= _passes_exactly(ranks, role, limits)
        found[kept] = role
        kept += is_open
    return kept
