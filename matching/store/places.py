"""Turn cities and areas, as the tables name them, into what the engine compares."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from matching.engine.records import Area, Candidate, Place
from opportunities.places import areas as reading
from opportunities.places import gazetteer
from opportunities.places.folding import fold


def places_of(cities: Iterable[int], country: str) -> tuple[Place, ...]:
    """Return the places of a role; of one without a city its country alone, where it is known."""
    known = tuple(
        Place(city.latitude, city.longitude, city.country, city.division)
        for city in gazetteer.cities(cities)
    )
    return known or ((Place(country=country),) if country else ())


def areas_of(areas: Iterable[Mapping[str, Any]]) -> tuple[Area, ...]:
    """Return what a candidate reaches."""
    reached = []
    for area in areas:
        if "country" in area:
            reached.append(Area(country=area["country"], division=area.get("division", "")))
        elif city := gazetteer.city(area["city"]):
            circle = Area(city.latitude, city.longitude, float(area["km"]), city.country)
            reached.append(circle)
    return tuple(reached)


def names_of(regions: Iterable[str]) -> frozenset[str]:
    """Return the names under which what is reached is compared with places that are not known."""
    return frozenset(fold(reading.read_reach(region).words) for region in regions) - {""}


def with_areas(person: Candidate) -> Candidate:
    """Return somebody whose regions are words with the areas that these name, beside their own."""
    if not person.regions:
        return person
    named = reading.areas_of(sorted(person.regions), countries=person.rights)
    areas = tuple(dict.fromkeys([*person.areas, *areas_of(named)]))
    return replace(person, areas=areas, regions=person.regions | names_of(person.regions))
