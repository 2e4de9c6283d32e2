"""One applicant as the employer may see them, and every decision about them."""

from collections.abc import Callable, Mapping
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
from opportunities.applications import applying, selecting
from opportunities.applications.forms import CHOOSE_REASON, InterviewForm, OfferForm, RejectForm
from opportunities.applications.models import Application
from opportunities.applications.possible import possible
from opportunities.applications.pseudonyms import dossier
from opportunities.applications.views.sides import EMPLOYER, work_for
from opportunities.candidates.uploads import attachment
from opportunities.core import clock
from opportunities.core.errors import Fault, Invalid
from opportunities.core.form_handling import refused
from opportunities.core.forms import ENTER, Blamed
from opportunities.core.lifecycle import LIVE, UNDER_WAY
from opportunities.roles.lookup import own_role
from opportunities.roles.wording import quantity

MOST: Final = 200
STEPS: Final[Mapping[str, tuple[Callable[..., object], str, str, object]]] = {
    "shortlist": (selecting.shortlist, "actor", "",
        gettext_lazy("On the shortlist; the applicant has been told.")),
    "note": (selecting.note, "actor", "text", gettext_lazy("Noted for your team.")),
    "message": (applying.converse, "sender", "text", gettext_lazy("Your message was sent.")),
    "no-show": (selecting.no_show, "actor", "message",
        gettext_lazy("It is on record; the place is free again.")),
}  # fmt: skip
"""An operation, its names for who acts and for the words in the box, and what is said of it."""
DECISIONS: Final[Mapping[str, tuple[type[Blamed], Callable[..., object], object]]] = {
    "interview": (
        InterviewForm, selecting.propose_interview, gettext_lazy("The times are proposed.")
    ),
    "offer": (
        OfferForm, selecting.offer,
        gettext_lazy("The offer is made; it holds a place until it lapses."),
    ),
    "reject": (RejectForm, selecting.reject, gettext_lazy("They have been told.")),
}  # fmt: skip
"""What is decided by a form: the form, the operation that takes it, and what is said of it."""


@require_safe
def applicant(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one application with its answers, track and every decision that is possible."""
    return show_page(request, EMPLOYER.find(request, public_id))


def show_page(request: HttpRequest, found: Application, **forms: Blamed) -> HttpResponse:
    """Show an applicant, with the forms that did not pass."""
    now = timezone.now()
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
        "may_talk": found.status in UNDER_WAY,
        "zones": clock.labels(clock.COMMON, at=now),
        "is_late": found.status in LIVE and found.answer_due_on < now.date(),
        **{
            f"{name}_form": forms.get(f"{name}_form") or form()
            for name, (form, *_rest) in DECISIONS.items()
        },
        **work_for(request, found, by_employer=True, failed=forms),
    }
    return render(request, "applications/applicant.html", context, status=422 if forms else 200)


@require_POST
def plain_act(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Shortlist, write, note, or record a no-show."""
    if action not in STEPS:
        raise Http404
    operation, who, words, said = STEPS[action]
    given: dict[str, Any] = {who: person(request)}
    if words:
        given[words] = request.POST.get("text", "")
    return EMPLOYER.act(request, public_id, operation, said=str(said), **given)


@require_POST
def decide(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Propose times, offer or reject; what does not pass is asked again."""
    if action not in DECISIONS:
        raise Http404
    found = EMPLOYER.find(request, public_id)
    form_class, operation, said = DECISIONS[action]
    form = form_class(request.POST)
    done = EMPLOYER.act_on_form(request, found, form, operation, said=str(said))
    return done or show_page(request, found, **{f"{action}_form": form})


@require_safe
def resume(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Hand out the resume as an attachment that no browser runs, once it may be seen."""
    shown = dossier(EMPLOYER.find(request, public_id)).resume
    if shown is None:
        raise Http404
    return attachment(shown)


@require_POST
def in_bulk(request: HttpRequest, public_id: str) -> HttpResponse:
    """Shortlist or reject many applicants at once; one refusal stops no other."""
    action = request.POST.get("action", "")
    chosen = Application.objects.filter(
        opportunity=own_role(request, public_id).pk,
        public_id__in=request.POST.getlist("application"),
    )
    if action not in {"shortlist", "reject"} and ENTER not in request.POST:
        raise Http404
    back = reverse("matching:applicants", args=[public_id], query=request.GET)
    if ENTER in request.POST or not any(request.POST.getlist("application")):
        lacks = _("Choose what happens.") if ENTER in request.POST else _("Mark somebody first.")
        return refused(request, Invalid(Fault("application", "required", lacks)), back=back)
    if action == "reject" and not request.POST.get("reason"):
        return refused(request, Invalid(Fault("reason", "required", str(CHOOSE_REASON))), back=back)
    try:
        outcomes = selecting.in_bulk(
            chosen.values_list("pk", flat=True),
            action,
            actor=person(request),
            at=timezone.now(),
            reason=request.POST.get("reason", ""),
            message=request.POST.get("message", ""),
        )
    except Invalid as broken:
        return refused(request, broken, back=back)
    refusals = [refusal for refusal in outcomes.values() if refusal]
    if not (done := len(outcomes) - len(refusals)):
        return refused(request, refusals[0], back=back)
    messages.success(request, _("Done for %(done)s.") % {"done": quantity(done, "applicant")})
    for refusal in dict.fromkeys(map(str, refusals)):
        messages.error(request, refusal)
    return redirect(back)
