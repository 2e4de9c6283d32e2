"""Who is shown what by distance: on pages, in lists of both sides, for guests and by the API."""

import pytest
from django.utils import timezone

from matching.models import RoleList
from matching.recommending.missing import missing
from matching.recommending.queries import Shown
from matching.recommending.reason_facts import km_away
from matching.store import live, profiles, read_roles
from opportunities.candidates.models import Visibility
from opportunities.core import nudge
from opportunities.roles.models import Opportunity
from tests.factories import CandidateProfileFactory, EmployerFactory, OpportunityFactory
from tests.matching.markets import publish

pytestmark = pytest.mark.django_db
URL = "/api/v1/match-runs"
HERE = {"open": True, "mode": "onsite", "country": "GB", "start_latest": None}


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    live.forget()
    monkeypatch.setattr(nudge, "send", lambda *_, **__: False)
    yield
    live.forget()


def candidate(*regions, **facts):
    return CandidateProfileFactory(
        visibility=Visibility.OPEN, modes=["onsite"], regions=list(regions), **facts
    )


def test_four_roles_in_leeds_list_the_same_people():
    roles = [
        OpportunityFactory(**HERE, place="Leeds", region=region)
        for region in ("", "leeds", "West Yorkshire", "Leeds")
    ]
    roles += [
        OpportunityFactory(**HERE, place="", region=region, employer__place="")
        for region in ("leeds", "West Yorkshire", "W. Yorks")
    ]
    people = [
        candidate("leeds"),
        candidate("LEEDS "),
        candidate("Leeds, UK"),
        candidate("within 30 km of Leeds"),
        candidate("York, 40 km", rights=["GB"]),
        candidate("West Yorkshire"),
        candidate("West Yorks"),
        candidate("anywhere in GB"),
        candidate("England"),
    ]
    away = [candidate("York, 10 km", rights=["GB"]), candidate("London"), candidate("FR")]
    publish()

    lists = [set(RoleList.objects.get(pk=role.pk).ids) for role in roles]

    assert lists == [{person.pk for person in people}] * 7
    assert not lists[0] & {person.pk for person in away}


def test_they_do_where_only_the_region_or_the_employer_says_leeds():
    employer = EmployerFactory(place="Leeds", country="GB")
    roles = [
        OpportunityFactory(**HERE, place="", region=region, employer=employer)
        for region in ("", "leeds", "West Yorkshire", "Leeds")
    ]
    near, far = candidate("Leeds, 12 km"), candidate("London, 12 km")
    publish()

    for role in roles:
        assert set(RoleList.objects.get(pk=role.pk).ids) == {near.pk}
    assert far.pk


def test_a_role_that_states_its_country_alone_is_open_in_all_of_it():
    role = OpportunityFactory(**HERE, place="", region="", employer__place="")
    here, there = candidate("London"), candidate("Paris")
    publish()

    assert set(RoleList.objects.get(pk=role.pk).ids) == {here.pk}
    assert there.pk


def test_a_place_that_nobody_knows_is_open_to_those_who_name_it():
    role = OpportunityFactory(**HERE, place="Hogsmeade", region="")
    same, other = candidate("hogsmeade"), candidate("Leeds")
    publish()

    assert set(RoleList.objects.get(pk=role.pk).ids) == {same.pk}
    assert other.pk


def engine(profile, role):
    person = profiles.read_person(profile, at=timezone.now())
    facts = read_roles([role.pk], at=timezone.now())[role.pk].opportunity
    return person, facts


def test_one_of_several_places_is_enough():
    role = OpportunityFactory(**HERE, place="Graz; Leeds")
    person, facts = engine(candidate("Leeds"), role)

    assert {place.country for place in facts.places} == {"AT", "GB"}
    assert facts.region == ""
    assert person.areas[0].km == 30


@pytest.mark.parametrize(
    ("regions", "place", "km", "sentence"),
    [
        (["Leeds, 10 km"], "York", 35, "It is in York, 35 km from you: farther than you go."),
        (["GB"], "Paris", None, "It is in Paris, which is not among your places."),
        ([], "York", None, "It is in York, which is not among your places."),
        (["Leeds"], "Hogsmeade", None, "It is in Hogsmeade, which is not among your places."),
    ],
)
def test_the_way_is_told(regions, place, km, sentence):
    country = "FR" if place == "Paris" else "GB"
    role = OpportunityFactory(**HERE | {"place": place, "country": country})
    person, _ = engine(candidate(*regions), role)

    assert km_away(person, role) == km
    assert missing(["region"], Shown(role, person, None, 0, "GBP")) == [sentence]


def test_remote_work_is_no_distance_away():
    role = OpportunityFactory(open=True, mode="remote", place="York")
    person, _ = engine(candidate("Leeds"), role)

    assert km_away(person, role) is None


def test_a_list_says_how_far(client):
    profile = candidate("Leeds, 60 km")
    OpportunityFactory(**HERE, title="Archive helper", place="York", region="")
    publish()
    client.force_login(profile.user)

    page = client.get("/matches/").content.decode()

    assert "York, 35 km from you, on site" in page


def test_the_page_of_a_role_says_how_far(client):
    profile = candidate("Leeds, 60 km")
    role = OpportunityFactory(**HERE, place="York", region="")
    publish()
    client.force_login(profile.user)

    page = client.get(f"/opportunities/{role.slug}-{role.public_id}/").content.decode()

    assert "York, 35 km from you." in page
    assert Opportunity.objects.get(pk=role.pk).km_away is None


def test_a_guest_chooses_among_the_cities_of_open_roles(client):
    OpportunityFactory(**HERE, title="Archive helper", place="Leeds", region="")
    OpportunityFactory(**HERE, title="Far helper", place="Plymouth", region="")
    publish()

    html = client.get("/start/place/").content.decode()

    assert 'value="Leeds, United Kingdom"' in html
    assert "In or near Leeds" in html


def test_a_profile_sent_to_the_api_is_read_as_words(client):
    role = OpportunityFactory(**HERE, place="Leeds", region="")
    publish()

    def matches(*regions):
        profile = {"modes": ["onsite"], "regions": list(regions), "hours_per_week": 40}
        sent = {"profile": profile}
        answer = client.post(URL, sent, content_type="application/json")
        assert answer.status_code == 200
        return [row["opportunity"]["id"] for row in answer.json()["matches"]]

    assert matches("leeds") == matches("West Yorkshire") == [role.public_id]
    assert matches("York, 10 km", "London") == []
