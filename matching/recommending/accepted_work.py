"""Work for which somebody holds a place: the weeks that it takes are not free for a plan.

It is over once it is completed, and then takes no week. Where a plan says when a role begins, it
begins then; else on its first day, or on the day after the place was taken if that is later.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from matching.engine import Candidate, facts
from matching.engine.calendars import differing_weeks, week_of
from matching.models import PlannedRole
from matching.priors import PRIORS
from matching.store import read_roles
from opportunities.applications.models import Application
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.roles.wording import quantity


@dataclass(frozen=True, slots=True)
class Work:
    """The days of one engagement, and the hours that it takes in each week that it touches."""

    role: int
    """Its id."""
    title: str
    starts: date
    ends: date
    hours: float

    @property
    def weekly(self) -> str:
        """Say the hours a week."""
        return quantity(round(self.hours, 1), "hour")


def accepted_work(profile_id: int, *, at: datetime) -> tuple[Work, ...]:
    """Return the work ahead of somebody and under way, in the order in which it begins."""
    taken = Application.objects.filter(profile=profile_id, status=ApplicationStatus.ACCEPTED)
    places = {
        role: (title, first, accepted.date())
        for role, title, first, accepted in taken.values_list(
            "opportunity", "opportunity__title", "opportunity__start_earliest", "accepted_at"
        )
        if accepted is not None
    }
    if not places:
        return ()
    planned = PlannedRole.objects.filter(plan__profile=profile_id, role__in=places)
    begins = dict(planned.order_by("plan", "pk").values_list("role", "starts"))
    roles = read_roles(places, at=at, listed=False)
    found = []
    for role, (title, first, accepted) in places.items():
        known = facts(roles[role].opportunity, PRIORS)
        starts = begins.get(role) or max(first or accepted, accepted + timedelta(days=1))
        ends = starts + timedelta(days=max(1, math.ceil(7 * known.weeks)) - 1)
        if ends >= at.date():
            found.append(Work(role, title, starts, ends, known.weekly))
    return tuple(sorted(found, key=lambda work: (work.starts, work.title)))


def without_work(person: Candidate, works: Iterable[Work]) -> Candidate:
    """Return a person with the hours that work leaves in its weeks; a week without any is blocked.

    A week that has fewer hours than the work takes keeps none.
    """
    own, left = differing_weeks(person), dict[int, float]()
    for work in works:
        for week in range(week_of(work.starts.toordinal()), week_of(work.ends.toordinal()) + 1):
            before = left.get(week, own.get(week, person.hours_per_week))
            left[week] = max(0.0, before - work.hours)
    mondays = {week: date.fromordinal(7 * week + 1) for week in left}
    periods = tuple(
        (mondays[week].isoformat(), (mondays[week] + timedelta(days=6)).isoformat(), hours)
        for week, hours in sorted(left.items())
        if hours
    )
    blocked = {mondays[week].isoformat() for week, hours in left.items() if not hours}
    return replace(
        person,
        weekly_hours=(*person.weekly_hours, *periods),
        blocked_weeks=person.blocked_weeks | blocked,
    )
