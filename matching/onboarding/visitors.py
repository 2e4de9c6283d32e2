"""Who is looking: a stored profile, or the answers that a visitor gave in this browser."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Func
from django.http import HttpRequest
from django.utils.translation import gettext as _

from matching.engine import Candidate
from matching.files.parse import candidate_from
from matching.models import (
    Dismissal,
    Introduction,
    Market,
    OwedWork,
    PackedRole,
    Run,
    Subject,
)
from matching.models.reactions import DismissalReason
from matching.onboarding.questions import (
    FIRST,
    PLACE,
    REMOTE,
    SKILLS,
    Answers,
    Question,
    candidate_fields,
    questions,
)
from matching.store.places import with_areas
from matching.store.profiles import field_wishes, read_person
from opportunities.candidates import guest_profile, joining
from opportunities.candidates.models import BlockedEmployer, CandidateProfile, FieldRule
from opportunities.core.iso_names import countries
from opportunities.core.models import ExchangeRate, Site
from opportunities.core.page_cache import Basis
from opportunities.places import gazetteer
from opportunities.places.areas import read_reach
from opportunities.places.resolving import name_of, resolve
from opportunities.roles.models import Mode, Opportunity, OpportunityQuerySet

PLACES: Final = 8
FACTS: Final[Mapping[str, str]] = {
    FIRST: "interests",
    "time": "hours_per_week",
    "start-date": "available_from",
    PLACE: "modes",
    "pay": "rate_floor_minor",
}
"""A fact of a profile that each question decides; that of skills decides rows of their own."""
SECONDS: Final = 10
"""For how long a page of somebody without a profile is kept."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person a page is for; without an account there is no profile."""

    person: Candidate
    profile: CandidateProfile | None
    hidden: frozenset[int]
    places: tuple[str, ...] = ()
    """Where they work on site, in their words."""


def asked(at: datetime, answers: Answers | None = None) -> tuple[Question, ...]:
    """Return the questions, with the places where most roles are open now and those answered."""
    regions = {name_of(city): _near(city.name) for city in offered_cities(at)}
    for place in places_in(answers or {}):
        is_country = bool(read_reach(place).found.country)
        regions.setdefault(place, called(place) if is_country else _near(called(place)))
    return questions(today=at.date(), site=Site.load(), regions=list(regions.items()))


def _near(place: str) -> str:
    return _("In or near %(place)s") % {"place": place}


def offered_cities(at: datetime) -> list[gazetteer.City]:
    """Return the cities that the question of places offers: those where most roles are open."""
    return busiest_cities(Opportunity.objects.listed(at=at), most=PLACES)


def busiest_cities(roles: OpportunityQuerySet, *, most: int) -> list[gazetteer.City]:
    """Return the cities in which most of these roles are on site, those with most roles first."""
    counted = (
        roles.exclude(mode=Mode.REMOTE)
        .annotate(city=Func("cities", function="unnest"))
        .values_list("city")
        .annotate(roles=Count("pk"))
        .order_by("-roles", "city")
    )
    return gazetteer.cities(city for city, _roles in counted[:most])


def places_in(answers: Answers) -> tuple[str, ...]:
    """Return the places of an answer, without working remotely."""
    return tuple(place for place in answers.get(PLACE, ()) if place != REMOTE)


def called(place: str) -> str:
    """Return the short name of a place: of a city its own, where that says which one it is.

    Countries have the names that readers of this language know.
    """
    reach = read_reach(place)
    city = reach.found.city
    if reach.found.country:
        return countries().name(reach.found.country)
    if city and reach.km is None and resolve(city.name).city == city:
        return city.name
    if city:
        table, reader = gazetteer.country_name(city.country), countries().name(city.country)
        return place.replace(f", {table}", f", {reader}", 1)
    return place


def answers_of(request: HttpRequest) -> dict[str, list[str]]:
    """Return the answers kept in this browser's session."""
    kept: dict[str, list[str]] = request.session.get(guest_profile.ANSWERS, {})
    return kept


def unasked(request: HttpRequest, profile: CandidateProfile) -> set[str]:
    """Return the questions that a profile made in passing leaves open.

    What such a profile begins with is no answer; any other profile is taken at its word.
    """
    asked = guest_profile.asked_since_made(request, profile)
    if asked is None:
        return set()
    stated = joining.stated(profile)
    open_yet = {question for question, fact in FACTS.items() if fact not in stated}
    if not profile.skills.exists() and not profile.targets.exists():
        open_yet.add(SKILLS)
    return open_yet - set(asked)


def keep(request: HttpRequest, answers: Answers) -> None:
    """Keep the answers in this browser's session."""
    kept = {question: list(values) for question, values in answers.items()}
    request.session[guest_profile.ANSWERS] = kept


def keep_dismissed(request: HttpRequest, profile: CandidateProfile, at: datetime) -> None:
    """Keep with a profile which roles were dismissed in this browser."""
    dismissed = request.session.get(guest_profile.DISMISSED, [])
    transaction.on_commit(lambda: request.session.pop(guest_profile.DISMISSED, None))
    there = Opportunity.objects.filter(pk__in=dismissed).values_list("pk", flat=True)
    Dismissal.objects.bulk_create(
        [
            Dismissal(profile=profile, opportunity_id=pk, reason=DismissalReason.OTHER, at=at)
            for pk in there
        ],
        ignore_conflicts=True,
    )


def person_from(answered: tuple[Question, ...], answers: Answers, at: datetime) -> Candidate:
    """Return the candidate that the answers describe; what was skipped keeps its default."""
    fields = {"available_from": at.date().isoformat()} | candidate_fields(answered, answers)
    wishes = field_wishes(fields.pop("interests", {}), fields.pop("field_rule", FieldRule.OPEN))
    return replace(with_areas(candidate_from({"id": "you", **fields})), **wishes)


def whose(request: HttpRequest) -> tuple[object, ...]:
    """Return what parts this visitor's pages from all others': this browser, and what it keeps."""
    names = (guest_profile.KEY, guest_profile.ANSWERS, guest_profile.DISMISSED)
    return (request.session.session_key, *(request.session.get(name) for name in names))


def has_told(request: HttpRequest) -> bool:
    """Say whether this visitor has a profile, or answers in this browser."""
    return guest_profile.has_answered(request) or guest_profile.profile_of(request) is not None


def _rest_on(basis: Basis, request: HttpRequest, profile: CandidateProfile | None) -> None:
    """Let a page rest on who is looking, on the published run and on the newest change of a role.

    The row of a profile changes with its skills, and what changed of a role is owed until it stands
    in the market. The market's own row says too much: other people's refreshes are commits, too.
    """
    if request.user.is_authenticated:
        basis.add_of(CandidateProfile, user_id=request.user.pk)
    elif profile is not None:
        basis.add_of(CandidateProfile, id=profile.pk)
    if profile is not None:
        basis.add_of(BlockedEmployer, profile_id=profile.pk)
        basis.add_of(Dismissal, profile_id=profile.pk)
        basis.add_of(Introduction, candidate_id=profile.pk)
    else:
        # The places that one can choose are those with most roles: nobody asks that each time.
        basis.keep_for(SECONDS)
    basis.add(Run.objects.filter(pk__in=Market.objects.filter(pk=1).values("run")))
    basis.add(PackedRole.objects.order_by("-seq")[:1])
    basis.add(OwedWork.objects.outstanding().filter(kind=Subject.ROLE).order_by("pk"))
    basis.add_of(Site, id=1)
    basis.add(ExchangeRate.objects.order_by("pk"))
    basis.ask()


def visitor(request: HttpRequest, *, at: datetime, basis: Basis | None = None) -> Visitor | None:
    """Return who is looking, or None if they have told us nothing yet; a page may rest on it."""
    profile = guest_profile.profile_of(request)
    if basis is not None:
        _rest_on(basis, request, profile)
    if profile is not None:
        hidden = frozenset(hidden_from(profile))
        return Visitor(read_person(profile, at=at), profile, hidden, tuple(profile.regions))
    if not guest_profile.has_answered(request):
        return None
    answers = answers_of(request)
    person = person_from(asked(at, answers), answers, at)
    hidden = frozenset(request.session.get(guest_profile.DISMISSED, []))
    return Visitor(person, None, hidden, places_in(answers))


def hidden_from(profile: CandidateProfile) -> set[int]:
    """Return the roles that this candidate dismissed or whose employers they blocked."""
    dismissed = Dismissal.objects.filter(profile=profile).values_list("opportunity_id", flat=True)
    blocked = Opportunity.objects.filter(
        employer__in=profile.blocked_employers.values("employer")
    ).values_list("pk", flat=True)
    return set(dismissed.union(blocked))
