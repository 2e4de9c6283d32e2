"""What a person could give way in, and how many more roles that lets in: counted, not guessed.

All is counted in the market that was ranked, so that the numbers of a page are of one moment.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import combinations
from typing import Any, Final, Self

from django.db.models import Count
from django.utils.translation import gettext as _

from matching.engine import Candidate
from matching.engine.records import Area
from matching.onboarding.questions import PAY_STEPS
from matching.onboarding.visitors import busiest_cities
from matching.recommending.reason_facts import amount
from matching.store import State, live
from matching.store.live import Ranking
from opportunities.core import iso_names
from opportunities.places.areas import DEFAULT_KM
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import OpportunityQuerySet
from opportunities.roles.wording import quantity

USUAL_CUT: Final = 0.9
"""The share of somebody's least pay that is tried first."""

FARTHER: Final = 100
"""Kilometres to which somebody could go who goes less far."""

ENOUGH: Final = 0.75
"""The share of what the largest change of a limit lets in that is enough for a lesser one."""

CITIES: Final = 6
"""Cities that are tried for somebody who has named no place."""

FULL_WEEKS: Final = (20.0, 40.0)
"""Hours a week to which somebody could go who has fewer."""

MOST: Final = 3
"""Changes that are told."""

COUNTRIES: Final = 2
"""Countries that are tried, those first of which most roles ask the right to work."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a person's own answers, or two at once, and how many more roles it lets in."""

    field: str
    """The field of the profile that changes."""
    replaced: Mapping[str, Any]
    """What is replaced in the person."""
    text: str
    adds: int = 0

    @classmethod
    def of(cls, field: str, value: object, text: str) -> Self:
        """Return a change of one field of the person alone."""
        return cls(field, {field: value}, text)

    def applied_to(self, person: Candidate) -> Candidate:
        """Return the person after the change."""
        return replace(person, **self.replaced)


def counted(
    person: Candidate,
    options: Sequence[Change],
    *,
    state: State,
    at: datetime,
    today: int,
) -> list[Change]:
    """Return those changes that let any role in, with how many.

    ``today`` is how many the person may take as they are.
    """
    people = [option.applied_to(person) for option in options]
    counts = live.count_open(people, at=at, state=state) if people else []
    return opening(options, counts, today=today)


def opening(options: Iterable[Change], counts: Iterable[int], *, today: int) -> list[Change]:
    """Return those changes after which there are more roles than today, with how many more."""
    return [
        replace(option, adds=count - today)
        for option, count in zip(options, counts, strict=True)
        if count > today
    ]


def widen(found: Ranking, *, at: datetime, currency: str) -> list[Change]:
    """Return the single changes of the usual limits that let in most roles."""
    options = _usual(found.person, at=at, currency=currency)
    more = live.count_beyond(found, [option.applied_to(found.person) for option in options])
    gains = zip(options, more, strict=True)
    return _best([replace(option, adds=adds) for option, adds in gains if adds])


def widen_all(
    found: Ranking, *, at: datetime, currency: str, fields: Collection[str], today: int
) -> list[Change]:
    """Return the changes of any limit that let in most roles of some fields; none is any field.

    ``today`` is how many of these the person may take as they are. Where that is none and no
    single change lets anything in, the best two together are told.
    """
    person = found.person
    options = _usual(person, at=at, currency=currency)
    options += _others(person, fields, at=at, currency=currency)
    if fields:
        options = [option for option in options if option.field != "only_fields"]
        person = replace(person, only_fields=frozenset(fields))
    count = partial(counted, person, state=found.state, at=at, today=today)
    gains = count(options)
    if gains or today:
        return _best(gains)
    pairs = [
        Change(
            f"{one.field} {other.field}",
            {**one.replaced, **other.replaced},
            _("%(change)s, and: %(other)s") % {"change": one.text, "other": other.text},
        )
        for one, other in combinations(options, 2)
        if one.replaced.keys().isdisjoint(other.replaced)
    ]
    return sorted(count(pairs), key=lambda gain: -gain.adds)[:1]


def _best(gains: list[Change]) -> list[Change]:
    """Return the changes that let in most; of each limit the least that lets in ``ENOUGH``."""
    largest = {gain.field: gain.adds for gain in sorted(gains, key=lambda gain: gain.adds)}
    least: dict[str, Change] = {}
    for gain in gains:
        if gain.adds >= ENOUGH * largest[gain.field]:
            least.setdefault(gain.field, gain)
    return sorted(least.values(), key=lambda gain: (-gain.adds, gain.field))[:MOST]


def _usual(person: Candidate, *, at: datetime, currency: str) -> list[Change]:
    """Return what is tried on every page: quick to count, and of people's own making."""
    options: list[Change] = []
    if person.rate_floor > 1:
        lower = round(person.rate_floor * USUAL_CUT)
        words = _("%(pay)s an hour or more") % {"pay": amount(lower, currency)}
        options.append(Change.of("rate_floor", float(lower), words))
    more = min(40.0, person.hours_per_week + 5)
    if more > person.hours_per_week:
        words = _("%(hours)s a week") % {"hours": quantity(more, "hour")}
        options.append(Change.of("hours_per_week", more, words))
    week_before = date.fromisoformat(person.available_from) - timedelta(days=7)
    if week_before >= at.date():
        sooner = week_before.isoformat()
        options.append(Change.of("available_from", sooner, _("Start a week sooner")))
    options += [
        Change(mode, {"modes": person.modes | {mode}}, words)
        for mode, words in (("remote", _("Remote work too")), ("hybrid", _("Partly on site too")))
        if mode not in person.modes
    ]
    if person.only_fields:
        options.append(Change.of("only_fields", frozenset(), _("Other fields too")))
    return options


def _others(
    person: Candidate, fields: Collection[str], *, at: datetime, currency: str
) -> list[Change]:
    """Return the larger changes, and those of what nobody was asked, least of each limit first."""
    changes: dict[str, Iterable[tuple[object, str]]] = {
        "rate_floor": _paid_less(person, currency),
        "available_from": _sooner(person, at),
        "hours_per_week": [
            (hours, _("%(hours)s a week") % {"hours": quantity(hours, "hour")})
            for hours in FULL_WEEKS
            if hours > person.hours_per_week + 5
        ],
        "areas": _farther(person),
    }
    options = [
        Change.of(field, value, words) for field, each in changes.items() for value, words in each
    ]
    options += _with_rights(person, fields, at)
    return options if person.areas else options + _on_site(person, fields, at)


def _paid_less(person: Candidate, currency: str) -> list[tuple[float, str]]:
    """Return lower floors of pay, of those that the start offers, the highest first, and none."""
    words = _("%(pay)s an hour or more")
    found = [
        (float(floor), words % {"pay": amount(floor, currency)})
        for floor in reversed(PAY_STEPS)
        if floor < round(person.rate_floor * USUAL_CUT)
    ]
    return [*found, (0.0, _("Any pay"))] if person.rate_floor else []


def _sooner(person: Candidate, at: datetime) -> list[tuple[str, str]]:
    """Return days some weeks before a person would start, the latest first."""
    start, today = date.fromisoformat(person.available_from), at.date()
    steps = ((28, _("Start four weeks sooner")), (91, _("Start three months sooner")))
    found = [
        ((start - timedelta(days=days)).isoformat(), words)
        for days, words in steps
        if start - timedelta(days=days) >= today
    ]
    if start > today and (not found or found[-1][0] != today.isoformat()):
        found.append((today.isoformat(), _("Start right away")))
    return found


def _farther(person: Candidate) -> list[tuple[tuple[Area, ...], str]]:
    """Return the wider circles in which a person could work on site, and their whole country."""
    circles = [area for area in person.areas if area.km is not None and area.km < FARTHER]
    if not circles or person.modes <= {"remote"}:
        return []
    wider = tuple(
        replace(area, km=float(FARTHER)) if area in circles else area for area in person.areas
    )
    everywhere = {Area(country=area.country): None for area in circles}
    return [
        (wider, _("Up to %(km)s km from your places") % {"km": FARTHER}),
        ((*person.areas, *everywhere), _("Anywhere in the country of your places")),
    ]


def _asked(fields: Collection[str], at: datetime) -> OpportunityQuerySet:
    roles = Opportunity.objects.listed(at=at)
    return roles.filter(field__in=fields) if fields else roles


def _with_rights(person: Candidate, fields: Collection[str], at: datetime) -> list[Change]:
    """Return the right to work in the countries in which most roles ask for it."""
    counted = (
        _asked(fields, at)
        .exclude(work_rights__in=["", *person.rights])
        .values_list("work_rights")
        .annotate(roles=Count("pk"))
        .order_by("-roles", "work_rights")[:COUNTRIES]
    )
    names = iso_names.countries()
    return [
        Change.of(
            "rights",
            person.rights | {code},
            _("If you have the right to work in %(country)s") % {"country": names.name(code)},
        )
        for code, _roles in counted
    ]


def _on_site(person: Candidate, fields: Collection[str], at: datetime) -> list[Change]:
    """Return the cities with most roles, for somebody who has named no place.

    Who lives there mostly has the right to work there, and the words say that it is needed.
    """
    return [
        Change(
            "areas",
            {
                "modes": person.modes | {"onsite", "hybrid"},
                "areas": (Area(city.latitude, city.longitude, float(DEFAULT_KM), city.country),),
                "rights": person.rights | {city.country},
            },
            _("On site in %(city)s too, with the right to work there") % {"city": city.name},
        )
        for city in busiest_cities(_asked(fields, at), most=CITIES)
    ]
