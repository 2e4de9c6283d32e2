"""The role form: one step a page, kept in the session until there is an account to keep it.

Beside every step a panel says what an hour truly pays, what a moderator would object to and how
many people the role fits now. It is drawn anew while one types; without script, on request.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.accounts.current import person
from opportunities.accounts.models import User
from opportunities.core import given_back
from opportunities.core.errors import Invalid, RuleBroken
from opportunities.core.form_fields import storable
from opportunities.core.form_handling import carry_out
from opportunities.core.lifecycle import EDITABLE, RoleStatus
from opportunities.employers.membership import employers_of
from opportunities.employers.models import Employer
from opportunities.moderation.models import Verdict
from opportunities.roles import drafts, publishing
from opportunities.roles.formats import FORMATS
from opportunities.roles.lookup import own_role
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import MATERIAL
from opportunities.roles.views.steps import (
    ORDER,
    PREVIEW,
    STEPS_OF_FORM,
    StepForm,
    after,
    before,
    step_of,
)
from opportunities.skills.models import Skill

KEY: Final = "role_draft"
AMENDABLE: Final = (RoleStatus.OPEN, RoleStatus.PAUSED)


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Go to the first step, or to the preview of a draft that was begun."""
    begun = bool(request.session.get(KEY))
    return redirect("opportunities:new-role-step", PREVIEW if begun else ORDER[0])


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_step(request: HttpRequest, step: str) -> HttpResponse:
    """Ask one step of a draft that this browser keeps; a member's is stored at once."""
    if step not in ORDER:
        raise Http404
    values: dict[str, Any] = request.session.get(KEY, {})
    if step != ORDER[0] and not values.get("format"):
        return (
            given_back.page(request, why="The draft of this browser is gone.", status=409)
            if request.method == "POST" and given_back.written(request.POST)
            else redirect("opportunities:new-role-step", ORDER[0])
        )
    now = timezone.now()
    employers = employers_of(request)
    desk = {
        "values": values,
        "employer": employers[0] if employers else None,
        "links": [(slug, reverse("opportunities:new-role-step", args=[slug])) for slug in ORDER],
    }
    if step == PREVIEW:
        return _preview(request, desk, now)
    form = STEPS_OF_FORM[step].form(_sent(request), draft=values)
    if not _is_sent(request, form):
        return _page(request, step, form, desk, now)
    wanted = {**drafts.forget_derived(values, form.changed()), **form.changed()}
    if form.blame(drafts.draft_faults(wanted)):
        return _page(request, step, form, desk, now)
    request.session[KEY] = storable(wanted)
    if len(employers) == 1:
        return _keep(request, employers[0], now, follow=after(step))
    return redirect("opportunities:new-role-step", after(step))


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Move the draft of this browser to one of the person's organizations."""
    employers = employers_of(request)
    if not request.session.get(KEY):
        return redirect("opportunities:new-role")
    if not employers:
        here = reverse("opportunities:keep-role")
        return redirect(f"{reverse('opportunities:found-employer')}?next={here}")
    if request.method == "POST":
        chosen = [one for one in employers if one.slug == request.POST.get("employer")]
        if not chosen:
            raise Http404
        return _keep(request, chosen[0], timezone.now(), follow=PREVIEW)
    context = {"employers": employers, "title": request.session[KEY].get("title", "")}
    return render(request, "roles/keep.html", context)


@login_not_required
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Throw away the draft that this browser keeps."""
    request.session.pop(KEY, None)
    messages.success(request, "The draft is gone.")
    return redirect("opportunities:employers")


@require_http_methods(["GET", "HEAD", "POST"])
def edit_step(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Ask one step of a stored role: a draft is edited, a role on the market is amended."""
    if step not in ORDER:
        raise Http404
    role, now = own_role(request, public_id), timezone.now()
    values = drafts.values_of(role)
    desk = {
        "values": values,
        "employer": role.employer,
        "stored": role,
        "amending": role.status in AMENDABLE,
        "links": [
            (slug, reverse("opportunities:edit-role-step", args=[public_id, slug]))
            for slug in ORDER
        ],
    }
    if step == PREVIEW:
        return _preview(request, desk, now)
    if role.status not in EDITABLE and role.status not in AMENDABLE:
        messages.error(
            request, f"This role is {role.get_status_display().lower()}: first act on that."
        )
        return redirect("opportunities:manage-role", public_id)
    form = STEPS_OF_FORM[step].form(_sent(request), draft=values)
    if _is_sent(request, form) and _write(request, role, form, now):
        if role.status in AMENDABLE:
            role.refresh_from_db(fields=["status"])
            again = role.status == RoleStatus.IN_REVIEW
            said = "Sent for review again." if again else "Changed."
            messages.success(request, said)
            return redirect("opportunities:manage-role", public_id)
        return redirect("opportunities:edit-role-step", public_id, after(step))
    return _page(request, step, form, desk, now)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _is_sent(request: HttpRequest, form: StepForm) -> bool:
    """Say whether the page was sent to be kept, rather than looked at again."""
    searching = form.picker is not None and form.picker.is_searching
    return (
        request.method == "POST"
        and "look" not in request.POST
        and not searching
        and form.is_valid()
    )


def _write(request: HttpRequest, role: Opportunity, form: StepForm, now: datetime) -> bool:
    if not form.settle():
        return False
    operation = publishing.update_draft if role.status in EDITABLE else publishing.amend
    try:
        carry_out(
            request,
            partial(
                operation,
                opportunity_id=role.pk,
                actor=person(request),
                values=form.changed(),
                version=role.version,
                at=now,
            ),
        )
    except Invalid as broken:
        if not form.blame(list(broken.faults)):
            form.add_error(None, str(broken))
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


def _keep(request: HttpRequest, employer: Employer, now: datetime, *, follow: str) -> HttpResponse:
    made: list[Opportunity] = []

    def make() -> None:
        made.append(
            publishing.create_draft(
                employer_id=employer.pk,
                actor=person(request),
                values=request.session[KEY],
                at=now,
            )
        )

    try:
        carry_out(request, make)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect("opportunities:new-role-step", PREVIEW)
    request.session.pop(KEY, None)
    if not made:
        return redirect("opportunities:employer-home")
    return redirect("opportunities:edit-role-step", made[0].public_id, follow)


def _page(
    request: HttpRequest, step: str, form: StepForm, desk: dict[str, Any], now: datetime
) -> HttpResponse:
    asked = STEPS_OF_FORM[step]
    seen = dict(desk["values"])
    if form.is_bound and form.is_valid():
        seen = {**drafts.forget_derived(seen, form.changed()), **form.changed()}
    looking = "look" in request.POST or (form.picker is not None and form.picker.is_searching)
    material = [
        form.fields[name].label
        for name in form.fields
        if MATERIAL.get(name.split(".")[0]) and "." not in name
    ]
    if form.part or step == "skills":
        material.append(asked.short if step == "skills" else form.part.capitalize())
    context = {
        **desk,
        **panel(seen, desk["employer"], request.user, now),
        "step": asked,
        "form": form,
        "number": ORDER.index(step) + 1,
        "of": len(ORDER),
        "back": dict(desk["links"]).get(before(step), ""),
        "here": step,
        "names": _names(desk, step),
        "material": material if desk.get("amending") else [],
    }
    name = "roles/step.html"
    if request.headers.get("HX-Request") and "look" in request.POST:
        name += "#panel"
    failed = bool(form.errors) and not looking
    return render(request, name, context, status=422 if failed else 200)


def _preview(request: HttpRequest, desk: dict[str, Any], now: datetime) -> HttpResponse:
    values = desk["values"]
    slugs = [entry["name"] for entry in values.get("skills") or []]
    named = dict(Skill.objects.filter(slug__in=slugs).values_list("slug", "name"))
    stored: Opportunity | None = desk.get("stored")
    context = {
        **desk,
        **panel(values, desk["employer"], request.user, now),
        "step": None,
        "here": PREVIEW,
        "names": _names(desk, PREVIEW),
        "skills": [
            {**entry, "name": named.get(entry["name"], entry["name"])}
            for entry in values.get("skills") or []
        ],
        "number": len(ORDER),
        "of": len(ORDER),
        "can_submit": stored is not None and stored.status in EDITABLE,
    }
    return render(request, "roles/preview.html", context)


def _names(desk: Mapping[str, Any], here: str) -> list[tuple[str, str, bool]]:
    """Return the steps as links: name, address, whether it is this one."""
    return [
        (STEPS_OF_FORM[slug].short if slug in STEPS_OF_FORM else "Preview", href, slug == here)
        for slug, href in desk["links"]
    ]


def panel(
    values: Mapping[str, Any], employer: Employer | None, viewer: object, now: datetime
) -> dict[str, Any]:
    """Return what the panel beside the form shows of a draft as it stands."""
    email = viewer.email if isinstance(viewer, User) else ""
    found = publishing.assess(values=values, employer=employer, poster_email=email, at=now)
    reading = drafts.read(values)
    role = None
    if reading.columns.get("format") in FORMATS:
        role = drafts.derive(Opportunity(**reading.columns))
        role.employer = employer or Employer(name="Your organization", slug="yours")
    return {
        "role": role,
        "role_skills": reading.parts.get("skills", []),
        "hourly": found.hourly_minor,
        "currency": found.currency,
        "missing": [(fault.detail, step_of(fault.field)) for fault in found.faults],
        "objections": [one for one in found.results if one.verdict != Verdict.CLEAR],
        "clear": sum(one.verdict == Verdict.CLEAR for one in found.results),
        "stopped": any(one.verdict == Verdict.STOP for one in found.results),
    }
