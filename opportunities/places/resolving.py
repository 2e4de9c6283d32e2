"""Read what people type of a place: "leeds", "Leeds, UK", "Zuerich", "Portland OR", "Bavaria".

A name is looked for among the own names of cities and among their other names, which count where
the city is much larger than all of that own name, or where its own name begins with them (Newcastle
upon Tyne). What follows a comma, and a last word that names a country or a division, narrows it.
Countries given as a hint narrow it where they leave anything. One city is *sure* where it has
``SURE`` times the people of the next; otherwise all are candidates, and somebody has to choose.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from opportunities.core import languages
from opportunities.core.data import read_beside
from opportunities.core.text import UNREADABLE
from opportunities.places import gazetteer
from opportunities.places.folding import fold
from opportunities.places.gazetteer import City, Part

SURE: Final = 5
"""Times the people of the next city of a name from which on the larger one is meant."""

FAMOUS: Final = 4
"""Times the people of the largest city of an own name from which on another name counts."""

MOST_CANDIDATES: Final = 8
MOST_TYPED: Final = 300
NEARBY: Final = 60.0
"""Kilometres within which a city lies that tells which one is meant: Hunslet, Leeds."""

_BRACKETS: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_COMMAS: Final = re.compile(r"\s*[,\u2022\u00b7]\s*|\s+[\u2013\u2014-]\s+")
_NEAR: Final = re.compile(r"^(.+?)\s+(?:near|nr|bei|près de)\.?\s+(.+)$", re.IGNORECASE)
_AROUND: Final = re.compile(
    r"^(?:greater|central|city of|the city of|in|near|around|inner|downtown)\s+"
    r"|\s+(?:area|city cent(?:re|er)|town cent(?:re|er)|metropolitan area|metro|region|uni)$"
)
_SAID: Final = read_beside(__file__)
_NO_PLACES: Final = frozenset(_SAID["no_places"])
_CALLED: Final[Mapping[str, str]] = _SAID["called"]
_STATED: Final = frozenset(("AU", "CA", "IN", "US"))
"""Countries where a city is told with its division."""

_POSTCODE: Final = re.compile(r"\b(?=\w*\d)[\w-]+\b")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What words name: a city, or the cities that they may mean, or a part of a country."""

    city: City | None = None
    candidates: tuple[City, ...] = ()
    """Where it is not sure: the largest first, at most ``MOST_CANDIDATES``."""
    part: Part | None = None
    country: str = ""
    """The country alone, where the words name no more than that."""


UNKNOWN: Final = Resolution()


def resolve(typed: str, *, countries: Iterable[str] = ()) -> Resolution:
    """Return what words name; ``countries`` are those in which it probably lies."""
    if len(typed) > MOST_TYPED or UNREADABLE.search(typed):
        return UNKNOWN
    return _resolve(typed.strip(), tuple(sorted({code for code in countries if code})))


@lru_cache(maxsize=4096)
def _resolve(typed: str, countries: tuple[str, ...]) -> Resolution:
    if near := _NEAR.match(typed):
        return _near(near[1], near[2], countries)
    words = [part for part in _COMMAS.split(_BRACKETS.sub(r", \1", typed)) if fold(part)]
    if not words:
        return UNKNOWN
    first, *rest = words
    if not rest:
        return _alone(first, countries)
    # Where a house or a street comes first, the place is the first part that is one.
    for place, part in enumerate(words):
        narrower = tuple(words[place + 1 :])
        found = _narrowed(part, narrower, countries) if narrower else _alone(part, countries)
        is_place = found.city or found.candidates or (found.part and found.part.km)
        if is_place or (found.part and not place):
            return found
    # "Leeds, room 4": what follows says nothing of where.
    told = _alone(first, countries)
    says_where = any(_codes(fold(part)) or gazetteer.named(fold(part)) for part in rest)
    return told if told.city and not says_where else UNKNOWN


def _alone(words: str, countries: tuple[str, ...]) -> Resolution:
    """Return what words without a comma name; their last ones may name country or division."""
    folded = fold(words)
    if found := _of(folded, countries):
        return found
    tokens = folded.split()
    for size in (1, 2, 3):
        if size < len(tokens):
            name, last = " ".join(tokens[:-size]), " ".join(tokens[-size:])
            if _codes(last) and (found := _cities(name, _codes(last))):
                return found
    lean = _lean(folded)
    if lean != folded and (found := _of(lean, countries)):
        return found
    return UNKNOWN


def _of(folded: str, countries: tuple[str, ...]) -> Resolution | None:
    """Return the country, division or city of a name; a hint makes a division of it first."""
    if folded in _NO_PLACES:
        return None
    own = _cities(folded, (), countries)
    city = own.city if own else None
    # Luxembourg and Singapore are cities as well; Uk and Us are villages.
    code = gazetteer.country_of(folded)
    is_both = city is not None and city.country == code and fold(city.name) == folded
    if code and (len(folded) == 2 or not is_both):
        return Resolution(country=code)
    # Short codes are words of many languages: TX and NRW count where their country is told.
    parts = [
        part
        for part in gazetteer.parts_named(folded)
        if len(folded) > 3 or part.country in countries
    ]
    hinted = [part for part in parts if part.country in countries] or parts
    if not hinted or (city and any(city.id == part.city for part in hinted)):
        # Salzburg, Berlin, New York: a division that is called as its own city.
        return own
    chief = gazetteer.city(hinted[0].city)
    is_larger = city is not None and 2 * city.people >= (chief.people if chief else 0)
    return own if is_larger else Resolution(part=hinted[0])


type _Codes = tuple[tuple[str, str], ...]
"""Countries and divisions that narrow a name; an empty division is the whole country."""


def _codes(folded: str) -> _Codes:
    """Return the countries and divisions of a name."""
    found = [(part.country, part.code) for part in gazetteer.parts_named(folded)]
    if code := gazetteer.country_of(folded):
        found.append((code, ""))
    return tuple(found)


def _narrowed(words: str, rest: tuple[str, ...], countries: tuple[str, ...]) -> Resolution:
    """Return the city of a name in the countries, divisions, counties or near the cities told."""
    found = list(_called(fold(words)) or _called(_lean(fold(words))))
    used = False
    for part in rest:
        narrower = [(city, own) for city, own in found if _lies_in(city, part, countries)]
        if narrower:
            found, used = narrower, True
        elif _codes(fold(part)):
            found = []
    cities = _ranked(found)
    if not used and cities and rest:
        # "Acme, Leeds": a name that lies nowhere near what follows is no place here.
        return UNKNOWN
    if not cities:
        parts = [
            part
            for part in gazetteer.parts_named(fold(words))
            if any(gazetteer.country_of(fold(told)) == part.country for told in rest)
        ]
        return Resolution(part=parts[0]) if parts else UNKNOWN
    return _choose(cities)


def _lies_in(city: City, words: str, countries: tuple[str, ...]) -> bool:
    for folded in dict.fromkeys((fold(words), _lean(fold(words)))):
        for part in gazetteer.parts_named(folded):
            if part.country != city.country:
                continue
            if not part.km and part.code == city.division:
                return True
            centre = gazetteer.city(part.city)
            if part.km and centre and centre.km_to(city) <= part.km + 10:
                return True
        if gazetteer.country_of(folded) == city.country:
            return True
        other = _cities(folded, (), (city.country, *countries))
        beside = other.city if other else None
        if beside and beside.country == city.country and beside.km_to(city) <= NEARBY:
            return beside.people > city.people
    return False


def says_more(words: str) -> bool:
    """Say whether words tell a country or a division rather than a place of their own."""
    return bool(_codes(fold(words)))


def _near(words: str, beside: str, countries: tuple[str, ...]) -> Resolution:
    """Return the city of a name that lies nearest to another one."""
    other = _resolve(beside, countries).city
    cities = _ranked(gazetteer.named(fold(words)))
    if other is None or not cities:
        return UNKNOWN
    nearest = min(cities, key=lambda city: (city.km_to(other), city.id))
    return Resolution(city=nearest) if nearest.km_to(other) <= 4 * NEARBY else UNKNOWN


def _cities(folded: str, codes: _Codes, countries: tuple[str, ...] = ()) -> Resolution | None:
    """Return the city or cities of a name, in the countries and divisions told."""
    found = list(_called(folded))
    if codes:
        found = [
            (city, own)
            for city, own in found
            if any(
                city.country == country and code in {"", city.division} for country, code in codes
            )
        ]
    hinted = [(city, own) for city, own in found if city.country in countries]
    cities = _ranked(hinted or found)
    return _choose(cities) if cities else None


def _called(folded: str) -> tuple[tuple[City, bool], ...]:
    if folded in _NO_PLACES:
        return ()
    return gazetteer.named(_CALLED.get(folded, folded))


def _ranked(found: Iterable[tuple[City, bool]]) -> list[City]:
    """Return those that a name may mean, the largest first."""
    found = list(found)
    largest = max((city.people for city, own in found if own), default=0)
    return [
        city
        for city, own in found
        if own or city.people >= FAMOUS * largest or _begins(city, found)
    ]


def _begins(city: City, found: Iterable[tuple[City, bool]]) -> bool:
    """Say whether a city's own name begins with the name that the others have."""
    names = {fold(other.name) for other, own in found if own}
    return any(fold(city.name).startswith(f"{name} ") for name in names)


def _choose(cities: list[City]) -> Resolution:
    first, *others = cities
    others = [city for city in others if city.km_to(first) > 5]
    if not others or first.people >= SURE * max(1, others[0].people):
        return Resolution(city=first)
    return Resolution(candidates=(first, *others)[:MOST_CANDIDATES])


def _lean(folded: str) -> str:
    """Return a folded name without postcodes, "city centre", "greater" and the like."""
    before, lean = "", folded
    while lean != before:
        before, lean = lean, _AROUND.sub("", lean).strip()
    return " ".join(_POSTCODE.sub(" ", lean).split()) or lean


def name_of(city: City) -> str:
    """Return the shortest name by which ``resolve`` finds a city again.

    Where a division has two of a name, the nearest larger city tells which one it is.
    """
    country = gazetteer.country_name(city.country)
    told = [", ".join(filter(None, [city.name, city.region, country]))]
    if city.country not in _STATED:
        told.insert(0, f"{city.name}, {country}")
    if beside := _landmark(city):
        told.append(f"{city.name} near {beside.name}, {country}")
    for name in told:
        if (found := resolve(name).city) and found.id == city.id:
            return name
    return told[-1]


def _landmark(city: City) -> City | None:
    """Return the nearest city that is larger and sure by its name."""
    around = gazetteer.cities(gazetteer.within(city.id, NEARBY))
    larger = sorted(
        (other for other in around if other.people > max(20_000, 2 * city.people)),
        key=lambda other: (other.km_to(city), other.id),
    )
    for other in larger[:10]:
        found = resolve(other.name, countries=[city.country]).city
        if found and found.id == other.id and fold(other.name) != fold(city.name):
            return other
    return None


def _country_said(code: str) -> str:
    """Name a country in the language that is active; in English as the table of cities has it."""
    here = languages.locale()
    if here.language == "en":
        return gazetteer.country_name(code)
    return str(here.territories.get(code) or gazetteer.country_name(code))


def full_name(city: City) -> str:
    """Return a city's name with division and country, as people choose from it."""
    parts = [city.name, city.region, _country_said(city.country)]
    return ", ".join(dict.fromkeys(part for part in parts if part))
