"""Write the gates, for the compiled loops: places, blocks of free roles, roles that need a skill.

In: the tuples that ``numba_columns`` makes of an index and a view. Out: the roles that one
candidate may take, but for their calendar.
"""

from typing import Any, Final

import numpy as np

from matching.engine import numba_formulas as formulas
from matching.engine.numba_columns import BLOCK, FIELD, IS_CHOOSY, MUST_BITS, ONLY
from matching.engine.numba_formulas import allocating, compiled
from matching.engine.role_index import (
    AGE,
    END,
    ENROLMENT,
    LATEST,
    LENGTH,
    LOAD,
    PLAIN_GATES,
    RATE,
)

FEW_ROLES: Final = 32
"""Free roles of a place up to which they are read one by one, not in blocks."""

MANY_ROLES: Final = 1_000
"""Free roles of a place from which on reading the postings of each skill repays."""

MUST_SHIFT: Final = np.uint32(MUST_BITS)
MUST_LEVEL: Final = np.uint32((1 << MUST_BITS) - 1)


@compiled
def append(out: Any, count: Any, first: Any, end: Any) -> Any:
    """Add a range of places, or lengthen the last one where that ends; return their number."""
    if count and out[count - 1, 1] == first:
        out[count - 1, 1] = end
    elif first < end:
        out[count, 0], out[count, 1] = first, end
        count += 1
    return count


@allocating
def ranges(region: Any, right: Any, modes: Any, allowed: Any, places: Any, out: Any) -> Any:
    """Set the ranges of places that modes, regions and rights leave open; return their number.

    ``places`` are the columns of ``Roles`` that say where a region's begin, and their countries.
    """
    place_at, place_country = places
    countries = len(allowed)
    most = 1 + len(right)
    for entry in range(len(region)):
        most += place_at[region[entry] + 1] - place_at[region[entry]]
    if len(out) < most:
        out = np.zeros((most, 2), np.int64)
    count = 0
    if modes & 1:
        count = append(out, count, 0, 1)
        for entry in range(len(right)):
            count = append(out, count, np.int64(right[entry]), np.int64(right[entry]) + 1)
    hybrid, onsite = np.int64(modes >> 1 & 1), np.int64(modes >> 2 & 1)
    if hybrid | onsite:
        for entry in range(len(region)):
            for place in range(place_at[region[entry]], place_at[region[entry] + 1]):
                if allowed[place_country[place]]:
                    first = countries + 2 * place
                    count = append(out, count, first + 1 - hybrid, first + 1 + onsite)
    return out, count


@compiled
def passes(needed: Any, row: Any, had: Any) -> Any:
    """Return whether a role passes the gates, or any of a block may: rows of what they need."""
    is_open = True
    for gate in range(PLAIN_GATES):
        is_open &= needed[row, gate] <= had[gate]
    return is_open


@compiled
def gate(roles: Any, had: Any, first: Any, end: Any, passed: Any, found: Any, number: Any) -> Any:
    """Append the free roles of a range that pass the gates, and return how many there are.

    Whole blocks are compared, beyond the range too, as what is left over would take longer.
    """
    gates = roles.gates
    # One by one, so that the compiler sees that nothing changes them.
    load, rate, latest, length = had[LOAD], had[RATE], had[LATEST], had[LENGTH]
    last, age, lacking = had[END], had[AGE], had[PLAIN_GATES]
    words = passed.view(np.uint64)
    for block in range(first // BLOCK, (end + BLOCK - 1) // BLOCK):
        if not passes(roles.blocks, block, had):
            continue
        base = block * BLOCK
        for place in range(BLOCK):
            # Unsigned, so that the compiler sees that neighbors are neighbors.
            role = np.uint64(base) + np.uint64(place)
            passed[place] = (
                (gates[LOAD, role] <= load)
                & (gates[RATE, role] <= rate)
                & (gates[LATEST, role] <= latest)
                & (gates[LENGTH, role] <= length)
                & (gates[END, role] <= last)
                & (gates[AGE, role] <= age)
                & ((gates[ENROLMENT, role] & lacking) == 0)
            )
        for place in range(max(first - base, 0)):
            passed[place] = 0
        for place in range(min(end - base, BLOCK), BLOCK):
            passed[place] = 0
        for word in range(BLOCK // 8):
            if words[word]:
                for place in range(8 * word, 8 * word + 8):
                    found[np.uint64(number)] = base + place
                    number += passed[place]
    return number


@compiled
def lacks(need: Any, first: Any, last: Any, stated: Any) -> Any:
    """Return how many of the skills needed are not stated at their levels."""
    lacking = 0
    for place in range(first, last):
        needed = need[place]
        lacking += stated[needed >> MUST_SHIFT] < (needed & MUST_LEVEL)
    return lacking


@compiled
def find_needing(
    roles: Any, had: Any, skills: Any, stated: Any, reach: Any, found: Any, number: Any
) -> Any:
    """Append the roles that need some skill and pass, and return how many there are.

    Each stands by one of its skills; only those of skills that the candidate states are read.
    """
    free = len(roles.tie) - len(roles.bucket)
    rows, bucket, lead_at = roles.gate_rows, roles.bucket, roles.lead_at
    need, need_at = roles.need, roles.need_at
    spans, count = reach
    for skill in skills:
        first, end = lead_at[skill] - free, lead_at[skill + 1] - free
        if first == end:
            continue
        for span in range(count):
            place = formulas.lowest_from(bucket, first, end, spans[span, 0])
            while place < end and bucket[place] < spans[span, 1]:
                role = free + place
                place += 1
                if passes(rows, role, had):
                    found[number] = role
                    number += not lacks(need, need_at[role], need_at[role + 1], stated)
    return number


@compiled
def find_open(roles: Any, had: Any, skills: Any, reach: Any, passed: Any, found: Any) -> Any:
    """List the roles in reach that pass all gates but the calendar.

    First come those of places with many roles, whose ranges are moved to the front. Returns how
    many such ranges, how many such roles, and how many roles there are.
    """
    spans, span_count = reach
    free_at, rows = roles.free_at, roles.gate_rows
    large, count = 0, 0
    for span in range(span_count):
        lower, upper = spans[span, 0], spans[span, 1]
        if free_at[upper] - free_at[lower] >= MANY_ROLES:
            count = gate(roles, had, free_at[lower], free_at[upper], passed, found, count)
            spans[span, 0], spans[span, 1] = spans[large, 0], spans[large, 1]
            spans[large, 0], spans[large, 1] = lower, upper
            large += 1
    among_many = count
    for span in range(large, span_count):
        first, end = free_at[spans[span, 0]], free_at[spans[span, 1]]
        if end - first > FEW_ROLES:
            count = gate(roles, had, first, end, passed, found, count)
        else:
            for role in range(first, end):
                found[count] = role
                count += passes(rows, role, had)
    count = find_needing(roles, had, skills[0], skills[1], reach, found, count)
    return large, among_many, count


@compiled
def keep_fields(counts: Any, found: Any, roles: Any, people: Any, person: Any, chosen: Any) -> Any:
    """Keep the roles of the fields that are open to a candidate; return the counts of what is left.

    These are, as ``find_open`` returns them: ranges with many roles, roles in those, all roles.
    ``chosen`` has a zero for each field.
    """
    if not people.numbers[person, IS_CHOOSY]:
        return counts
    spans = people.spans[person]
    for place in range(spans[ONLY], spans[ONLY + 1]):
        chosen[people.only[place]] = 1
    kept: Any = 0
    among_many: Any = 0
    for pair in range(counts[2]):
        role = found[pair]
        found[kept] = role
        is_open = np.int64(chosen[np.uint32(roles.halves[role, FIELD])])
        kept += is_open
        among_many += is_open & (pair < counts[1])
    chosen[:] = 0
    return counts[0], among_many, kept
