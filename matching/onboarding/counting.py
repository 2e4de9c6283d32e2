"""Who somebody would be with an answer, to count the roles that it leaves.

An answer replaces what its question decides and nothing else. A question that a guest was not asked
yet rules nothing out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest

from matching.engine import Candidate
from matching.engine.records import Area
from matching.onboarding import visitors
from matching.onboarding.questions import FIRST, HOURS, LEVELS, PLACE, SKILLS, Answers, Question
from matching.store.profiles import read_person
from opportunities.candidates import guest_profile
from opportunities.roles.models import Opportunity, OpportunitySkill

DECIDES: Final[Mapping[str, Sequence[str]]] = {
    FIRST: ("interests", "only_fields", "fields_first"),
    SKILLS: ("skills", "targets"),
    "time": ("hours_per_week",),
    "start-date": ("available_from",),
    "place": ("modes", "regions", "areas"),
    "pay": ("rate_floor",),
}
"""What each question decides of a candidate."""
ROUND_THE_GLOBE: Final = 20_100.0
"""Kilometres from any point to the farthest one, and a little more."""


def people_with(
    request: HttpRequest,
    asked: tuple[Question, ...],
    here: Question,
    variants: Iterable[Answers],
    *,
    at: datetime,
) -> list[Candidate]:
    """Return who this visitor would be with each of these answers to one question."""
    person = as_they_are(request, asked, at=at)
    answered = (visitors.person_from(asked, each, at) for each in variants)
    return [
        replace(person, **{name: getattr(each, name) for name in DECIDES[here.slug]})
        for each in answered
    ]


def as_they_are(request: HttpRequest, asked: tuple[Question, ...], *, at: datetime) -> Candidate:
    """Return this visitor by their profile, or by the answers given so far."""
    profile = guest_profile.profile_of(request)
    if profile is not None:
        person, unasked = read_person(profile, at=at), visitors.unasked(request, profile)
    else:
        answers = visitors.answers_of(request)
        person = visitors.person_from(asked, answers, at)
        unasked = {question.slug for question in asked} - set(answers)
    open_yet: dict[str, Any] = {}
    if SKILLS in unasked:
        open_yet["skills"] = every_skill(at)
    if "time" in unasked:
        open_yet["hours_per_week"] = float(max(HOURS))
    if PLACE in unasked:
        open_yet["areas"] = _everywhere(at)
    return replace(person, **open_yet)


def every_skill(at: datetime) -> dict[str, int]:
    """Return the skills that open roles ask for, as somebody has them who lacks none."""
    listed = OpportunitySkill.objects.filter(opportunity__in=Opportunity.objects.listed(at=at))
    slugs = listed.order_by("skill__slug").values_list("skill__slug", flat=True).distinct()
    return dict.fromkeys(slugs, LEVELS[-1])


def _everywhere(at: datetime) -> tuple[Area, ...]:
    """Return what somebody reaches who goes anywhere: all points, and roles that name a country."""
    listed = Opportunity.objects.listed(at=at).exclude(country="").order_by("country")
    countries = listed.values_list("country", flat=True).distinct()
    globe = Area(latitude=0.0, longitude=0.0, km=ROUND_THE_GLOBE)
    return (globe, *(Area(country=country) for country in countries))
