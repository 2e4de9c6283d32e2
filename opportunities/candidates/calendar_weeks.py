"""The weeks of a candidate whose hours differ: as stored, and one number a week as a form asks.

Stored are the Mondays of weeks away and periods of days with other hours. A form shows whole weeks;
only the weeks that it changes are written, so that a period that begins on a Wednesday stays one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)
SHOWN: Final = 53
"""Weeks that a form shows at least, from the one under way on: a year."""
MOST_SHOWN: Final = 105

type Hours = dict[date, float]
"""Hours by the Monday of a week; a week that is not in it has the usual hours, 0 is away."""


def monday_of(day: date) -> date:
    """Return the Monday of the week that a day is in."""
    return day - timedelta(days=day.weekday())


def shown_weeks(
    today: date, periods: Sequence[Mapping[str, Any]], blocked: Sequence[date]
) -> list[date]:
    """Return the Mondays that a form shows: a year of them, and further ones that differ."""
    first = monday_of(today)
    ends = [date.fromisoformat(period["until"]) for period in periods]
    last = max([*blocked, *ends, first + (SHOWN - 1) * WEEK])
    count = min((monday_of(last) - first) // WEEK + 1, MOST_SHOWN)
    return [first + number * WEEK for number in range(count)]


def hours_by_week(
    weeks: Iterable[date],
    *,
    periods: Sequence[Mapping[str, Any]],
    blocked: Iterable[date],
    usual: float,
) -> Hours:
    """Return the hours of the weeks that differ, as matching reads them.

    A week that periods cover only in part has the smallest of the hours that apply in it.
    """
    away, found = set(blocked), {}
    spans = [(*map(date.fromisoformat, (p["from"], p["until"])), p["hours"]) for p in periods]
    for monday in weeks:
        sunday = monday + 6 * DAY
        inside = [
            (max(first, monday), min(last, sunday), float(hours))
            for first, last, hours in spans
            if first <= sunday and last >= monday
        ]
        covered = sum((last - first).days + 1 for first, last, _ in inside)
        if monday in away:
            found[monday] = 0.0
        elif inside:
            hours = min(hours for _, _, hours in inside)
            found[monday] = hours if covered == 7 else min(hours, usual)
    return found


def with_weeks(
    changed: Mapping[date, float | None],
    *,
    periods: Sequence[Mapping[str, Any]],
    blocked: Iterable[date],
    since: date,
) -> tuple[list[dict[str, Any]], list[date]]:
    """Return the periods and the weeks away after some weeks changed; None is the usual hours.

    What ended before ``since`` is left out.
    """
    spans: list[tuple[date, date, float]] = []
    for period in periods:
        first, last = map(date.fromisoformat, (period["from"], period["until"]))
        for monday in sorted(changed):
            if monday > last:
                break
            if first < monday:
                spans.append((first, monday - DAY, period["hours"]))
            first = max(first, monday + WEEK)
        if first <= last:
            spans.append((first, last, period["hours"]))
    spans += [(monday, monday + 6 * DAY, hours) for monday, hours in changed.items() if hours]
    joined: list[tuple[date, date, float]] = []
    for first, last, hours in sorted(span for span in spans if span[1] >= since):
        if joined and joined[-1][1] + DAY == first and joined[-1][2] == hours:
            joined[-1] = (joined[-1][0], last, hours)
        else:
            joined.append((first, last, hours))
    away = {monday for monday in blocked if monday not in changed and monday + 6 * DAY >= since}
    away |= {monday for monday, hours in changed.items() if hours == 0}
    return [
        {"from": first.isoformat(), "until": last.isoformat(), "hours": hours}
        for first, last, hours in joined
    ], sorted(away)
