"""Answers to the first questions by somebody who has a profile: read from it, and written to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from matching.onboarding import visitors
from matching.onboarding.keep_views import facts_from
from matching.onboarding.questions import (
    FIRST,
    PLACE,
    RULE,
    SKILLS,
    TARGETS,
    Answers,
    Question,
    as_answers,
)
from opportunities.candidates import guest_profile, profiles
from opportunities.candidates.models import MODES, CandidateProfile
from opportunities.core import pay


def asked_of(
    request: HttpRequest, *, at: datetime, typed: Sequence[str] = ()
) -> tuple[Question, ...]:
    """Return the questions as this visitor is asked them, with the places that are theirs."""
    profile = guest_profile.profile_of(request)
    own = profile.regions if profile else visitors.places_in(visitors.answers_of(request))
    return visitors.asked(at, {PLACE: [*own, *typed]})


def answers_for(request: HttpRequest, asked: Sequence[Question]) -> dict[str, list[str]]:
    """Return what the pages show as answered: by the profile where there is one."""
    profile = guest_profile.profile_of(request)
    if profile is None:
        return visitors.answers_of(request)
    unasked = visitors.unasked(request, profile)
    return _answers_of(profile, [one for one in asked if one.slug not in unasked])


def keep(
    request: HttpRequest, answers: Answers, here: Question, *, is_skipped: bool, at: datetime
) -> None:
    """Keep an answer: in the profile where there is one, else in this browser's session.

    Who skips a question leaves their profile as it is. Raises ``Invalid`` for an answer that does
    not go with the rest of a profile.
    """
    profile, owner = guest_profile.profile_of(request), guest_profile.owner_of(request)
    if profile is None or owner is None:
        visitors.keep(request, answers)
        return
    if is_skipped:
        guest_profile.note_asked(request, profile, here.slug)
        return
    names = {here.slug, *([here.rule.slug] if here.rule else [])}
    names |= {TARGETS} if here.slug == SKILLS else set()
    facts = facts_from([here], {name: answers.get(name, ()) for name in names})
    if here.slug == PLACE:
        facts = {"regions": []} | facts
    if here.slug == SKILLS:
        facts = _skills(profile, facts)
    elif "rate_floor_minor" not in facts:
        facts.pop("currency")
    elif facts["currency"] != profile.currency:
        facts |= {"income_need_minor": None, "rate_target_minor": None} | facts
    profiles.change(owner=owner, facts=facts, at=at)
    guest_profile.note_asked(request, profile, here.slug)


def _skills(profile: CandidateProfile, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the skills chosen, with what the page does not ask: level 0, and how soon."""
    levels = dict(profile.skills.values_list("skill__slug", "level"))
    wanted = dict(profile.targets.values_list("skill__slug", "priority"))
    chosen, learnt = facts.get(SKILLS, {}), facts.get(TARGETS, {})
    begun = {slug: 0 for slug, level in levels.items() if not level and slug not in chosen}
    return {
        SKILLS: {**begun, **chosen},
        TARGETS: {slug: wanted.get(slug, priority) for slug, priority in learnt.items()},
    }


def _answers_of(profile: CandidateProfile, asked: Sequence[Question]) -> dict[str, list[str]]:
    rate = profile.rate_floor_minor / 10 ** pay.EXPONENT.get(profile.currency, 2)
    starts = profile.available_from.isoformat()
    is_anywhere = set(profile.modes) == set(MODES) and not profile.regions
    said: dict[str, Sequence[str]] = {
        FIRST: [name for name, share in profile.interests.items() if share >= 1],
        RULE: [profile.field_rule],
        "time": [f"{profile.hours_per_week:g}"],
        # All modes and no place is how a profile begins, which nobody has answered.
        PLACE: [] if is_anywhere else [*profile.modes, *profile.regions],
        "pay": [f"{rate:g}" if rate else "any"],
    }
    answers: dict[str, list[str]] = {}
    for question in asked:
        for one in (question, *([question.rule] if question.rule else [])):
            chosen = [
                option.value
                for option in one.options
                if option.value in said.get(one.slug, ())
                or option.sets.get("available_from") == starts
            ]
            if chosen:
                answers[one.slug] = chosen
    if all(question.slug != SKILLS for question in asked):
        return answers
    rows = profile.skills.filter(level__gte=1).order_by("id")
    answers[SKILLS] = as_answers(dict(rows.values_list("skill__slug", "level")))
    targets = profile.targets.order_by("id")
    answers[TARGETS] = as_answers(dict(targets.values_list("skill__slug", "priority")))
    return answers
