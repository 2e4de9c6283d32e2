"""When one can know whether one gets a role, so that a plan begins nothing before.

Dates are those of somebody who has yet to apply, or of the application that there is: the day it
is handed in, the day by which an answer is promised, and the day on which the decision may be
expected, which is our estimate.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from matching.priors import PRIORS
from opportunities.applications.models import Application
from opportunities.core.calendar import add_working_days
from opportunities.core.lifecycle import LIVE, ApplicationStatus
from opportunities.core.models import Site
from opportunities.roles.formats import Kind
from opportunities.roles.models import Opportunity
from opportunities.roles.response_times import country_of, response_days

APPLY_WITHIN_DAYS: Final = 2
"""How long it takes to hand in an application that is begun today."""

STEP_DAYS: Final[Mapping[str, int]] = {
    "phone_screen": 5,
    "interview": 5,
    "panel_interview": 5,
    "test": 3,
    "work_sample": 5,
    "reference_check": 3,
}
"""Working days that a step of selection takes once the employer has answered; others take none."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of one application."""

    applied: date
    answered: date
    """By when the employer promises an answer."""
    decided: date
    """When the decision may be expected."""
    begins: date
    """The first working day after it."""
    is_sent: bool = False
    """Whether the application has been sent already."""


def timelines(
    roles: Iterable[Opportunity], applications: Mapping[int, Application], *, today: date
) -> dict[int, Timeline]:
    """Return the timeline of each role, read with its employer, by its id.

    ``applications`` are the person's own that still wait for a decision, by the role.
    """
    site = Site.load()
    return {
        role.pk: _of_sent(role, applications[role.pk], site, today=today)
        if role.pk in applications
        else timeline(role, site, applied=_soon(role, today))
        for role in roles
    }


def timeline(role: Opportunity, site: Site, *, applied: date) -> Timeline:
    """Return the timeline of an application that is handed in on a day.

    The promised answer, each step of selection after it, and the promised time once more after the
    last of them, which is how the promise counts after a talk. An internship compares all who
    applied: it is not decided before its last day to apply and the promised time after it.
    """
    country, promised = country_of(role), response_days(role, site)
    answered = add_working_days(applied, promised, country=country)
    decided = _after_steps(role, answered, promised, country)
    if role.kind == Kind.INTERNSHIP and role.apply_by is not None:
        decided = max(decided, add_working_days(role.apply_by, promised, country=country))
    return Timeline(applied, answered, decided, _first_day(decided, country))


def last_day_to_apply(role: Opportunity, site: Site, *, starts: date, today: date) -> date | None:
    """Return the last day on which an application leads to a start on a day, if there is one."""
    last = min(role.apply_by or starts, starts)
    for days in range((last - today).days + 1):
        applied = last - timedelta(days=days)
        if timeline(role, site, applied=applied).begins <= starts:
            return applied
    return None


def last_day_of(role: Opportunity, starts: date) -> date:
    """Return the last day of a role that starts on a day."""
    return starts + timedelta(days=max(1, round((role.weeks or 1) * 7)) - 1)


def _soon(role: Opportunity, today: date) -> date:
    soon = today + timedelta(days=APPLY_WITHIN_DAYS)
    return soon if role.apply_by is None else max(today, min(soon, role.apply_by))


def _of_sent(role: Opportunity, sent: Application, site: Site, *, today: date) -> Timeline:
    """Return the timeline of an application that waits: what is past is not waited for again."""
    country, promised = country_of(role), response_days(role, site)
    answered = max(sent.answer_due_on, today)
    if sent.status == ApplicationStatus.SUBMITTED:
        decided = timeline(role, site, applied=sent.submitted_at.date()).decided
    else:
        decided = add_working_days(today, promised, country=country)
    decided = max(decided, answered)
    return Timeline(
        sent.submitted_at.date(), answered, decided, _first_day(decided, country), is_sent=True
    )


def _after_steps(role: Opportunity, answered: date, promised: int, country: str) -> date:
    steps = PRIORS[role.format].steps if role.steps is None else role.steps
    days = sum(STEP_DAYS.get(step, 0) for step in steps)
    if not days:
        return answered
    return add_working_days(answered, days + promised, country=country)


def _first_day(decided: date, country: str) -> date:
    return add_working_days(decided, 1, country=country)


def waiting_applications(profile_id: int) -> dict[int, Application]:
    """Return a person's applications that wait for a decision, by the role."""
    rows = Application.objects.filter(profile=profile_id, status__in=LIVE)
    return {application.opportunity_id: application for application in rows}


def settled_roles(profile_id: int) -> set[int]:
    """Return the roles of a person's applications that ended, or that hold a place: no plans."""
    rows = Application.objects.filter(profile=profile_id).exclude(status__in=LIVE)
    return set(rows.values_list("opportunity_id", flat=True))
