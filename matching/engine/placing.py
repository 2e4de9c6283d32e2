"""Place pairs of candidates and roles in time, many at once, with NumPy.

In: a ``CandidateView``, a ``RoleIndex`` and the positions of the pairs. Out: when each engagement
would begin, the hours that its tightest week leaves, and whether it fits at all.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.calendars import first_fit
from matching.engine.candidate_view import CandidateView
from matching.engine.columns import Flags, Floats, Longs
from matching.engine.fixed_point import FAR
from matching.engine.role_index import RoleIndex


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs as columns of length ``p``, and where each engagement would be placed."""

    candidate: Longs
    """Position in the view, never falling from one pair to the next."""
    role: Longs
    """Position in the index."""
    wait_days: Longs
    hours: Floats
    """Hours of the tightest week that the engagement touches."""

    def __len__(self) -> int:
        return len(self.role)

    def keep(self, chosen: Flags | slice) -> "Pairs":
        """Return the chosen pairs."""
        return Pairs(
            self.candidate[chosen], self.role[chosen], self.wait_days[chosen], self.hours[chosen]
        )


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


def _first_fits(
    view: CandidateView, index: RoleIndex, candidate: Longs, role: Longs
) -> tuple[Longs, Floats, Flags]:
    """Return wait, hours and whether it fits; roles of one timing are placed once a candidate."""
    people, roles = view.candidates, index.opportunities
    _, some, case = np.unique(
        candidate * (int(index.timing.max(initial=0)) + 1) + index.timing[role],
        return_index=True,
        return_inverse=True,
    )
    found = []
    for person, job in zip(candidate[some], role[some], strict=True):
        weeks = slice(people.week_at[person], people.week_at[person + 1])
        begin = int(people.available_from[person])
        start, hours, fits = first_fit(
            people.week[weeks],
            people.week_hours[weeks],
            people.hours[person],
            max(begin, int(roles.start_earliest[job])),
            latest_start(roles.start_latest[job], people.available_until[person], roles.days[job]),
            roles.days[job],
            roles.weekly[job],
        )
        found.append((start - begin, hours, fits))
    waits, tightest, fitting = zip(*found, strict=True)
    return (
        np.array(waits, np.int64)[case],
        np.array(tightest, np.float64)[case],
        np.array(fitting, np.bool_)[case],
    )


def latest_start(start_latest: Any, available_until: Any, days: Any) -> Any:
    """Return the last start that both sides allow."""
    return min(start_latest, min(available_until, FAR) + 1 - days)
