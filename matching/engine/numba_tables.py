"""Write one candidate's dense tables over skills and fields, for the compiled loops.

In: the tuples that ``numba_columns`` makes of an index and a view. Out: tables that say, for
every skill that some role asks for, what they cover of it, and for every role in reach, how much of
what it asks for that is in all; cleared again when the next candidate comes.
"""

from typing import Any, Final

import numpy as np

from matching.engine import numba_formulas as formulas
from matching.engine.aspects import HALF
from matching.engine.fixed_point import LEVELS, RELATED
from matching.engine.numba_columns import (
    ASKED_BITS,
    DONE,
    EXPLORE,
    HAS_INTERESTS,
    HELD,
    INTERESTS,
    LEARNING_BIT,
    LEVEL_BITS,
    WISHES,
)
from matching.engine.numba_formulas import allocating, compiled

LEVEL_MASK: Final = (1 << LEVEL_BITS) - 1
LEVELS_MASK: Final = (1 << LEARNING_BIT) - 1
ASKED_MASK: Final = (1 << ASKED_BITS) - 1
STEP: Final = 2 * RELATED
"""What the number of a wish is multiplied by where a relatedness stands below it."""

COVERED, COMPETENCE, GROWTH, WISH = range(4)
"""Columns of the sums of a role: what wishes are covered, the employer's two, and the wish that was
added last, with its relatedness."""

NAMED: Final = 1 << 40
"""What each skill that is a wish adds to a role's sum of covered wishes, which is far below."""


@compiled
def fill_held(spans: Any, people: Any, covers: Any, tables: Any, kin: Any) -> Any:
    """Fill the tables over skills with what one candidate holds.

    ``met`` numbers the skills that matter at all, from 1, which are listed, as are those stated.
    ``cell`` holds what the candidate has of each skill when it is asked at level 1, 2, 3 and 4, and
    how near it is to a wish; ``used`` what using it covers, of skills without relatives among those
    asked for, with ``NAMED`` where the skill itself is a wish; ``kin`` lists the entries of those
    with relatives whose use counts. Returns how many are listed: skills met, skills stated and
    entries.
    """
    met, cell, stated, met_list, stated_list, used = tables
    cover = covers.holds
    met_count, stated_count, kin_count = 0, 0, 0
    for entry in range(spans[HELD], spans[HELD + 1]):
        held = people.held[entry]
        credited: Any = np.int64(people.held_credited[entry])
        levels = np.int64(0)
        for asked in range(1, LEVELS + 1):
            levels |= min(credited, np.int64(asked)) << (LEVEL_BITS * (asked - 1))
        if cover.at[held + 1] - cover.at[held] == 1:
            place = cover.at[held]
            weight = np.int64(people.held_weight[entry])
            used[cover.skill[place]] += cover.relatedness[place] * weight
        else:
            kin[kin_count] = entry
            kin_count += people.held_weight[entry] > 0
        for place in range(cover.at[held], cover.at[held + 1]):
            skill, related = cover.skill[place], cover.relatedness[place]
            if related == RELATED and people.held_weight[entry]:
                used[skill] += NAMED
            if related == RELATED and people.held_level[entry] > stated[skill]:
                stated_list[stated_count] = skill
                stated_count += not stated[skill]
                stated[skill] = people.held_level[entry]
            here, merged = cell[skill], formulas.standing_in(np.int64(related)) * levels
            if here:
                added, merged = merged, np.int64(0)
                for bit in range(0, LEARNING_BIT, LEVEL_BITS):
                    merged |= max(here >> bit & LEVEL_MASK, added >> bit & LEVEL_MASK) << bit
            cell[skill] = merged
            if not met[skill]:
                met_list[met_count] = skill
                met_count += 1
                met[skill] = met_count
    return met_count, stated_count, kin_count


@compiled
def fill_wished(spans: Any, people: Any, covers: Any, tables: Any, met_count: Any) -> Any:
    """Fill them with what one candidate wishes to practise; return how many skills are met."""
    met, cell, _, met_list, _, used = tables
    cover = covers.learns
    for entry in range(spans[WISHES], spans[WISHES + 1]):
        wanted = people.wanted[entry]
        for place in range(cover.at[wanted], cover.at[wanted + 1]):
            skill, related = cover.skill[place], cover.relatedness[place]
            if not met[skill]:
                met_list[met_count] = skill
                met_count += 1
                met[skill] = met_count
            if related == RELATED:
                used[skill] += NAMED
            if np.int64(related) > cell[skill] >> LEARNING_BIT:
                levels = cell[skill] & LEVELS_MASK
                cell[skill] = levels | (np.int64(related) << LEARNING_BIT)
    return met_count


@compiled
def clear(tables: Any, met_count: Any) -> None:
    """Undo what was filled in for the candidate."""
    met, cell, stated, met_list, _, used = tables
    for entry in range(met_count):
        skill = met_list[entry]
        met[skill], cell[skill], stated[skill], used[skill] = 0, 0, 0, 0


@allocating
def find_runs(postings: Any, met_list: Any, met_count: Any, reach: Any, runs: Any) -> Any:
    """List, for every skill met, the runs of its postings in places with many roles.

    Those roles are few and stand together, so that only their part of a long list is read.
    ``postings`` are the columns of ``Roles`` that lead there; ``runs`` are offsets, by skill, and
    starts and ends, which grow if need be.
    """
    spans, count = reach
    at, run = runs
    if len(run) < met_count * max(count, 1):
        run = np.empty((2 * met_count * count, 2), np.int64)
    free_at, posted_at, posted, guide, guides = postings
    number = 0
    for entry in range(met_count):
        skill = met_list[entry]
        first, end = posted_at[skill], posted_at[skill + 1]
        at[entry] = number
        if guide[skill] >= 0:
            row = guide[skill]
            for span in range(count):
                run[number, 0] = guides[row, spans[span, 0]]
                run[number, 1] = guides[row, spans[span, 1]]
                number += run[number, 0] < run[number, 1]
        else:
            for span in range(count):
                lower = free_at[spans[span, 0]] << ASKED_BITS
                start = formulas.lowest_from(posted[:, 0], first, end, lower)
                stop, upper = start, free_at[spans[span, 1]]
                while stop < end and posted[stop, 0] >> ASKED_BITS < upper:
                    stop += 1
                run[number, 0], run[number, 1] = start, stop
                number += start < stop
    at[met_count] = number
    return at, run


@compiled
def add_postings(posted: Any, first: Any, end: Any, levels: Any, used: Any, sums: Any) -> None:
    """Add what the candidate has of one skill to the sums of the roles that ask for it."""
    learning = levels >> LEARNING_BIT
    if learning:
        for place in range(np.uint64(first), np.uint64(end)):
            role = np.uint32(posted[place, 0] >> ASKED_BITS)
            sums[role, GROWTH] += np.int64(posted[place, 3]) * learning
    if levels & LEVELS_MASK or used:
        for place in range(np.uint64(first), np.uint64(end)):
            bit = LEVEL_BITS * np.int64(posted[place, 0] & ASKED_MASK)
            reached = formulas.coverage(levels >> bit & LEVEL_MASK, np.int64(posted[place, 1]))
            role = np.uint32(posted[place, 0] >> ASKED_BITS)
            sums[role, COMPETENCE] += np.int64(posted[place, 2]) * reached
            sums[role, COVERED] += used


@compiled
def add_wish(covered: Any, last: Any, wish: Any, related: Any, weight: Any) -> Any:
    """Return the sum of covered wishes, and the wish added last, with one more skill practised.

    Of all skills of a role that practise one wish, the nearest counts.
    """
    nearest = last - wish * STEP if last >= wish * STEP else np.int64(0)
    if related > nearest:
        covered += (related - nearest) * weight
        last = wish * STEP + related
    return covered, last


@compiled
def add_practice(
    posted: Any, wish: Any, cover: Any, skill: Any, weight: Any, met: Any, runs: Any, sums: Any
) -> None:
    """Add to the sums of the roles in the runs what they cover of one wish, by all their skills.

    ``wish`` is its number, from 1; ``skill`` the one that it is for, a row of ``cover``.
    """
    at, run = runs
    for near in range(cover.at[skill], cover.at[skill + 1]):
        related = np.int64(cover.relatedness[near])
        number_met = np.int64(met[cover.skill[near]])
        for place in range(at[number_met - 1], at[number_met]):
            for posting in range(np.uint64(run[place, 0]), np.uint64(run[place, 1])):
                role = np.uint32(posted[posting, 0] >> ASKED_BITS)
                sums[role, COVERED], sums[role, WISH] = add_wish(
                    sums[role, COVERED], sums[role, WISH], wish, related, weight
                )


@compiled
def sum_free(
    roles: Any, people: Any, covers: Any, wishes: Any, tables: Any, count: Any, runs: Any, sums: Any
) -> None:
    """Sum, for the free roles of places with many, competence, growth and the wishes covered.

    ``wishes`` are the candidate's spans, and the entries held that ``fill_held`` listed as ``kin``.
    """
    spans, kin = wishes
    at, run = runs
    posted = roles.posted
    met, cell, _, met_list, _, used = tables
    for entry in range(count):
        skill = met_list[entry]
        for place in range(at[entry], at[entry + 1]):
            add_postings(posted, run[place, 0], run[place, 1], cell[skill], used[skill], sums)
    number = 0
    for wish in range(spans[WISHES], spans[WISHES + 1]):
        number += 1
        wanted, weight = people.wanted[wish], np.int64(people.wanted_weight[wish])
        add_practice(posted, number, covers.learns, wanted, weight, met, runs, sums)
    for wish in kin:
        number += 1
        held, weight = people.held[wish], np.int64(people.held_weight[wish])
        add_practice(posted, number, covers.holds, held, weight, met, runs, sums)


@compiled
def nearest_of(asked: Any, cover: Any, skill: Any) -> Any:
    """Return how near the nearest of the skills asked is to one, a row of ``cover``."""
    nearest: Any = np.int64(0)
    end = cover.at[skill + 1]
    for posting in range(len(asked)):
        place = formulas.lowest_from(cover.skill, cover.at[skill], end, asked[posting])
        if place < end and cover.skill[place] == asked[posting]:
            nearest = max(nearest, np.int64(cover.relatedness[place]))
    return nearest


@compiled
def sum_others(
    roles: Any, people: Any, covers: Any, wishes: Any, tables: Any, listed: Any, sums: Any
) -> None:
    """Sum the same for the other roles found, which are few and come last."""
    spans, kin = wishes
    met, cell, _, _, _, used = tables
    asked_at, asked, postings = roles.asked_at, roles.asked, roles.postings
    found, among_many, count = listed
    for pair in range(among_many, count):
        role = np.int64(found[pair])
        learning: Any = np.int64(0)
        for posting in range(np.uint64(asked_at[role]), np.uint64(asked_at[role + 1])):
            if not met[asked[posting]]:
                continue
            levels = cell[asked[posting]]
            level = levels >> (LEVEL_BITS * np.int64(postings[posting, 0])) & LEVEL_MASK
            reached = formulas.coverage(level, np.int64(postings[posting, 1]))
            sums[role, COMPETENCE] += np.int64(postings[posting, 2]) * reached
            sums[role, GROWTH] += np.int64(postings[posting, 3]) * (levels >> LEARNING_BIT)
            sums[role, COVERED] += used[asked[posting]]
            learning |= levels >> LEARNING_BIT
        some = asked[asked_at[role] : asked_at[role + 1]]
        if learning:
            for wish in range(spans[WISHES], spans[WISHES + 1]):
                nearest = nearest_of(some, covers.learns, people.wanted[wish])
                sums[role, COVERED] += nearest * np.int64(people.wanted_weight[wish])
        for wish in kin:
            nearest = nearest_of(some, covers.holds, people.held[wish])
            sums[role, COVERED] += nearest * np.int64(people.held_weight[wish])


@compiled
def clear_sums(roles: Any, count: Any, runs: Any, listed: Any, sums: Any) -> None:
    """Undo what was summed."""
    at, run = runs
    posted = roles.posted
    for place in range(at[count]):
        for posting in range(np.uint64(run[place, 0]), np.uint64(run[place, 1])):
            role = np.uint32(posted[posting, 0] >> ASKED_BITS)
            for column in range(4):
                sums[role, column] = 0
    found, among_many, found_count = listed
    for pair in range(among_many, found_count):
        for column in range(4):
            sums[found[pair], column] = 0


@compiled
def fill_fields(
    spans: Any, people: Any, traits: Any, covers: Any, interest: Any, value: Any
) -> None:
    """Set the value of every field as the employer's part ``interest`` and as the aspect."""
    explore, new_field = np.int64(traits[EXPLORE]), covers.new_field
    unknown = np.float64(0 if traits[HAS_INTERESTS] else HALF)
    old = np.float64(formulas.field(np.int64(0), np.int64(0), explore))
    new = np.float64(formulas.field(np.int64(0), np.int64(1), explore))
    for place in range(len(new_field)):
        interest[place] = unknown
        value[place] = old + new_field[place] * (new - old)
    for entry in range(spans[DONE], spans[DONE + 1]):
        value[people.done[entry]] = old
    for entry in range(spans[INTERESTS], spans[INTERESTS + 1]):
        place = people.interest[entry]
        is_new = np.int64(new_field[place])
        for other in range(spans[DONE], spans[DONE + 1]):
            is_new &= people.done[other] != place
        worth = np.int64(people.interest_value[entry])
        interest[place] = worth
        value[place] = formulas.field(worth, is_new, explore)
