"""The states of roles and applications and the permitted steps, as data: no query, no clock."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.db.models import TextChoices

from opportunities.core.errors import WrongState


class RoleStatus(TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    CHANGES_ASKED = "changes_asked", "Changes asked"
    REJECTED = "rejected", "Rejected"
    OPEN = "open", "Open"
    PAUSED = "paused", "Paused"
    CLOSED = "closed", "Closed"
    REMOVED = "removed", "Removed"


class ApplicationStatus(TextChoices):
    SUBMITTED = "submitted", "Submitted"
    SHORTLISTED = "shortlisted", "Shortlisted"
    INTERVIEWING = "interviewing", "Interviewing"
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    COMPLETED = "completed", "Completed"
    REJECTED = "rejected", "Not selected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DECLINED = "declined", "Offer declined"
    LAPSED = "lapsed", "Offer lapsed"
    RELEASED = "released", "No reply from the employer"
    NO_SHOW = "no_show", "Did not appear"


class Step(NamedTuple):
    """One permitted move: from any of ``sources`` to ``target``."""

    sources: frozenset[str]
    target: str


_R = RoleStatus
ROLE_STEPS: Final[Mapping[str, Step]] = {
    "submit": Step(frozenset({_R.DRAFT, _R.CHANGES_ASKED}), _R.IN_REVIEW),
    "withdraw": Step(frozenset({_R.IN_REVIEW}), _R.DRAFT),
    "review_again": Step(frozenset({_R.OPEN, _R.PAUSED}), _R.IN_REVIEW),
    "pause": Step(frozenset({_R.OPEN}), _R.PAUSED),
    "resume": Step(frozenset({_R.PAUSED}), _R.OPEN),
    "close": Step(frozenset({_R.OPEN, _R.PAUSED}), _R.CLOSED),
}
"""Steps that the employer takes, or time; ``outcomes.OUTCOMES`` has those of moderators."""

EDITABLE: Final = frozenset({_R.DRAFT, _R.CHANGES_ASKED})
"""States in which the employer edits freely, without a review."""

_A = ApplicationStatus
LIVE: Final = frozenset({_A.SUBMITTED, _A.SHORTLISTED, _A.INTERVIEWING})
"""The applicant waits for the employer: the response clock runs."""

SEATED: Final = frozenset({_A.OFFERED, _A.ACCEPTED, _A.COMPLETED})
"""The application holds one of the role's places."""

APPLICATION_STEPS: Final[Mapping[str, Step]] = {
    "shortlist": Step(frozenset({_A.SUBMITTED}), _A.SHORTLISTED),
    "interview": Step(LIVE, _A.INTERVIEWING),
    "offer": Step(LIVE, _A.OFFERED),
    "reject": Step(LIVE, _A.REJECTED),
    "release": Step(LIVE, _A.RELEASED),
    "withdraw": Step(LIVE | {_A.OFFERED, _A.ACCEPTED}, _A.WITHDRAWN),
    "accept": Step(frozenset({_A.OFFERED}), _A.ACCEPTED),
    "decline": Step(frozenset({_A.OFFERED}), _A.DECLINED),
    "lapse": Step(frozenset({_A.OFFERED}), _A.LAPSED),
    "complete": Step(frozenset({_A.ACCEPTED}), _A.COMPLETED),
    "no_show": Step(frozenset({_A.ACCEPTED}), _A.NO_SHOW),
}


def role_after(status: str, action: str) -> RoleStatus:
    """Return the state of a role that ``action`` leads to, or raise ``WrongState``."""
    return RoleStatus(_after(ROLE_STEPS, "role", RoleStatus(status), action))


def application_after(status: str, action: str) -> ApplicationStatus:
    """Return the state of an application that ``action`` leads to, or raise ``WrongState``."""
    return ApplicationStatus(
        _after(APPLICATION_STEPS, "application", ApplicationStatus(status), action)
    )


def allowed(steps: Mapping[str, Step], status: str) -> list[str]:
    """Return the actions that the table permits in this state, in the table's order."""
    return [action for action, step in steps.items() if status in step.sources]


def _after(
    steps: Mapping[str, Step], noun: str, status: RoleStatus | ApplicationStatus, action: str
) -> str:
    step = steps[action]
    if status not in step.sources:
        raise WrongState(
            f"Cannot {action.replace('_', ' ')} this {noun}: it is {status.label.lower()}.",
            allowed=allowed(steps, status),
        )
    return step.target
