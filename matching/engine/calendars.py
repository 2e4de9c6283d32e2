"""Place an engagement in a candidate's weeks.

A candidate has a number of hours a week, and may have weeks that differ: blocked ones (0 hours) and
periods with other hours. An engagement begins on the first possible day or on one of the Mondays
after it, and every week that it touches must have room for its weekly hours.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from matching.engine.facts import Facts, earliest_start, ordinal
from matching.engine.records import Candidate

LATEST_WAIT_DAYS: Final = 364
"""How long after the first possible day an open-ended role may still begin."""

HORIZON_WEEKS: Final = 156
"""Differing weeks are known this far after a candidate becomes available; later ones are as usual."""


class Placement(NamedTuple):
    """Where an engagement goes: its first day, and the hours of the tightest week it touches."""

    start: int
    hours: float
    fits: bool


def week_of(day: int) -> int:
    """Return the number of the Monday-to-Sunday week of an ordinal day."""
    return (day - 1) // 7


def last_week(start: int, days: float) -> int:
    """Return the last week that an engagement of so many days touches."""
    return week_of(start + max(1, -int(-days // 1)) - 1)


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
    earliest = earliest_start(candidate, opportunity)
    usual = candidate.hours_per_week
    differing = differing_weeks(candidate)
    if not differing:
        return Placement(earliest, usual, facts.weekly <= usual)
    days = 7 * facts.weeks
    last: float = earliest + LATEST_WAIT_DAYS
    if opportunity.start_latest is not None:
        last = ordinal(opportunity.start_latest)
    if candidate.available_until is not None:
        last = min(last, ordinal(candidate.available_until) + 1 - days)
    start = earliest
    while True:
        hours = tightest(differing, usual, start, days)
        if facts.weekly <= hours:
            return Placement(start, hours, True)
        start = 7 * (week_of(start) + 1) + 1
        if start > min(last, earliest + LATEST_WAIT_DAYS):
            return Placement(earliest, usual, False)


def tightest(differing: Mapping[int, float], usual: float, start: int, days: float) -> float:
    """Return the hours of the tightest week that an engagement touches."""
    return min(
        differing.get(week, usual) for week in range(week_of(start), last_week(start, days) + 1)
    )
