"""What an employer sees ranked: applicants by suit with reasons, and matched candidates."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from matching.shortlists import queries, reasons
from opportunities.accounts.current import person
from opportunities.applications import selecting
from opportunities.applications.models import Application, RejectionReason
from opportunities.applications.pseudonyms import is_blind, shown_name
from opportunities.candidates.models import CandidateProfile
from opportunities.core.errors import LimitReached
from opportunities.core.form_handling import Refusal, act
from opportunities.core.lifecycle import LIVE, SEATED, ApplicationStatus
from opportunities.core.models import Site
from opportunities.core.paging import offset_of
from opportunities.core.parts import render_part
from opportunities.roles.lookup import own_role
from opportunities.roles.models import Opportunity

PAGE: Final = 20
CANDIDATES: Final = 10
GROUPS: Final[Mapping[str, tuple[Any, frozenset[str]]]] = {
    "": (gettext_lazy("All"), frozenset(ApplicationStatus.values)),
    "new": (gettext_lazy("New"), frozenset({ApplicationStatus.SUBMITTED})),
    "shortlist": (gettext_lazy("Shortlist"), LIVE - {ApplicationStatus.SUBMITTED}),
    "places": (gettext_lazy("Offers and places"), SEATED),
    "ended": (gettext_lazy("Ended"), frozenset(ApplicationStatus.values) - LIVE - SEATED),
}


@require_safe
def applicants(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show who applied, best suited first, with the reasons; nobody is left out by a score."""
    role, now = own_role(request, public_id), timezone.now()
    refused: Refusal | None = getattr(request, "refusal", None)
    group, offset = request.GET.get("group", ""), offset_of(request)
    if group not in GROUPS or offset is None:
        raise Http404
    ranked = queries.ranked_applicants(role, at=now)
    statuses = dict(role.applications.values_list("pk", "status"))
    wanted = [one for one in ranked if statuses.get(one) in GROUPS[group][1]]
    offset = min(offset, max(0, len(wanted) - 1) // PAGE * PAGE)
    page = wanted[offset : offset + PAGE]
    rows = Application.objects.select_related("profile", "opportunity__employer").in_bulk(page)
    told = reasons.of_applicants(role, {rows[one].profile_id: ranked[one] for one in page})
    counts = {
        key: sum(statuses.get(one) in known for one in ranked)
        for key, (_label, known) in GROUPS.items()
    }
    context = {
        "role": role,
        "rows": [_row(rows[one], told[rows[one].profile_id], now.date()) for one in page],
        "groups": [
            (label, key, counts[key], key == group) for key, (label, _known) in GROUPS.items()
        ],
        "total": counts[""],
        "withdrawn": sum(status == ApplicationStatus.WITHDRAWN for status in statuses.values()),
        "reasons": RejectionReason.choices,
        "here": _link(group, offset),
        "shown_from": offset + 1,
        "shown_to": offset + len(page),
        "listed": len(wanted),
        "next": _link(group, offset + PAGE) if offset + PAGE < len(wanted) else "",
        "previous": _link(group, max(0, offset - PAGE)) if offset else "",
        "may_invite": role.is_open(at=now) and role.hidden_at is None,
        "may_shortlist": any(row.status == ApplicationStatus.SUBMITTED for row in rows.values()),
        "is_bulk": any(row.status in LIVE for row in rows.values()),
        "marked": refused.typed.getlist("application") if refused else (),
    }
    return render(request, "matching/shortlists/applicants.html", context)


def _row(application: Application, suit: reasons.Suit, today: Any) -> dict[str, Any]:
    is_live = application.status in LIVE
    return {
        "application": application,
        "name": shown_name(application),
        "is_blind": is_blind(application),
        "suit": suit,
        "is_live": is_live,
        "is_late": is_live and application.answer_due_on < today,
    }


@require_safe
def candidates(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the best matched candidates who allow it, under pseudonyms, and whom to invite."""
    role, now, offset = own_role(request, public_id), timezone.now(), offset_of(request)
    if offset is None:
        raise Http404
    refusal, found = "", []
    try:
        found = queries.candidates_of(
            role, actor=person(request), at=now, offset=offset, limit=CANDIDATES
        )
    except LimitReached as limit:
        refusal = str(limit)
    context = {
        "role": role,
        "is_listed": Opportunity.objects.listed(at=now).filter(pk=role.pk).exists(),
        "rows": found,
        "refusal": refusal,
        "invited": set(role.invitations.values_list("profile", flat=True)),
        "cap": Site.load().invitations_per_role,
        "next": f"?offset={offset + CANDIDATES}" if len(found) == CANDIDATES else "",
        "previous": f"?offset={max(0, offset - CANDIDATES)}" if offset else "",
    }
    return render(request, "matching/shortlists/candidates.html", context)


@require_safe
def seen(request: HttpRequest) -> HttpResponse:
    """Show the reader what employers see of them before they apply, under each choice."""
    now = timezone.now()
    profile = CandidateProfile.objects.of(person(request)).first()
    if profile is None:
        return redirect("opportunities:me")
    role = queries.best_role_of(profile, at=now)
    context = {
        "profile": profile,
        "role": role,
        "choices": queries.previews(profile, role, at=now),
        "is_counted": CandidateProfile.objects.counted().filter(pk=profile.pk).exists(),
    }
    return render_part(request, "matching/shortlists/seen.html", "seen", context)


@require_POST
def invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask a matched candidate, known by a handle, to apply."""
    operation = partial(
        selecting.invite,
        opportunity_id=own_role(request, public_id).pk,
        candidate_handle=request.POST.get("handle", ""),
        actor=person(request),
        message=request.POST.get("message", ""),
        at=timezone.now(),
    )
    back = reverse("matching:candidates", args=[public_id])
    said = _("Invited. You learn who it is if they apply.")
    return act(request, operation, said=said, back=back)


def _link(group: str, offset: int) -> str:
    return f"?group={group}&offset={offset}"
