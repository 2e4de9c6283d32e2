"""Places that are not among those offered: typed, understood, kept and shown again."""

from datetime import UTC, datetime

import pytest

from opportunities.candidates.models import CandidateProfile
from tests.factories import CandidateProfileFactory, OpportunityFactory
from tests.matching.markets import market_at
from tests.matching.recommending.test_views import answer

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
PAGE = "/start/place/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at():
    with market_at(AT):
        yield


def ticked(client):
    return [row["label"] for row in client.get(PAGE).context["options"] if row["on"]]


def onsite(place, **facts):
    return OpportunityFactory(open=True, mode="onsite", place=place, country="GB", **facts)


def test_a_town_that_is_not_offered_finds_its_roles_and_is_named_among_the_must_haves(client):
    near, far = onsite("Leeds", title="Sort looms"), onsite("Cardiff", title="Sort shells")
    answer(client, time="40")

    client.post(PAGE, {"town": "leeds"})

    page = client.get("/matches/")
    assert [match.role.pk for match in page.context["matches"]] == [near.pk]
    assert ("In or near", "Leeds") in page.context["musts"]
    assert far.title not in page.text
    assert ticked(client) == ["In or near Leeds"]
    assert client.session["answers"]["place"] == ["Leeds, United Kingdom"]


@pytest.mark.parametrize(
    ("language", "country", "near"),
    [
        ("en-gb", "United Kingdom", "In or near York, United Kingdom, 50 km"),
        ("de", "Vereinigtes Königreich", "In oder bei York, Vereinigtes Königreich, 50 km"),
    ],
)
def test_a_country_has_the_name_that_its_readers_know(client, language, country, near):
    client.post(PAGE, {"answer": ["remote"], "town": "GB; York, 50 km"})
    asked = {"Accept-Language": language}

    page = client.get(PAGE, headers=asked).context["options"]
    answers = client.get("/start/check/", headers=asked).text
    musts = str(client.get("/matches/", headers=asked).context["musts"])

    assert {row["label"] for row in page if row["on"]} >= {country, near}
    assert f"; {country}; {near}" in answers
    assert country in musts
    assert near[-20:] in musts


def test_without_a_town_the_must_haves_say_what_is_left_out(client):
    onsite("Leeds", title="Sort looms")
    answer(client, time="40")

    page = client.get("/matches/")

    assert not page.context["matches"]
    said = "no place named yet: hybrid and on-site roles are left out"
    assert ("In or near", said) in page.context["musts"]


def test_towns_join_what_is_ticked_and_keep_their_distance(client):
    client.post(PAGE, {"answer": ["remote"], "town": "York, 50 km; Leeds, UK"})

    kept = ["remote", "York, United Kingdom, 50 km", "Leeds, United Kingdom"]
    assert client.session["answers"]["place"] == kept
    assert client.post(PAGE, {"answer": kept}).status_code == 302
    assert client.session["answers"]["place"] == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Xyzzyville", "We know no place called “Xyzzyville”. Name a larger town near it."),
        ("5 km", "We know no place called “5 km”. Name a larger town near it."),
        ("-5 km", "We know no place called “-5 km”. Name a larger town near it."),
        ("Richmond", "There are several places called “Richmond”. Choose the one you mean."),
    ],
)
def test_what_names_no_place_or_several_is_asked_again_and_kept_nowhere(client, typed, said):
    response = client.post(PAGE, {"answer": ["remote"], "town": typed})

    assert response.status_code == 422
    assert said in response.text
    assert f'value="{typed}"' in response.text
    assert "answers" not in client.session


def test_of_several_towns_of_a_name_that_is_meant_where_roles_are(client):
    onsite("Leeds")

    response = client.post(PAGE, {"town": "York"})

    assert response.status_code == 302
    assert client.session["answers"]["place"] == ["York, United Kingdom"]
    assert "In or near York, United Kingdom" in ticked(client), "which one it is, to be changed"
    page = client.post(PAGE, {"town": "Richmond"})
    assert "Which Richmond?" in page.text
    assert "Virginia" not in page.text


def test_several_towns_are_kept_by_the_profile_that_a_link_opens(client):
    client.post(PAGE, {"answer": ["remote"], "town": "York; Leeds, UK"})

    client.post("/keep/", {"action": "make"})

    kept = CandidateProfile.objects.get()
    assert kept.modes == ["remote", "hybrid", "onsite"]
    assert kept.regions == ["York, United Kingdom", "Leeds, United Kingdom"]


def test_what_is_typed_beside_tells_more_than_where_roles_are(client):
    onsite("Leeds")

    client.post(PAGE, {"town": "York; Chicago"})

    kept = ["York, Pennsylvania, United States", "Chicago, Illinois, United States"]
    assert client.session["answers"]["place"] == kept


def test_skipping_overrules_what_was_typed(client):
    assert client.post(PAGE, {"town": "Xyzzyville", "skip": "1"}).status_code == 302


def test_a_profile_keeps_its_own_places_and_loses_those_unticked(client):
    profile = CandidateProfileFactory(
        modes=["onsite", "hybrid"], regions=["Leeds, 30 km", "West Yorkshire"], currency="EUR"
    )
    client.force_login(profile.user)
    assert ticked(client) == ["In or near Leeds, 30 km", "In or near West Yorkshire"]

    client.post(PAGE, {"answer": ["West Yorkshire"]})
    kept = CandidateProfile.objects.get(pk=profile.pk)
    client.post(PAGE, {"answer": ["remote"]})
    moved = CandidateProfile.objects.get(pk=profile.pk)

    assert (kept.regions, kept.currency) == (["West Yorkshire"], "EUR")
    assert (moved.regions, moved.modes) == ([], ["remote"])


def test_places_of_one_name_in_one_county_are_told_apart(client):
    client.post(PAGE, {"town": "Leeds, UK"})

    page = client.post(PAGE, {"answer": ["Leeds, United Kingdom"], "town": "Richmond"}).text

    assert "Richmond near Hounslow, United Kingdom</label>" in page
    assert "Richmond near Darlington, United Kingdom</label>" in page
