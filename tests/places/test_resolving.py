"""What people type of a place, row by row."""

import pytest
from django.utils import translation

from opportunities.places import gazetteer
from opportunities.places.folding import fold, spellings
from opportunities.places.resolving import full_name, name_of, resolve


def said(typed: str, *countries: str) -> str:
    """Return what words name, in a line: a city, which ones are asked about, a part, a country."""
    found = resolve(typed, countries=countries)
    if found.city:
        return full_name(found.city)
    if found.candidates:
        names = [f"{city.name} {city.country}" for city in found.candidates[:3]]
        return f"which: {', '.join(names)}"
    if found.part:
        return f"part: {found.part.name}, {found.part.country}"
    return f"country: {found.country}" if found.country else "unknown"


LEEDS = "Leeds, England, United Kingdom"
YORK = "York, England, United Kingdom"
ZURICH = "Zürich, Zurich, Switzerland"
MUNICH = "Munich, Bavaria, Germany"
KOLN = "Köln, North Rhine-Westphalia, Germany"
HULL = "Kingston upon Hull, England, United Kingdom"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # Case, space, country, division, county, postcode, street.
        ("Leeds", LEEDS),
        ("leeds", LEEDS),
        ("LEEDS ", LEEDS),
        ("  leeds\t", LEEDS),
        ("Leeds, UK", LEEDS),
        ("Leeds UK", LEEDS),
        ("Leeds, GB", LEEDS),
        ("Leeds (United Kingdom)", LEEDS),
        ("Leeds, England", LEEDS),
        ("Leeds, West Yorkshire", LEEDS),
        ("leeds, west yorkshire, uk", LEEDS),
        ("Leeds city centre", LEEDS),
        ("Greater Leeds", LEEDS),
        ("Leeds LS1 4LT", LEEDS),
        ("10 Wellington Street, Leeds LS1 4LT, UK", LEEDS),
        ("Leeds, room 4", LEEDS),
        ("Leeds, AL", "Leeds, Alabama, United States"),
        ("Bradford, West Yorkshire", "Bradford, England, United Kingdom"),
        # Accents, letters, other names, other scripts.
        ("Zurich", ZURICH),
        ("Zürich", ZURICH),
        ("Zuerich", ZURICH),
        ("ZÜRICH, Schweiz", ZURICH),
        ("Munich", MUNICH),
        ("München", MUNICH),
        ("Muenchen", MUNICH),
        ("Cologne", KOLN),
        ("Köln", KOLN),
        ("koeln", KOLN),
        ("Wien", "Vienna, Austria"),
        ("Den Haag", "The Hague, South Holland, The Netherlands"),
        ("Bombay", "Mumbai, Maharashtra, India"),
        ("Kiev", "Kyiv, Ukraine"),
        ("Łódź", "Łódź, Poland"),
        ("Lodz", "Łódź, Poland"),
        ("Sao Paulo", "São Paulo, Brazil"),
        ("Saint-Étienne", "Saint-Étienne, Auvergne-Rhône-Alpes, France"),
        ("St Etienne", "Saint-Étienne, Auvergne-Rhône-Alpes, France"),
        ("Москва", "Moscow, Russia"),
        ("NYC", "New York City, New York, United States"),
        # Several of a name: the much larger one, else which one.
        ("London", "London, England, United Kingdom"),
        ("London, Ontario", "London, Ontario, Canada"),
        ("Paris, TX", "Paris, Texas, United States"),
        ("Portland OR", "Portland, Oregon, United States"),
        ("York", "which: York GB, York US, York US"),
        ("York, UK", YORK),
        ("York, PA", "York, Pennsylvania, United States"),
        ("Cambridge", "which: Cambridge GB, Cambridge CA, Cambridge US"),
        ("Newcastle", "which: Newcastle AU, Newcastle ZA, Newcastle upon Tyne GB"),
        ("Newcastle, UK", "Newcastle upon Tyne, England, United Kingdom"),
        ("Hull, England, United Kingdom", HULL),
        ("Springfield, Illinois", "Springfield, Illinois, United States"),
        ("Washington, DC", "Washington, District of Columbia, United States"),
        # Parts of a country, and countries.
        ("West Yorkshire", "part: West Yorkshire, GB"),
        ("West Yorkshire, UK", "part: West Yorkshire, GB"),
        ("yorkshire", "part: Yorkshire, GB"),
        ("England", "part: England, GB"),
        ("Bayern", "part: Bavaria, DE"),
        ("California", "part: California, US"),
        ("Berlin", "Berlin, Germany"),
        ("GB", "country: GB"),
        ("UK", "country: GB"),
        ("United Kingdom", "country: GB"),
        ("Deutschland", "country: DE"),
        ("US", "country: US"),
        ("Mexico", "country: MX"),
        ("Luxembourg", "Luxembourg"),
        # What is none.
        ("", "unknown"),
        ("   ", "unknown"),
        (",,;", "unknown"),
        ("Hogsmeade", "unknown"),
        ("Hogsmeade, England", "unknown"),
        ("Remote", "unknown"),
        ("home", "unknown"),
        ("anywhere", "unknown"),
        ("<script>alert(1)</script>", "unknown"),
        ("'; DROP TABLE city; --", "unknown"),
        ("%", "unknown"),
        ("Leeds\x00", "unknown"),
        ("\u202eLeeds", "unknown"),
        ("x" * 5_000, "unknown"),
        ("a," * 150, "unknown"),
    ],
)
def test_words_name(typed, expected):
    assert said(typed) == expected


@pytest.mark.parametrize(
    ("typed", "countries", "expected"),
    [
        ("York", ["GB"], YORK),
        ("Hull", ["GB"], HULL),
        ("Newcastle", ["GB"], "Newcastle upon Tyne, England, United Kingdom"),
        ("Cambridge", ["GB", "IE"], "Cambridge, England, United Kingdom"),
        ("Cambridge", ["US"], "Cambridge, Massachusetts, United States"),
        ("Leeds", ["FR"], LEEDS),
        ("Paris", [""], "Paris, Île-de-France, France"),
    ],
)
def test_a_country_narrows_them(typed, countries, expected):
    assert said(typed, *countries) == expected


@pytest.mark.parametrize("typed", ["Leeds", "Köln", "Newport", "York, PA", "Paris, TX", "Oxford"])
def test_the_short_name_finds_the_city_again(typed):
    found = resolve(typed)
    for city in [found.city] if found.city else found.candidates:
        assert resolve(name_of(city)).city == city
        assert resolve(name_of(city), countries=[city.country]).city == city


def test_of_two_in_one_division_a_larger_one_beside_tells_which():
    newports = [city for city, own in gazetteer.named("newport") if own and city.country == "GB"]
    names = {name_of(city) for city in newports}
    assert len(names) == len(newports) > 2
    assert any(" near " in name for name in names)
    for city in newports:
        assert resolve(name_of(city)).city == city


def test_folding_keeps_what_tells_names_apart():
    assert fold("Saint-Étienne") == fold("ST. ETIENNE") == "st etienne"
    assert fold("Kraków") == "krakow"
    assert spellings("Zürich") == {"zurich", "zuerich"}
    assert fold("!!!") == ""


def test_a_place_knows_region_country_zone_and_the_way_to_another():
    leeds, york = resolve("Leeds").city, resolve("York", countries=["GB"]).city
    assert (leeds.region, leeds.country, leeds.time_zone) == ("England", "GB", "Europe/London")
    assert round(leeds.km_to(york)) == 35
    assert leeds.km_to(leeds) == 0


def test_within_a_distance_lie_the_cities_that_do():
    leeds, york = resolve("Leeds").city, resolve("York", countries=["GB"]).city
    near, far = gazetteer.within(leeds.id, 30), gazetteer.within(leeds.id, 36)
    assert near < far
    assert york.id in far - near
    assert leeds.id in near
    assert all(leeds.km_to(city) <= 36 for city in gazetteer.cities(far))
    fiji = resolve("Suva").city
    assert all(fiji.km_to(city) <= 400 for city in gazetteer.cities(gazetteer.within(fiji.id, 400)))
    assert gazetteer.within(1, 30) == frozenset()


def test_suggestions_begin_as_typed_the_largest_first():
    found = gazetteer.begin_with("Lee", most=5)
    assert found[0].name == "Leeds"
    assert [city.people for city in found] == sorted((c.people for c in found), reverse=True)
    assert gazetteer.begin_with("Lee", most=3, skip=2)[0] == found[2]
    assert gazetteer.begin_with("l", most=5) == []
    assert gazetteer.begin_with("%_", most=5) == []


def test_countries_are_named_in_the_language_of_the_reader():
    leeds = resolve("Leeds").city

    with translation.override("de"):
        assert full_name(leeds) == "Leeds, England, Vereinigtes Königreich"
    assert full_name(leeds) == LEEDS
