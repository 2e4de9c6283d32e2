"""Write the compiled kernel's loops, for single numbers.

In: the tuples that ``numba_columns`` makes of an index and a view. Out: keys, written in place.
Each function is compiled as part of ``rank_all``; its arrays are indexed without bounds checks.
"""

from typing import Any

import numpy as np

from matching.engine import numba_formulas as formulas
from matching.engine import numba_gates, numba_lists, numba_scores, numba_tables
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
from matching.engine.numba_formulas import allocating, compiled
from matching.engine.numba_lists import SPARE
from matching.engine.numba_scores import COLUMNS, LANES


@compiled
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
        start, tightest, fits = formulas.first_fit(
            weeks,
            hours,
            usual,
            max(begin, np.int64(halves[role, START])),
            formulas.latest_start(timing[role, 0], until, timing[role, 1]),
            timing[role, 1],
            timing[role, 2],
        )
        found[kept] = role
        placed[0, kept] = formulas.speed(
            np.int64(start) - begin, np.int64(halves[role, TICKS]), table
        )
        placed[1, kept] = formulas.hour_value(tightest)
        kept += fits
        among_many += fits & (pair < counts[0])
    return among_many, kept


@allocating
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
    gathered = numba_lists.open_pool(kept, order, pool)
    for person in range(len(people.numbers)):
        spans, traits = people.spans[person], people.numbers[person]
        scales = people.amounts[person]
        right = people.right[spans[RIGHTS] : spans[RIGHTS + 1]]
        region = people.region[spans[REGIONS] : spans[REGIONS + 1]]
        for entry in range(len(right)):
            allowed[right[entry]] = 1
        spans_open, span_count = numba_gates.ranges(
            region, right, traits[MODES], allowed, (roles.place_at, roles.place_country), spans_open
        )
        for entry in range(len(right)):
            allowed[right[entry]] = 0
        met_count, stated_count, kin_count = numba_tables.fill_held(
            spans, people, covers, tables, kin
        )
        met_count = numba_tables.fill_wished(spans, people, covers, tables, met_count)
        large, among_many, count = numba_gates.keep_fields(
            numba_gates.find_open(
                roles,
                people.had[person],
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
            among_many, count = place(
                found, (among_many, count), roles, traits, calendar, table, placed
            )
        if count:
            numba_tables.fill_fields(spans, people, traits, covers, fields[0], fields[1])
            runs = numba_tables.find_runs(postings, met_list, met_count, (spans_open, large), runs)
            numba_tables.sum_free(
                roles, people, covers, (spans, kin[:kin_count]), tables, met_count, runs, sums
            )
            numba_tables.sum_others(
                roles,
                people,
                covers,
                (spans, kin[:kin_count]),
                tables,
                (found, among_many, count),
                sums,
            )
            numba_scores.score(
                found,
                count,
                roles,
                (traits, scales, numba_scores.weights_of(people.weights, person), by_fit),
                (fields[0], fields[1], table, sums),
                (formulas.hour_value(scales[0]), placed, differs),
                lanes,
                scores,
            )
            numba_tables.clear_sums(roles, met_count, runs, (found, among_many, count), sums)
            turn = people.turns[person]
            if kept.shape[1]:
                numba_lists.offer(found, scores[1], count, ties[turn], gathered)
            if best.shape[1]:
                numba_lists.keep(found, scores[0], count, roles.tie, highest, keys, best[turn])
        numba_tables.clear(tables, met_count)
    if kept.shape[1]:
        numba_lists.close_pool(gathered, kept, order)
