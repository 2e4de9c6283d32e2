"""Roles and searches that a candidate keeps."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.accounts.current import person
from opportunities.candidates import alerts, guest_profile, profiles, saving
from opportunities.candidates.models import SavedRole, SavedSearch
from opportunities.candidates.models.saved import Rhythm
from opportunities.candidates.profiles import Keeper
from opportunities.core.form_handling import act
from opportunities.core.paging import page_of
from opportunities.roles.models import Opportunity

BACK = "opportunities:saved"


def _keeper(request: HttpRequest) -> Keeper:
    """Return who keeps; an account gets its profile before it keeps something first."""
    keeper = guest_profile.keeper_of(request)
    if guest_profile.profile_of(request) is None:
        keeper = person(request)
        profiles.create(facts={}, user=keeper, at=timezone.now())
    return keeper or person(request)


def _is_unknown(request: HttpRequest) -> bool:
    """Say whether this visitor has neither an account nor a secret link."""
    return not request.user.is_authenticated and guest_profile.profile_of(request) is None


def _first_keep(request: HttpRequest) -> HttpResponse:
    messages.info(request, "First keep your answers: a secret link is enough, or an account.")
    return redirect("matching:keep")


@login_not_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """List what the reader keeps."""
    if _is_unknown(request):
        return _first_keep(request)
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
            "kept": [(row.opportunity, row.opportunity.is_open(at=now)) for row in rows],
            "searches": [(search, alerts.reasons(search)) for search in searches],
            "rhythms": Rhythm.choices,
            "next": cursor.get_next_link(),
            "previous": cursor.get_previous_link(),
        },
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def save_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep an eye on a role; who had to sign in first returns to the role."""
    role = get_object_or_404(Opportunity.objects.visible_to(request.user), public_id=public_id)
    back = reverse("opportunities:role", args=[role.slug, role.public_id])
    if request.method != "POST":
        return redirect(back)
    if _is_unknown(request):
        return _first_keep(request)
    return act(
        request,
        partial(
            saving.save_role,
            keeper=_keeper(request),
            opportunity_id=public_id,
            at=timezone.now(),
        ),
        said="Saved. You will be reminded before it closes.",
        back=back,
    )


@login_not_required
@require_POST
def forget_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a saved role go."""
    if _is_unknown(request):
        return _first_keep(request)
    return act(
        request,
        partial(saving.forget_role, keeper=_keeper(request), opportunity_id=public_id),
        said="Let go.",
        back=BACK,
    )


@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list of roles."""
    return act(
        request,
        partial(
            saving.save_search,
            keeper=_keeper(request),
            query=request.POST.get("query", ""),
            name=request.POST.get("name", "").strip() or "My search",
            at=timezone.now(),
        ),
        said="Saved. New roles that pass these filters will be told, at most once a day.",
        back=BACK,
    )


@require_POST
def change_search(request: HttpRequest, search_id: str) -> HttpResponse:
    """Choose how often a saved search tells of new roles, or let it go."""
    keeper = person(request)
    if request.POST.get("action") == "remove":
        operation = partial(saving.forget_search, keeper=keeper, search_id=search_id)
        return act(request, operation, said="Let go.", back=BACK)
    return act(
        request,
        partial(
            saving.change_search,
            keeper=keeper,
            search_id=search_id,
            rhythm=request.POST.get("rhythm", ""),
        ),
        said="Your choice is kept.",
        back=BACK,
    )
