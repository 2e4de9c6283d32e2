"""The ladder for candidates who accept and do not appear: warned, paused, put to moderators."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Q

from opportunities.accounts.models import User
from opportunities.applications.models import Application
from opportunities.core.claims import each_id
from opportunities.messaging.notify import notify
from opportunities.moderation.models import (
    Decision,
    DecisionAction,
    Report,
    ReportReason,
    Sanction,
    SanctionLevel,
)
from opportunities.roles.lifecycle import ApplicationStatus

MEMORY: Final = timedelta(days=365)
PAUSE: Final = timedelta(days=30)
REASON: Final = "Accepted a place and did not appear"
RUNGS: Final = (SanctionLevel.WARNING, SanctionLevel.SUSPENSION)
_ACTIONS: Final = {
    SanctionLevel.WARNING: DecisionAction.WARN,
    SanctionLevel.SUSPENSION: DecisionAction.SUSPEND,
}
_WORDS: Final = {
    SanctionLevel.WARNING: "This is a warning. Another employer's word of the same pauses your "
    "applications for 30 days.",
    SanctionLevel.SUSPENSION: "You may apply again in 30 days.",
}


def climb_no_show_ladder(*, at: datetime) -> int:
    """Put everybody on the rung that the employers of the last year say.

    One employer's word counts once, however often it is given: the second rung needs a second
    employer. Rungs are told and recorded as decisions, so each can be appealed. The third puts
    it to the moderators, of whom it takes two to block anybody.
    """
    absent = Q(
        profile__applications__status=ApplicationStatus.NO_SHOW,
        profile__applications__ended_at__gt=at - MEMORY,
    )
    employers = Count("profile__applications__opportunity__employer", filter=absent, distinct=True)
    due = User.objects.filter(
        profile__applications__status=ApplicationStatus.NO_SHOW, erased_at__isnull=True
    ).distinct()
    climbed = 0
    for user_id in each_id(due):
        with transaction.atomic():
            user = (
                User.objects.select_for_update(no_key=True, skip_locked=True)
                .filter(pk=user_id)
                .first()
            )
            if user is None:
                continue
            count = User.objects.filter(pk=user_id).aggregate(count=employers)["count"]
            climbed += _climb(user, rung=min(count, len(RUNGS)), at=at)
            if count > len(RUNGS):
                climbed += _put_to_moderators(user, at=at)
    return climbed


def _climb(user: User, *, rung: int, at: datetime) -> int:
    given = user.sanctions.filter(
        proposed_by__isnull=True, reason=REASON, proposed_at__gt=at - MEMORY
    ).count()
    for level in RUNGS[given:rung]:
        pause = at + PAUSE if level == SanctionLevel.SUSPENSION else None
        sanction = Sanction.objects.create(
            account=user,
            level=level,
            reason=REASON,
            proposed_at=at,
            in_force_at=at,
            ends_at=pause,
        )
        Decision.objects.create(
            action=_ACTIONS[level],
            account=user,
            sanction=sanction,
            reason=REASON,
            rules=["6.1"],
            decided_at=at,
        )
        if pause is not None:
            user.suspended_until = max(user.suspended_until or pause, pause)
            user.save(update_fields=["suspended_until"])
        notify(
            recipients=[user],
            kind="no_show_ladder",
            key=f"no_show_ladder:{sanction.pk}",
            subject="You were recorded as not appeared",
            body=f"{_WORDS[level]} If an employer is wrong, you can appeal.",
            at=at,
            url="/me/",
            is_decision=True,
        )
    return max(0, rung - given)


def _put_to_moderators(user: User, *, at: datetime) -> bool:
    text = f"{REASON}: account {user.pk}, by the word of more than {len(RUNGS)} employers."
    if Report.objects.filter(text=text, reported_at__gt=at - MEMORY).exists():
        return False
    latest = (
        Application.objects.filter(profile__user=user, status=ApplicationStatus.NO_SHOW)
        .order_by("-ended_at", "-id")
        .values_list("opportunity_id", flat=True)[0]
    )
    Report.objects.create(
        opportunity_id=latest, reason=ReportReason.CONDUCT, text=text, reported_at=at
    )
    return True
