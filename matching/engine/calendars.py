"""Place an engagement in a candidate's weeks.

A candidate has a number of hours a week, and may have weeks that differ: blocked ones (0 hours) and
periods with other hours. An engagement begins on the first possible day or on one of the Mondays
after it, and every week that it touches must have room for its weekly hours.
"""

import math
from typing import Any, Final, NamedTuple

import numpy as np

from matching.engine.columns import Flags, Floats, Ints, Longs
from matching.engine.facts import Facts, earliest_start, ordinal
from matching.engine.fixed_point import FAR
from matching.engine.records import Candidate

LATEST_WAIT_DAYS: Final = 364
"""How long after the first possible day an open-ended role may still begin."""

HORIZON_WEEKS: Final = 156
"""Differing weeks are known this far after a candidate becomes available; later ones are usual."""


class Timings(NamedTuple):
    """How long engagements last, and how many hours a week they take; one row for each."""

    days: Floats
    weekly: Floats


class Placement(NamedTuple):
    """Where an engagement goes: its first day, and the hours of the tightest week it touches."""

    start: int
    hours: float
    fits: bool


def week_of(day: int) -> int:
    """Return the number of the Monday-to-Sunday week of an ordinal day."""
    return (day - 1) // 7


def differing_weeks(candidate: Candidate) -> dict[int, float]:
    """Return the hours of every week that differs from ``hours_per_week``; blocked weeks have 0.

    A week that a period covers only in part keeps the smaller of the hours that apply in it.
    """
    first = week_of(ordinal(candidate.available_from))
    covered: dict[int, set[int]] = {}
    hours: dict[int, float] = {}
    for since, until, amount in candidate.weekly_hours:
        start, end = ordinal(since), ordinal(until)
        for week in range(max(first, week_of(start)), min(first + HORIZON_WEEKS, week_of(end)) + 1):
            monday = 7 * week + 1
            days = range(max(start, monday), min(end, monday + 6) + 1)
            covered.setdefault(week, set()).update(days)
            hours[week] = min(hours.get(week, amount), amount)
    for week, days_covered in covered.items():
        if len(days_covered) < 7:
            hours[week] = min(hours[week], candidate.hours_per_week)
    for day in candidate.blocked_weeks:
        week = week_of(ordinal(day))
        if first <= week <= first + HORIZON_WEEKS:
            hours[week] = 0.0
    return dict(sorted(hours.items()))


def place(candidate: Candidate, facts: Facts) -> Placement:
    """Return the first feasible placement, or the first possible day with ``fits`` false."""
    opportunity = facts.opportunity
    differing = differing_weeks(candidate)
    latest = FAR if opportunity.start_latest is None else ordinal(opportunity.start_latest)
    until = FAR if candidate.available_until is None else ordinal(candidate.available_until)
    return Placement(
        *first_fit(
            np.array(list(differing), np.int32),
            np.array(list(differing.values()), np.float64),
            candidate.hours_per_week,
            earliest_start(candidate, opportunity),
            min(latest, until + 1 - 7 * facts.weeks),
            7 * facts.weeks,
            facts.weekly,
        )
    )


def first_fit(
    weeks: Any, hours: Any, usual: Any, earliest: Any, latest: Any, days: Any, weekly: Any
) -> tuple[Any, Any, Any]:
    """Return start, hours of the tightest week and whether it fits, for numbers of one pair.

    ``weeks`` (ascending) differ and have ``hours``. Compiled as it stands by the fast kernel.
    """
    start = earliest
    length = max(1, math.ceil(days))
    while start == earliest or start <= min(latest, earliest + LATEST_WAIT_DAYS):
        first, last = (start - 1) // 7, (start + length - 2) // 7
        tightest = usual
        differing = 0
        for place in range(np.searchsorted(weeks, first), len(weeks)):
            if weeks[place] > last:
                break
            if differing == 0 or hours[place] < tightest:
                tightest = hours[place]
            differing += 1
        if differing <= last - first:
            tightest = min(tightest, usual)
        if weekly <= tightest:
            return start, tightest, True
        start = 7 * (first + 1) + 1
    return earliest, usual, False


def first_fits(
    weeks: Ints, hours: Floats, usual: float, earliest: Longs, latest: Floats, roles: Timings
) -> tuple[Longs, Floats, Flags]:
    """Return what ``first_fit`` returns, for one calendar and many engagements at once.

    All start where they may earliest; those that do not fit try the next Monday together. The
    tightest of some neighboring weeks is the smaller minimum of two runs of a power of two.
    """
    length = np.maximum(1, np.ceil(roles.days)).astype(np.int64)
    latest = np.minimum(latest, earliest + LATEST_WAIT_DAYS)
    start, tightest = earliest.copy(), np.full(len(earliest), usual, np.float64)
    fits, left = np.zeros(len(earliest), np.bool_), np.arange(len(earliest))
    lowest = _running_minima(hours)
    begin = start
    while len(left):
        first, last = (begin - 1) // 7, (begin + length[left] - 2) // 7
        place = np.searchsorted(weeks, first)
        count = np.searchsorted(weeks, last, side="right") - place
        power = np.log2(np.maximum(count, 1)).astype(np.int64)
        end = np.maximum(place + count - (1 << power), 0)
        found = np.minimum(lowest[power, place], lowest[power, end])
        found = np.where(count > last - first, found, np.minimum(found, usual))
        found = np.where(count, found, usual)
        enough = roles.weekly[left] <= found
        placed = left[enough]
        start[placed], tightest[placed], fits[placed] = begin[enough], found[enough], True
        following = 7 * (first + 1) + 1
        waiting = ~enough & (following <= latest[left])
        left, begin = left[waiting], following[waiting]
    return start, tightest, fits


def _running_minima(hours: Floats) -> Floats:
    """Return, for each power of two, the minimum of so many hours from each place on."""
    rows = [np.append(hours, np.inf)]
    while 1 << len(rows) <= len(hours):
        half = 1 << (len(rows) - 1)
        rows.append(np.minimum(rows[-1], np.append(rows[-1][half:], np.full(half, np.inf))))
    return np.stack(rows)
