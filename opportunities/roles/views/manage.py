"""One role of an organization: where it stands, what can be done, what was said about it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from opportunities.accounts.current import asked, person
from opportunities.core.errors import Invalid, RuleBroken
from opportunities.core.form_handling import act, carry_out, leads_back
from opportunities.core.languages import Translatable
from opportunities.core.lifecycle import LIVE, ON_MARKET, ROLE_STEPS, RoleStatus, allowed
from opportunities.core.models import Site
from opportunities.employers import reply_rate
from opportunities.moderation.models import Decision, Verdict
from opportunities.moderation.outcomes import INTERNAL
from opportunities.roles import external, response_times
from opportunities.roles.lookup import own_role
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import RoleOutcome
from opportunities.roles.publishing import drafting, living, questions, submitting
from opportunities.roles.review import findings_of
from opportunities.roles.views.drafting import DRAFT_GONE
from opportunities.roles.views.sections import SECTIONS

SHOWN: Final = 20


@require_safe
def manage(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show where a role stands and everything that its employer can do about it."""
    role, now = own_role(request, public_id), timezone.now()
    site = Site.load()
    decisions = list(
        role.decisions.exclude(action__in=INTERNAL)
        .select_related("appeal", "moderator")
        .order_by("-decided_at", "-id")[:SHOWN]
    )
    live = role.applications.filter(status__in=sorted(LIVE)).aggregate(
        waiting=Count("pk"),
        next_due=Min("answer_due_on"),
        late=Count("pk", filter=Q(answer_due_on__lt=now.date())),
    )
    context = {
        **live,
        "role": role,
        "is_open": role.is_open(at=now),
        "allowed": allowed(ROLE_STEPS, role.status),
        "editable": role.status in {RoleStatus.DRAFT, RoleStatus.CHANGES_ASKED},
        "on_market": role.status in ON_MARKET,
        "deletable": role.status == RoleStatus.DRAFT and role.submitted_at is None,
        "sections": SECTIONS.values(),
        "review_by": role.submitted_at + timedelta(hours=site.review_hours)
        if role.submitted_at
        else None,
        "review_hours": site.review_hours,
        "confirm_by": role.confirmed_at + timedelta(days=site.confirm_days)
        if role.confirmed_at and role.status in ON_MARKET
        else None,
        "findings": [found for found in findings_of(role) if found.verdict != Verdict.CLEAR],
        "decisions": [decided(decision, now) for decision in decisions],
        "posts": role.posts.filter(hidden_at__isnull=True).order_by("answer", "-asked_at", "-id")[
            :SHOWN
        ],
        "outcomes": RoleOutcome.choices,
        "response_days": response_times.response_days(role, site),
        "reply": reply_rate.reply_rate(role.employer),
        "today": role.today(at=now),
        "external": external.figures(role, at=now) if role.apply_url else None,
    }
    return render(request, "roles/role.html", context)


def decided(decision: Decision, now: datetime) -> dict[str, Any]:
    """Return a decision with its reason, its appeal, and whether one may still be made."""
    return {
        "decision": decision,
        "reason": decision.reason_said,
        "appeal": getattr(decision, "appeal", None),
        "can_appeal": decision.can_be_appealed(at=now),
    }


class Act(NamedTuple):
    """What a button does: the operation, what is said afterwards, and how what it takes is read."""

    operation: Callable[..., object]
    said: Translatable
    reads: Mapping[str, Callable[[str], Any]] = {}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min  # earlier than any: the operation refuses it in words


ACTS: Final[Mapping[str, Act]] = {
    "submit": Act(submitting.submit, gettext_lazy("Sent for review.")),
    "withdraw": Act(submitting.withdraw, gettext_lazy("It is a draft again.")),
    "pause": Act(living.pause, gettext_lazy("Paused: it is off the lists.")),
    "resume": Act(living.resume, gettext_lazy("It is on the lists again.")),
    "confirm": Act(living.confirm, gettext_lazy("Thank you: it is confirmed.")),
    "extend": Act(
        living.extend, gettext_lazy("The last day to apply has moved."), {"apply_by": _day}
    ),
    "close": Act(
        living.close, gettext_lazy("Closed. Answer those who still wait."), {"outcome": str}
    ),
    "outcome": Act(
        living.state_outcome, gettext_lazy("Thank you, it is on record."), {"outcome": str}
    ),
}


@require_POST
@leads_back("opportunities:employer-home", DRAFT_GONE)
def act_on_role(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Carry out one operation on a role."""
    role = own_role(request, public_id)
    if action not in ACTS:
        raise Http404
    chosen = ACTS[action]
    told = {name: read(request.POST.get(name, "")) for name, read in chosen.reads.items()}
    operation = asked(request, chosen.operation, opportunity_id=role.pk, **told)
    back = reverse("opportunities:manage-role", args=[public_id])
    if action != "submit":
        said = str(chosen.said)
        if action == "close" and not role.applications.filter(status__in=sorted(LIVE)).exists():
            said = _("Closed.")
        return act(request, operation, said=said, back=back)
    try:
        operation()
    except Invalid as broken:
        messages.error(request, str(broken))
        return redirect("opportunities:edit-role", public_id)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, chosen.said)
    return redirect(back)


@require_POST
@leads_back("opportunities:employer-home", DRAFT_GONE)
def copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin a draft that says what this role says."""
    operation = asked(request, drafting.copy, opportunity_id=own_role(request, public_id).pk)
    try:
        made = carry_out(request, operation)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect("opportunities:manage-role", public_id)
    if made is None:
        return redirect("opportunities:employer-home")
    messages.success(request, _("A new draft that says the same, without the dates."))
    return redirect("opportunities:edit-role", made.public_id)


@require_POST
@leads_back("opportunities:employer-home", DRAFT_GONE)
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    role_id = own_role(request, public_id).pk
    try:
        asked(request, drafting.delete_draft, opportunity_id=role_id)()
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect("opportunities:manage-role", public_id)
    messages.success(request, _("The draft is deleted."))
    return redirect("opportunities:employer-home")


@require_POST
def answer(request: HttpRequest, public_id: str, post: int) -> HttpResponse:
    """Answer a public question on one's own role."""
    if not own_role(request, public_id).posts.filter(pk=post).exists():
        raise Http404
    text = request.POST.get("text", "")
    operation = asked(request, questions.answer, post_id=post, text=text)
    back = reverse("opportunities:manage-role", args=[public_id]) + "#questions"
    return act(request, operation, said=_("Your answer is public."), back=back)


@require_POST
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask the employer something in public."""
    role = get_object_or_404(Opportunity.objects.visible_to(person(request)), public_id=public_id)
    operation = partial(
        questions.ask,
        opportunity_id=role.pk,
        author=person(request),
        question=request.POST.get("question", ""),
        at=timezone.now(),
    )
    back = f"{role.path}#questions"
    said = _("Your question is public, without your name. You will hear when it is answered.")
    return act(request, operation, said=said, back=back)


@require_POST
def take_back(request: HttpRequest, public_id: str, post: int) -> HttpResponse:
    """Take back one's own question."""
    role = get_object_or_404(Opportunity.objects.visible_to(person(request)), public_id=public_id)
    if not role.posts.filter(pk=post).exists():
        raise Http404
    operation = partial(
        questions.hide_own_question, post_id=post, author=person(request), at=timezone.now()
    )
    back = f"{role.path}#questions"
    return act(request, operation, said=_("Your question is gone."), back=back)
