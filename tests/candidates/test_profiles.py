"""The profile through the API: its owner's alone, every fact checked."""

import pytest
from rest_framework.test import APIClient

from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile
from tests.factories import CandidateProfileFactory, SkillFactory, UserFactory

pytestmark = pytest.mark.django_db
PROFILE = "/api/v1/profile"


@pytest.fixture
def client():
    client = APIClient(headers={"If-Match": "*"})
    client.force_authenticate(UserFactory())
    return client


def test_put_creates_then_replaces_and_patch_changes(client):
    SkillFactory(slug="python")
    body = {
        "goal": 0.2,
        "headline": "Second year",
        "rate_floor": "12.50",
        "income_need": "900",
        "interests": {"data": 1},
        "field_rule": "only",
        "skills": [{"name": "python", "level": 3}],
        "targets": [{"name": "python", "priority": 2}],
    }
    assert client.get(PROFILE).status_code == 404

    created = client.put(PROFILE, body)
    patched = client.patch(PROFILE, {"headline": "Third year"}).json()
    replaced = client.put(PROFILE, {"goal": 0.9})

    assert created.status_code == 201
    assert created.json()["rate_floor"] == "12.50"
    assert created.json()["skills"][0]["name"] == "python"
    assert (patched["headline"], patched["goal"]) == ("Third year", 0.2)
    assert patched["income_need"] == "900.00"
    assert (patched["field_rule"], replaced.json()["field_rule"]) == ("only", "open")
    assert replaced.status_code == 200
    assert (replaced.json()["headline"], replaced.json()["goal"]) == ("", 0.9)
    assert (replaced.json()["rate_floor"], replaced.json()["skills"]) == ("0.00", [])
    assert replaced.json()["version"] == 3


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"goal": 2}, "#/goal"),
        ({"goal": "NaN"}, "#/goal"),
        ({"rate_floor": "1.234"}, "#/rate_floor"),
        ({"rate_floor": None}, "#/rate_floor"),
        ({"rate_floor": "-1"}, "#/rate_floor"),
        ({"rate_target": "0"}, "#/rate_target"),
        ({"currency": "XXX"}, "#/currency"),
        ({"interests": {"sorcery": 1}}, "#/interests"),
        ({"interests": [1]}, "#/interests"),
        ({"field_rule": "never"}, "#/field_rule"),
        ({"skills": [{"name": "unheard-of"}]}, "#/skills/unheard-of"),
        ({"skills": [{"name": "python", "level": 9}]}, "#/skills/0/level"),
        ({"modes": []}, "#/modes"),
        ({"weekly_hours": "all"}, "#/weekly_hours"),
        ({"headline": "\x00"}, "#/headline"),
        ({"user": 1}, "#/user"),
        ({"version": 9}, "#/version"),
        ({"rate_floor_minor": 9}, "#/rate_floor_minor"),
        (
            {"skills": [{"name": "python", "verified": True}], "secret_digest": ""},
            "#/secret_digest",
        ),
    ],
)
def test_a_fact_that_does_not_pass_is_named(client, body, pointer):
    SkillFactory(slug="python")

    refused = client.put(PROFILE, body)

    assert refused.status_code == 422
    assert pointer in {fault["pointer"] for fault in refused.json()["errors"]}
    assert not CandidateProfile.objects.exists()


@pytest.mark.parametrize("body", [[], "text", 7])
def test_a_body_that_is_no_object_is_refused(client, body):
    assert client.put(PROFILE, body, format="json").status_code == 422


def test_money_is_read_in_the_currency_of_the_profile():
    profile = CandidateProfileFactory(currency="JPY")
    client = APIClient(headers={"If-Match": "*"})
    client.force_authenticate(profile.user)

    assert client.patch(PROFILE, {"rate_floor": "1500"}).json()["rate_floor"] == "1500"
    assert client.patch(PROFILE, {"rate_floor": "1500.5"}).status_code == 422
    profile.refresh_from_db()
    assert profile.rate_floor_minor == 1500


def test_the_secret_link_is_shown_once_and_revoked(client):
    client.put(PROFILE, {})

    secret = client.post(f"{PROFILE}/secret").json()["secret"]
    assert client.get(PROFILE).json()["has_secret_link"]
    assert profiles.find(owner=secret)
    assert client.delete(f"{PROFILE}/secret").status_code == 204
    assert not client.get(PROFILE).json()["has_secret_link"]


def test_an_account_adopts_the_answers_that_a_secret_keeps(client):
    kept = CandidateProfileFactory(anonymous=True, goal=0.9)
    secret = profiles.rotate_secret(owner=_secret_of(kept))

    adopted = client.post(f"{PROFILE}/adopt", {"secret": secret})

    assert adopted.json()["id"] == kept.public_id
    assert client.post(f"{PROFILE}/adopt", {"secret": secret}).status_code == 404


def _secret_of(profile):
    """Give a profile a secret that the test knows."""
    profile.secret_digest = profiles._digest("known")
    profile.save(update_fields=["secret_digest"])
    return "known"
