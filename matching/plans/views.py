"""Plans that somebody took on: the list, what is left to do, the calendar, letting one go."""

from datetime import datetime
from functools import partial
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from matching.models import CandidatePlan
from matching.onboarding import visitors
from matching.onboarding.questions import FIRST
from matching.plans import keeping, showing
from matching.recommending.path_views import calendar_file, paths_for
from matching.recommending.paths import KINDS, Path
from opportunities.accounts.current import person
from opportunities.candidates import guest_profile
from opportunities.core.errors import RuleBroken
from opportunities.core.form_handling import act, carry_out, refused
from opportunities.core.paging import page_of

KEPT: Final = gettext_lazy(
    "Planned: the roles are saved, and you will be reminded before each last day to apply."
)
GUEST_KEPT: Final = gettext_lazy(
    "Planned and saved for this browser. With an account you are reminded before each last day to "
    "apply, and your letters are drafted."
)


@login_not_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans that the reader took on, the last one first."""
    profile = guest_profile.profile_of(request)
    rows, cursor = page_of(
        CandidatePlan.objects.filter(profile=profile).select_related("profile"),
        request,
        order=("-id",),
    )
    context = {
        "plans": showing.show_all(rows, at=timezone.now()),
        "next": cursor.get_next_link(),
        "previous": cursor.get_previous_link(),
    }
    return render(request, "matching/plans/list.html", context)


@login_not_required
@require_POST
def plan_this(request: HttpRequest) -> HttpResponse:
    """Take on the path that the reader saw; one that has changed since is shown first."""
    now, kind = timezone.now(), request.POST.get("kind", "")
    seen = visitors.visitor(request, at=now)
    if seen is None:
        return redirect("matching:start", FIRST)
    if kind not in KINDS:
        raise Http404
    key = request.POST.get("key", "")
    earlier = CandidatePlan.objects.filter(profile__isnull=False, profile=seen.profile, key=key)
    if (kept := earlier.first()) is not None:
        return redirect("matching:plan", kept.public_id)
    path: Path = getattr(paths_for(seen, at=now), kind)
    if key != path.key:
        messages.error(request, _("Roles have changed since you looked. This is the plan now."))
        return redirect("matching:paths")
    return _take_on(request, path, at=now)


def _take_on(request: HttpRequest, path: Path, *, at: datetime) -> HttpResponse:
    def operation() -> CandidatePlan:
        owner = guest_profile.owner_with_profile(request, at=at)
        return keeping.plan_this(owner=owner, path=path, at=at)

    try:
        made = carry_out(request, operation)
    except RuleBroken as refusal:
        return refused(request, refusal, back=reverse("matching:paths"))
    if made is None:  # the same form, sent twice
        return redirect("matching:plans")
    messages.success(request, KEPT if request.user.is_authenticated else GUEST_KEPT)
    return redirect("matching:plan", made.public_id)


@login_not_required
@require_safe
def plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one plan: what to do by when, where each role stands, and how likely it is."""
    now = timezone.now()
    kept = showing.show(_own(request, public_id), at=now)
    context = {
        "kept": kept,
        "plan": kept.plan,
        "today": showing.worth_now(kept, at=now),
        "is_guest": not request.user.is_authenticated,
    }
    return render(request, "matching/plans/plan.html", context)


@login_not_required
@require_safe
def kept_calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the days of one plan as a calendar file."""
    kept = showing.show(_own(request, public_id), at=timezone.now())
    return calendar_file("plan", kept.legs)


@require_POST
def prepare(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draft the letters that are missing."""
    operation = partial(
        keeping.prepare, owner=person(request), plan_id=public_id, at=timezone.now()
    )
    said = _(
        "Your letters are drafted. Each stands in its application: say in it why you want the work."
    )
    return act(request, operation, said=said, back=reverse("matching:plan", args=[public_id]))


@login_not_required
@require_POST
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a plan go, with what it saved and drafted."""
    owner = guest_profile.owner_of(request)
    if owner is None:
        raise Http404
    operation = partial(keeping.drop, owner=owner, plan_id=public_id)
    said = _("The plan is gone, with what it saved and drafted. Applications that you sent stay.")
    gone = _("This plan was gone already.")
    return act(request, operation, said=said, back=reverse("matching:plans"), gone=gone)


def _own(request: HttpRequest, public_id: str) -> CandidatePlan:
    owner = guest_profile.owner_of(request)
    if owner is None:
        raise Http404
    return keeping.own_plan(owner, public_id)
