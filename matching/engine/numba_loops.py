"""Write the compiled kernel's loops, for single numbers.

In: the tuples that ``numba_kernel`` makes of an index and a view. Out: keys, written in place. Each
function is compiled as part of ``loops``; its arrays are indexed without bounds checks.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numba import njit

from matching.engine import aspects, calendars, numba_gates, numba_tables, pairs, placing
from matching.engine.fixed_point import WEIGHT
from matching.engine.numba_tables import LEARNING_BIT, LEVEL_MASK, OPTIONS
from matching.engine.topk import EMPTY, LOW_BITS

_TRACK_WEIGHT: Final = pairs.TRACK_WEIGHT
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


def _skill_sums(
    found: Any, count: Any, roles: Any, tables: Any, priorities: Any, practised: Any, sums: Any
) -> None:
    """Set covered competence, growth and covered wishes of the roles found, in three rows."""
    met, cell, head, links = tables
    skill, postings, numbers = roles.skill, roles.postings, roles.numbers
    for pair in range(count):
        role = found[pair]
        competence, growth, covered = np.int64(0), np.int64(0), np.int64(0)
        practised[:] = 0
        for place in range(numbers[role, 16], numbers[role, 17]):
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
        for target in range(len(priorities)):
            covered += np.int64(practised[target]) * np.int64(priorities[target])
        sums[0, pair], sums[1, pair], sums[2, pair] = competence, growth, covered


_gate_tile = njit(numba_gates.gate, **OPTIONS)
_keep_open = njit(numba_gates.keep_open, **OPTIONS)
_open_ranges = njit(numba_gates.ranges, **OPTIONS)
_push_key = njit(_push, **OPTIONS)
_count_empty = njit(_empty_places, **OPTIONS)
_fill_tables = njit(numba_tables.fill, **OPTIONS)
_clear_tables = njit(numba_tables.clear, **OPTIONS)
_fill_values = njit(numba_tables.fill_fields, **OPTIONS)
_sum_skills = njit(_skill_sums, **OPTIONS)


def _scores(
    person: Any, found: Any, count: Any, roles: Any, people: Any, values: Any, by_fit: Any, out: Any
) -> None:
    """Set what the lists of either side order by, in two rows; -1 for what fits no week."""
    table, interest, field_value, sums = values
    numbers, amounts = roles.numbers, roles.amounts
    traits, weights = people.numbers, people.weights
    goal, wish = np.int64(traits[person, 0]), np.int64(traits[person, 1])
    begin, until = np.int64(traits[person, 3]), np.int64(traits[person, 4])
    credit, wanted_evidence = traits[person, 5], np.int64(traits[person, 7])
    track, top = np.int64(traits[person, 8]), np.int64(traits[person, 9])
    interest_unknown = np.int64(traits[person, 10])
    usual = people.amounts[person, 0]
    pay_scale, need_scale = people.amounts[person, 1], people.amounts[person, 2]
    differs = people.differs[person]
    has_targets, has_interests = people.has_targets[person], people.has_interests[person]
    weeks = slice(people.week_at[person], people.week_at[person + 1])
    for pair in range(count):
        role = found[pair]
        wait = max(np.int64(0), np.int64(numbers[role, 10]) - begin)
        hours = usual
        if differs:
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
                out[0, pair], out[1, pair] = -1, -1
                continue
            wait = np.int64(placed) - begin
        depth, field = np.int64(numbers[role, 0]), numbers[role, 9]
        shown = np.int64(numbers[role, 6])
        fit = (
            weights[person, 0] * _skills(sums[2, pair], top)
            + weights[person, 1] * depth
            + weights[person, 2] * np.int64(_speed(wait, np.int64(numbers[role, 11]), table))
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
            + weights[person, 9] * _evidence(shown & 7, np.int64(numbers[role, 7]), wanted_evidence)
            + weights[person, 10] * np.int64(numbers[role, 5])
            + weights[person, 11] * field_value[field]
        )
        potential = np.int64(numbers[role, 8])
        liked = interest[field] if has_interests else interest_unknown
        asks = numbers[role, 17] > numbers[role, 16]
        suit = (
            (_TASK_WEIGHT - 3 * potential) * _competence(sums[0, pair], (shown & 16) > 0)
            + _TRACK_WEIGHT * track
            + potential
            * (_motivation(goal, depth) + liked + _growth(sums[1, pair], has_targets and asks))
        )
        mutual = _mutual(fit, suit)
        out[0, pair] = _score(fit) if by_fit else mutual - np.int64(numbers[role, 12])
        out[1, pair] = mutual


def _offer(
    person: Any, found: Any, count: Any, numbers: Any, scores: Any, best: Any, left: Any
) -> None:
    """Offer the roles to the candidate's list."""
    floor = np.int64(EMPTY)
    for pair in range(count):
        key = (scores[0, pair] << 32) | (LOW_BITS - np.int64(numbers[found[pair], 13]))
        if key > floor and scores[1, pair] >= 0:
            left = _push_key(best, person, key, left)
            floor = best[person, 0]


def _offer_back(
    found: Any, count: Any, scores: Any, tie: Any, kept: Any, floors: Any, room: Any
) -> None:
    """Offer the candidate to the lists of the roles."""
    for pair in range(count):
        role = found[pair]
        key = (scores[1, pair] << 32) | (LOW_BITS - tie)
        if key > floors[role] and scores[1, pair] >= 0:
            room[role] = _push_key(kept, role, key, room[role])
            floors[role] = kept[role, 0]


_set_scores = njit(_scores, **OPTIONS)
_offer_roles = njit(_offer, **OPTIONS)
_offer_person = njit(_offer_back, **OPTIONS)


def _all(
    roles: Any, covers: Any, people: Any, table: Any, ties: Any, kept: Any, best: Any, how: Any
) -> None:
    """Rank the candidates in their turns.

    Each step runs over all roles that a candidate has left: short loops, in which the processor
    fetches the next roles while it still computes, and few calls, as those with so many arrays are
    dear.
    """
    tile, by_fit, skills, countries, regions, most_wanted, exact = how
    cell, head = np.zeros(skills, np.int64), np.zeros(skills, np.int32)
    stated, met = np.zeros(skills, np.uint8), np.zeros(skills, np.uint8)
    links = np.zeros((256, 3), np.int32)
    practised = np.zeros(most_wanted, np.int32)
    interest = np.zeros(len(covers.fields), np.int64)
    field_value = np.zeros(len(covers.fields), np.int64)
    allowed = np.zeros(countries, np.uint8)
    allowed[0] = 1
    passed = np.zeros(tile, np.uint8)
    size = len(roles.numbers)
    found = np.zeros(size + 8, np.int32)
    sums, scores = np.zeros((3, size), np.int64), np.zeros((2, size), np.int64)
    ranges = np.zeros((8, 2), np.int64)
    width, both = best.shape[1], kept.shape[1] > 0
    floors = np.full(size, EMPTY, np.int64)
    for role in range(size if both else 0):
        floors[role] = kept[role, 0]
    room = _count_empty(kept)
    for person in people.turns:
        links = _fill_tables(person, people, covers, met, cell, stated, head, links)
        explore = np.int64(people.numbers[person, 2])
        _fill_values(person, people, covers.fields, explore, interest, field_value)
        for entry in range(people.right_at[person], people.right_at[person + 1]):
            allowed[people.right[entry]] = 1
        ranges, range_count = _open_ranges(
            person, people, roles.bucket_at, countries, regions, people.numbers[person, 6], ranges
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
        count = _keep_open(person, found, count, roles, people, (allowed, stated), exact)
        wishes = slice(people.wanted_at[person], people.wanted_at[person + 1])
        tables = met, cell, head, links
        _sum_skills(found, count, roles, tables, people.wanted_priority[wishes], practised, sums)
        values = table, interest, field_value, sums
        _set_scores(person, found, count, roles, people, values, by_fit, scores)
        if width:
            _offer_roles(person, found, count, roles.numbers, scores, best, width)
        if both:
            _offer_person(found, count, scores, ties[person], kept, floors, room)
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
    numba_gates.gate,
    _push,
    _empty_places,
    numba_gates.holds,
    numba_tables.grow,
    numba_tables.fill,
    numba_tables.clear,
    numba_tables.fill_fields,
    _skill_sums,
    numba_gates.passes,
    numba_gates.ranges,
    numba_gates.keep_open,
    _scores,
    _offer,
    _offer_back,
    _all,
)
"""Everything that is compiled, for the key of the cache."""
