"""Write the compiled kernel's loops, for single numbers.

In: the tuples that ``numba_kernel`` makes of an index and a view. Out: keys, written in place. Each
function is compiled as part of ``loops``; its arrays are indexed without bounds checks.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numba import njit

from matching.engine import aspects, calendars, numba_tables, pairs, placing
from matching.engine.fixed_point import WEIGHT
from matching.engine.numba_tables import LEARNING_BIT, LEVEL_MASK, OPTIONS
from matching.engine.topk import EMPTY, LOW_BITS

_TRACK_WEIGHT: Final = pairs.TRACK_WEIGHT
LARGEST: Final = (1 << 63) - 1
_TASK_WEIGHT: Final = WEIGHT - pairs.TRACK_WEIGHT

_skills = njit(aspects.skills, **OPTIONS)
_speed = njit(aspects.speed, **OPTIONS)
_schedule = njit(aspects.schedule, **OPTIONS)
_scope = njit(aspects.scope, **OPTIONS)
_pay = njit(aspects.pay, **OPTIONS)
_evidence = njit(aspects.evidence, **OPTIONS)
_competence = njit(aspects.competence, **OPTIONS)
_coverage = njit(aspects.coverage, **OPTIONS)
_motivation = njit(aspects.motivation, **OPTIONS)
_growth = njit(aspects.growth, **OPTIONS)
_first_fit = njit(calendars.first_fit, **OPTIONS)
_latest_start = njit(placing.latest_start, **OPTIONS)
_score = njit(pairs.score, **OPTIONS)
_mutual = njit(pairs.mutual, **OPTIONS)


def _gate(gates: Any, codes: Any, first: Any, count: Any, passed: Any, found: Any) -> Any:
    """Set the places of the roles that pass the plain gates, and return their number."""
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
    number = 0
    for word in range((count + 7) // 8):
        if words[word]:
            for place in range(8 * word, 8 * word + 8):
                found[number] = place
                number += passed[place]
    return number


def _push(heaps: Any, row: Any, key: Any, left: Any) -> Any:
    """Put a key into a row and return how many of its places are then left.

    A row is a heap whose empty places come first. While some are left the last of them is filled
    and sifted down, as Floyd builds a heap; half of the keys move nothing. A full row gives up its
    smallest key, which must be smaller than the new one.
    """
    size = heaps.shape[1]
    left = max(left - 1, 0)
    place = left
    child = 2 * place + 1
    while child < size:
        if child + 1 < size and heaps[row, child + 1] < heaps[row, child]:
            child += 1
        if heaps[row, child] >= key:
            break
        heaps[row, place] = heaps[row, child]
        place = child
        child = 2 * place + 1
    heaps[row, place] = key
    return left


def _empty_places(heaps: Any) -> Any:
    """Return how many places of every row are empty."""
    left = np.zeros(len(heaps), np.int32)
    for row in range(len(heaps)):
        while left[row] < heaps.shape[1] and heaps[row, left[row]] == EMPTY:
            left[row] += 1
    return left


def _holds(must: Any, must_level: Any, first: Any, last: Any, stated: Any) -> bool:
    lacking = 0
    for place in range(first, last):
        lacking += stated[must[place]] < must_level[place]
    return lacking == 0


def _skill_sums(  # noqa: PLR0913, PLR0917
    first: Any,
    last: Any,
    skill: Any,
    postings: Any,
    met: Any,
    cell: Any,
    head: Any,
    links: Any,
    practised: Any,
) -> Any:
    """Return covered competence and growth; raise the relatedness to wanted skills."""
    competence, growth = np.int64(0), np.int64(0)
    for place in range(first, last):
        if met[skill[place]] == 0:
            continue
        here = cell[skill[place]]
        level, learning = here >> postings[place, 3] & LEVEL_MASK, here >> LEARNING_BIT
        reached = _coverage(level, np.int64(postings[place, 0]))
        competence += np.int64(postings[place, 1]) * reached
        growth += np.int64(postings[place, 2]) * learning
        link = head[skill[place]]
        while link:
            target = links[link, 1]
            practised[target] = max(practised[target], links[link, 2])
            link = links[link, 0]
    return competence, growth


def _passes(ranks: Any, role: Any, limits: Any, person: Any) -> bool:
    """Compare exactly what the gates of the tile compared in part."""
    return bool(
        (ranks[role, 0] <= limits[person, 0])
        & (ranks[role, 1] >= limits[person, 1])
        & (ranks[role, 2] >= limits[person, 2])
        & (ranks[role, 3] <= limits[person, 3])
        & (ranks[role, 4] <= limits[person, 4])
    )


_gate_tile = njit(_gate, **OPTIONS)
_push_key = njit(_push, **OPTIONS)
_count_empty = njit(_empty_places, **OPTIONS)
_holds_musts = njit(_holds, **OPTIONS)
_fill_tables = njit(numba_tables.fill, **OPTIONS)
_clear_tables = njit(numba_tables.clear, **OPTIONS)
_fill_values = njit(numba_tables.fill_fields, **OPTIONS)
_sum_skills = njit(_skill_sums, **OPTIONS)
_passes_exactly = njit(_passes, **OPTIONS)


def _ranges(
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


_open_ranges = njit(_ranges, **OPTIONS)


def _all(  # noqa: C901, PLR0912, PLR0915
    roles: Any, covers: Any, people: Any, table: Any, ties: Any, kept: Any, best: Any, how: Any
) -> None:
    """Rank the candidates in their turns; one function, as calls with so many arrays are dear."""
    tile, by_fit, skills, countries, regions, most_wanted, exact = how
    gates, ranks, numbers, amounts = roles.gates, roles.ranks, roles.numbers, roles.amounts
    skill, postings = roles.skill, roles.postings
    must, must_level = roles.must, roles.must_level
    limits, traits, wishes, weights = people.ranks, people.numbers, people.amounts, people.weights
    wanted_at, priorities = people.wanted_at, people.wanted_priority
    cell, head = np.zeros(skills, np.int64), np.zeros(skills, np.int32)
    stated, met = np.zeros(skills, np.uint8), np.zeros(skills, np.uint8)
    links = np.zeros((256, 3), np.int32)
    practised = np.zeros(most_wanted, np.int32)
    interest = np.zeros(len(covers.fields), np.int64)
    field_value = np.zeros(len(covers.fields), np.int64)
    allowed = np.zeros(countries, np.uint8)
    allowed[0] = 1
    passed = np.zeros(tile, np.uint8)
    found = np.zeros(tile + 1, np.int32)
    ranges = np.zeros((8, 2), np.int64)
    width, both = best.shape[1], kept.shape[1] > 0
    floors = np.full(len(numbers), EMPTY, np.int64)
    if both:
        floors[:] = kept[:, 0]
    room = _count_empty(kept)
    for person in people.turns:
        goal, wish = np.int64(traits[person, 0]), np.int64(traits[person, 1])
        begin, until = np.int64(traits[person, 3]), np.int64(traits[person, 4])
        credit, wanted_evidence = traits[person, 5], np.int64(traits[person, 7])
        track, top = np.int64(traits[person, 8]), np.int64(traits[person, 9])
        interest_unknown = np.int64(traits[person, 10])
        usual = wishes[person, 0]
        pay_scale, need_scale = wishes[person, 1], wishes[person, 2]
        differs = people.differs[person]
        has_targets, has_interests = people.has_targets[person], people.has_interests[person]
        first_wanted = wanted_at[person]
        wanted_count = wanted_at[person + 1] - first_wanted
        links = _fill_tables(person, people, covers, met, cell, stated, head, links)
        explore = np.int64(traits[person, 2])
        _fill_values(person, people, covers.fields, explore, interest, field_value)
        for entry in range(people.right_at[person], people.right_at[person + 1]):
            allowed[people.right[entry]] = 1
        ranges, range_count = _open_ranges(
            person, people, roles.bucket_at, countries, regions, traits[person, 6], ranges
        )
        mine = LOW_BITS - ties[person]
        floor = np.int64(EMPTY if width else LARGEST)
        left = np.int64(width)
        for chosen in range(range_count):
            end = ranges[chosen, 1]
            for start in range(ranges[chosen, 0], end, tile):
                count = min(tile, end - start)
                number = _gate_tile(gates, people.codes[person], start, count, passed, found)
                for place in range(number):
                    role = start + found[place]
                    if (
                        allowed[numbers[role, 14]] == 0
                        or not (exact or _passes_exactly(ranks, role, limits, person))
                        or not _holds_musts(
                            must, must_level, numbers[role, 18], numbers[role, 19], stated
                        )
                    ):
                        continue
                    wait = max(np.int64(0), np.int64(numbers[role, 10]) - begin)
                    hours = usual
                    if differs:
                        weeks = slice(people.week_at[person], people.week_at[person + 1])
                        days = amounts[role, 14]
                        placed, hours, fits = _first_fit(
                            people.week[weeks],
                            people.week_hours[weeks],
                            usual,
                            begin + wait,
                            _latest_start(np.int64(numbers[role, 15]), until, days),
                            days,
                            amounts[role, 13],
                        )
                        if not fits:
                            continue
                        wait = np.int64(placed) - begin
                    first, last = numbers[role, 16], numbers[role, 17]
                    for target in range(wanted_count):
                        practised[target] = 0
                    competence, growth = _sum_skills(
                        first, last, skill, postings, met, cell, head, links, practised
                    )
                    covered = np.int64(0)
                    for target in range(wanted_count):
                        covered += np.int64(practised[target]) * np.int64(
                            priorities[first_wanted + target]
                        )
                    depth, field = np.int64(numbers[role, 0]), numbers[role, 9]
                    shown = np.int64(numbers[role, 6])
                    fit = (
                        weights[person, 0] * _skills(covered, top)
                        + weights[person, 1] * depth
                        + weights[person, 2]
                        * np.int64(_speed(wait, np.int64(numbers[role, 11]), table))
                        + weights[person, 3] * _schedule(amounts[role, 10], hours)
                        + weights[person, 4] * _scope(np.int64(numbers[role, 1]), wish)
                        + weights[person, 5] * np.int64(numbers[role, 2])
                        + weights[person, 6] * np.int64(numbers[role, 3])
                        + weights[person, 7]
                        * _pay(
                            amounts[role, 11],
                            amounts[role, 12],
                            pay_scale,
                            need_scale,
                            (credit > 0) and (shown & 8) > 0,
                        )
                        + weights[person, 8] * np.int64(numbers[role, 4])
                        + weights[person, 9]
                        * _evidence(shown & 7, np.int64(numbers[role, 7]), wanted_evidence)
                        + weights[person, 10] * np.int64(numbers[role, 5])
                        + weights[person, 11] * field_value[field]
                    )
                    potential = np.int64(numbers[role, 8])
                    liked = interest[field] if has_interests else interest_unknown
                    suit = (
                        (_TASK_WEIGHT - 3 * potential) * _competence(competence, (shown & 16) > 0)
                        + _TRACK_WEIGHT * track
                        + potential
                        * (
                            _motivation(goal, depth)
                            + liked
                            + _growth(growth, has_targets and last > first)
                        )
                    )
                    mutual = _mutual(fit, suit)
                    ranking = _score(fit) if by_fit else mutual - np.int64(numbers[role, 12])
                    key = (ranking << 32) | (LOW_BITS - np.int64(numbers[role, 13]))
                    if key > floor:
                        left = _push_key(best, person, key, left)
                        floor = best[person, 0]
                    key = (mutual << 32) | mine
                    if both and key > floors[role]:
                        room[role] = _push_key(kept, role, key, room[role])
                        floors[role] = kept[role, 0]
        _clear_tables(person, people, covers, met, cell, stated, head)
        for entry in range(people.right_at[person], people.right_at[person + 1]):
            allowed[people.right[entry]] = 0


loops: Final = njit(_all, **OPTIONS)

SOURCES: Final[tuple[Callable[..., Any], ...]] = (
    aspects.skills,
    aspects.speed,
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
    _gate,
    _push,
    _empty_places,
    _holds,
    numba_tables.fill,
    numba_tables.clear,
    numba_tables.fill_fields,
    _skill_sums,
    _passes,
    _ranges,
    _all,
)
"""Everything that is compiled, for the key of the cache."""
