"""The ladder for candidates who accept and do not appear: warned, paused, put to moderators."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.utils.translation import gettext_noop

from opportunities.accounts.models import User
from opportunities.applications.models import Application
from opportunities.core.claims import each_row
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.desk.operations import report_by_rule, sanction_by_rule
from opportunities.moderation import outcomes
from opportunities.moderation.models import Report
from opportunities.moderation.rules import SUSPENSION_DAYS

MEMORY: Final = timedelta(days=365)
REASON: Final = gettext_noop("Accepted a place and did not appear")
RUNGS: Final = (
    (
        outcomes.WARN,
        gettext_noop("Another employer's word of it suspends you for %(days)s days.")
        % {"days": SUSPENSION_DAYS},
    ),
    (outcomes.SUSPEND, gettext_noop("A second employer said the same.")),
)
"""What a rule decides, rung by rung, and what is said beside it."""


def climb_no_show_ladder(*, at: datetime) -> int:
    """Put everybody on the rung that the employers of the last year say.

    One employer's word counts once, however often it is given: the second rung needs a second
    employer. Rungs are told and recorded as decisions, so each can be appealed. The third puts
    it to the moderators, of whom it takes two to block anybody.
    """
    due = User.objects.filter(
        profile__applications__status=ApplicationStatus.NO_SHOW, erased_at__isnull=True
    )
    return each_row(due, partial(_climb, at=at))


def _climb(user: User, *, at: datetime) -> bool:
    absences = Application.objects.filter(
        profile__user=user, status=ApplicationStatus.NO_SHOW, ended_at__gt=at - MEMORY
    )
    employers = absences.values("opportunity__employer").distinct().count()
    given = user.sanctions.filter(
        proposed_by__isnull=True, reason=REASON, proposed_at__gt=at - MEMORY
    ).count()
    rungs = RUNGS[given:employers]
    for outcome, beside in rungs:
        sanction_by_rule(
            outcome, account_id=user.pk, rule="6.1", reason=REASON, beside=beside, at=at
        )
    is_reported = employers > len(RUNGS) and _put_to_moderators(user, at=at)
    return bool(rungs) or is_reported


def _put_to_moderators(user: User, *, at: datetime) -> bool:
    text = gettext_noop(
        "%(reason)s: account %(account)s, by the word of more than %(number)s employers."
    ) % {"reason": REASON, "account": user.pk, "number": len(RUNGS)}
    if Report.objects.filter(text=text, reported_at__gt=at - MEMORY).exists():
        return False
    absences = Application.objects.filter(profile__user=user, status=ApplicationStatus.NO_SHOW)
    latest = absences.order_by("-ended_at", "-id").select_related("opportunity")[0]
    report_by_rule(role=latest.opportunity, text=text, at=at)
    return True
