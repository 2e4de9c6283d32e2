"""Two sets of answers, one given before signing in and one of the account: which to keep."""

import copy
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from opportunities.accounts.current import person
from opportunities.candidates import guest_profile, joining, profiles
from opportunities.candidates.fields import FIELDS, MONEY, checked
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.views.profile import ProfileForm
from opportunities.core.edited import shown, told
from opportunities.core.errors import RuleBroken
from opportunities.core.form_handling import act
from opportunities.core.languages import Translatable

TITLES: Final[Mapping[str, Translatable]] = {
    "available_from": gettext_lazy("When you are free"),
    "modes": gettext_lazy("Where you can work"),
    "currency": gettext_lazy("Pay"),
    "importance": gettext_lazy("What matters most"),
    "interests": gettext_lazy("Fields of work"),
}
"""What several facts beside each other are called, by the first of them."""
_COLUMNS: Final = {name: major for major, name in MONEY.items()}


class Line(NamedTuple):
    """One fact in words, as the account has it and as it was given before signing in."""

    label: str
    accounts: str
    guests: str


class Choice(NamedTuple):
    """One answer that the two sides gave differently."""

    name: str
    title: Translatable
    lines: list[Line]
    facts: dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest) -> HttpResponse:
    """Show both sets of answers and keep, one by one, those that are chosen."""
    profile = guest_profile.profile_of(request)
    beside = request.session.get(guest_profile.BESIDE)
    choices = _choices(profile, beside) if profile is not None and beside else []
    if not choices:
        request.session.pop(guest_profile.BESIDE, None)
        return redirect("opportunities:profile")
    if request.method == "POST":
        chosen: dict[str, Any] = {}
        for choice in choices:
            if request.POST.get(choice.name) == "guest":
                chosen |= choice.facts
        response = act(
            request,
            partial(_keep, request, chosen),
            said=_("Your choice is saved."),
            back="matching:matches",
        )
        if guest_profile.BESIDE not in request.session:
            return response
        return redirect("opportunities:answers")
    return render(request, "candidates/answers.html", {"choices": choices})


def _keep(request: HttpRequest, facts: dict[str, Any]) -> None:
    if facts:
        profiles.change(owner=person(request), facts=facts, at=timezone.now())
    request.session.pop(guest_profile.BESIDE, None)


def _choices(profile: CandidateProfile, beside: Mapping[str, Any]) -> list[Choice]:
    """Return each answer in which the two still differ; facts that no longer hold are left out."""
    try:
        facts = checked({name: value for name, value in beside.items() if name in FIELDS})
    except RuleBroken:
        return []
    theirs = copy.copy(profile)
    for name, value in facts.items():
        setattr(theirs, name, value)
    mine, given = ProfileForm(profile=profile), ProfileForm(profile=theirs)
    choices = []
    for group in joining.ANSWERS:
        part = {name: facts[name] for name in group if name in facts}
        lines = _lines(mine, given, part)
        if lines:
            title = TITLES.get(group[0]) or FIELDS[group[0]].label or group[0]
            choices.append(Choice(f"answer-{group[0]}", title, lines, part))
    return choices


def _lines(mine: ProfileForm, given: ProfileForm, facts: Mapping[str, Any]) -> list[Line]:
    names = []
    for fact in facts:
        weights = [name for name in mine.fields if name.startswith("weight_")]
        names += weights if fact == "importance" else [_COLUMNS.get(fact, fact)]
    lines = []
    for name in names:
        one, two = (
            told(
                form.fields[name],
                shown(form.fields[name], form.get_initial_for_field(form.fields[name], name)),
            )
            for form in (mine, given)
        )
        if one != two:
            lines.append(Line(str(mine.fields[name].label), one, two))
    return lines
