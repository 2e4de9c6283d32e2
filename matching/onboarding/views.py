"""Six questions, one a page; each can be skipped, and each option says how many roles it leaves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.onboarding import answering, counting, skill_views, visitors
from matching.onboarding.elsewhere import Elsewhere
from matching.onboarding.questions import FIRST, PLACE, SKILLS, Answers, Option, Question
from matching.store import live
from opportunities.candidates import guest_profile
from opportunities.candidates.models import FieldRule
from opportunities.core.errors import Invalid


@login_not_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Lead to the first question."""
    return redirect("matching:start", FIRST)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, step: str) -> HttpResponse:
    """Ask one question, or keep its answer and go on to the next."""
    now = timezone.now()
    elsewhere = _elsewhere(request, at=now) if step == PLACE else None
    typed = elsewhere.places if elsewhere else []
    asked = answering.asked_of(request, at=now, typed=typed)
    slugs = [one.slug for one in asked]
    if step not in slugs:
        raise Http404
    place = slugs.index(step)
    answers = answering.answers_for(request, asked)
    frame = {
        "question": asked[place],
        "number": place + 1,
        "of": len(asked),
        "answered": sum(slug in answers for slug in slugs),
        "back_url": reverse("matching:start", args=[slugs[place - 1]]) if place else "",
        "elsewhere": elsewhere,
    }
    following = (
        reverse("matching:start", args=[asked[place + 1].slug])
        if place + 1 < len(asked)
        else reverse("matching:matches")
    )
    if step == SKILLS:
        return skill_views.skills(request, asked, frame, following, at=now)
    here, fault, chosen = asked[place], "", answers
    if request.method == "POST":
        is_skipped = "skip" in request.POST
        given = [] if is_skipped else [*dict.fromkeys([*request.POST.getlist("answer"), *typed])]
        chosen = answers | {step: given} | _rule(request, here, given)
        fault = "" if "count" in request.POST else _fault(here, chosen, is_skipped=is_skipped)
        if elsewhere and elsewhere.errors and not is_skipped:
            fault = " ".join(map(str, elsewhere.errors["town"]))
        if not fault and "count" not in request.POST:
            try:
                answering.keep(request, chosen, here, is_skipped=is_skipped, at=now)
            except Invalid as broken:
                fault = str(broken)
            else:
                return redirect(following)
    context = frame | {"fault": fault} | _options(request, asked, here, chosen=chosen, now=now)
    return render(
        request, "matching/onboarding/question.html", context, status=422 if fault else 200
    )


def _elsewhere(request: HttpRequest, *, at: datetime) -> Elsewhere:
    """Return the box for places that are not offered, with what was typed."""
    if request.method != "POST":
        return Elsewhere()
    countries = {city.country for city in visitors.offered_cities(at)}
    return Elsewhere(request.POST, beside=request.POST.getlist("answer"), countries=countries)


def _rule(request: HttpRequest, here: Question, given: Sequence[str]) -> dict[str, list[str]]:
    """Return how the answer is meant, where that is asked: "first" unless somebody says else."""
    if here.rule is None:
        return {}
    return {here.rule.slug: [request.POST.get(here.rule.slug, FieldRule.FIRST)] if given else []}


def _fault(here: Question, chosen: Answers, *, is_skipped: bool) -> str:
    """Return what is wrong with an answer, as a sentence; nothing if it passes."""
    given = chosen[here.slug]
    known = {option.value for option in here.options}
    if not set(given) <= known or (len(given) > 1 and not here.several):
        return _("Choose from the answers below.")
    if len(given) > here.most:
        return _("Choose at most %(count)s.") % {"count": here.most}
    if not given and not is_skipped:
        return _("Choose an answer, or skip the question.")
    if here.rule and given and not here.rule.chosen(chosen):
        return _("Say how they count: choose one of the three.")
    return ""


def _options(
    request: HttpRequest,
    asked: tuple[Question, ...],
    here: Question,
    *,
    chosen: Answers,
    now: datetime,
) -> dict[str, Any]:
    """Return the options with what is chosen and how many roles each leaves, counted now.

    An option is counted with the answers to the other questions; what was not asked yet rules
    nothing out. One of several says what it brings by itself; how they are meant is counted with
    all that are chosen.
    """
    rules = here.rule.options if here.rule else ()
    alone = {here.rule.slug: [FieldRule.ONLY]} if here.rule else {}
    variants: list[Answers] = [{here.slug: [option.value], **alone} for option in here.options]
    if here.rule:
        given = {here.slug: chosen.get(here.slug, ())}
        variants += [{**given, here.rule.slug: [option.value]} for option in rules]
    people = counting.people_with(request, asked, here, variants, at=now)
    state = live.roles(at=now)
    counts = live.count_open(people, at=now, state=state)
    picked = {*chosen.get(here.slug, ()), *(chosen.get(here.rule.slug, ()) if here.rule else ())}
    if here.rule and not here.rule.chosen(chosen):
        picked.add(FieldRule.FIRST)

    def rows(options: Sequence[Option], counted: Sequence[int]) -> list[dict[str, Any]]:
        return [
            {
                "value": option.value,
                "label": option.label,
                "on": option.value in picked,
                "count": count,
            }
            for option, count in zip(options, counted, strict=True)
        ]

    ruled = rows(rules, counts[len(here.options) :])
    return {
        "options": rows(here.options, counts[: len(here.options)]),
        "rules": ruled,
        "has_chosen": bool(chosen.get(here.slug)),
        "counted": next((rule["count"] for rule in ruled if rule["value"] == FieldRule.OPEN), None),
        "open_roles": state.role_count,
    }


@login_not_required
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Show every answer with a way to change it."""
    asked = answering.asked_of(request, at=timezone.now())
    answers = answering.answers_for(request, asked)
    rows = [
        (
            one,
            skill_views.told(answers) if one.slug == SKILLS else _told(one, answers),
            reverse("matching:start", args=[one.slug]),
        )
        for one in asked
    ]
    return render(
        request,
        "matching/onboarding/answers.html",
        {"rows": rows, "profile": guest_profile.profile_of(request)},
    )


def _told(one: Question, answers: Answers) -> str:
    said = "; ".join(option.label for option in one.chosen(answers))
    rule = one.rule.chosen(answers) if one.rule and said else []
    return ". ".join([said, *(option.label for option in rule)])


@login_not_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Drop what this browser told us."""
    guest_profile.forget_answers(request)
    return redirect("opportunities:home")
