"""Write one candidate's dense tables over skills and fields, for the compiled loops.

In: the tuples that ``numba_columns`` makes of an index and a view. Out: tables that say, for
every skill that some role asks for, what the candidate covers of it; cleared for the next one.
"""

from typing import Any, Final

import numpy as np
from numba import njit

from matching.engine import aspects
from matching.engine.fixed_point import LEVELS, RELATED
from matching.engine.numba_columns import (
    DONE,
    EXPLORE,
    HAS_INTERESTS,
    HELD,
    INTEREST_UNKNOWN,
    INTERESTS,
    LEARNING_BIT,
    LEVEL_BITS,
    WISHES,
)

OPTIONS: Final[dict[str, Any]] = {"nogil": True, "boundscheck": False, "error_model": "numpy"}
LEVEL_MASK: Final = (1 << LEVEL_BITS) - 1

_field = njit(aspects.field, **OPTIONS)


def grow(links: Any) -> Any:
    """Return twice the room, with the links; single numbers compile faster than slices."""
    grown = np.zeros((2 * len(links), links.shape[1]), np.int32)
    for link in range(len(links)):
        for column in range(links.shape[1]):
            grown[link, column] = links[link, column]
    return grown


_grown = njit(grow, **OPTIONS)


def fill(
    spans: Any,
    people: Any,
    covers: Any,
    met: Any,
    cell: Any,
    stated: Any,
    head: Any,
    links: Any,
) -> Any:
    """Fill the tables over skills for one candidate and return the links, grown if need be.

    ``head[skill]`` is the first of the links to wanted skills that practising it covers, 0 if none;
    a link is the next one, the place of the wanted skill, and the relatedness. ``met`` flags the
    skills that matter at all.
    """
    for entry in range(spans[HELD], spans[HELD + 1]):
        held = people.held[entry]
        for place in range(covers.holds_at[held], covers.holds_at[held + 1]):
            skill, related = covers.holds_skill[place], covers.holds_relatedness[place]
            if related == RELATED:
                stated[skill] = max(stated[skill], people.held_level[entry])
            here = cell[skill]
            merged = np.int64(0)
            for asked in range(1, LEVELS + 1):
                bit = LEVEL_BITS * (asked - 1)
                level = np.int64(related) * np.int64(min(people.held_credited[entry], asked))
                merged |= max(here >> bit & LEVEL_MASK, level) << bit
            cell[skill] = merged
            met[skill] = 1
    used = 0
    first = spans[WISHES]
    for entry in range(first, spans[WISHES + 1]):
        wanted = people.wanted[entry]
        for place in range(covers.learns_at[wanted], covers.learns_at[wanted + 1]):
            skill, related = covers.learns_skill[place], covers.learns_relatedness[place]
            used += 1
            if used >= len(links):
                links = _grown(links)
            links[used, 0] = head[skill]
            links[used, 1] = entry - first
            links[used, 2] = related
            head[skill] = used
            met[skill] = 1
            if np.int64(related) > cell[skill] >> LEARNING_BIT:
                levels = cell[skill] & ((1 << LEARNING_BIT) - 1)
                cell[skill] = levels | (np.int64(related) << LEARNING_BIT)
    return links


def clear(
    spans: Any, people: Any, covers: Any, met: Any, cell: Any, stated: Any, head: Any
) -> None:
    """Undo what ``fill`` wrote for the candidate."""
    for entry in range(spans[HELD], spans[HELD + 1]):
        held = people.held[entry]
        for place in range(covers.holds_at[held], covers.holds_at[held + 1]):
            met[covers.holds_skill[place]] = 0
            cell[covers.holds_skill[place]] = 0
            stated[covers.holds_skill[place]] = 0
    for entry in range(spans[WISHES], spans[WISHES + 1]):
        wanted = people.wanted[entry]
        for place in range(covers.learns_at[wanted], covers.learns_at[wanted + 1]):
            met[covers.learns_skill[place]] = 0
            cell[covers.learns_skill[place]] = 0
            head[covers.learns_skill[place]] = 0


def fill_fields(
    spans: Any, people: Any, traits: Any, fields: Any, interest: Any, value: Any
) -> None:
    """Set the value of every field as the employer's part ``interest`` and as the aspect."""
    explore = np.int64(traits[EXPLORE])
    for place in range(len(fields)):
        interest[place] = 0
        value[place] = fields[place] != 0
    for entry in range(spans[INTERESTS], spans[INTERESTS + 1]):
        interest[people.interest[entry]] = people.interest_value[entry]
    for entry in range(spans[DONE], spans[DONE + 1]):
        value[people.done[entry]] = 0
    for place in range(len(fields)):
        value[place] = _field(np.int64(interest[place]), np.int64(value[place]), explore)
    if not traits[HAS_INTERESTS]:
        for place in range(len(fields)):
            interest[place] = traits[INTEREST_UNKNOWN]
