"""Keep a profile by a secret link or an account: made from the answers, shown once, revocable."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from matching.onboarding import visitors
from matching.onboarding.questions import candidate_fields
from opportunities.accounts.models import User
from opportunities.candidates import guest_profile, profiles
from opportunities.core import pay
from opportunities.core.errors import Conflict, NotFound, RuleBroken
from opportunities.core.models import Site

SHOW_ONCE: Final = "secret_to_show"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the answers of this browser, give the link another secret, or close it."""
    if request.method == "POST":
        try:
            _act(request, request.POST.get("action", ""))
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
        return redirect("matching:keep")
    profile = guest_profile.profile_of(request)
    secret = request.session.pop(SHOW_ONCE, None)
    context = {
        "profile": profile,
        "link": request.build_absolute_uri(f"/k/{secret}/") if secret else "",
        "answered": visitors.KEY in request.session,
        "by_secret": guest_profile.KEY in request.session,
    }
    return _unreferred(render(request, "matching/onboarding/keep.html", context))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open the profile in this browser; an account may take it over."""
    try:
        profile = profiles.find(keeper=secret)
    except NotFound as unknown:
        raise Http404 from unknown
    if not isinstance(request.user, User):
        request.session[guest_profile.KEY] = secret
        return _unreferred(redirect("matching:matches"))
    if profile.user_id == request.user.pk:
        return _unreferred(redirect("matching:matches"))
    if profile.user_id is not None:
        raise Http404
    if request.method == "POST":
        try:
            profiles.adopt(
                secret=secret,
                user=request.user,
                at=timezone.now(),
                replace=request.POST.get("replace") == "1",
            )
        except Conflict as conflict:
            messages.error(request, str(conflict))
        else:
            request.session.pop(guest_profile.KEY, None)
            messages.success(request, "Your account keeps these answers from now on.")
            return _unreferred(redirect("matching:matches"))
    context = {"has_own": guest_profile.profile_of(request) is not None}
    return _unreferred(render(request, "matching/onboarding/adopt.html", context))


def _act(request: HttpRequest, action: str) -> None:
    keeper, now = guest_profile.keeper_of(request), timezone.now()
    profile = guest_profile.profile_of(request)
    if action == "make" and profile is None:
        user = keeper if isinstance(keeper, User) else None
        kept = profiles.create(facts=facts_of(request), user=user, at=now)
        if kept.secret is not None:
            _show(request, kept.secret)
        messages.success(request, "Kept.")
    elif action == "rotate" and keeper is not None and profile is not None:
        _show(request, profiles.rotate_secret(keeper=keeper))
        messages.success(request, "The link before opens nothing any more.")
    elif action == "revoke" and isinstance(keeper, User):
        profiles.revoke_secret(keeper=keeper)
        messages.success(request, "No link opens your profile any more.")
    elif action == "leave":
        request.session.pop(guest_profile.KEY, None)
        messages.success(request, "This browser has forgotten the link.")
    else:
        raise Http404


def _show(request: HttpRequest, secret: str) -> None:
    request.session[SHOW_ONCE] = secret
    if not isinstance(request.user, User):
        request.session[guest_profile.KEY] = secret


def facts_of(request: HttpRequest) -> dict[str, Any]:
    """Return the answers of this browser as facts of a profile."""
    now, currency = timezone.now(), Site.load().currency
    given = candidate_fields(visitors.asked(now), visitors.answers_of(request))
    scale = 10 ** pay.EXPONENT.get(currency, 2)
    facts = {
        name: value for name, value in given.items() if name not in {"rate_floor", "rate_target"}
    }
    for name in ("rate_floor", "rate_target"):
        if name in given:
            facts[f"{name}_minor"] = round(given[name] * scale)
    return facts | {"currency": currency}


def _unreferred(response: HttpResponse) -> HttpResponse:
    """Let no page that is opened from here learn the address: it may hold the secret."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response
