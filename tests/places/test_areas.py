"""Where a role is, and what a candidate reaches."""

import pytest

from opportunities.places import gazetteer
from opportunities.places.areas import (
    areas_of,
    countries_of,
    read_reach,
    searched,
    site_of,
    split_reach,
    unsure,
)
from opportunities.places.resolving import resolve

LEEDS = 2644688
YORK = 2633352


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Leeds", {"city": LEEDS, "km": 30}),
        ("Leeds, 12 km", {"city": LEEDS, "km": 12}),
        ("leeds 12km", {"city": LEEDS, "km": 12}),
        ("Leeds (+50 km)", {"city": LEEDS, "km": 50}),
        ("within 30 km of Leeds", {"city": LEEDS, "km": 30}),
        ("10 miles from Leeds", {"city": LEEDS, "km": 16}),
        ("Leeds, UK, 5 km", {"city": LEEDS, "km": 5}),
        ("Leeds, 9999 km", {"city": LEEDS, "km": 500}),
        ("Leeds, 0 km", {"city": LEEDS, "km": 1}),
        ("GB", {"country": "GB"}),
        ("im Umkreis von 30 km um Leeds", {"city": LEEDS, "km": 30}),
        ("30 Kilometer um Leeds", {"city": LEEDS, "km": 30}),
        ("Leeds, Umkreis 30 km", {"city": LEEDS, "km": 30}),
        ("überall in Deutschland", {"country": "DE"}),
        ("anywhere in GB", {"country": "GB"}),
        ("anywhere in the UK", {"country": "GB"}),
        ("Anywhere in Scotland", {"country": "GB", "division": "SCT"}),
        ("West Yorkshire", {"city": LEEDS, "km": 30}),
        ("West Yorkshire, 60 km", {"city": LEEDS, "km": 60}),
        ("Hogsmeade", None),
        ("", None),
    ],
)
def test_one_place_that_is_reached(typed, expected):
    assert areas_of([typed]) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("city", "country", "regions", "alone"),
    [
        ("Leeds", "GB", ["", "leeds", "Leeds", "England", "North England"],
         ["West Yorkshire", "West Yorks", "W. Yorks", "Yorkshire", "Yorkshire & Humber"]),
        ("Newcastle upon Tyne", "GB", ["", "Newcastle"], ["Tyne and Wear", "Tyne & Wear"]),
        ("Munich", "DE", ["", "München", "Germany"], ["Bayern", "Bavaria", "Oberbayern"]),
        ("Köln", "DE", ["", "NRW"], ["NRW"]),
        ("Nuremberg", "DE", ["", "Bayern"], ["Franken"]),
        ("Zürich", "CH", ["", "ZH"], ["Kanton Zürich", "Zurich"]),
        ("Cork", "IE", ["", "Munster"], ["County Cork", "Co. Cork"]),
        ("Houston", "US", ["", "houston"], ["Texas", "TX"]),
    ],
)  # fmt: skip
def test_a_role_is_in_one_city_whatever_region_is_typed_beside_or_instead(
    city, country, regions, alone
):
    expected = [resolve(city, countries=[country]).city.id]

    for region in [*regions, *alone]:
        assert site_of(city, region, country) == expected, region
    for region in alone:
        assert site_of("", region, country) == expected, region


@pytest.mark.parametrize(
    ("place", "region", "country", "city"),
    [
        ("Frankfurt", "Brandenburg", "DE", "Frankfurt (Oder)"),
        ("Frankfurt", "Hessen", "DE", "Frankfurt am Main"),
        ("Frankfurt", "", "DE", "Frankfurt am Main"),
        ("Portland", "Maine", "US", "Portland"),
        ("Leeds", "Bavaria", "GB", "Leeds"),
    ],
)
def test_the_region_beside_a_place_tells_which_one_is_meant(place, region, country, city):
    [number] = site_of(place, region, country)

    found = gazetteer.city(number)
    assert found.name == city
    assert region != "Maine" or found.region == "Maine"


def test_sure_places_tell_where_the_others_lie():
    cities = [gazetteer.city(area["city"]) for area in areas_of(["York", "Leeds"])]
    assert [(city.name, city.country) for city in cities] == [("York", "GB"), ("Leeds", "GB")]


def test_where_nothing_tells_which_is_meant_each_is_reached():
    countries = {gazetteer.city(area["city"]).country for area in areas_of(["York"])}
    assert countries >= {"GB", "US"}
    rights = areas_of(["York"], countries=["GB"])
    assert rights == [{"city": YORK, "km": 30}]


def test_the_same_area_is_there_once():
    assert len(areas_of(["Leeds", "leeds, UK", "LEEDS"])) == 1


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Leeds, York", ["Leeds", "York"]),
        ("Leeds; York", ["Leeds", "York"]),
        ("Leeds\nYork", ["Leeds", "York"]),
        ("Leeds, 30 km; York, 10 km", ["Leeds, 30 km", "York, 10 km"]),
        ("York, Pennsylvania; Leeds", ["York, Pennsylvania", "Leeds"]),
        ("Leeds, UK", ["Leeds, UK"]),
        (" ; ,", []),
        ("", []),
    ],
)
def test_a_comma_parts_places_or_belongs_to_one(typed, expected):
    assert split_reach(typed) == expected


@pytest.mark.parametrize(
    ("place", "region", "country", "cities"),
    [
        ("Leeds", "", "GB", [LEEDS]),
        ("Leeds", "leeds", "", [LEEDS]),
        ("Leeds", "West Yorkshire", "GB", [LEEDS]),
        ("Leeds", "Leeds", "GB", [LEEDS]),
        ("", "West Yorkshire", "GB", [LEEDS]),
        ("", "leeds", "", [LEEDS]),
        ("York; Leeds", "", "GB", [YORK, LEEDS]),
        ("York", "North Yorkshire", "", [YORK]),
        ("Hogsmeade", "", "GB", []),
        ("", "Narnia Shire", "", []),
        ("York", "", "", []),
        ("", "", "GB", []),
    ],
)
def test_where_a_role_is(place, region, country, cities):
    assert site_of(place, region, country) == cities


def test_a_role_that_names_no_place_is_where_its_employer_is():
    assert site_of("", "", "GB", of_employer=("Leeds", "GB")) == [LEEDS]
    assert site_of("York", "", "", of_employer=("Leeds", "GB")) == [YORK]
    assert site_of("Hogsmeade", "", "", of_employer=("Leeds", "GB")) == []


def test_an_unclear_place_is_asked_about():
    assert unsure("York", "").startswith(
        "There are several places called York. Write which one, for example “York, United Kingdom”,"
        " “York, Pennsylvania, United States”"
    )
    assert unsure("Richmond", "GB") == (
        "There are several places called Richmond: write “Richmond near Hounslow, United Kingdom”"
        " or “Richmond near Darlington, United Kingdom”."
    )
    assert unsure("York", "GB") == unsure("Leeds; Hogsmeade", "") == unsure("", "") == ""


def test_a_search_looks_around():
    assert LEEDS in searched("Leeds").cities
    assert YORK not in searched("Leeds").cities
    assert YORK in searched("Leeds", km=40).cities
    assert YORK in searched("Leeds, 40 km").cities
    assert searched("GB").country == "GB"
    assert (searched("Scotland").country, searched("Scotland").division) == ("GB", "Scotland")
    assert searched("Hogsmeade").cities is None


def test_countries_are_told_or_follow():
    assert countries_of("Leeds; York", []) == {"GB"}
    assert countries_of("Graz; GB", ["IE", ""]) == {"AT", "GB", "IE"}
    assert read_reach("Leeds, 12 km").words == "Leeds"
    assert resolve("Graz").city.time_zone == "Europe/Vienna"
