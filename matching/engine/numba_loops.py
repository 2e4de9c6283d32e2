"""Write the compiled kernel's loops, for single numbers.

In: the tuples that ``numba_columns`` makes of an index and a view. Out: keys, written in place.
Each function is compiled as part of ``loops``; its arrays are indexed without bounds checks.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numba import njit

from matching.engine import (
    aspects,
    calendars,
    numba_gates,
    numba_lists,
    numba_scores,
    numba_tables,
    pairs,
    placing,
)
from matching.engine.numba_columns import (
    AMOUNTS,
    ASKED,
    BEGIN,
    END_OF_ASKED,
    LEARNING_BIT,
    MODES,
    MORE_ASKED,
    POSTINGS,
    POSTINGS_END,
    REGIONS,
    RIGHTS,
    START,
    TICKS,
    UNTIL,
    WEEKS,
    WISHES,
)
from matching.engine.numba_scores import LANES
from matching.engine.numba_tables import LEVEL_MASK, OPTIONS

_speed = njit(aspects.speed, **OPTIONS)
_hour_value = njit(aspects.hour_value, **OPTIONS)
_coverage = njit(aspects.coverage, **OPTIONS)
_first_fit = njit(calendars.first_fit, **OPTIONS)
_latest_start = njit(placing.latest_start, **OPTIONS)


def _zeros(bits: Any) -> Any:
    """Return, for every number of so many bits, how many zeros it ends with."""
    zeros = np.zeros(1 << bits, np.uint8)
    for number in range(1, 1 << bits):
        while not number >> zeros[number] & 1:
            zeros[number] += 1
    return zeros


def _place(
    found: Any,
    count: Any,
    roles: Any,
    traits: Any,
    calendar: Any,
    table: Any,
    placed: Any,
) -> Any:
    """Place the roles found in the candidate's weeks; keep those that fit, return their number.

    Sets, in two rows, the value of ``speed`` and that of an hour in the tightest week.
    """
    usual, weeks, hours = calendar
    begin, until = np.int64(traits[BEGIN]), np.int64(traits[UNTIL])
    numbers, timing = roles.numbers, roles.timing
    if not len(weeks):
        cost = _hour_value(usual)
        for pair in range(count):
            role = found[pair]
            wait = max(np.int64(0), np.int64(numbers[role, START]) - begin)
            placed[0, pair] = _speed(wait, np.int64(numbers[role, TICKS]), table)
            placed[1, pair] = cost
        return count
    kept = 0
    for pair in range(count):
        role = found[pair]
        start, tightest, fits = _first_fit(
            weeks,
            hours,
            usual,
            max(begin, np.int64(numbers[role, START])),
            _latest_start(timing[role, 0], until, timing[role, 1]),
            timing[role, 1],
            timing[role, 2],
        )
        found[kept] = role
        placed[0, kept] = _speed(np.int64(start) - begin, np.int64(numbers[role, TICKS]), table)
        placed[1, kept] = _hour_value(tightest)
        kept += fits
    return kept


def _meeting(found: Any, count: Any, roles: Any, met: Any, meeting: Any) -> Any:
    """List the pairs that some skill connects, which few do, and return how many there are.

    Each comes with the bits of the skills in its row; one bit more stands for those without room.
    """
    doors, skill = roles.doors, roles.skill
    number: Any = 0
    for pair in range(count):
        role = found[pair]
        bits = np.uint32(0)
        for place in range(ASKED):
            bits |= np.uint32(met[doors[role, place]]) << np.uint32(place)
        if doors[role, MORE_ASKED] < doors[role, END_OF_ASKED]:
            first, last = np.int64(doors[role, MORE_ASKED]), np.int64(doors[role, END_OF_ASKED])
            for place in range(first, last):
                bits |= np.uint32(met[skill[place]]) << np.uint32(ASKED)
        meeting[number, 0], meeting[number, 1] = pair, bits
        number += bits != 0
    return number


def _add_skill(posting: Any, roles: Any, tables: Any, practised: Any, totals: Any) -> Any:
    """Return the sums of competence and growth, and whether a wish is met, with one skill more."""
    cell, head, links = tables
    competence, growth, wished = totals
    asked, facts = roles.skill[posting], roles.postings[posting]
    here = cell[asked]
    level, learning = here >> facts[3] & LEVEL_MASK, here >> LEARNING_BIT
    competence += np.int64(facts[1]) * _coverage(level, np.int64(facts[0]))
    growth += np.int64(facts[2]) * learning
    link = head[asked]
    while link:
        wished = True
        practised[links[link, 1]] = max(practised[links[link, 1]], links[link, 2])
        link = links[link, 0]
    return competence, growth, wished


_with_skill = njit(_add_skill, **OPTIONS)


def _skill_sums(
    found: Any,
    meeting: Any,
    number: Any,
    roles: Any,
    tables: Any,
    priorities: Any,
    practised: Any,
    sums: Any,
) -> None:
    """Set covered competence, growth and covered wishes of some pairs, in three rows."""
    lowest_bit, met, tables_of_skills = tables[0], tables[1], tables[2:]
    numbers, skill = roles.numbers, roles.skill
    for place in range(number):
        pair, bits = meeting[place, 0], meeting[place, 1]
        role = found[pair]
        first, last = np.int64(numbers[role, POSTINGS]), np.int64(numbers[role, POSTINGS_END])
        totals = np.int64(0), np.int64(0), False
        more = bits >> np.uint32(ASKED)
        bits &= np.uint32((1 << ASKED) - 1)
        while bits:
            posting = first + lowest_bit[bits]
            totals = _with_skill(posting, roles, tables_of_skills, practised, totals)
            bits &= bits - np.uint32(1)
        if more:
            for posting in range(first + ASKED, last):
                if met[skill[posting]]:
                    totals = _with_skill(posting, roles, tables_of_skills, practised, totals)
        sums[0, pair], sums[1, pair] = totals[0], totals[1]
        if totals[2]:
            covered = np.int64(0)
            for target in range(len(priorities)):
                covered += np.int64(practised[target]) * np.int64(priorities[target])
                practised[target] = 0
            sums[2, pair] = covered


_gate_tile = njit(numba_gates.gate, **OPTIONS)
_keep_open = njit(numba_gates.keep_open, **OPTIONS)
_open_ranges = njit(numba_gates.ranges, **OPTIONS)
_fill_tables = njit(numba_tables.fill, **OPTIONS)
_clear_tables = njit(numba_tables.clear, **OPTIONS)
_fill_values = njit(numba_tables.fill_fields, **OPTIONS)
_count_zeros = njit(_zeros, **OPTIONS)
_place_roles = njit(_place, **OPTIONS)
_find_meeting = njit(_meeting, **OPTIONS)
_sum_skills = njit(_skill_sums, **OPTIONS)
_set_keys = njit(numba_scores.set_keys, **OPTIONS)
_keep_best = njit(numba_lists.keep, **OPTIONS)
_open_pool = njit(numba_lists.open_pool, **OPTIONS)
_offer = njit(numba_lists.offer, **OPTIONS)
_close_pool = njit(numba_lists.close_pool, **OPTIONS)


def _all(
    roles: Any, covers: Any, people: Any, table: Any, ties: Any, kept: Any, best: Any, how: Any
) -> None:
    """Rank the candidates in their turns.

    Each step runs over all roles that a candidate has left: short loops, in which the processor
    fetches the next roles while it still computes.
    """
    tile, by_fit, skills, countries, most_wanted, exact = how
    # One more than there are skills: it fills up the rows of roles that ask for few.
    cell, head = np.zeros(skills + 1, np.int64), np.zeros(skills + 1, np.int32)
    stated, met = np.zeros(skills + 1, np.uint8), np.zeros(skills + 1, np.uint8)
    links = np.zeros((256, 3), np.int32)
    practised = np.zeros(most_wanted, np.int32)
    interest, field_value = np.zeros(len(covers.fields)), np.zeros(len(covers.fields))
    allowed = np.zeros(countries, np.uint8)
    allowed[0] = 1
    passed = np.zeros(tile, np.uint8)
    size = len(roles.numbers)
    found, meeting = np.zeros(size + 8, np.uint32), np.zeros((size + 1, 2), np.uint32)
    lowest_bit = _count_zeros(ASKED)
    sums, placed = np.zeros((3, size + LANES)), np.zeros((2, size + LANES))
    keys = np.zeros((2, size), np.int64)
    room = np.zeros((AMOUNTS + 2) * LANES), np.zeros(LANES, np.int32), np.zeros(2 * LANES)
    ranges = np.zeros((8, 2), np.int64)
    pool, gauge = _open_pool(kept)
    for person in range(len(people.numbers)):
        spans, traits = people.spans[person], people.numbers[person]
        links = _fill_tables(spans, people, covers, met, cell, stated, head, links)
        _fill_values(spans, people, traits, covers.fields, interest, field_value)
        right = people.right[spans[RIGHTS] : spans[RIGHTS + 1]]
        region = people.region[spans[REGIONS] : spans[REGIONS + 1]]
        for entry in range(len(right)):
            allowed[right[entry]] = 1
        ranges, range_count = _open_ranges(
            region, right, traits[MODES], allowed, roles, countries, ranges
        )
        count = 0
        for chosen in range(range_count):
            end = ranges[chosen, 1]
            for start in range(ranges[chosen, 0], end, tile):
                count = _gate_tile(
                    roles.gates,
                    people.codes[person],
                    start,
                    min(tile, end - start),
                    passed,
                    found,
                    count,
                )
        count = _keep_open(found, count, roles, people.ranks[person], stated, exact)
        weeks = slice(spans[WEEKS], spans[WEEKS + 1])
        scales = people.amounts[person]
        calendar = scales[0], people.week[weeks], people.week_hours[weeks]
        count = _place_roles(found, count, roles, traits, calendar, table, placed)
        for row in range(len(sums)):
            sums[row, :count] = 0
        number = _find_meeting(found, count, roles, met, meeting)
        wishes = slice(spans[WISHES], spans[WISHES + 1])
        _sum_skills(
            found,
            meeting,
            number,
            roles,
            (lowest_bit, met, cell, head, links),
            people.wanted_priority[wishes],
            practised,
            sums,
        )
        _set_keys(
            found,
            count,
            roles,
            (traits, scales, people.weights[person]),
            (placed, sums, field_value, interest),
            room,
            (by_fit, ties[people.turns[person]]),
            keys,
        )
        if kept.shape[1]:
            _offer(found, keys[1], count, pool, gauge)
        if best.shape[1]:
            _keep_best(keys[0], count, best[people.turns[person]])
        _clear_tables(spans, people, covers, met, cell, stated, head)
        for entry in range(len(right)):
            allowed[right[entry]] = 0
    if kept.shape[1]:
        _close_pool(pool, gauge, kept)


loops: Final = njit(_all, **OPTIONS)

SOURCES: Final[tuple[Callable[..., Any], ...]] = (
    aspects.skills,
    aspects.speed,
    aspects.hour_value,
    aspects.schedule,
    aspects.scope,
    aspects.pay,
    aspects.evidence,
    aspects.field,
    aspects.competence,
    aspects.coverage,
    aspects.motivation,
    aspects.growth,
    calendars.first_fit,
    placing.latest_start,
    pairs.score,
    pairs.mutual,
    numba_gates.append,
    numba_gates.gate,
    numba_gates.lacks,
    numba_gates.passes,
    numba_gates.ranges,
    numba_gates.keep_open,
    numba_lists.highest_first,
    numba_lists.lowest,
    numba_lists.keep,
    numba_lists.open_pool,
    numba_lists.offer,
    numba_lists.close_pool,
    numba_scores.gather,
    numba_scores.weigh,
    numba_scores.pack,
    numba_scores.set_keys,
    numba_tables.grow,
    numba_tables.fill,
    numba_tables.clear,
    numba_tables.fill_fields,
    _zeros,
    _place,
    _meeting,
    _add_skill,
    _skill_sums,
    _all,
)
"""Everything that is compiled, for the key of the cache."""
