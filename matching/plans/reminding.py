"""Remind people of the applications that a plan waits for, before it is too late for its dates.

A sweep over what is due: run twice, late or at once, each person is told each thing once, and not
of the same role again because they saved it.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.models import PlannedRole
from opportunities.candidates.alerts import REMIND_DAYS
from opportunities.candidates.models import SavedRole
from opportunities.core.claims import each_id
from opportunities.messaging.kinds import stopped, switch_for
from opportunities.messaging.notify import notify
from opportunities.messaging.topics import Topic
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import day

KIND: Final = "plan_step"
TOPIC: Final = Topic(
    KIND,
    switch=switch_for(
        KIND,
        gettext_lazy("reminders of your plans"),
        concerns=lambda person: PlannedRole.objects.filter(plan__profile__user=person).exists(),
    ),
)


def remind_of_plans(*, at: datetime) -> int:
    """Remind everyone of applications that are due within days and not sent.

    A person gets one notice of all that are due; return how many got one.
    """
    due = _due(at).filter(plan__profile__user__is_active=True)
    profiles = each_id(due, field="plan__profile_id")
    return sum(_remind(profile_id, at=at) for profile_id in profiles)


def told_by_plans(at: datetime) -> Q:
    """Return the condition on saved roles that a plan will tell of, or tells of now.

    Whom no reminder of a plan is mailed is told of the saved role as if there were no plan.
    """
    planned = PlannedRole.objects.filter(
        plan__profile=OuterRef("profile"),
        role=OuterRef("opportunity"),
        reminded_at__isnull=True,
        apply_until__gte=at.date(),
    )
    unmailed = stopped(KIND).filter(user=OuterRef("profile__user"))
    return Q(Exists(planned)) & ~Q(Exists(unmailed))


def _due(at: datetime) -> QuerySet[PlannedRole]:
    today = at.date()
    return (
        PlannedRole.objects.annotate(last=Least("apply_until", "role__apply_by"))
        .filter(
            reminded_at__isnull=True,
            apply_until__isnull=False,
            last__gte=today,
            last__lte=today + timedelta(days=REMIND_DAYS),
            role__in=Opportunity.objects.listed(at=at),
            plan__profile__erased_at__isnull=True,
        )
        .exclude(role__applications__profile=F("plan__profile"))
        .exclude(role__external_applications__profile=F("plan__profile"))
        .exclude(role__employer__blocked_by__profile=F("plan__profile"))
    )


@transaction.atomic
def _remind(profile_id: int, *, at: datetime) -> bool:
    rows = list(
        _due(at)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("role__employer", "plan__profile__user", "stands_in_for__role")
        .filter(plan__profile=profile_id)
        .order_by(Least("apply_until", "role__apply_by"), "pk")
    )
    PlannedRole.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=at)
    saved = SavedRole.objects.filter(profile=profile_id)
    told = set(saved.filter(reminded_at__isnull=False).values_list("opportunity", flat=True))
    if not stopped(KIND).filter(user__profile=profile_id).exists():
        same = saved.filter(opportunity__in=[row.role_id for row in rows])
        same.filter(reminded_at__isnull=True).update(reminded_at=at)
    # A role may be in several plans, and may have been told of because it was saved.
    by_role: dict[int, PlannedRole] = {}
    for row in rows:
        if row.role_id not in told or _last_day(row) != row.role.apply_by:
            by_role.setdefault(row.role_id, row)
    rows = list(by_role.values())
    if not rows or rows[0].plan.profile.user is None:
        return False
    first, count = rows[0], len(rows)

    def subject() -> str:
        if count == 1:
            words = {"role": first.role.title[:80], "day": day(_last_day(first))}
            return _("Apply to %(role)s by %(day)s") % words
        return ngettext(
            "%(number)s application of your plan is due by %(day)s",
            "%(number)s applications of your plan are due by %(day)s",
            count,
        ) % {"number": count, "day": day(_last_day(rows[-1]))}

    notices = notify(
        recipients=[rows[0].plan.profile.user],
        kind=KIND,
        key=f"{KIND}:{min(row.pk for row in rows)}",
        subject=subject,
        body=lambda: "\n\n".join(_told(row) for row in rows),
        url=reverse("matching:plan", args=[first.plan.public_id]),
        at=at,
    )
    return bool(notices)


def _last_day(row: PlannedRole) -> date:
    return min(each for each in (row.apply_until, row.role.apply_by) if each is not None)


def _told(row: PlannedRole) -> str:
    apply = _("Apply by %(day)s, so that you can know in time.") % {"day": day(_last_day(row))}
    return f"{_why(row)} {apply}"


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
