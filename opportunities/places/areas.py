"""Read where a role is, and what a candidate reaches: "Leeds; York", "within 30 km of Leeds".

What a candidate reaches is a list of *areas*: a circle of so many kilometres around a city, a
division or a country. What names no place stays as it was typed and reaches roles of the very name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from opportunities.core import languages
from opportunities.places import gazetteer
from opportunities.places.folding import fold
from opportunities.places.gazetteer import City
from opportunities.places.resolving import UNKNOWN, Resolution, name_of, resolve, says_more

DEFAULT_KM: Final = 30
MOST_KM: Final = 500
NEXT_DOOR: Final = 5
"""Kilometres within which a search for a city looks, unless it says how far."""

MOST_PLACES: Final = 10
"""Places that one role may have."""

LONGEST: Final = 120
"""Characters in which a role names them all."""

KM_PER_MILE: Final = 1.609344

_SEVERAL: Final = re.compile(r"\s*[;|\n]\s*")
_KM: Final = r"(\d{1,4})\s*(kms?|kilomet(?:re|er)[sn]?|mi|miles?|meilen?)"
_UP_TO: Final = r"(?:\+|within\s+|(?:im\s+)?umkreis\s+(?:von\s+)?)?"
_WITHIN: Final = re.compile(rf"^{_UP_TO}{_KM}\s+(?:of|from|around|um|von)\s+(.+)$", re.IGNORECASE)
_AND_KM: Final = re.compile(rf"^(.+?)[\s,(]+{_UP_TO}{_KM}\)?$", re.IGNORECASE)
_ONLY_KM: Final = re.compile(rf"^{_UP_TO}{_KM}", re.IGNORECASE)
_NOWHERE: Final = re.compile(rf"-?\s*{_KM}", re.IGNORECASE)
_ANYWHERE: Final = re.compile(
    r"^(?:anywhere|everywhere|all over|überall|irgendwo)\s+(?:in\s+)?(?:the\s+|der\s+)?(.+)$",
    re.IGNORECASE,
)
"""How a distance, or a whole country, is typed in English and in German."""


@dataclass(frozen=True, slots=True)
class Named:
    """One place that was typed: its words, how far around it, and what the words name."""

    words: str
    """Without the distance."""
    km: int | None
    """The distance that was typed."""
    found: Resolution

    @property
    def city(self) -> City | None:
        """Return the city; of a county or division the one that stands for it."""
        if self.found.part:
            return gazetteer.city(self.found.part.city)
        return self.found.city


def parts_of(text: str) -> list[str]:
    """Return the places of a text that names several: Leeds; York."""
    return [part for part in dict.fromkeys(_SEVERAL.split(text.strip())) if part]


def read_places(text: str, *, countries: Iterable[str] = ()) -> list[Named]:
    """Return the places that a role states."""
    return [
        Named(part, None, resolve(part, countries=countries))
        for part in parts_of(text)[:MOST_PLACES]
    ]


def read_reach(text: str, *, countries: Iterable[str] = ()) -> Named:
    """Return one place that a candidate reaches, with its distance where one is typed."""
    words, km = text.strip(), None
    if told := _WITHIN.match(words):
        km, words = _km(told[1], told[2]), told[3]
    elif told := _AND_KM.match(words):
        km, words = _km(told[2], told[3]), told[1]
    if told := _ANYWHERE.match(words):
        words = told[1]
    words = words.strip(" ,")
    if _NOWHERE.fullmatch(words):  # "5 km" is a distance, and KM the Comoros
        return Named(words, km, UNKNOWN)
    return Named(words, km, resolve(words, countries=countries))


def _km(number: str, unit: str) -> int:
    km = int(number) * (KM_PER_MILE if unit.casefold().startswith(("mi", "mei")) else 1)
    return max(1, min(MOST_KM, round(km)))


def areas_of(regions: Sequence[str], *, countries: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return what is reached: ``city`` and ``km``, or ``country`` and perhaps ``division``.

    Several places are probably in one country: those that are sure tell where the others lie. Of
    several cities that words may still mean, each is reached.
    """
    hints = countries_of("; ".join(regions), countries)
    areas: list[dict[str, Any]] = []
    for region in regions:
        place = read_reach(region, countries=hints)
        found = place.found
        if found.country:
            areas.append({"country": found.country})
        elif found.part and not found.part.km and place.km is None:
            areas.append({"country": found.part.country, "division": found.part.code})
        else:
            km = place.km or (found.part.km if found.part else DEFAULT_KM)
            meant = [place.city] if place.city else list(found.candidates)
            areas += [{"city": city.id, "km": km} for city in meant]
    return [area for at, area in enumerate(areas) if area not in areas[:at]]


def countries_of(text: str, countries: Iterable[str]) -> set[str]:
    """Return the countries in which several places probably lie: told, and those of sure ones."""
    hints = {code for code in countries if code}
    for place in [read_reach(part, countries=sorted(hints)) for part in parts_of(text)]:
        found = place.found
        hints |= {found.country} | {known.country for known in (found.city, found.part) if known}
    return hints - {""}


def split_reach(text: str) -> list[str]:
    """Return each place of what a candidate typed; a comma may part places or belong to one."""
    found: list[str] = []
    for part in parts_of(text):
        first, *rest = (bit.strip() for bit in part.split(","))
        belongs = any(_ONLY_KM.match(bit) or says_more(bit) for bit in rest)
        found += [part] if belongs else [bit for bit in (first, *rest) if bit]
    return list(dict.fromkeys(found))


def site_of(
    place: str, region: str, country: str, *, of_employer: tuple[str, str] = ("", "")
) -> list[int]:
    """Return the cities of a role.

    A role is where it says. Where it names no place, its region tells: a city of that name, or the
    city that stands for a county or division. Where it names neither, it is where its employer is.
    ``of_employer`` is the employer's place and country, whose country is a hint.
    """
    hints = [country or of_employer[1]]
    named = read_places(place, countries=hints)
    if region and len(named) == 1 and fold(region) != fold(place):
        # Frankfurt in Brandenburg is not the larger one, which is meant where no region is told.
        beside = resolve(f"{place}, {region}", countries=hints).city
        if beside and (not country or beside.country == country):
            return [beside.id]
    if cities := [city.id for each in named if (city := each.city)]:
        return list(dict.fromkeys(cities))
    # The region tells where the place does not; beside a place only a county or division does.
    told = resolve(f"{place}, {region}", countries=hints) if place and region else UNKNOWN
    if told.city is None and region:
        told = resolve(region, countries=hints)
    centre = gazetteer.city(told.part.city) if told.part else told.city
    is_own = told.city is not None and fold(place) == fold(told.city.name)
    is_told = told.part is not None or not place or is_own
    if centre and is_told and (not country or centre.country == country):
        return [centre.id]
    where, home = of_employer
    if fold(place) or fold(region) or not where:
        return []
    found = resolve(where, countries=[home or country]).city
    return [found.id] if found else []


def zone_of_site(place: str, region: str, country: str, *, of_employer: tuple[str, str]) -> str:
    """Return the time zone in which a role is, from what it and its employer say of their place."""
    home = of_employer[1]
    numbers = site_of(place, region, country or home)
    if not numbers and country in {"", home}:
        numbers = site_of("", "", "", of_employer=of_employer)
    towns = gazetteer.cities(numbers)
    town = towns[0] if towns else gazetteer.largest(country or home)
    return town.time_zone if town else "UTC"


@dataclass(frozen=True, slots=True)
class Searched:
    """Where somebody looks for roles: cities, a country, or a division of it by its name."""

    cities: frozenset[int] | None = None
    country: str = ""
    division: str = ""


def searched(text: str, *, km: int | None = None) -> Searched:
    """Return what a search for a place means: "Leeds", "Leeds, 30 km", "Bavaria", "GB".

    Without a distance a city is itself and what lies within ``NEXT_DOOR`` kilometres. Of several
    cities that words may mean, each is looked at.
    """
    place = read_reach(text)
    found, km = place.found, km or place.km
    if found.country:
        return Searched(country=found.country)
    if found.part and not found.part.km and km is None:
        return Searched(country=found.part.country, division=found.part.name)
    meant = [place.city] if place.city else list(found.candidates)
    if not meant:
        return Searched()
    wide = km or (found.part.km if found.part else NEXT_DOOR)
    return Searched(frozenset().union(*(gazetteer.within(city.id, wide) for city in meant)))


def unsure(place: str, country: str) -> str:
    """Say which of several cities a role's place may mean, or nothing where it is clear."""
    for named in read_places(place, countries=[country]):
        if named.found.candidates:
            names = [_("“%(place)s”") % {"place": name_of(c)} for c in named.found.candidates[:4]]
            words = _("There are several places called %(place)s: write %(names)s.")
            if not country:
                words = _(
                    "There are several places called %(place)s. Write which one, for example"
                    " %(names)s."
                )
            told = languages.listed(names, alternatives=True)
            return words % {"place": named.words, "names": told}
    return ""
