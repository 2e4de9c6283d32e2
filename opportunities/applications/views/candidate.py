"""A candidate's applications: apply, see where each stands, answer offers, complete the work."""

from datetime import datetime
from functools import partial
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.accounts.current import person
from opportunities.accounts.models import Draft, User
from opportunities.applications import applying
from opportunities.applications.forms import ApplyForm
from opportunities.applications.models import (
    Application,
    ApplicationEvent,
    ApplicationQuerySet,
    ExternalApplication,
    InterviewSlot,
    RoleInvitation,
)
from opportunities.applications.views.sides import CANDIDATE, work_for
from opportunities.candidates import guest_profile, uploads
from opportunities.candidates.models import CandidateProfile, Resume
from opportunities.core import given_back
from opportunities.core.errors import Busy, Invalid, RuleBroken
from opportunities.core.form_handling import act, carry_out, status_of, was_taken
from opportunities.core.forms import Blamed
from opportunities.core.lifecycle import APPLICATION_STEPS, UNDER_WAY, ApplicationStatus, allowed
from opportunities.core.paging import page_of
from opportunities.core.rows import update_row
from opportunities.roles.models import Opportunity

MOST_EXTERNAL: Final = 100
DECISIONS: Final = {
    "withdraw": (applying.withdraw, gettext_lazy("You have withdrawn.")),
    "accept": (applying.accept, gettext_lazy("The place is yours. The employer has been told.")),
    "decline": (
        applying.decline, gettext_lazy("You declined the offer. The place is free again.")
    ),
}  # fmt: skip
"""What a candidate may decide: the operation, and what is said once it is done."""


@login_required(login_url="account_signup")
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Ask for what the role asks for, show it once more, and send it."""
    now = timezone.now()
    candidate = person(request)
    role = get_object_or_404(
        Opportunity.objects.visible_to(candidate)
        .select_related("employer")
        .prefetch_related("questions"),
        public_id=public_id,
    )
    profile = CandidateProfile.objects.of(candidate).first()
    earlier = applying.latest(role, profile) if profile else None
    is_told = request.method != "POST" or not was_taken(request)
    if earlier is not None and not (is_told and applying.may_apply_again(earlier)):
        return _applied_already(request, earlier)
    begun = {"name": candidate.name} | _begun(request, candidate)
    if "change" in request.POST:
        form = ApplyForm(role=role, profile=profile, initial=begun | request.POST.dict())
        return _asked(request, form, now=now)
    form = ApplyForm(
        request.POST or None, request.FILES or None, role=role, profile=profile, initial=begun
    )
    if request.method == "POST" and form.is_valid():
        return _handed_in(request, form, now=now)
    return _asked(request, form, now=now)


def _handed_in(request: HttpRequest, form: ApplyForm, *, now: datetime) -> HttpResponse:
    """Show once more what was written, or send it; what cannot be taken comes back."""
    if not form.role.is_open(at=now):
        way = given_back.Way(_("Browse open roles"), reverse("opportunities:browse"))
        why = _("This role no longer takes applications, so this was not sent.")
        return given_back.page(request, why=why, status=409, may_send=False, way=way)
    try:
        if "check" in request.POST:
            return _checked(request, form, _resume(request, form, now=now))
        carry_out(request, partial(_send, request, form, now=now))
    except Invalid as broken:
        form.blame(broken)
        return _asked(request, form, now=now)
    except (RuleBroken, Busy) as refusal:
        form.add_error(None, str(refusal))
        return _asked(request, form, now=now, refusal=refusal)
    messages.success(request, _("Your application was sent."))
    own = form.role.applications.filter(profile__user=person(request)).order_by("-pk")
    return redirect("opportunities:application", own[0].public_id)


def _asked(
    request: HttpRequest, form: ApplyForm, *, now: datetime, refusal: Exception | None = None
) -> HttpResponse:
    """Return the page on which an application is written."""
    if form.errors and form.files.get("upload") and "upload" not in form.errors:
        form.add_error("upload", _("Choose your CV again: a browser does not keep the file."))
    status, wait = status_of(refusal) if refusal else (422 if form.errors else 200, None)
    context = {
        "role": form.role,
        "form": form,
        "is_open": form.role.is_open(at=now),
        "minutes": sum(question.minutes for question in form.questions),
    }
    response = render(request, "applications/apply.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _checked(request: HttpRequest, form: ApplyForm, resume: Resume | None) -> HttpResponse:
    """Return the page on which an application is read once more before it is sent."""
    context = {
        "role": form.role,
        "lines": form.lines(resume),
        "draft": request.POST.get("draft", ""),
    }
    return render(request, "applications/check.html", context)


def _begun(request: HttpRequest, candidate: User) -> dict[str, str]:
    """Return what the candidate wrote for this application and has not sent, by its boxes."""
    drafts = Draft.objects.filter(writer=candidate, page=request.path)
    return dict(drafts.values_list("name", "text"))


def _applied_already(request: HttpRequest, earlier: Application) -> HttpResponse:
    """Lead to the application that there is; another letter, from an old tab, is given back."""
    there = reverse("opportunities:application", args=[earlier.public_id])
    if request.method == "POST" and given_back.written(request.POST) and not was_taken(request):
        way = given_back.Way(_("See your application"), there)
        why = _("You have applied to this role already, so this was not sent.")
        return given_back.page(request, why=why, status=409, may_send=False, way=way)
    return redirect(there)


def _resume(request: HttpRequest, form: ApplyForm, *, now: datetime) -> Resume | None:
    """Return the CV that goes along: a file that came with the form is kept, once.

    An application is a profile's; a file that is refused makes none.
    """
    candidate, upload = person(request), form.cleaned_data.get("upload")
    data = uploads.inspected(candidate=candidate, file=upload, at=now) if upload else b""
    guest_profile.owner_with_profile(request, at=now)
    if not upload:
        chosen: Resume | None = form.cleaned_data.get("resume")
        return chosen
    return uploads.keep_inspected(candidate=candidate, data=data, name=upload.name, at=now)


def _send(request: HttpRequest, form: ApplyForm, *, now: datetime) -> Application:
    candidate = person(request)
    sent = applying.apply(
        opportunity_id=form.role.pk,
        candidate=candidate,
        papers=form.papers(_resume(request, form, now=now)),
        at=now,
    )
    if not candidate.name:  # asked once: the next form has it already
        update_row(candidate, name=sent.name)
    return sent


@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """List the candidate's applications, those that wait for an answer of theirs first."""
    own = Application.objects.filter(profile__user=person(request)).select_related(
        "opportunity__employer"
    )
    track = Prefetch("events", ApplicationEvent.objects.order_by("id"))
    rows, cursor = page_of(own.prefetch_related(track), request, order=("-submitted_at", "-id"))
    context = {
        "applications": rows,
        "waiting": _waiting(own)[:20],
        "invitations": _invitations(person(request))[:20],
        "external": ExternalApplication.objects.filter(profile__user=person(request))
        .select_related("opportunity__employer")
        .order_by("-stated_at", "-id")[:MOST_EXTERNAL]
        if not request.GET.get("cursor")
        else [],
        "next": cursor.get_next_link(),
    }
    return render(request, "applications/list.html", context)


def _waiting(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """Keep those on which the candidate is to do something: answer, choose a time, or sign."""
    slots = InterviewSlot.objects.filter(application=OuterRef("pk"))
    may_choose = Exists(slots.filter(starts_at__gt=timezone.now())) & ~Exists(
        slots.filter(chosen_at__isnull=False)
    )
    may_sign = Q(
        completion__employer_signed_at__isnull=False, completion__candidate_signed_at__isnull=True
    )
    return applications.filter(
        Q(status=ApplicationStatus.OFFERED)
        | Q(may_choose, status=ApplicationStatus.INTERVIEWING)
        | Q(may_sign, status=ApplicationStatus.ACCEPTED)
    ).order_by(F("offer_lapses_at").asc(nulls_last=True), "id")


def _invitations(candidate: User) -> QuerySet[RoleInvitation]:
    """Return the invitations that the candidate may still follow, newest first."""
    return (
        RoleInvitation.objects.filter(
            profile__user=candidate,
            declined_at__isnull=True,
            opportunity__in=Opportunity.objects.open(at=timezone.now()),
        )
        .exclude(opportunity__applications__profile__user=candidate)
        .select_related("opportunity__employer")
        .order_by("-invited_at", "-id")
    )


@require_POST
def decline_invitation(request: HttpRequest, invitation: int) -> HttpResponse:
    """Decline an employer's invitation; the candidate stays unknown to it."""
    operation = partial(
        applying.decline_invitation,
        invitation_id=invitation,
        candidate=person(request),
        at=timezone.now(),
    )
    said = _("Declined. The employer does not learn who you are.")
    return act(request, operation, said=said, back="opportunities:applications")


@require_safe
def application(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show where one application stands: its dated track, messages, offer, completion."""
    return show_page(request, CANDIDATE.find(request, public_id))


def show_page(request: HttpRequest, found: Application, **failed: Blamed) -> HttpResponse:
    """Show an application, with the forms that did not pass."""
    proposed = list(found.slots.order_by("starts_at"))
    agreed = [slot for slot in proposed if slot.chosen_at]
    ahead = [slot for slot in proposed if slot.starts_at > timezone.now()]
    context = {
        "application": found,
        "role": found.opportunity,
        "events": found.events.order_by("id"),
        "answers": found.answers.order_by("position"),
        "thread": found.messages.filter(hidden_at__isnull=True).order_by("id")[:200],
        "slots": agreed or ahead,
        "may_talk": found.status in UNDER_WAY,
        "allowed": allowed(APPLICATION_STEPS, found.status),
        "may_apply_again": found.opportunity.is_open(at=timezone.now())
        and applying.may_apply_again(applying.latest(found.opportunity, found.profile)),
        **work_for(request, found, by_employer=False, failed=failed),
    }
    status = 422 if failed else 200
    return render(request, "applications/detail.html", context, status=status)


@require_POST
def decide(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Withdraw, accept or decline."""
    if action not in DECISIONS:
        raise Http404
    operation, said = DECISIONS[action]
    return CANDIDATE.act(request, public_id, operation, said=str(said), candidate=person(request))


@require_POST
def choose_slot(request: HttpRequest, public_id: str, slot: int) -> HttpResponse:
    """Choose one of the proposed times."""
    given = {"slot_id": slot, "candidate": person(request)}
    said = _("The time is agreed.")
    return CANDIDATE.act(request, public_id, applying.choose_slot, said=said, **given)


@require_POST
def write(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write to the employer."""
    given = {"sender": person(request), "text": request.POST.get("text", "")}
    said = _("Your message was sent.")
    return CANDIDATE.act(request, public_id, applying.converse, said=said, **given)
