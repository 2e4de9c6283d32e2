"""Distance as a gate: whole numbers that agree everywhere, and each area computed once."""

import math
import random

import numpy as np
import pytest

from matching.engine import Candidate, Opportunity, gates, pack_candidates, pack_opportunities, rank
from matching.engine.places import (
    AREA_COLUMNS,
    PLACE_COLUMNS,
    chord,
    distinct,
    is_reached,
    point,
    reaches,
    rows_of,
    sites_of,
)
from matching.engine.records import Area, Place
from matching.priors import PRIORS
from tests.matching.engine.markets import area, market, place

LEEDS = Place(53.79648, -1.54785, "GB", "ENG")
YORK = Place(53.95763, -1.08271, "GB", "ENG")
EDINBURGH = Place(55.95206, -3.19648, "GB", "SCT")
BERLIN = Place(52.52437, 13.41053, "DE", "16")
SOMEWHERE_IN_GB = Place(country="GB")


def around(middle: Place, km: float) -> Area:
    return Area(middle.latitude, middle.longitude, km, middle.country)


@pytest.mark.parametrize(
    ("reached", "of", "expected"),
    [
        (around(LEEDS, 30), LEEDS, True),
        (around(LEEDS, 0), LEEDS, True),
        (around(LEEDS, 30), YORK, False),
        (around(LEEDS, 35), YORK, False),
        (around(LEEDS, 36), YORK, True),
        (around(YORK, 36), LEEDS, True),
        (around(LEEDS, 250), EDINBURGH, False),
        (around(LEEDS, 265), EDINBURGH, True),
        (around(LEEDS, 20_100), Place(-36.85, 174.76, "NZ"), True),
        (Area(country="GB"), LEEDS, True),
        (Area(country="GB"), BERLIN, False),
        (Area(country="GB", division="SCT"), EDINBURGH, True),
        (Area(country="GB", division="SCT"), LEEDS, False),
        (Area(country="DE", division="ENG"), LEEDS, False),
        (Area(country="GB"), SOMEWHERE_IN_GB, True),
        (Area(country="GB", division="SCT"), SOMEWHERE_IN_GB, True),
        (around(LEEDS, 5), SOMEWHERE_IN_GB, True),
        (around(BERLIN, 5_000), SOMEWHERE_IN_GB, False),
        (Area(country=""), Place(), False),
        (around(Place(0.0, 179.99, "FJ"), 5), Place(0.0, -179.99, "FJ"), True),
        (around(Place(89.9, 0.0, "NO"), 30), Place(89.9, 180.0, "NO"), True),
    ],
)
def test_an_area_reaches_what_lies_in_it(reached, of, expected):
    assert is_reached([reached], [of]) is expected


def test_one_of_several_places_suffices():
    role = Opportunity(1, mode="onsite", places=(BERLIN, YORK))
    assert "region" not in gates(Candidate(1, areas=(around(LEEDS, 40),)), role, priors=PRIORS)
    assert "region" in gates(Candidate(1, areas=(around(LEEDS, 20),)), role, priors=PRIORS)
    assert "region" not in gates(
        Candidate(1, areas=(around(EDINBURGH, 5), around(BERLIN, 1))), role, priors=PRIORS
    )


def test_a_name_that_both_share_needs_no_place():
    role = Opportunity(1, mode="hybrid", region="hogsmeade")
    assert "region" not in gates(
        Candidate(1, regions=frozenset({"hogsmeade"})), role, priors=PRIORS
    )
    assert "region" in gates(Candidate(1, areas=(Area(country="GB"),)), role, priors=PRIORS)


def test_remote_work_asks_for_no_place():
    assert "region" not in gates(Candidate(1), Opportunity(1, places=(LEEDS,)), priors=PRIORS)


def test_whole_numbers_agree_with_the_formula_of_the_sphere():
    draw = random.Random(5)
    for _ in range(3_000):
        one = draw.uniform(-90, 90), draw.uniform(-180, 180)
        far = draw.choice([0.01, 1, 30])
        two = (
            max(-90.0, min(90.0, one[0] + draw.uniform(-far, far))),
            one[1] + draw.uniform(-far, far),
        )
        first, second = math.radians(one[0]), math.radians(two[0])
        half = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * (
            math.sin(math.radians(two[1] - one[1]) / 2) ** 2
        )
        km = 2 * 6371.0 * math.asin(math.sqrt(half))
        apart = sum((a - b) ** 2 for a, b in zip(point(*one), point(*two), strict=True))
        assert apart <= chord(km + 0.001)
        assert km < 0.002 or apart > chord(km - 0.001)


def test_many_areas_are_compared_in_portions(monkeypatch):
    draw = random.Random(3)
    people = [Candidate(n, areas=(area(draw),)) for n in range(40)]
    roles = [Opportunity(n, places=(place(draw),)) for n in range(30)]
    areas = rows_of(pack_candidates(people), AREA_COLUMNS)
    places = rows_of(pack_opportunities(roles, priors=PRIORS), PLACE_COLUMNS)
    whole = reaches(areas, places)
    monkeypatch.setattr("matching.engine.places.CELLS", 70)
    assert np.array_equal(reaches(areas, places), whole)
    assert 0 < whole.sum() < whole.size


def test_roles_with_the_same_places_stand_together():
    rows = np.array([[1, 0, 0, 7, 0], [2, 0, 0, 7, 0], [2, 0, 0, 7, 0], [1, 0, 0, 7, 0]], np.int64)
    names, at = np.array([0, 0, 0, 5]), np.array([0, 2, 4, 4, 4])
    sites, site = sites_of(names, at, rows)
    assert site[0] == site[1] != site[2]
    assert len(sites) == 3
    assert sites.names[site].tolist() == names.tolist()
    of_first = sites.place[sites.at[site[0]] : sites.at[site[0] + 1]]
    assert sorted(sites.places[of_first, 0].tolist()) == [1, 2]


@pytest.mark.parametrize("seed", range(12))
def test_kernels_list_the_same_where_places_decide(seed):
    people, roles = market(900 + seed, 40, 120)
    draw = random.Random(seed)
    people = [
        Candidate(
            person.id,
            modes=frozenset({"onsite", "hybrid"}),
            regions=person.regions,
            areas=tuple(area(draw) for _ in range(draw.randint(0, 3))),
            available_from="2027-01-04",
            hours_per_week=80.0,
            rights=person.rights,
        )
        for person in people
    ]
    columns = pack_candidates(people), pack_opportunities(roles, priors=PRIORS)
    slow = rank(*columns, k=120, kernel="numpy")
    fast = rank(*columns, k=120, kernel="fast")
    for side in ("candidates", "opportunities"):
        for name in ("ids", "scores"):
            mine, other = (getattr(getattr(one, side), name) for one in (slow, fast))
            assert np.array_equal(mine, other)
    open_pairs = {
        (person.id, role.id)
        for person in people
        for role in roles
        if not gates(person, role, priors=PRIORS)
    }
    found = {
        (person.id, role)
        for row, person in enumerate(people)
        for role in slow.candidates.ids[row]
        if role >= 0
    }
    assert found == open_pairs
    assert found


def test_different_rows_are_told_apart_whatever_their_digest():
    draw = np.random.default_rng(4)
    rows = draw.integers(-3, 3, (2_000, 6)) * np.array([1, 1 << 26, 1, 1 << 52, 1 << 62, 1])
    found, which = distinct(rows)
    assert np.array_equal(found[which], rows)
    assert len(found) == len(np.unique(rows, axis=0))
