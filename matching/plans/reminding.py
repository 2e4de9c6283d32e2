"""Remind people of the applications that a plan waits for, before it is too late for its dates.

A sweep over what is due: run twice, late or at once, each person is told each thing once, and not
of the same role again because they saved it.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext as _

from matching.models import PlannedRole
from opportunities.candidates.alerts import REMIND_DAYS
from opportunities.candidates.models import SavedRole
from opportunities.core import languages
from opportunities.core.claims import each_id
from opportunities.messaging.notify import notify
from opportunities.messaging.topics import Topic
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import day

KIND: Final = "plan_step"
TOPIC: Final = Topic(KIND)


def remind_of_plans(*, at: datetime) -> int:
    """Remind everyone of applications that are due within days and not sent; return how many."""
    today = at.date()
    due = (
        PlannedRole.objects.annotate(last=Least("apply_until", "role__apply_by"))
        .filter(
            reminded_at__isnull=True,
            apply_until__isnull=False,
            last__gte=today,
            last__lte=today + timedelta(days=REMIND_DAYS),
            role__in=Opportunity.objects.listed(at=at),
            plan__profile__user__is_active=True,
            plan__profile__erased_at__isnull=True,
        )
        .exclude(role__applications__profile=F("plan__profile"))
        .exclude(role__external_applications__profile=F("plan__profile"))
        .exclude(role__employer__blocked_by__profile=F("plan__profile"))
    )
    return sum(_remind(planned_id, at=at) for planned_id in each_id(due))


@transaction.atomic
def _remind(planned_id: int, *, at: datetime) -> bool:
    row = (
        PlannedRole.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("role__employer", "plan__profile__user", "stands_in_for__role")
        .filter(pk=planned_id, reminded_at__isnull=True)
        .first()
    )
    if row is None or row.plan.profile.user is None or row.apply_until is None:
        return False
    role = row.role
    last = min(row.apply_until, role.apply_by or row.apply_until)
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    saved = SavedRole.objects.filter(profile=row.plan.profile, opportunity=role)
    if last == role.apply_by and saved.filter(reminded_at__isnull=False).exists():
        return False
    saved.filter(reminded_at__isnull=True).update(reminded_at=at)
    reader = row.plan.profile.user
    with languages.speaking_to(reader):
        subject = _("Apply to %(role)s by %(day)s") % {"role": role.title[:80], "day": day(last)}
        apply = _("Apply by %(day)s, so that you can know in time.") % {"day": day(last)}
        body = f"{_why(row)} {apply}"
    notices = notify(
        recipients=[reader],
        kind=KIND,
        key=f"{KIND}:{role.public_id}:{last}",
        subject=subject,
        body=body,
        url=reverse("matching:plan", args=[row.plan.public_id]),
        at=at,
    )
    return bool(notices)


def _why(row: PlannedRole) -> str:
    words = {
        "role": row.role.title,
        "employer": row.role.employer.name,
        "day": day(row.starts),
    }
    if row.stands_in_for is None:
        return _("In your plan, %(role)s at %(employer)s begins on %(day)s.") % words
    words["other"] = row.stands_in_for.role.title
    return (
        _(
            "If %(other)s comes to nothing, %(role)s at %(employer)s can take its place"
            " from %(day)s."
        )
        % words
    )
