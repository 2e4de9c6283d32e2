"""What can be done about an application now: what its state, its day and its work permit."""

from datetime import date, datetime
from typing import Final

from opportunities.applications.models import Application
from opportunities.core.lifecycle import APPLICATION_STEPS, allowed
from opportunities.roles.models import Opportunity

AFTER_WORK_BEGINS: Final = frozenset({"complete", "no_show"})


def possible(application: Application, *, at: datetime) -> list[str]:
    """Return the actions that the state, the day and the work permit, in the table's order."""
    actions = allowed(APPLICATION_STEPS, application.status)
    if first_day_ahead(application.opportunity, at=at) is not None:
        return [action for action in actions if action not in AFTER_WORK_BEGINS]
    if is_vouched_for(application):
        return [action for action in actions if action != "no_show"]
    return actions


def is_vouched_for(application: Application) -> bool:
    """Say whether the employer has signed what was done: whoever did that work appeared."""
    completion = getattr(application, "completion", None)
    return completion is not None and completion.employer_signed_at is not None


def possible_from(application: Application, *, at: datetime) -> date | None:
    """Return the day from which the work can be completed; None if it can be now, or never."""
    if "complete" not in allowed(APPLICATION_STEPS, application.status):
        return None
    return first_day_ahead(application.opportunity, at=at)


def first_day_ahead(role: Opportunity, *, at: datetime) -> date | None:
    """Return the earliest start of a role while it lies ahead, in the role's own zone."""
    first = role.start_earliest
    return first if first is not None and first > role.today(at=at) else None
