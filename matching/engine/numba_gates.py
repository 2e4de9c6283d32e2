"""Write the gates, for the compiled loops: ranges of roles, whole tiles, what is left of them.

In: the tuples that ``numba_kernel`` makes of an index and a view. Out: the roles that one candidate
may take, but for her calendar.
"""

from typing import Any

import numpy as np
from numba import njit

from matching.engine.numba_tables import OPTIONS


def gate(
    gates: Any, codes: Any, first: Any, count: Any, passed: Any, found: Any, number: Any
) -> Any:
    """Append the roles that pass the plain gates to those found, and return how many there are."""
    load, rate, latest = gates[0, first:], gates[1, first:], gates[2, first:]
    days, ends, flags, age = gates[3, first:], gates[4, first:], gates[5, first:], gates[6, first:]
    most, least, begin = codes[0], codes[1], codes[2]
    spare, end, forbidden, attested = codes[3], codes[4], codes[5], codes[6]
    for place in range(count):
        passed[place] = (
            (load[place] <= most)
            & (rate[place] >= least)
            & (latest[place] >= begin)
            & (days[place] <= spare)
            & (ends[place] <= end)
            & ((flags[place] & forbidden) == 0)
            & (age[place] <= attested)
        )
    for place in range(count, (count + 7) // 8 * 8):
        passed[place] = 0
    words = passed.view(np.uint64)
    for word in range((count + 7) // 8):
        if words[word]:
            for place in range(8 * word, 8 * word + 8):
                found[number] = first + place
                number += passed[place]
    return number


def ranges(
    person: Any, people: Any, bucket_at: Any, countries: Any, regions: Any, modes: Any, out: Any
) -> Any:
    """Set the ranges of roles that modes, rights and regions leave open; return their number."""
    first, last = people.region_at[person], people.region_at[person + 1]
    first_right, last_right = people.right_at[person], people.right_at[person + 1]
    most = 1 + last_right - first_right + 2 * (last - first)
    if len(out) < most:
        out = np.zeros((most, 2), np.int64)
    count = 0
    for mode in range(3):
        if not modes >> mode & 1:
            continue
        start, end = (first_right - 1, last_right) if mode == 0 else (first, last)
        for entry in range(start, end):
            if mode:
                bucket = countries + (mode - 1) * regions + people.region[entry]
            else:
                bucket = np.int64(people.right[entry]) if entry >= first_right else np.int64(0)
            if bucket_at[bucket] < bucket_at[bucket + 1]:
                out[count, 0], out[count, 1] = bucket_at[bucket], bucket_at[bucket + 1]
                count += 1
    return out, count


def holds(must: Any, must_level: Any, first: Any, last: Any, stated: Any) -> bool:
    """Tell whether every must-have skill is stated at its level."""
    lacking = 0
    for place in range(first, last):
        lacking += stated[must[place]] < must_level[place]
    return lacking == 0


def passes(ranks: Any, role: Any, limits: Any, person: Any) -> bool:
    """Compare exactly what the gates of the tile compared in part."""
    return bool(
        (ranks[role, 0] <= limits[person, 0])
        & (ranks[role, 1] >= limits[person, 1])
        & (ranks[role, 2] >= limits[person, 2])
        & (ranks[role, 3] <= limits[person, 3])
        & (ranks[role, 4] <= limits[person, 4])
    )


_holds_musts = njit(holds, **OPTIONS)
_passes_exactly = njit(passes, **OPTIONS)


def keep_open(
    person: Any, found: Any, number: Any, roles: Any, people: Any, sets: Any, exact: Any
) -> Any:
    """Keep, of the roles found, those that pass all gates, and return how many there are."""
    allowed, stated = sets
    numbers, must, must_level = roles.numbers, roles.must, roles.must_level
    kept = 0
    for pair in range(number):
        role = found[pair]
        if (
            allowed[numbers[role, 14]]
            and (exact or _passes_exactly(roles.ranks, role, people.ranks, person))
            and _holds_musts(must, must_level, numbers[role, 18], numbers[role, 19], stated)
        ):
            found[kept] = role
            kept += 1
    return kept
