"""Roles and searches that a candidate keeps."""

from functools import partial

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities import alerting, profiling, saving
from opportunities.models import CandidateProfile, Opportunity, SavedRole, SavedSearch, User
from opportunities.models.saved import Rhythm
from opportunities.paging import page_of
from opportunities.web.acting import act
from opportunities.web.people import person

BACK = "opportunities:saved"


def _profile(keeper: User) -> CandidateProfile | None:
    return CandidateProfile.objects.of(keeper).filter(erased_at__isnull=True).first()


def _with_profile(keeper: User) -> User:
    """Give an account its profile before it keeps something for the first time."""
    if _profile(keeper) is None:
        profiling.create(facts={}, user=keeper, at=timezone.now())
    return keeper


@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """List what the reader keeps."""
    profile = _profile(person(request))
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
        "saved/list.html",
        {
            "kept": [(row.opportunity, row.opportunity.is_open(at=now)) for row in rows],
            "searches": [(search, alerting.reasons(search)) for search in searches],
            "rhythms": Rhythm.choices,
            "next": cursor.get_next_link(),
            "previous": cursor.get_previous_link(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def save_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep an eye on a role; who had to sign in first returns to the role."""
    keeper = person(request)
    role = get_object_or_404(Opportunity.objects.visible_to(keeper), public_id=public_id)
    back = reverse("opportunities:role", args=[role.slug, role.public_id])
    if request.method != "POST":
        return redirect(back)
    return act(
        request,
        partial(
            saving.save_role,
            keeper=_with_profile(keeper),
            opportunity_id=public_id,
            at=timezone.now(),
        ),
        said="Saved. You will be reminded before it closes.",
        back=back,
    )


@require_POST
def forget_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a saved role go."""
    return act(
        request,
        partial(saving.forget_role, keeper=person(request), opportunity_id=public_id),
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
            keeper=_with_profile(person(request)),
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
