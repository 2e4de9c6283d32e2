"""Place pairs of candidates and roles in time, many at once, with NumPy.

In: a ``CandidateView``, a ``RoleIndex`` and the positions of the pairs. Out: when each engagement
would begin, the hours that its tightest week leaves, and whether it fits at all.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.calendars import Timings, first_fits
from matching.engine.candidate_view import CandidateView
from matching.engine.columns import Candidates, Flags, Floats, Longs, Table
from matching.engine.fixed_point import FAR
from matching.engine.role_index import RoleIndex
from matching.engine.topk import narrow


@dataclass(frozen=True, slots=True, eq=False)
class Pairs(Table):
    """Pairs as columns of length ``p``, and where each engagement would be placed."""

    candidate: Longs
    """Position in the view, never falling from one pair to the next."""
    role: Longs
    """Position in the index."""
    wait_days: Longs
    hours: Floats
    """Hours of the tightest week that the engagement touches."""


def place_pairs(
    view: CandidateView, index: RoleIndex, candidate: Longs, role: Longs
) -> tuple[Pairs, Flags]:
    """Return the pairs with their placement, and whether each fits the candidate's weeks."""
    people, roles = view.candidates, index.opportunities
    begin = people.available_from[candidate].astype(np.int64)
    wait = np.maximum(0, roles.start_earliest[role] - begin)
    hours = people.hours[candidate]
    fits: Flags = roles.weekly[role] <= hours
    placed = np.flatnonzero(view.differs[candidate])
    if len(placed):
        wait[placed], hours[placed], fits[placed] = _first_fits(
            view, index, candidate[placed], role[placed]
        )
    return Pairs(candidate, role, wait, hours), fits


def fitting(view: CandidateView, index: RoleIndex, candidate: Longs, role: Longs) -> Flags:
    """Return which pairs that pass the gate of weekly hours fit the weeks that differ as well."""
    fits = np.ones(len(candidate), np.bool_)
    placed = np.flatnonzero(view.differs[candidate])
    if len(placed):
        fits[placed] = _first_fits(view, index, candidate[placed], role[placed])[2]
    return fits


def _first_fits(
    view: CandidateView, index: RoleIndex, candidate: Longs, role: Longs
) -> tuple[Longs, Floats, Flags]:
    """Return wait, hours and whether it fits; roles of one timing are placed once a calendar."""
    people, roles = view.candidates, index.opportunities
    calendar, owners = _calendars(people, candidate)
    timings = int(index.timing.max(initial=0)) + 1
    some, case = _different(calendar * timings + index.timing[role], len(owners) * timings)
    job, ends = role[some], np.searchsorted(calendar[some], np.arange(len(owners)), side="right")
    waits, tightest = np.zeros(len(some), np.int64), np.zeros(len(some))
    fitting = np.zeros(len(some), np.bool_)
    for number, person in enumerate(owners):
        part = slice(ends[number - 1] if number else 0, ends[number])
        weeks = slice(people.week_at[person], people.week_at[person + 1])
        begin, days = int(people.available_from[person]), roles.days[job[part]]
        starts, tightest[part], fitting[part] = first_fits(
            people.week[weeks],
            people.week_hours[weeks],
            people.hours[person],
            np.maximum(begin, roles.start_earliest[job[part]]).astype(np.int64),
            latest_start(roles.start_latest[job[part]], people.available_until[person], days),
            Timings(days, roles.weekly[job[part]]),
        )
        waits[part] = starts - begin
    return waits[case], tightest[case], fitting[case]


def _different(numbers: Longs, count: int) -> tuple[Longs, Longs]:
    """Return where each different number below ``count`` stands, ascending, and which one each is.

    Many of few numbers are looked up in a table, which is quicker than to sort them.
    """
    if count > len(numbers):
        _, places, which = np.unique(narrow(numbers, count), return_index=True, return_inverse=True)
        return places, which
    known = np.full(count, -1, np.int64)
    known[numbers] = np.arange(len(numbers))
    there = np.flatnonzero(known >= 0)
    places = known[there]
    known[there] = np.arange(len(there))
    return places, known[numbers]


def _calendars(people: Candidates, candidate: Longs) -> tuple[Longs, Longs]:
    """Return the number of each ascending candidate's calendar, and a holder of each calendar."""
    numbers: dict[tuple[object, ...], int] = {}
    holders: list[int] = []
    starts = np.flatnonzero(np.diff(candidate, prepend=-1))
    known = np.empty(len(starts), np.int64)
    for row, holder in enumerate(candidate[starts]):
        weeks = slice(people.week_at[holder], people.week_at[holder + 1])
        told = (
            people.available_from[holder],
            people.available_until[holder],
            people.hours[holder],
            people.week[weeks].tobytes(),
            people.week_hours[weeks].tobytes(),
        )
        known[row] = numbers.setdefault(told, len(numbers))
        if len(numbers) > len(holders):
            holders.append(int(holder))
    each = np.repeat(known, np.diff(starts, append=len(candidate)))
    return each, np.array(holders, np.int64)


def latest_start(start_latest: Any, available_until: Any, days: Any) -> Any:
    """Return the last start that both sides allow."""
    return np.minimum(start_latest, min(available_until, FAR) + 1 - days)
