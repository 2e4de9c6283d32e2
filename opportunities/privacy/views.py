"""A person's data: who may see it, all of it in one file, its erasure, a resume to read from."""

from collections.abc import Callable
from functools import partial

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.accounts.current import person
from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_blocked
from opportunities.candidates import blocking, guest_profile, profiles, uploads
from opportunities.candidates.models import (
    BlockedEmployer,
    CandidateProfile,
    CandidateSkill,
    Resume,
    Visibility,
)
from opportunities.candidates.resumes import keep, read
from opportunities.candidates.resumes.skills import find_skills
from opportunities.core.errors import Busy, Conflict, Invalid, RuleBroken
from opportunities.core.fields_of_work import Field
from opportunities.core.form_handling import act, carry_out, status_of
from opportunities.moderation.models import Decision
from opportunities.moderation.outcomes import INTERNAL
from opportunities.privacy import erase as erasing
from opportunities.privacy.export import download
from opportunities.roles.views.manage import SHOWN, decided
from opportunities.roles.wording import LEVEL_WORDS

BACK = "opportunities:me"


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show what the reader may decide about their own data."""
    owner = person(request)
    profile = CandidateProfile.objects.of(owner).first()
    blocked = is_blocked(owner)
    unwanted = BlockedEmployer.objects.filter(profile=profile).select_related("employer")
    about = (
        Decision.objects.filter(account=owner)
        .exclude(action__in=INTERNAL)
        .select_related("appeal", "moderator")
        .order_by("-decided_at", "-id")
    )
    return render(
        request,
        "privacy/me.html",
        {
            "profile": profile,
            "unwanted": unwanted.order_by("employer__name", "id"),
            "visibilities": [
                (each.value, each.label) for each in Visibility if not (blocked and each.is_seen)
            ],
            "is_blocked": blocked,
            "files": Resume.objects.filter(profile=profile).order_by("-uploaded_at", "-id"),
            "decisions": [decided(decision, timezone.now()) for decision in about[:SHOWN]],
        },
    )


@require_POST
def visibility(request: HttpRequest) -> HttpResponse:
    """Choose who may see the reader before an application."""
    facts = {
        "visibility": request.POST.get("visibility", ""),
        "portfolio_is_public": request.POST.get("portfolio") == "on",
    }
    return act(
        request,
        partial(profiles.change, owner=person(request), facts=facts, at=timezone.now()),
        said=_("Your choice is saved."),
        back=BACK,
    )


@require_POST
def block(request: HttpRequest) -> HttpResponse:
    """Block or unblock an employer."""
    owner, employer = person(request), request.POST.get("employer", "")[:140]
    if request.POST.get("action") == "unblock":
        operation = partial(blocking.unblock_employer, owner=owner, employer=employer)
        return act(request, operation, said=_("The employer may see you again."), back=BACK)
    return act(
        request,
        partial(blocking.block_employer, owner=owner, employer=employer, at=timezone.now()),
        said=_("The employer never sees you, and you never see it."),
        back=BACK,
    )


@require_POST
def delete_resume(request: HttpRequest, resume: int) -> HttpResponse:
    """Delete a resume; applications that used it lose it."""
    operation = partial(uploads.delete_resume, candidate=person(request), resume_id=resume)
    said, gone = _("The file is gone."), _("This file was gone already.")
    return act(request, operation, said=said, back=BACK, gone=gone)


@require_POST
def export(request: HttpRequest) -> FileResponse:
    """Hand out everything that is kept about the reader."""
    return download(owner=person(request), at=timezone.now())


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth's is without types
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Say what erasing means; once the reader types their own address, do it."""
    owner = person(request)
    problem = wrong = ""
    if request.method == "POST":
        if request.POST.get("confirm", "").strip().casefold() != owner.email:
            wrong = _("Type your own email address.")
        else:
            try:
                erasing.erase(owner=owner, at=timezone.now())
            except Conflict as conflict:
                problem = str(conflict)
            else:
                logout(request)
                messages.success(request, _("Everything about you has been erased."))
                return redirect("opportunities:home")
    context = {"problem": problem, "wrong": wrong}
    return render(request, "privacy/erase.html", context, status=422 if problem or wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Read a CV, show what it would change, and save that when told to.

    A JSON Resume is read for all that a profile holds, any other file for skills.
    """
    owner = person(request)
    if request.method != "POST":
        return render(request, "privacy/resume.html")
    status, wait, context = 200, None, dict[str, object]()
    try:
        if done := _save_read(request, owner):
            return done
        context = _read(request, owner)
    except Invalid as broken:
        status, context = 422, {"faults": broken.faults}
    except (RuleBroken, Busy) as refusal:
        status, wait = status_of(refusal)
        context = {"problem": str(refusal)}
    response = render(request, "privacy/resume.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _save_read(request: HttpRequest, owner: User) -> HttpResponse | None:
    """Save what was read and shown, if a button says so, and return to where it stands."""
    operation: Callable[[], object]
    match request.POST.get("action"):
        case "add":
            chosen = request.POST.getlist("skill")
            operation = partial(keep.add, owner=owner, chosen=chosen, at=timezone.now())
            said, there = _("The skills are in your profile."), "opportunities:profile"
        case "keep":
            content = _content(request)
            operation = partial(keep.keep, owner=owner, content=content, at=timezone.now())
            said, there = _("Your profile now holds what the CV says."), BACK
        case _:
            return None
    with transaction.atomic():  # what is refused leaves no profile behind
        guest_profile.owner_with_profile(request, at=timezone.now())
        carry_out(request, operation)
    messages.success(request, said)
    return redirect(there)


def _read(request: HttpRequest, owner: User) -> dict[str, object]:
    """Return what a file or a text says, for the page that shows it."""
    upload, content = request.FILES.get("file"), _content(request)
    if upload is None or read.is_json_resume(content):
        changed = keep.changes(owner=owner, content=content)
        return {
            "preview": changed,
            "is_news": bool(changed.name or changed.facts or changed.skills),
            "fields": [Field(name).label for name in changed.facts.get("interests", ())],
            "skills": [(skill.name, LEVEL_WORDS[skill.level]) for skill in changed.skills],
            "content": content.decode("utf-8-sig"),
        }
    upload.seek(0)
    who = f"account:{owner.pk}"
    found = find_skills(text="", file=upload, who=who, at=timezone.now())
    own = CandidateSkill.objects.filter(profile__in=CandidateProfile.objects.of(owner), level__gt=0)
    held = set(own.values_list("skill__slug", flat=True))
    return {
        "found": [skill for skill in found if skill.slug not in held],
        "held": [skill.name for skill in found if skill.slug in held and skill.is_named],
    }


def _content(request: HttpRequest) -> bytes:
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("content", "").encode("utf-8", "replace")
    content: bytes = upload.read(read.MAX_SIZE + 1)
    return content
