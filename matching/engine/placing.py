"""Place pairs of candidates and roles in time, many at once, with NumPy.

In: a ``CandidateView``, a ``RoleIndex`` and the positions of the pairs. Out: when each engagement
would begin, the hours that its tightest week leaves, and whether it fits at all.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from matching.engine.calendars import first_fits
from matching.engine.candidate_view import CandidateView
from matching.engine.columns import Flags, Floats, Longs, Table
from matching.engine.role_index import RoleIndex


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
    """Return wait, hours and whether it fits, one calendar after the other."""
    people, roles = view.candidates, index.opportunities
    waits, tightest = np.zeros(len(role), np.int64), np.zeros(len(role))
    fitting = np.zeros(len(role), np.bool_)
    begins = np.flatnonzero(np.diff(candidate, prepend=-1)).tolist()
    for first, end in pairwise([*begins, len(candidate)]):
        part, person, job = slice(first, end), candidate[first], role[first:end]
        weeks = slice(people.week_at[person], people.week_at[person + 1])
        available, days = people.available_from[person], roles.days[job]
        starts, tightest[part], fitting[part] = first_fits(
            people.week[weeks],
            people.week_hours[weeks],
            people.hours[person],
            np.maximum(available, roles.start_earliest[job]).astype(np.int64),
            latest_start(roles.start_latest[job], people.available_until[person], days),
            days,
            roles.weekly[job],
        )
        waits[part] = starts - available
    return waits, tightest, fitting


def latest_start(start_latest: Any, available_until: Any, days: Any) -> Any:
    """Return the last start that both sides allow."""
    return np.minimum(start_latest, available_until + 1 - days)
