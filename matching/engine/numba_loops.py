"""Write the compiled kernel's loops, for single numbers.

In: the tuples that ``numba_columns`` makes of an index and a view. Out: keys, written in place.
Each function is compiled as part of ``loops``; its arrays are indexed without bounds checks.
"""

from collections.abc import Callable
from types import FunctionType
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
    BEGIN,
    BLOCK,
    MODES,
    PACKED,
    REGIONS,
    RIGHTS,
    START,
    TICKS,
    UNTIL,
    WEEKS,
)
from matching.engine.numba_lists import SPARE
from matching.engine.numba_scores import COLUMNS, LANES
from matching.engine.numba_tables import ALLOCATING, OPTIONS

_speed = njit(aspects.speed, **OPTIONS)
_hour_value = njit(aspects.hour_value, **OPTIONS)
_first_fit = njit(calendars.first_fit, **OPTIONS)
_latest_start = njit(placing.latest_start, **OPTIONS)


_open_ranges = njit(numba_gates.ranges, **ALLOCATING)


def place(
    found: Any, counts: Any, roles: Any, traits: Any, calendar: Any, table: Any, placed: Any
) -> Any:
    """Place the roles found in weeks that differ; keep those that fit.

    Returns how many there are, among many and in all.

    Sets, in two rows, the value of ``speed`` and that of an hour in the tightest week.
    """
    usual, weeks, hours = calendar
    begin, until = np.int64(traits[BEGIN]), np.int64(traits[UNTIL])
    halves, timing = roles.halves, roles.timing
    kept, among_many = 0, 0
    for pair in range(counts[1]):
        role = found[pair]
        start, tightest, fits = _first_fit(
            weeks,
            hours,
            usual,
            max(begin, np.int64(halves[role, START])),
            _latest_start(timing[role, 0], until, timing[role, 1]),
            timing[role, 1],
            timing[role, 2],
        )
        found[kept] = role
        placed[0, kept] = _speed(np.int64(start) - begin, np.int64(halves[role, TICKS]), table)
        placed[1, kept] = _hour_value(tightest)
        kept += fits
        among_many += fits & (pair < counts[0])
    return among_many, kept


_find_open = njit(numba_gates.find_open, **OPTIONS)
_keep_fields = njit(numba_gates.keep_fields, **OPTIONS)
_fill_held = njit(numba_tables.fill_held, **OPTIONS)
_fill_wished = njit(numba_tables.fill_wished, **OPTIONS)
_clear_tables = njit(numba_tables.clear, **OPTIONS)
_find_runs = njit(numba_tables.find_runs, **ALLOCATING)
_sum_free = njit(numba_tables.sum_free, **OPTIONS)
_sum_others = njit(numba_tables.sum_others, **OPTIONS)
_clear_sums = njit(numba_tables.clear_sums, **OPTIONS)
_fill_values = njit(numba_tables.fill_fields, **OPTIONS)
_place_roles = njit(place, **OPTIONS)
_weights_of = njit(numba_scores.weights_of, **OPTIONS)
_score = njit(numba_scores.score, **OPTIONS)
_keep_best = njit(numba_lists.keep, **OPTIONS)
_open_pool = njit(numba_lists.open_pool, **ALLOCATING)
_offer = njit(numba_lists.offer, **OPTIONS)
_close_pool = njit(numba_lists.close_pool, **OPTIONS)


def rank_all(
    roles: Any, covers: Any, people: Any, table: Any, ties: Any, kept: Any, best: Any, how: Any
) -> None:
    """Rank the candidates in their turns.

    Each step runs over all roles that a candidate has left: short loops, in which the processor
    fetches the next roles while it still computes.
    """
    order, by_fit, room, pool = how
    tables, fields, allowed, run_at, sums, found, scores, placed, keys = room
    _, _, stated, met_list, stated_list, _ = tables
    runs, kin = (run_at, np.zeros((256, 2), np.int64)), np.empty(len(people.held), np.int64)
    passed, lanes = np.zeros(BLOCK, np.uint8), (
        np.zeros(len(PACKED) * LANES, np.uint64), np.zeros(COLUMNS * LANES)
    )  # fmt: skip
    width = best.shape[1]
    highest = np.zeros(width + width // SPARE + 1, np.int32)
    spans_open = np.zeros((8, 2), np.int64)
    postings = roles.free_at, roles.posted_at, roles.posted, roles.guide, roles.guides
    gathered = _open_pool(kept, order, pool)
    for person in range(len(people.numbers)):
        spans, traits = people.spans[person], people.numbers[person]
        codes, scales = people.codes[person], people.amounts[person]
        right = people.right[spans[RIGHTS] : spans[RIGHTS + 1]]
        region = people.region[spans[REGIONS] : spans[REGIONS + 1]]
        for entry in range(len(right)):
            allowed[right[entry]] = 1
        spans_open, span_count = _open_ranges(
            region, right, traits[MODES], allowed, (roles.place_at, roles.place_country), spans_open
        )
        for entry in range(len(right)):
            allowed[right[entry]] = 0
        met_count, stated_count, kin_count = _fill_held(spans, people, covers, tables, kin)
        met_count = _fill_wished(spans, people, covers, tables, met_count)
        large, among_many, count = _keep_fields(
            _find_open(
                roles,
                codes,
                people.ranks[person],
                (stated_list[:stated_count], stated),
                (spans_open, span_count),
                passed,
                found,
            ),
            found,
            roles,
            people,
            person,
            fields[2],
        )
        differs = spans[WEEKS] < spans[WEEKS + 1]
        if differs:
            weeks = slice(spans[WEEKS], spans[WEEKS + 1])
            calendar = scales[0], people.week[weeks], people.week_hours[weeks]
            among_many, count = _place_roles(
                found, (among_many, count), roles, traits, calendar, table, placed
            )
        if count:
            _fill_values(spans, people, traits, covers, fields[0], fields[1])
            runs = _find_runs(postings, met_list, met_count, (spans_open, large), runs)
            _sum_free(
                roles, people, covers, (spans, kin[:kin_count]), tables, met_count, runs, sums
            )
            _sum_others(
                roles,
                people,
                covers,
                (spans, kin[:kin_count]),
                tables,
                (found, among_many, count),
                sums,
            )
            _score(
                found,
                count,
                roles,
                (traits, scales, _weights_of(people.weights, person), by_fit),
                (fields[0], fields[1], table, sums),
                (_hour_value(scales[0]), placed, differs),
                lanes,
                scores,
            )
            _clear_sums(roles, met_count, runs, (found, among_many, count), sums)
            turn = people.turns[person]
            if kept.shape[1]:
                _offer(found, scores[1], count, ties[turn], gathered)
            if best.shape[1]:
                _keep_best(found, scores[0], count, roles.tie, highest, keys, best[turn])
        _clear_tables(tables, met_count)
    if kept.shape[1]:
        _close_pool(gathered, kept, order)


loops: Final = njit(rank_all, **ALLOCATING)

SOURCES: Final[tuple[Callable[..., Any], ...]] = (
    aspects.skills,
    aspects.speed,
    aspects.hour_value,
    aspects.schedule,
    aspects.scope,
    aspects.pay,
    aspects.evidence,
    aspects.field,
    aspects.field_by_skill,
    aspects.competence,
    aspects.coverage,
    aspects.standing_in,
    aspects.motivation,
    aspects.growth,
    calendars.first_fit,
    placing.latest_start,
    pairs.score,
    pairs.mutual,
    *(
        function
        for module in (numba_tables, numba_gates, numba_scores, numba_lists)
        for function in vars(module).values()
        if isinstance(function, FunctionType) and function.__module__ == module.__name__
    ),
    place,
    rank_all,
)
"""Everything that is compiled, for the key of the cache."""
