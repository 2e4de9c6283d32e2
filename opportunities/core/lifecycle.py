"""The states of roles and applications and the permitted steps, as data: no query, no clock."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from opportunities.core.errors import WrongState


class RoleStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_ASKED = "changes_asked", _("Changes asked")
    REJECTED = "rejected", _("Rejected")
    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
    REMOVED = "removed", _("Removed")


class ApplicationStatus(TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    INTERVIEWING = "interviewing", _("Interviewing")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    COMPLETED = "completed", _("Completed")
    REJECTED = "rejected", _("Not selected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECLINED = "declined", _("Offer declined")
    LAPSED = "lapsed", _("Offer lapsed")
    RELEASED = "released", _("No reply from the employer")
    NO_SHOW = "no_show", _("Did not appear")


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
ON_MARKET: Final = (_R.OPEN, _R.PAUSED)
"""States in which the employer edits freely, without a review."""

_A = ApplicationStatus
LIVE: Final = frozenset({_A.SUBMITTED, _A.SHORTLISTED, _A.INTERVIEWING})
"""The applicant waits for the employer: the response clock runs."""

SEATED: Final = frozenset({_A.OFFERED, _A.ACCEPTED, _A.COMPLETED})
"""The application holds one of the role's places."""

UNDER_WAY: Final = LIVE | SEATED
"""The application has not ended: both sides may write to each other."""

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

_SAID: Final[Mapping[str, Mapping[str, Promise]]] = {
    "role": {
        _R.DRAFT: pgettext_lazy("it is", "draft"),
        _R.IN_REVIEW: pgettext_lazy("it is", "in review"),
        _R.CHANGES_ASKED: pgettext_lazy("it is", "changes asked"),
        _R.REJECTED: pgettext_lazy("it is", "rejected"),
        _R.OPEN: pgettext_lazy("it is", "open"),
        _R.PAUSED: pgettext_lazy("it is", "paused"),
        _R.CLOSED: pgettext_lazy("it is", "closed"),
        _R.REMOVED: pgettext_lazy("it is", "removed"),
    },
    "application": {
        _A.SUBMITTED: pgettext_lazy("it is", "submitted"),
        _A.SHORTLISTED: pgettext_lazy("it is", "shortlisted"),
        _A.INTERVIEWING: pgettext_lazy("it is", "interviewing"),
        _A.OFFERED: pgettext_lazy("it is", "offered"),
        _A.ACCEPTED: pgettext_lazy("it is", "accepted"),
        _A.COMPLETED: pgettext_lazy("it is", "completed"),
        _A.REJECTED: pgettext_lazy("it is", "not selected"),
        _A.WITHDRAWN: pgettext_lazy("it is", "withdrawn"),
        _A.DECLINED: pgettext_lazy("it is", "offer declined"),
        _A.LAPSED: pgettext_lazy("it is", "offer lapsed"),
        _A.RELEASED: pgettext_lazy("it is", "no reply from the employer"),
        _A.NO_SHOW: pgettext_lazy("it is", "did not appear"),
    },
}
_DONE: Final = {
    "submit": pgettext_lazy("cannot", "submit"),
    "withdraw": pgettext_lazy("cannot", "withdraw"),
    "review_again": pgettext_lazy("cannot", "review again"),
    "pause": pgettext_lazy("cannot", "pause"),
    "resume": pgettext_lazy("cannot", "resume"),
    "close": pgettext_lazy("cannot", "close"),
    "shortlist": pgettext_lazy("cannot", "shortlist"),
    "interview": pgettext_lazy("cannot", "interview"),
    "offer": pgettext_lazy("cannot", "offer"),
    "reject": pgettext_lazy("cannot", "reject"),
    "release": pgettext_lazy("cannot", "release"),
    "accept": pgettext_lazy("cannot", "accept"),
    "decline": pgettext_lazy("cannot", "decline"),
    "lapse": pgettext_lazy("cannot", "lapse"),
    "complete": pgettext_lazy("cannot", "complete"),
    "no_show": pgettext_lazy("cannot", "no show"),
    "approve": pgettext_lazy("cannot", "approve"),
    "auto_approve": pgettext_lazy("cannot", "auto approve"),
    "ask_changes": pgettext_lazy("cannot", "ask changes"),
    "remove": pgettext_lazy("cannot", "remove"),
    "reinstate": pgettext_lazy("cannot", "reinstate"),
    "confirm": pgettext_lazy("cannot", "confirm"),
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


def cannot(noun: str, status: RoleStatus | ApplicationStatus, action: str) -> str:
    """Say that a "role" or an "application" does not take this action in its state."""
    done = str(_DONE[action]) if action in _DONE else action.replace("_", " ")
    told = {"action": done, "state": str(_SAID[noun][status])}
    if noun == "role":
        return gettext("Cannot %(action)s this role: it is %(state)s.") % told
    return gettext("Cannot %(action)s this application: it is %(state)s.") % told


def _after(
    steps: Mapping[str, Step], noun: str, status: RoleStatus | ApplicationStatus, action: str
) -> str:
    step = steps[action]
    if status not in step.sources:
        raise WrongState(cannot(noun, status, action), allowed=allowed(steps, status))
    return step.target
