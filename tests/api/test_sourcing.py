"""Roles by the key of an employer's own system."""

import pytest
from rest_framework.test import APIClient

from opportunities.roles.models import Opportunity
from tests.factories import OpportunityFactory, employer_with_owner
from tests.roles.test_drafts import COMPLETE

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/opportunities/by-source/our-ats/2026-117"


@pytest.fixture
def team():
    return employer_with_owner()


def put(team, address=ADDRESS, **changes):
    api = APIClient()
    api.force_authenticate(team[1])
    return api.put(address, {**COMPLETE, "employer": team[0].public_id, **changes})


def test_creates_hands_in_and_repeats_without_effect(team):
    first = put(team)
    second = put(team)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["status"] == "in_review"
    assert second.json() == first.json()
    assert first["Location"] == f"/api/v1/opportunities/{first.json()['id']}"
    assert Opportunity.objects.get().source_digest


def test_amends_under_the_same_key(team):
    first = put(team)

    second = put(team, title="Another title")

    assert (second.status_code, second.json()["id"]) == (200, first.json()["id"])
    assert second.json()["title"] == "Another title"
    assert second.json()["version"] > first.json()["version"]


def test_the_same_role_under_another_key_is_a_duplicate(team):
    first = put(team)

    other = put(team, "/api/v1/opportunities/by-source/our-ats/2026-118")

    assert other.status_code == 409
    assert other.json()["code"] == "duplicate"
    assert other.json()["other"] == f"/api/v1/opportunities/{first.json()['id']}"
    assert Opportunity.objects.count() == 1


def test_another_employers_key_is_free_and_its_role_stays_as_it_is(team):
    theirs = OpportunityFactory(source="our-ats", external_id="2026-117", open=True)

    answer = put(team)

    assert answer.status_code == 201
    assert answer.json()["id"] != theirs.public_id
    assert theirs.public_id not in answer.content.decode()
    before = theirs.title
    theirs.refresh_from_db()
    assert (theirs.title, theirs.version) == (before, 1)


def test_the_same_role_under_another_key_is_a_conflict_that_names_the_first(team):
    first = put(team)

    second = put(team, "/api/v1/opportunities/by-source/our-ats/2026-119")

    assert second.status_code == 409
    assert second.json()["other"] == f"/api/v1/opportunities/{first.json()['id']}"


def test_an_incomplete_role_leaves_nothing_behind(team):
    answer = put(team, title="")

    assert answer.status_code == 422
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize("key", ["our-ats/" + "x" * 201, "s" * 61 + "/1", "our-ats/%0A", "%20/1"])
def test_a_key_is_bounded(team, key):
    assert put(team, f"/api/v1/opportunities/by-source/{key}").status_code == 422
