"""Keep a profile by a secret link or an account: made from the answers, shown once, revocable."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from matching.onboarding import visitors
from matching.onboarding.questions import SKILLS, TARGETS, Answers, Question, candidate_fields
from opportunities.accounts.models import User
from opportunities.candidates import guest_profile, joining, profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.profiles import ProfileOwner
from opportunities.core import pay
from opportunities.core.errors import LimitReached, RuleBroken
from opportunities.core.form_handling import too_many
from opportunities.core.models import Site
from opportunities.core.retention import UNKEPT_DAYS
from opportunities.skills.models import Skill

OFFERED: Final = "offered_link"
"""The digest of a link that was followed here, until the visitor says what to do with it."""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the answers of this browser, give the link another secret, or close it.

    A new secret stands on the answer to the button alone: no session ever holds one.
    """
    secret = None
    if request.method == "POST":
        try:
            secret = _act(request, request.POST.get("action", ""))
        except LimitReached as limit:
            return too_many(request, limit)
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
        if secret is None:
            return redirect("matching:keep")
    context = {
        "profile": guest_profile.profile_of(request),
        "link": request.build_absolute_uri(f"/k/{secret}/") if secret else "",
        "answered": guest_profile.has_answered(request),
        "by_secret": guest_profile.KEY in request.session,
        "days": UNKEPT_DAYS,
    }
    return _not_stored(render(request, "matching/onboarding/keep.html", context))


@login_not_required
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address at once, and ask on a page without it."""
    link = profiles.link_of(secret)
    _profile_of(request, link)
    request.session[OFFERED] = link.digest
    response = _not_stored(redirect("matching:offered"))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def offered(request: HttpRequest) -> HttpResponse:
    """Ask before this browser shows the profile of a link, or an account takes it over."""
    link = profiles.Link(request.session.get(OFFERED, ""))
    profile = _profile_of(request, link)
    owner = guest_profile.owner_of(request)
    if owner == link or (isinstance(owner, User) and profile.user_id == owner.pk):
        request.session.pop(OFFERED)
        return redirect("matching:matches")
    if request.method == "POST":
        _take(request, link)
        request.session.pop(OFFERED)
        is_choice = guest_profile.BESIDE in request.session
        return redirect("opportunities:answers" if is_choice else "matching:matches")
    context = {
        "offered": profile,
        "has_own": guest_profile.profile_of(request) is not None,
        "answered": guest_profile.has_answered(request),
    }
    return _not_stored(render(request, "matching/onboarding/adopt.html", context))


def _profile_of(request: HttpRequest, link: profiles.Link) -> CandidateProfile:
    """Return the profile that a link opens; to an account it opens no profile of another one."""
    profile = profiles.find(owner=link)
    if isinstance(request.user, User) and profile.user_id not in {None, request.user.pk}:
        raise Http404
    return profile


def _take(request: HttpRequest, link: profiles.Link) -> None:
    """Show the profile in this browser, or join it with the account's."""
    if not isinstance(request.user, User):
        guest_profile.open_here(request, link)
        return
    joined = joining.join(guest=link, user=request.user, at=timezone.now())
    request.session.pop(guest_profile.KEY, None)
    if joined.differing:
        request.session[guest_profile.BESIDE] = joining.as_json(joined.differing)
    messages.success(request, _("It is all in your account now."))


def _act(request: HttpRequest, action: str) -> str | None:
    """Do what a button says; return a secret that was made, to be shown this once."""
    owner, profile = guest_profile.owner_of(request), guest_profile.profile_of(request)
    if action == "make" and profile is None:
        owner = guest_profile.owner_with_profile(request, at=timezone.now())
        messages.success(request, _("Saved."))
        return None if isinstance(owner, User) else _new_link(request, owner)
    if action == "rotate" and owner is not None and profile is not None:
        messages.success(request, _("Only this link opens your profile from now on."))
        return _new_link(request, owner)
    if action == "revoke" and isinstance(owner, User):
        profiles.revoke_secret(owner=owner)
        messages.success(request, _("No link opens your profile any more."))
    elif action == "leave":
        request.session.pop(guest_profile.KEY, None)
        messages.success(request, _("This browser has forgotten the link."))
    elif action != "make":  # pressed again, or the page loaded anew: it is kept already
        raise Http404
    return None


def _new_link(request: HttpRequest, owner: ProfileOwner) -> str:
    secret = profiles.rotate_secret(owner=owner)
    if not isinstance(owner, User):
        guest_profile.open_here(request, profiles.link_of(secret))
    return secret


def facts_of(request: HttpRequest) -> dict[str, Any]:
    """Return the answers of this browser as facts of a profile."""
    answers = visitors.answers_of(request)
    return facts_from(visitors.asked(timezone.now(), answers), answers)


def facts_from(asked: Sequence[Question], answers: Answers) -> dict[str, Any]:
    """Return answers as facts of a profile, amounts in the site's currency."""
    currency = Site.load().currency
    given = candidate_fields(asked, answers)
    scale = 10 ** pay.EXPONENT.get(currency, 2)
    facts = {name: value for name, value in given.items() if name != "rate_floor"}
    if "rate_floor" in given:
        facts["rate_floor_minor"] = round(given["rate_floor"] * scale)
    named = {slug for name in (SKILLS, TARGETS) for slug in facts.get(name, {})}
    known = set(
        Skill.objects.filter(slug__in=named, is_retired=False).values_list("slug", flat=True)
        if named
        else ()
    )
    for name in {SKILLS, TARGETS} & set(facts):  # one may be retired since it was chosen
        facts[name] = {slug: number for slug, number in facts[name].items() if slug in known}
    return facts | {"currency": currency}


def _not_stored(response: HttpResponse) -> HttpResponse:
    """Let no cache keep a page that holds a secret or leads on from one."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
