"""Say which places lie in which areas, in whole numbers, so that all kernels agree to the last bit.

A point stands on a sphere of ``RADIUS`` units, 0.1 m each, as three whole numbers; two of them are
at most so many kilometres apart where the square of the chord between them is at most the square
of that distance's chord. In: the places of roles and the areas of candidates as columns. Out: which
area reaches which place. It is computed once for each area and set of places, never per pair of a
person and a role.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import slices
from matching.engine.records import Area, Place
from matching.engine.skills import code_of

EARTH_KM: Final = 6371.0
RADIUS: Final = 1 << 26
"""Of the sphere, in its units."""

NAMED: Final = -1
"""Reach of an area that is a country or a division: no distance reaches that far down."""

CELLS: Final = 1 << 16
"""Pairs of an area and a place that are compared at once: few enough for the processor's cache."""

FEW_PLACES: Final = 4

type Rows = NDArray[np.int64]

PLACE_COLUMNS: Final = ("place_x", "place_y", "place_z", "place_country", "place_division")
AREA_COLUMNS: Final = ("area_x", "area_y", "area_z", "area_chord", "area_country", "area_division")


@lru_cache(maxsize=65_536)
def point(latitude: float, longitude: float) -> tuple[int, int, int]:
    """Return a point of the globe on the sphere; never (0, 0, 0), which is no point."""
    across, along = math.radians(latitude), math.radians(longitude)
    return (
        round(RADIUS * math.cos(across) * math.cos(along)),
        round(RADIUS * math.cos(across) * math.sin(along)),
        round(RADIUS * math.sin(across)),
    )


def chord(km: float) -> int:
    """Return the square of the chord of a distance on the sphere."""
    half = min(math.pi / 2, max(0.0, km) / (2 * EARTH_KM))
    return math.floor((2 * RADIUS * math.sin(half)) ** 2)


def place_row(place: Place) -> tuple[int, int, int, int, int]:
    """Return a place as the columns ``PLACE_COLUMNS`` hold it."""
    at = (0, 0, 0)
    if place.latitude is not None and place.longitude is not None:
        at = point(place.latitude, place.longitude)
    return (*at, code_of(place.country), _division(place.country, place.division))


def area_row(area: Area) -> tuple[int, int, int, int, int, int]:
    """Return an area as the columns ``AREA_COLUMNS`` hold it."""
    at, reach = (0, 0, 0), NAMED
    if area.km is not None and area.latitude is not None and area.longitude is not None:
        at, reach = point(area.latitude, area.longitude), chord(area.km)
    return (*at, reach, code_of(area.country), _division(area.country, area.division))


def _division(country: str, division: str) -> int:
    return code_of(f"{country}-{division}") if division else 0


def reaches(areas: Rows, places: Rows) -> NDArray[np.bool_]:
    """Say which areas, shape (a, 6), reach which places, shape (p, 5): shape (a, p)."""
    step = max(1, CELLS // max(1, len(places)))
    found = [_reaches(areas[at : at + step], places) for at in range(0, len(areas), step)]
    return np.concatenate(found) if found else np.zeros((0, len(places)), np.bool_)


def _reaches(areas: Rows, places: Rows) -> NDArray[np.bool_]:
    apart = np.zeros((len(areas), len(places)), np.int64)
    for axis in range(3):
        apart += (areas[:, None, axis] - places[None, :, axis]) ** 2
    has_point = (places[:, :3] != 0).any(axis=1)[None, :]
    is_circle = (areas[:, 3] != NAMED)[:, None]
    in_country = (areas[:, None, 4] == places[None, :, 3]) & (places[None, :, 3] != 0)
    in_division = (areas[:, None, 5] == places[None, :, 4]) | (areas[:, 5] == 0)[:, None]
    near: NDArray[np.bool_] = is_circle & has_point & (apart <= areas[:, None, 3])
    # Of a place that states its country alone, only the country can be compared.
    inside: NDArray[np.bool_] = in_country & (~has_point | (~is_circle & in_division))
    reached: NDArray[np.bool_] = near | inside
    return reached


def is_reached(areas: Iterable[Area], places: Iterable[Place]) -> bool:
    """Say whether one of the places lies in one of the areas."""
    rows = [area_row(area) for area in areas], [place_row(place) for place in places]
    if not rows[0] or not rows[1]:
        return False
    return bool(reaches(np.array(rows[0], np.int64), np.array(rows[1], np.int64)).any())


def rows_of(
    columns: object, names: Iterable[str], chosen: NDArray[np.int64] | slice = slice(None)
) -> Rows:
    """Return the places of roles, or the areas of candidates, or chosen ones: one a row."""
    return np.stack([getattr(columns, name)[chosen].astype(np.int64) for name in names], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Where the roles of an index are; a site is a name together with a set of places.

    A local site is a position in ``names``, which ascends.
    """

    names: NDArray[np.int64]
    """Code of the name of each site."""
    places: Rows
    """The different places, shape (p, 5)."""
    at: NDArray[np.int64]
    place: NDArray[np.int64]
    """The places of each site, a slice of rows of ``places``."""

    def __len__(self) -> int:
        return len(self.names)


def sites_of(
    names: NDArray[np.int64], at: NDArray[np.int64], rows: Rows
) -> tuple[Sites, NDArray[np.int64]]:
    """Return the sites of roles, and the site of each: of ``m`` names and their ragged places."""
    places, place = distinct(rows)
    counts = np.diff(at)
    # One number for each set of places: none, a single one, or one of the sets of several.
    key = np.zeros(len(names), np.int64)
    key[counts == 1] = 1 + place[at[:-1][counts == 1]]
    sets: dict[tuple[int, ...], int] = {}
    for role in np.flatnonzero(counts > 1):
        several = tuple(np.unique(place[at[role] : at[role + 1]]).tolist())
        key[role] = 1 + (
            several[0] if len(several) == 1 else sets.setdefault(several, len(places) + len(sets))
        )
    of_sets = [[], *([number] for number in range(len(places))), *sets]
    known, name = np.unique(names, return_inverse=True)
    pairs, site = np.unique(name * len(of_sets) + key, return_inverse=True)
    named, number = np.divmod(pairs, len(of_sets))
    groups = [np.array(of_sets[which], np.int64) for which in number]
    ends = np.cumsum([0, *map(len, groups)]).astype(np.int64)
    inside = np.concatenate(groups) if groups else np.zeros(0, np.int64)
    return Sites(known[named], places, ends, inside), site.astype(np.int64)


def distinct(rows: Rows) -> tuple[Rows, NDArray[np.int64]]:
    """Return the different rows, in an order of no meaning, and which of them each row is.

    Rows are told apart by a digest, which is quicker than comparing them; where two of them share
    one, they are compared after all.
    """
    primes = np.array([2 * 0x9E3779B97F4A7C1 + 1, 0xC2B2AE3D27D4EB4F - (1 << 64)], np.int64)
    digest = np.zeros(len(rows), np.int64)
    with np.errstate(over="ignore"):
        for column in rows.T:
            digest = (digest ^ column) * primes[0]
            digest = (digest ^ (digest >> 29)) * primes[1]
    _, first, inverse = np.unique(digest, return_index=True, return_inverse=True)
    found, which = rows[first], inverse.reshape(-1).astype(np.int64)
    if not np.array_equal(found[which], rows):
        found, inverse = np.unique(rows, axis=0, return_inverse=True)
        which = inverse.reshape(-1).astype(np.int64)
    return found, which


def sites_reached(
    sites: Sites,
    *,
    names: tuple[NDArray[np.int64], NDArray[np.int64]],
    areas: tuple[NDArray[np.int64], Rows],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the sites that each candidate reaches, ascending, as a ragged column.

    ``names`` and ``areas`` are ragged columns of the candidates: offsets, and codes or rows.
    """
    count = len(names[0]) - 1
    low = np.searchsorted(sites.names, names[1])
    high = np.searchsorted(sites.names, names[1], side="right")
    owner, site = _expanded(_owners(names[0]), low, high - low)
    if len(areas[1]) and len(sites.places):
        # To compare all areas with a few places is quicker than to find the different ones.
        every = areas[1], np.arange(len(areas[1]))
        different, area = every if len(sites.places) <= FEW_PLACES else distinct(areas[1])
        inside = reaches(different, sites.places)[:, sites.place]
        reached = np.zeros((len(different), len(sites)), np.bool_)
        filled = np.flatnonzero(np.diff(sites.at))
        reached[:, filled] = np.logical_or.reduceat(inside, sites.at[:-1][filled], axis=1)
        circle, near = np.nonzero(reached)
        starts = np.searchsorted(circle, np.arange(len(different) + 1))
        person, entry = _expanded(_owners(areas[0]), starts[area], np.diff(starts)[area])
        owner = np.concatenate([owner, person])
        site = np.concatenate([site, near[entry]])
    both = np.unique(owner * max(1, len(sites)) + site)
    owner, site = np.divmod(both, max(1, len(sites)))
    at = np.searchsorted(owner, np.arange(count + 1)).astype(np.int64)
    return at, site.astype(np.int32)


def _owners(at: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(at) - 1), np.diff(at))


def _expanded(
    owner: NDArray[np.int64], first: NDArray[np.intp], counts: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every position of the slices with the owner of its slice."""
    return np.repeat(owner, counts), slices(first.astype(np.int64), counts.astype(np.int64))
