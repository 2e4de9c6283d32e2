"""The page for whoever decides what somebody else has decided meanwhile."""

from collections.abc import Callable
from functools import partial

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from opportunities.core.errors import RuleBroken, WrongState
from opportunities.core.given_back import Way
from opportunities.moderation import outcomes
from opportunities.moderation.models import Appeal, Decision, Report

type Instead = Callable[[RuleBroken], HttpResponse | None]
"""The page after a refusal; none where the form may be sent again."""


def of_report(request: HttpRequest, row: Report) -> Instead:
    """Return the page for a report that somebody has answered."""
    same = Report.objects.filter(pk=row.pk)
    answered = Decision.objects.filter(
        action=outcomes.RESOLVE_REPORT.name, decided_at__in=same.values("answered_at")
    )

    def said(_decision: Decision) -> str:
        return _("Upheld") if same.filter(upheld=True).exists() else _("Dismissed")

    onward = Way(_("Next report"), reverse("opportunities:reports"))
    return partial(_page, request, answered, onward, said=said)


def of_appeal(request: HttpRequest, row: Appeal) -> Instead:
    """Return the page for an appeal that somebody has heard."""
    heard = Decision.objects.filter(
        decided_at__in=Appeal.objects.filter(pk=row.pk).values("heard_at"),
        employer=row.decision.employer_id,
        account=row.decision.account_id,
    )
    return partial(_page, request, heard, Way(_("Next appeal"), reverse("opportunities:appeals")))


def of_sanction(request: HttpRequest, sanction_id: int, onward: Way) -> Instead:
    """Return the page for a sanction that somebody has settled."""
    return partial(_page, request, Decision.objects.filter(sanction=sanction_id), onward)


def _page(
    request: HttpRequest,
    decisions: QuerySet[Decision],
    onward: Way,
    refusal: RuleBroken,
    *,
    said: Callable[[Decision], str] = Decision.get_action_display,
) -> HttpResponse | None:
    """Show the decision, the words that came too late, and the way on."""
    found = decisions.select_related("moderator", "employer").order_by("-id").first()
    if not isinstance(refusal, WrongState) or found is None:
        return None
    context = {
        "why": str(refusal),
        "decision": found,
        "outcome": said(found),
        "words": request.POST.get("answer", "") or request.POST.get("reason", ""),
        "onward": onward,
    }
    return render(request, "desk/decided.html", context, status=422)
