"""Ask the table of cities: by number, by name, by the first letters, by distance.

Distances are kilometres on a sphere of ``EARTH`` kilometres, between the points that GeoNames gives
for cities. The table is opened when it is first asked, once in each process.
"""

import atexit
import math
import os
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from opportunities.core.data import read_beside
from opportunities.places import building
from opportunities.places.folding import fold

EARTH: Final = 6371.0
KM_PER_DEGREE: Final = EARTH * math.pi / 180

_CITY: Final = (
    "SELECT city.id, city.name, city.country, city.division, city.latitude, city.longitude,"
    " city.people, city.zone, "
)
BY_NUMBER: Final = f"{_CITY} 1 FROM city WHERE id = ?"
LARGEST: Final = f"{_CITY} 1 FROM city WHERE country = ? ORDER BY people DESC, id LIMIT 1"
BY_NAME: Final = (
    f"{_CITY} name.own FROM name JOIN city ON city.id = name.city"
    " WHERE name.folded = ? ORDER BY name.people DESC, city.id LIMIT 200"
)
BY_FIRST_LETTERS: Final = f"""
    {_CITY} 1 FROM city JOIN (
        SELECT city, max(people) AS people FROM name WHERE folded >= ? AND folded < ?
        GROUP BY city ORDER BY people DESC, city LIMIT ? OFFSET ?
    ) AS chosen ON chosen.city = city.id ORDER BY chosen.people DESC, city.id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class City:
    """A city, town or village; ``id`` is its number at GeoNames."""

    id: int
    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    division: str
    """Code of the first division of the country, as GeoNames has it."""
    latitude: float
    longitude: float
    people: int
    time_zone: str
    """Its IANA name."""

    def km_to(self, other: "City") -> float:
        """Return how far it is to another city, in kilometres."""
        return distance(self.latitude, self.longitude, other.latitude, other.longitude)

    @property
    def region(self) -> str:
        """Return the name of its first division, or nothing where none is known."""
        return division_name(self.country, self.division)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a country: a first division, or a county as a circle around its city."""

    country: str
    code: str
    name: str
    city: int
    """The largest city of a division; the centre of a county."""
    km: int
    """How far a county reaches from its centre; 0 for a division."""


def distance(latitude: float, longitude: float, other: float, beside: float) -> float:
    """Return the way between two points on the sphere, in kilometres (the haversine formula)."""
    first, second = math.radians(latitude), math.radians(other)
    half = math.sin((second - first) / 2) ** 2
    half += math.cos(first) * math.cos(second) * math.sin(math.radians(beside - longitude) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


_tables: Final[dict[int, sqlite3.Connection]] = {}
"""The open table of this process; one that was forked off opens its own."""

_one_at_a_time: Final = threading.Lock()


def _ask(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with _one_at_a_time:
        table = _tables.get(os.getpid())
        if table is None:
            path = building.ensure(Path(settings.PLACES_DIR))
            address = f"{path.as_uri()}?mode=ro&immutable=1"
            table = sqlite3.connect(address, uri=True, check_same_thread=False)
            _tables[os.getpid()] = table
            atexit.register(table.close)
        found: list[tuple[Any, ...]] = table.execute(query, values).fetchall()
    return found


@lru_cache(maxsize=4096)
def city(number: int) -> City | None:
    """Return the city of a number, or None."""
    found = _ask(BY_NUMBER, number)
    return City(*found[0][:-1]) if found else None


@lru_cache(maxsize=256)
def largest(country: str) -> City | None:
    """Return the largest city of a country, or None where none is known."""
    found = _ask(LARGEST, country)
    return City(*found[0][:-1]) if found else None


def cities(numbers: Iterable[int]) -> list[City]:
    """Return the cities of some numbers, in their order, without unknown ones."""
    return [found for number in numbers if (found := city(number))]


@lru_cache(maxsize=4096)
def named(folded: str) -> tuple[tuple[City, bool], ...]:
    """Return the cities of a folded name, the largest first, and whether it is their own."""
    return tuple((City(*row[:-1]), bool(row[-1])) for row in _ask(BY_NAME, folded))


def begin_with(typed: str, *, most: int, skip: int = 0) -> list[City]:
    """Return the largest cities one of whose names begins with what was typed, a page of them."""
    folded = fold(typed[:80])
    if len(folded) < 2:
        return []
    found = _ask(BY_FIRST_LETTERS, folded, folded + "\U0010ffff", most, skip)
    return [City(*row[:-1]) for row in found]


@lru_cache(maxsize=1024)
def within(number: int, km: float) -> frozenset[int]:
    """Return the numbers of the cities at most so many kilometres from a city, itself included."""
    centre = city(number)
    if centre is None:
        return frozenset()
    high = km / KM_PER_DEGREE + 0.01
    wide = high / max(0.01, math.cos(math.radians(min(89.0, abs(centre.latitude) + high))))
    found = _ask(
        "SELECT id, latitude, longitude FROM city WHERE latitude BETWEEN ? AND ?"
        " AND (? >= 180 OR abs(longitude - ?) <= ? OR abs(longitude - ?) >= 360 - ?)",
        centre.latitude - high, centre.latitude + high,
        wide, centre.longitude, wide, centre.longitude, wide,
    )  # fmt: skip
    return frozenset(
        near
        for near, latitude, longitude in found
        if distance(centre.latitude, centre.longitude, latitude, longitude) <= km
    )


@lru_cache(maxsize=1024)
def parts_named(folded: str) -> tuple[Part, ...]:
    """Return the divisions and counties of a folded name."""
    found = _ask(
        "SELECT country, code, name, city, km FROM part WHERE folded = ? ORDER BY country", folded
    )
    return tuple(Part(*row) for row in found)


@lru_cache(maxsize=1024)
def division_name(country: str, code: str) -> str:
    """Return what a first division is called, or nothing where no name is known."""
    found = _ask("SELECT name FROM part WHERE country = ? AND code = ? LIMIT 1", country, code)
    return str(found[0][0]) if found else ""


_SAID: Final[Mapping[str, str]] = read_beside(__file__)["countries"]
"""What countries are called beside their names and codes, folded."""


@lru_cache(maxsize=1024)
def country_of(folded: str) -> str:
    """Return the code of the country of a folded name or code, or nothing."""
    if folded in _SAID:
        return _SAID[folded]
    found = _ask(
        "SELECT code FROM country WHERE folded = ? OR code = ? LIMIT 1", folded, folded.upper()
    )
    return str(found[0][0]) if found else ""


@lru_cache(maxsize=512)
def country_name(code: str) -> str:
    """Return the name of a country, or its code where none is known."""
    found = _ask("SELECT name FROM country WHERE code = ?", code)
    return str(found[0][0]) if found else code
