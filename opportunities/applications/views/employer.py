"""One applicant as the employer may see them, and every decision about them."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from opportunities.accounts.current import person
from opportunities.accounts.models import User
from opportunities.applications import applying, selecting
from opportunities.applications.forms import CHOOSE_REASON, InterviewForm, OfferForm, RejectForm
from opportunities.applications.lookup import own_application, own_application_id
from opportunities.applications.models import Application
from opportunities.applications.possible import possible
from opportunities.applications.pseudonyms import dossier
from opportunities.applications.views.work import work_for
from opportunities.candidates.api.downloads import attachment
from opportunities.core import clock
from opportunities.core.errors import Fault, Invalid
from opportunities.core.form_handling import act, act_on_form, refused
from opportunities.core.forms import Blamed
from opportunities.core.lifecycle import LIVE
from opportunities.roles.lookup import own_role_id
from opportunities.roles.wording import quantity

MOST: Final = 200
SAID: Final = {
    "interview": gettext_lazy("The times are proposed."),
    "offer": gettext_lazy("The offer is made; it holds a place until it lapses."),
    "reject": gettext_lazy("They have been told."),
}


@require_safe
def applicant(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one application with its answers, track and every decision that is possible."""
    return show_page(request, own_application(request, public_id))


def show_page(request: HttpRequest, found: Application, **forms: Blamed) -> HttpResponse:
    """Show an applicant, with the forms that did not pass."""
    now = timezone.now()
    fresh: dict[str, Callable[[], Blamed]] = {
        "interview_form": InterviewForm,
        "offer_form": OfferForm,
        "reject_form": RejectForm,
    }
    context = {
        "application": found,
        "role": found.opportunity,
        "dossier": dossier(found),
        "events": found.events.order_by("id")[:MOST],
        "thread": found.messages.filter(hidden_at__isnull=True).order_by("id")[:MOST],
        "notes": found.notes.select_related("author").order_by("-id")[:MOST],
        "slots": found.slots.order_by("starts_at"),
        "allowed": possible(found, at=now),
        "is_live": found.status in LIVE,
        "zones": clock.labels(clock.COMMON, at=now),
        "is_late": found.status in LIVE and found.answer_due_on < now.date(),
        **{name: forms.get(name) or make() for name, make in fresh.items()},
        **work_for(request, found, by_employer=True, failed=forms),
    }
    return render(request, "applications/applicant.html", context, status=422 if forms else 200)


@require_POST
def plain_act(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Shortlist, write, note, or record a no-show."""
    actor, now, text = person(request), timezone.now(), request.POST.get("text", "")
    application: dict[str, Any] = {
        "application_id": own_application_id(request, public_id),
        "at": now,
    }
    operation: Callable[[], object]
    match action:
        case "shortlist":
            operation = partial(selecting.shortlist, actor=actor, **application)
            said = _("On the shortlist; the applicant has been told.")
        case "note":
            operation = partial(selecting.note, actor=actor, text=text, **application)
            said = _("Noted for your team.")
        case "message":
            operation = partial(applying.converse, sender=actor, text=text, **application)
            said = _("Your message was sent.")
        case "no-show":
            operation = partial(selecting.no_show, actor=actor, message=text, **application)
            said = _("It is on record; the place is free again.")
        case _:
            raise Http404
    return act(request, operation, said=said, back=address_of(public_id))


@require_POST
def decide(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Propose times, offer or reject; what does not pass is asked again."""
    application_id = own_application_id(request, public_id)
    actor, now = person(request), timezone.now()
    makers: dict[str, Callable[[], Blamed]] = {
        "interview": partial(InterviewForm, request.POST),
        "offer": partial(OfferForm, request.POST),
        "reject": partial(RejectForm, request.POST),
    }
    if action not in makers:
        raise Http404
    form = makers[action]()
    operation = partial(_decide, form, application_id, actor, now)
    done = act_on_form(request, form, operation, said=str(SAID[action]), back=address_of(public_id))
    return done or show_page(
        request, own_application(request, public_id), **{f"{action}_form": form}
    )


def _decide(form: Blamed, application_id: int, actor: User, now: datetime) -> Application:
    common: dict[str, Any] = {"application_id": application_id, "actor": actor, "at": now}
    given = form.cleaned_data
    if isinstance(form, InterviewForm):
        return selecting.propose_interview(proposals=form.proposals(), **common)
    if isinstance(form, OfferForm):
        return selecting.offer(lapses_at=given["lapses_at"], message=given["message"], **common)
    if isinstance(form, RejectForm):
        return selecting.reject(reason=given["reason"], message=given["message"], **common)
    raise TypeError(f"{type(form).__name__} decides nothing.")


@require_safe
def resume(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Hand out the resume as an attachment that no browser runs, once it may be seen."""
    shown = dossier(own_application(request, public_id)).resume
    if shown is None:
        raise Http404
    return attachment(shown)


@require_POST
def in_bulk(request: HttpRequest, public_id: str) -> HttpResponse:
    """Shortlist or reject many applicants at once; one refusal stops no other."""
    actor, now, action = person(request), timezone.now(), request.POST.get("action", "")
    chosen = Application.objects.filter(
        opportunity=own_role_id(request, public_id),
        public_id__in=request.POST.getlist("application"),
    )

    def one(application_id: int) -> Application:
        if action == "shortlist":
            return selecting.shortlist(application_id=application_id, actor=actor, at=now)
        return selecting.reject(
            application_id=application_id,
            actor=actor,
            reason=request.POST.get("reason", ""),
            message=request.POST.get("message", ""),
            at=now,
        )

    if action not in {"shortlist", "reject"}:
        raise Http404
    back = reverse("matching:applicants", args=[public_id])
    if action == "reject" and not request.POST.get("reason"):
        return refused(request, Invalid(Fault("reason", "required", str(CHOOSE_REASON))), back=back)
    try:
        outcomes = selecting.in_bulk(chosen.values_list("pk", flat=True), one)
    except Invalid as broken:
        return refused(request, broken, back=back)
    else:
        refusals = [outcome.refusal for outcome in outcomes if outcome.refusal]
        done = len(outcomes) - len(refusals)
        if not done:
            return refused(request, refusals[0], back=back)
        if done:
            messages.success(
                request, _("Done for %(done)s.") % {"done": quantity(done, "applicant")}
            )
        for refusal in dict.fromkeys(str(refusal) for refusal in refusals):
            messages.error(request, refusal)
    return redirect(back)


def address_of(public_id: str) -> str:
    """Return where the employer finds an application."""
    return reverse("opportunities:employer-application", args=[public_id])
