"""Roles and searches that a candidate keeps."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.candidates import alerts, guest_profile, saving
from opportunities.candidates.models import Rhythm, SavedRole, SavedSearch
from opportunities.core import given_back
from opportunities.core.errors import Invalid
from opportunities.core.form_handling import PLACE, act, act_in_place, place_on
from opportunities.core.paging import page_of
from opportunities.roles import search
from opportunities.roles.models import Opportunity

BACK = "opportunities:saved"


def _said(request: HttpRequest, said: str) -> str:
    """Add to a message, for guests, where they find what they saved."""
    if request.user.is_authenticated:
        return said
    beside = _("It is kept for this browser; a secret link or an account keeps it elsewhere too.")
    return f"{said} {beside}"


@login_not_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """List what the reader keeps."""
    profile = guest_profile.profile_of(request)
    now = timezone.now()
    roles = (
        SavedRole.objects.filter(profile=profile)
        .select_related("opportunity__employer")
        .fetch_mode(models.FETCH_PEERS)
    )
    rows, cursor = page_of(roles, request, order=("-saved_at", "-id"))
    searches = SavedSearch.objects.filter(profile=profile).order_by("-created_at", "-id")
    return render(
        request,
        "candidates/saved/list.html",
        {
            "roles": [row.opportunity for row in rows],
            "kept": [(row.opportunity, row.opportunity.is_open(at=now)) for row in rows],
            "searches": [(kept, alerts.reasons(kept)) for kept in searches],
            "rhythms": Rhythm.choices,
            "profile": profile,
            "next": cursor.get_next_link(),
            "previous": cursor.get_previous_link(),
        },
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def save_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep an eye on a role; who had to sign in first returns to the role."""
    role = get_object_or_404(Opportunity.objects.visible_to(request.user), public_id=public_id)
    back = role.path
    if request.method != "POST":
        return redirect(back)
    now, by_mail = timezone.now(), request.user.is_authenticated

    def operation() -> SavedRole:
        return saving.save_role(
            owner=guest_profile.owner_with_profile(request, at=now),
            opportunity_id=public_id,
            at=now,
        )

    kept = (
        _("Saved. You will be reminded before it closes.")
        if by_mail
        else pgettext("a role", "Saved.")
    )
    said = _said(request, kept)
    if request.headers.get("HX-Request"):
        return act_in_place(
            request, operation, partial(_button, request, role, said, is_saved=True)
        )
    before = given_back.page_of(request, otherwise=back)
    return act(request, operation, said=said, back=place_on(before, request))


@login_not_required
@require_POST
def forget_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove a saved role."""
    owner = guest_profile.owner_of(request)
    if owner is None or guest_profile.profile_of(request) is None:
        return redirect(BACK)
    operation = partial(saving.forget_role, owner=owner, opportunity_id=public_id)
    role = Opportunity.objects.visible_to(request.user).filter(public_id=public_id).first()
    if request.headers.get("HX-Request") and role is not None:
        return act_in_place(
            request, operation, partial(_button, request, role, _("Removed."), is_saved=False)
        )
    before = given_back.page_of(request, otherwise=reverse(BACK))
    said = _("Removed: %(role)s.") % {"role": role.title} if role else _("Removed.")
    again = reverse("opportunities:save-role", args=[public_id]) if role else ""
    return act(request, operation, said=said, back=place_on(before, request), undo=again)


def _button(
    request: HttpRequest, role: Opportunity, said: str, refusal: str, *, is_saved: bool
) -> HttpResponse:
    """Return the button in its new state, or in the one before with why it stays so."""
    at = request.POST.get("at", "")
    return render(
        request,
        "candidates/saved/_save.html",
        {
            "role": role,
            "at": at if PLACE.fullmatch(at) else "",
            "is_saved": is_saved != bool(refusal),
            "told": refusal or said,
            "is_refused": bool(refusal),
            "is_fresh": True,
        },
    )


@login_not_required
@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list of roles; guests find them again under Saved."""
    now, by_mail = timezone.now(), request.user.is_authenticated
    said = _("The search is saved: you find it under Saved.")
    if by_mail:
        told = _("We tell you of new roles that pass these filters, at most once a day.")
        said = f"{said} {told}"
    query = QueryDict(request.POST.get("query", "")[: saving.MAX_QUERY].removeprefix("?"))
    there = f"{reverse('opportunities:browse')}?{query.urlencode()}".removesuffix("?")
    return act(
        request,
        lambda: saving.save_search(
            owner=guest_profile.owner_with_profile(request, at=now),
            query=request.POST.get("query", ""),
            name=request.POST.get("name", "").strip() or _("My search"),
            at=now,
        ),
        said=_said(request, said),
        back=there,
    )


@login_not_required
@require_POST
def change_search(request: HttpRequest, search_id: str) -> HttpResponse:
    """Choose how often a saved search tells of new roles, or let it go."""
    owner = guest_profile.owner_of(request)
    if owner is None or guest_profile.profile_of(request) is None:
        raise Http404
    if request.POST.get("action") == "remove":
        operation = partial(saving.forget_search, owner=owner, search_id=search_id)
        gone = _("This search was removed already.")
        return act(request, operation, said=_("Removed."), back=BACK, gone=gone)
    return act(
        request,
        partial(
            saving.change_search,
            owner=owner,
            search_id=search_id,
            rhythm=request.POST.get("rhythm", ""),
        ),
        said=_("Your choice is saved."),
        back=BACK,
        gone=_("This search was removed meanwhile."),
    )


@login_not_required
@require_safe
def lead_here(request: HttpRequest) -> HttpResponse:
    """Lead to the saved searches."""
    return redirect(BACK)


@login_not_required
@require_safe
def new_search(request: HttpRequest) -> HttpResponse:
    """Show which filters would be kept, how many roles pass them now, and ask for a name."""
    faults: list[str] = []
    count = 0
    query = search.without_paging(request.GET)
    try:
        roles, _ = search.search(request.GET, at=timezone.now(), also_known=["cursor"])
        count = roles.count()
    except Invalid as broken:
        faults = [fault.detail for fault in broken.faults]
    context = {
        "query": query,
        "here": request.get_full_path(),
        "reasons": alerts.reasons(SavedSearch(query=query)),
        "count": count,
        "faults": faults,
    }
    return render(request, "candidates/saved/new.html", context, status=400 if faults else 200)
