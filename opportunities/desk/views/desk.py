"""The moderators' desk: the oldest waiting role at once, its checks, one decision, the next."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any, Final, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.accounts.current import person
from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_moderator
from opportunities.core.errors import Fault, Invalid, RuleBroken
from opportunities.core.form_handling import act, carry_out
from opportunities.core.given_back import Way
from opportunities.core.models import Site
from opportunities.core.paging import page_of
from opportunities.core.text import clean_line
from opportunities.desk import operations as moderating
from opportunities.desk.operations.reasons import stops_against, stops_found
from opportunities.desk.operations.record import MAX_SEARCH
from opportunities.desk.views import meanwhile
from opportunities.employers.models import Employer
from opportunities.employers.permissions import is_member
from opportunities.importing.forms import label_of
from opportunities.moderation import outcomes
from opportunities.moderation.models import Decision, Finding, HeldDecision, Sanction, Verdict
from opportunities.moderation.outcomes import OUTCOMES, On, Outcome, chosen_on
from opportunities.moderation.rules import RULES
from opportunities.roles import drafts
from opportunities.roles.checks import duplicates, marking, texts_of
from opportunities.roles.fields import FIELDS, facts_of
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import OpportunityQuerySet

LISTED: Final = 15
UNDOABLE: Final = 5
AGES: Final = (
    (4, gettext_lazy("under 4 h")),
    (8, gettext_lazy("4 to 8 h")),
    (16, gettext_lazy("8 to 16 h")),
    (24, gettext_lazy("16 to 24 h")),
)
REFUSED: Final = tuple(row.name for row in chosen_on(On.ROLE) if row.is_appealable)
KEYS: Final = (
    (gettext_lazy("1 to 4"), gettext_lazy("choose what you decide")),
    ("V", gettext_lazy("say that you have checked who the employer is")),
    ("D", gettext_lazy("decide and go to the next")),
    ("U", gettext_lazy("undo your last decision, for a minute")),
    ("C", gettext_lazy("hold the role for yourself, or release it")),
    ("N", gettext_lazy("leave it and open the next in the queue")),
    ("J, K", gettext_lazy("go down and up the queue")),
    ("?", gettext_lazy("show these keys")),
)
WORST_FIRST: Final = {Verdict.STOP: 0, Verdict.LOOK: 1, Verdict.CLEAR: 2}


def desk_of(request: HttpRequest) -> User:
    """Return the moderator who is signed in; refuse others, and say how to become one."""
    moderator = person(request)
    if not is_moderator(moderator):
        raise PermissionDenied(_("This desk is for moderators. An administrator can make you one."))
    return moderator


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Open the oldest role that waits and that nobody else holds, or the next one after another."""
    moderator = desk_of(request)
    queue = moderating.waiting(moderator=moderator, at=timezone.now())
    here = Opportunity.objects.filter(public_id=request.GET.get("after", "")[:40]).first()
    chosen = _after(queue, here) if here else None
    oldest = chosen or queue.first()
    if oldest is not None:
        return redirect("opportunities:review-role", oldest.public_id)
    return render(request, "desk/empty.html", _overview(moderator, timezone.now()))


def _said_of(fault: Fault) -> str:
    """Return what is wrong, with the label of the box that it is said of, if it is one of two."""
    boxes = {"reason": _("Message"), "overrule_reason": _("Why it may open all the same")}
    return f"{boxes[fault.field]}: {fault.detail}" if fault.field in boxes else fault.detail


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one role with its checks; a posted decision is carried out and the next one opens."""
    moderator = desk_of(request)
    now = timezone.now()
    role = get_object_or_404(
        Opportunity.objects.select_related("employer", "posted_by", "claimed_by").prefetch_related(
            "deliverables", "skills__skill", "questions"
        ),
        public_id=public_id,
    )
    faults: list[str] = []
    if request.method == "POST":
        try:
            carry_out(request, partial(_decide, request, role, moderator, now))
        except Invalid as broken:
            faults = [_said_of(fault) for fault in broken.faults]
        except RuleBroken as refusal:
            faults = [str(refusal)]
        else:
            if request.POST.get("stay") == "1":
                return redirect("opportunities:review-role", public_id)
            return redirect("opportunities:desk")
    held = HeldDecision.objects.select_related("moderator").filter(opportunity=role).first()
    findings = sorted(
        role.findings.filter(role_version=role.version),
        key=lambda found: (WORST_FIRST[Verdict(found.verdict)], found.rule, found.pk),
    )
    choices = chosen_on(On.ROLE, status=role.status)
    keys = {outcome: str(key) for key, outcome in enumerate(chosen_on(On.ROLE), start=1)}
    citable = {number for outcome in choices for number in outcome.cites}
    concerns = sum(found.verdict != Verdict.CLEAR for found in findings)
    stops = stops_found(findings)
    if faults or any(stop.is_final for stop in stops):
        stops = stops_against(role, at=now)
    bar = moderating.what_bars(role, stops)
    offered = [outcome for outcome in choices if not (bar and outcome.opens)]
    context = {
        **_overview(moderator, now),
        "role": role,
        "desk_keys": KEYS,
        "findings": findings,
        "concerns": concerns,
        "clears": len(findings) - concerns,
        "texts": _texts(role, findings),
        "unparsed": [(label_of(name), words) for name, words in role.unparsed.items()],
        "twins": _twins(role, findings),
        "stops": stops,
        "can_overrule": not bar and any(not stop.is_final for stop in stops),
        "cited": {found.rule for found in findings if found.verdict != Verdict.CLEAR},
        "outcomes": [(keys[outcome], outcome) for outcome in offered],
        "barred": [(outcome.verb, bar) for outcome in choices if outcome not in offered],
        "chosen": request.POST.get("outcome", ""),
        "may_overrule": any(outcome.overrules for outcome in choices),
        "asks_to_check": any(outcome.vouches for outcome in offered),
        "rules": [rule for rule in RULES.values() if rule.number in citable],
        "history": role.decisions.select_related("moderator").order_by("-id")[:20],
        "own": is_member(moderator, role.employer_id),
        "held_by_other": bool(
            role.claimed_by_id not in {None, moderator.pk}
            and role.claimed_until
            and role.claimed_until > now
        ),
        "faults": faults,
        "held": held if held is not None and held.due_at is not None else None,
        **_given(request, held, moderator),
    }
    name = "desk/review.html"
    return render(request, name, context, status=422 if faults else 200)


def _after(queue: OpportunityQuerySet, here: Opportunity) -> Opportunity | None:
    """Return the role that stands behind another in the queue, if any does."""
    later = Q(submitted_at__gt=here.submitted_at) if here.submitted_at else Q()
    same = Q(submitted_at=here.submitted_at, pk__gt=here.pk)
    return queue.exclude(pk=here.pk).filter(later | same).first()


def _given(
    request: HttpRequest, held: HeldDecision | None, moderator: User
) -> dict[str, Mapping[str, Any] | Sequence[str]]:
    """Return what the form says: what was refused, or what its moderator has undone."""
    if request.method != "POST" and held is not None and held.undone_at is not None:
        said = held.said if held.moderator_id == moderator.pk else {}
        return {
            "given": {**said, "message": said.get("reason", "")},
            "given_rules": said.get("rules", []),
            "given_overrule": said.get("overrule", []),
        }
    return {
        "given": request.POST,
        "given_rules": request.POST.getlist("rule"),
        "given_overrule": request.POST.getlist("overrule"),
    }


class Beside(NamedTuple):
    """Another posting beside the one under review: what differs, marked, and what is the same."""

    role: Opportunity
    likeness: float
    texts: list[tuple[str, SafeString, SafeString]]
    facts: list[tuple[str, SafeString, SafeString]]
    same: list[str]
    """Labels of texts and facts that both say alike."""


def _twins(role: Opportunity, findings: Sequence[Finding]) -> list[Beside]:
    """Return the postings that say nearly the same, where a check found any."""
    if not any(
        found.check_name == "near_duplicate" and found.verdict != Verdict.CLEAR
        for found in findings
    ):
        return []
    values = drafts.values_of(role)
    texts = texts_of(values, values)
    found = duplicates.twins(texts, employer_id=role.employer_id, but=role.pk)
    return [_beside(role, twin.role, twin.likeness) for twin in found]


def _beside(role: Opportunity, other: Opportunity, likeness: float) -> Beside:
    said, said_there = _said_by(role), _said_by(other)
    facts, facts_there = (
        {label: ", ".join(filter(None, phrase)) for label, phrase in facts_of(one, on_cards=True)}
        for one in (role, other)
    )
    texts = [(label, text, said_there[label]) for label, text in said.items()]
    rows = [
        (label, facts.get(label, ""), facts_there.get(label, ""))
        for label in dict.fromkeys((*facts, *facts_there))
    ]
    return Beside(
        other,
        likeness,
        _differing(texts),
        _differing(rows),
        [label for label, here, there in (*texts, *rows) if here and here == there],
    )


def _differing(said: Iterable[tuple[str, str, str]]) -> list[tuple[str, SafeString, SafeString]]:
    """Return what two postings say differently, with the words marked that do."""
    return [
        (label, *marking.differences(here, there)) for label, here, there in said if here != there
    ]


def _said_by(role: Opportunity) -> dict[str, str]:
    """Return the texts by which postings are told apart, by their labels."""
    results = (f"{item.title}: {item.done_means}" for item in role.deliverables.all())
    return {
        **{
            str(FIELDS[name].label): getattr(role, name)
            for name in ("title", "summary", "description")
        },
        str(FIELDS["deliverables"].label): "\n".join(results),
    }


def _decide(request: HttpRequest, role: Opportunity, moderator: User, now: datetime) -> None:
    by_name = {outcome.name: outcome for outcome in chosen_on(On.ROLE)}
    outcome = by_name.get(request.POST.get("outcome", ""))
    if outcome is None:
        raise RuleBroken(_("Choose what you decide: nothing is chosen for you."))
    version = request.POST.get("version", "")
    moderating.hold(
        outcome,
        opportunity_id=role.pk,
        moderator=moderator,
        reason=request.POST.get("message", ""),
        rules=request.POST.getlist("rule"),
        employer_checked=request.POST.get("employer_checked") == "1",
        overrule=request.POST.getlist("overrule"),
        overrule_reason=request.POST.get("overrule_reason", ""),
        version=int(version) if version.isdigit() and len(version) < 8 else None,
        at=now,
    )


def _decided(
    request: HttpRequest,
    operation: Callable[..., object],
    said: str,
    back: str,
    instead: meanwhile.Instead | None = None,
    **call: Any,
) -> HttpResponse:
    """Carry out an operation of the moderator who asks, and go back to a page of the desk."""
    decide = partial(operation, moderator=desk_of(request), at=timezone.now(), **call)
    return act(request, decide, said=said, back=back, instead=instead)


def _listed(
    request: HttpRequest,
    template: str,
    rows: QuerySet[Any],
    *,
    order: tuple[str, ...],
    limit: int = 20,
    **beside: object,
) -> HttpResponse:
    """Show one page of a list of the desk."""
    page, cursor = page_of(rows, request, order=order, limit=limit)
    context = {"rows": page, "next": cursor.get_next_link(), **beside}
    return render(request, template, context)


@require_POST
def claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hold a role for a while, so that nobody else decides on it meanwhile."""
    desk_of(request)
    role = get_object_or_404(Opportunity, public_id=public_id)
    operation, said = moderating.claim, _("You hold it for 20 minutes.")
    if request.POST.get("release") == "1":
        operation, said = moderating.release_claim, _("It is back in the queue.")
    back = reverse("opportunities:review-role", args=[public_id])
    return _decided(request, operation, said, back, opportunity_id=role.pk)


@require_POST
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a decision back within its minute, and look at the role again."""
    role = get_object_or_404(Opportunity, public_id=public_id)
    said = _("Undone. Nobody was told, and you hold the role.")
    back = reverse("opportunities:review-role", args=[public_id])
    return _decided(request, moderating.undo, said, back, opportunity_id=role.pk)


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List what people reported and nobody has answered, oldest first."""
    waiting = moderating.reports_waiting(moderator=desk_of(request)).select_related(
        "opportunity__employer",
        "employer",
        "message__application__opportunity__employer",
        "post__opportunity__employer",
        "reporter",
    )
    return _listed(request, "desk/reports.html", waiting, order=("reported_at", "id"))


@require_POST
def answer_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer one report."""
    rows = moderating.reports_for(moderator=desk_of(request))
    row = get_object_or_404(rows, public_id=public_id)
    return _decided(
        request,
        moderating.answer_report,
        _("The report is answered."),
        reverse("opportunities:reports"),
        meanwhile.of_report(request, row),
        report_id=row.pk,
        upheld=request.POST.get("upheld") == "1",
        hide=request.POST.get("hide") == "1",
        answer=request.POST.get("answer", ""),
    )


@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """List the appeals that this moderator may hear, oldest first."""
    waiting = moderating.appeals_waiting(moderator=desk_of(request)).select_related(
        "decision__opportunity", "decision__employer", "decision__moderator", "author"
    )
    return _listed(request, "desk/appeals.html", waiting, order=("made_at", "id"))


@require_POST
def hear_appeal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decide one appeal."""
    rows = moderating.appeals_for(moderator=desk_of(request))
    row = get_object_or_404(rows, public_id=public_id)
    return _decided(
        request,
        moderating.hear_appeal,
        _("The appeal is decided."),
        reverse("opportunities:appeals"),
        meanwhile.of_appeal(request, row),
        appeal_id=row.pk,
        granted=request.POST.get("granted") == "1",
        answer=request.POST.get("answer", ""),
    )


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """List the decisions, newest first: all, or those about what is searched for."""
    desk_of(request)
    words, about = clean_line(request.GET.get("q", ""))[:MAX_SEARCH], None
    if named := request.GET.get("employer", "")[:40]:
        about = get_object_or_404(Employer, public_id=named)
    rows = moderating.recorded(words, employer=about)
    return _listed(
        request,
        "desk/log.html",
        rows.select_related("opportunity", "employer", "account", "moderator"),
        order=("-decided_at", "-id"),
        limit=50,
        words=words,
        about=about,
        year=timezone.now().year,
    )


@require_safe
def employers(request: HttpRequest) -> HttpResponse:
    """List employers with where they stand, newest first: those found, or the one that is named."""
    moderator = desk_of(request)
    in_force = Sanction.objects.filter(in_force_at__isnull=False)
    earlier = in_force.order_by("-in_force_at", "-id")
    rows = Employer.objects.prefetch_related(Prefetch("sanctions", earlier, to_attr="earlier"))
    if named := request.GET.get("employer", "")[:40]:
        rows = rows.filter(public_id=named)
    words = clean_line(request.GET.get("q", ""))[:100]
    for word in words.split():
        rows = rows.filter(Q(name__unaccent__icontains=word) | Q(domain__icontains=word))
    blocks = moderating.blocks_proposed(moderator=moderator)
    return _listed(
        request,
        "desk/employers.html",
        rows,
        words=words,
        order=("-created_at", "-id"),
        blocks=blocks.select_related("employer", "account", "proposed_by")[:20],
        outcomes=EMPLOYER_ACTS.values(),
    )


EMPLOYER_ACTS: Final[Mapping[str, Outcome]] = {
    outcome.slug: outcome for outcome in chosen_on(On.EMPLOYER, On.SIDE)
}
PERSON_ACTS: Final[Mapping[str, Outcome]] = {
    outcome.slug: outcome for outcome in chosen_on(On.SIDE)
}
"""Name in the address to what is decided about an employer, and about a person."""


@require_POST
def act_on_employer(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """Verify or sanction an employer, and show where it stands now."""
    desk_of(request)
    found = get_object_or_404(Employer, slug=slug)
    outcome = EMPLOYER_ACTS.get(action)
    back = reverse("opportunities:moderate-employers", query={"employer": found.public_id})
    return _act_on(request, outcome, moderating.on_employer, back, employer_id=found.pk)


@require_POST
def act_on_person(request: HttpRequest, action: str) -> HttpResponse:
    """Sanction the person who has an account with this address."""
    desk_of(request)
    email = request.POST.get("email", "")
    back = reverse("opportunities:sanctions")
    return _act_on(request, PERSON_ACTS.get(action), _sanction_person, back, email=email)


def _sanction_person(outcome: Outcome, *, email: str, **call: Any) -> None:
    account = User.objects.filter(email=email.strip().lower()).first()
    if account is None:
        raise Invalid(Fault("email", "unknown_account", _("No account has this address.")))
    moderating.sanction(outcome, account_id=account.pk, **call)


def _act_on(
    request: HttpRequest,
    outcome: Outcome | None,
    operation: Callable[..., object],
    back: str,
    **whom: Any,
) -> HttpResponse:
    """Carry out on an employer or a person what an address names."""
    if outcome is None:
        raise Http404
    said = _("It is done and on record.")
    grave = request.POST.get("grave") == "1"
    decide = partial(operation, outcome, grave=grave, **whom)
    return _decided(request, decide, said, back, reason=request.POST.get("reason", ""))


@require_POST
def settle_block(request: HttpRequest, sanction: int) -> HttpResponse:
    """Confirm or refuse the block that another moderator proposed, or take one's own back."""
    outcome = outcomes.BLOCK if request.POST.get("confirm") == "1" else outcomes.REFUSE_BLOCK
    onward = Way(_("Employers"), reverse("opportunities:moderate-employers"))
    return _settle(request, outcome, sanction, _("It is done and on record."), onward)


@require_POST
def lift_sanction(request: HttpRequest, sanction: int) -> HttpResponse:
    """End a sanction early, with a reason that those concerned read."""
    onward = Way(_("Sanctions in force"), reverse("opportunities:sanctions"))
    return _settle(request, outcomes.LIFT, sanction, _("The sanction is lifted."), onward)


def _settle(
    request: HttpRequest, outcome: Outcome, sanction: int, said: str, onward: Way
) -> HttpResponse:
    settle = partial(moderating.settle_sanction, outcome, sanction_id=sanction)
    instead = meanwhile.of_sanction(request, sanction, onward)
    reason = request.POST.get("reason", "")
    return _decided(request, settle, said, onward.address, instead, reason=reason)


@require_safe
def sanctions(request: HttpRequest) -> HttpResponse:
    """List the sanctions in force on employers and on people, newest first."""
    in_force = moderating.sanctions_in_force(moderator=desk_of(request), at=timezone.now())
    rows = in_force.select_related("employer", "account", "proposed_by", "confirmed_by")
    order = ("-in_force_at", "-id")
    return _listed(request, "desk/sanctions.html", rows, order=order, outcomes=PERSON_ACTS.values())


def _texts(role: Opportunity, findings: list[Finding]) -> list[tuple[str, Any]]:
    """Return what candidates would read, with the words that checks mean marked."""
    fields = (
        ("title", _("Title")),
        ("summary", _("In a sentence")),
        ("description", _("The work")),
    )
    return [
        (label, marking.marked(getattr(role, name), marking.marks_in(name, findings)))
        for name, label in fields
        if getattr(role, name)
    ]


def _overview(moderator: User, now: datetime) -> dict[str, Any]:
    """Return the queue, its ages and the figures above it, all counted from the tables."""
    queue = moderating.waiting(moderator=moderator, at=now).select_related("employer")
    hours = [
        (now - submitted).total_seconds() / 3600
        for submitted in queue.values_list("submitted_at", flat=True)
        if submitted
    ]
    promise = Site.load().review_hours
    spent = [
        (decided - submitted).total_seconds() / 3600
        for decided, submitted in Decision.objects.filter(
            decided_at__gte=now - timedelta(days=1), action__in=outcomes.ANSWERS
        ).values_list("decided_at", "opportunity__submitted_at")
        if submitted and decided >= submitted
    ]
    recent = Decision.objects.filter(decided_at__gte=now - timedelta(days=90))
    undoable = moderating.undoable(moderator=moderator, at=now).select_related("opportunity")
    return {
        "undoable": [(held, OUTCOMES[held.action].verb) for held in undoable[:UNDOABLE]],
        "queue": [_entry(role, now, promise) for role in queue[:LISTED]],
        "waiting": len(hours),
        "late": sum(hour > promise for hour in hours),
        "oldest": round(max(hours)) if hours else None,
        "promise": promise,
        "median": statistics.median(spent) if spent else None,
        "decided": len(spent),
        "overturned": recent.filter(action=outcomes.REINSTATE.name).count(),
        "refused": recent.filter(action__in=REFUSED).count(),
        "ages": _ages(hours),
    }


def _entry(role: Opportunity, now: datetime, promise: int) -> dict[str, Any]:
    verdicts = list(
        role.findings.filter(role_version=role.version).values_list("verdict", flat=True)
    )
    age = (now - role.submitted_at).total_seconds() / 3600 if role.submitted_at else 0.0
    return {
        "role": role,
        "stops": verdicts.count(Verdict.STOP),
        "looks": verdicts.count(Verdict.LOOK),
        "hours": round(age),
        "is_late": age > promise,
    }


def _ages(hours: list[float]) -> list[dict[str, Any]]:
    """Return the bars of the ageing chart; the last one is past the promise."""
    edges = [0.0, *(float(edge) for edge, _ in AGES), float("inf")]
    labels = [*(label for _, label in AGES), _("over %(hours)s h") % {"hours": AGES[-1][0]}]
    counts = [sum(low <= hour < high for hour in hours) for low, high in pairwise(edges)]
    most = max([*counts, 1])
    return [
        {
            "label": label,
            "count": count,
            "y": 3 + 26 * place,
            "width": round(60 * count / most, 1),
            "at": round(32 + 60 * count / most, 1),
            "is_late": place == len(AGES),
        }
        for place, (label, count) in enumerate(zip(labels, counts, strict=True))
    ]
