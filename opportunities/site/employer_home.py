"""An employer's first page: what waits for an answer, what needs doing, its roles by state."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opportunities.applications.models import Application
from opportunities.applications.pseudonyms import shown_name
from opportunities.core import clock
from opportunities.core.lifecycle import LIVE, ApplicationStatus, RoleStatus
from opportunities.core.models import Site
from opportunities.core.paging import page_of
from opportunities.employers.membership import employers_of
from opportunities.employers.models import Employer, EmployerStatus
from opportunities.engagements.models import Completion
from opportunities.importing.models import ReadingState, Source
from opportunities.roles.models import Opportunity, RolePost
from opportunities.roles.models.listings import ClosedBecause
from opportunities.roles.wording import quantity

WAITING: Final = 10
TO_DO: Final = 8
SOON: Final = timedelta(days=5)
"""A role is asked about this long before it must be confirmed."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits, what needs doing, and the roles, newest first."""
    employers, now = employers_of(request), timezone.now()
    if not employers:
        return render(request, "site/employer/nothing.html")
    state = request.GET.get("state", "")
    roles = Opportunity.objects.filter(employer__in=employers).select_related("employer")
    if state in RoleStatus.values:
        roles = roles.filter(status=state)
    counted = roles.annotate(
        waiting=Count("applications", filter=Q(applications__status__in=sorted(LIVE)))
    )
    rows, cursor = page_of(counted, request, order=("-created_at", "-id"))
    counts = dict(
        Opportunity.objects.filter(employer__in=employers)
        .values_list("status")
        .annotate(count=Count("pk"))
        .order_by()
    )
    waiting = (
        Application.objects.live()
        .filter(opportunity__employer__in=employers)
        .select_related("opportunity__employer", "profile")
        .order_by("answer_due_on", "id")
    )
    context = {
        "employers": employers,
        "roles": rows,
        "next": cursor.get_next_link(),
        "states": [
            (label, value, counts.get(value, 0), value == state)
            for value, label in RoleStatus.choices
            if counts.get(value)
        ],
        "state": state,
        "total": sum(counts.values()),
        "waiting": [
            {
                "application": application,
                "name": shown_name(application),
                "is_late": application.answer_due_on < now.date(),
                "is_due": application.answer_due_on == now.date(),
            }
            for application in waiting[:WAITING]
        ],
        "waiting_count": waiting.count(),
        "late_count": waiting.filter(answer_due_on__lt=now.date()).count(),
        "to_do": _to_do(employers, now),
    }
    return render(request, "site/employer/home.html", context)


def _standing(employer: Employer) -> str:
    """Say what an organization under a sanction may not do, where its page says why."""
    if employer.suspended_until is None:
        sentence = _("%(name)s is blocked, and its roles are closed. Read why, and how to appeal.")
        return sentence % {"name": employer.name}
    return _(
        "%(name)s is suspended until %(when)s, and its roles are not shown. Read why, and how to"
        " appeal."
    ) % {"name": employer.name, "when": clock.said(employer.suspended_until)}


def _to_do(employers: list[Employer], now: datetime) -> list[dict[str, Any]]:
    """Return what only the employer can do next, each with the page where it is done."""
    roles = Opportunity.objects.filter(employer__in=employers)
    confirm_before = now - timedelta(days=Site.load().confirm_days) + SOON
    found: list[dict[str, Any]] = [
        {
            "text": _standing(employer),
            "href": reverse("opportunities:employer-profile", args=[employer.slug]),
        }
        for employer in employers
        if employer.status != EmployerStatus.ACTIVE
    ]
    found += [
        {
            "text": _("Verify %(name)s: none of its roles opens before that.")
            % {"name": employer.name},
            "href": reverse("opportunities:employer-profile", args=[employer.slug]),
        }
        for employer in employers
        if not employer.is_verified
    ]

    def add(rows: Any, words: str, anchor: str = "") -> None:
        for role in rows.order_by("changed_at", "id")[:TO_DO]:
            href = reverse("opportunities:manage-role", args=[role.public_id]) + anchor
            found.append({"text": words % {"title": role.title}, "href": href})

    add(
        roles.filter(status=RoleStatus.CHANGES_ASKED),
        _("A moderator asks for changes: %(title)s."),
    )
    add(
        roles.filter(status=RoleStatus.CLOSED, outcome="").exclude(
            closed_because=ClosedBecause.SANCTION
        ),
        _("Say what became of %(title)s."),
    )
    add(
        roles.open(at=now).filter(confirmed_at__lt=confirm_before),
        _("Confirm that %(title)s is still open."),
    )
    asked = RolePost.objects.filter(
        opportunity__employer__in=employers, answer="", hidden_at__isnull=True
    )
    add(
        roles.filter(pk__in=asked.values("opportunity")),
        _("A question about %(title)s waits for your answer."),
        "#questions",
    )
    asking = Source.objects.filter(
        Q(readings__state=ReadingState.HELD) | Q(doubts__answer=""), employer__in=employers
    )
    found += [
        {
            "text": _("The source “%(name)s” waits for your answer.") % {"name": source.name},
            "href": reverse("opportunities:source", args=[source.public_id]),
        }
        for source in asking.distinct().order_by("id")[:TO_DO]
    ]
    unsigned = Completion.objects.filter(
        application__opportunity__employer__in=employers,
        application__status=ApplicationStatus.ACCEPTED,
        employer_signed_at__isnull=True,
    ).select_related("application__opportunity")
    found += [
        {
            "text": _("Read and sign what was done: %(title)s, %(hours)s.")
            % {
                "title": row.application.opportunity.title,
                "hours": quantity(row.hours, "hour"),
            },
            "href": reverse("opportunities:employer-application", args=[row.application.public_id]),
        }
        for row in unsigned.order_by("proposed_at", "id")[:TO_DO]
    ]
    return found[: 2 * TO_DO]
