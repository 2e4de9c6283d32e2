"""Pages of other origins: all may read what is public, those of a setting call with tokens."""

import pytest
from corsheaders.conf import conf
from django.test import Client
from rest_framework.test import APIClient

from opportunities.accounts.models import SCOPES
from tests.api.test_tokens import token_of
from tests.factories import CandidateProfileFactory, OpportunityFactory

pytestmark = pytest.mark.django_db

CAREERS = "https://careers.example"
ELSEWHERE = "https://elsewhere.example"


@pytest.fixture(autouse=True)
def _careers_page(settings):
    settings.CORS_ALLOWED_ORIGINS = [CAREERS]


def before(client, origin, path="/api/v1/profile"):
    """Ask as a browser does before it sends a token."""
    return client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization,if-match",
        },
    )


def test_a_named_origin_may_send_a_token_and_read_the_answer():
    api = token_of(CandidateProfileFactory(user__confirmed=True).user, *SCOPES)

    asked = before(Client(), CAREERS)
    answer = api.get("/api/v1/profile", headers={"Origin": CAREERS})

    assert asked["Access-Control-Allow-Origin"] == CAREERS
    assert {"authorization", "if-match"} <= set(asked["Access-Control-Allow-Headers"].split(", "))
    assert "PATCH" in asked["Access-Control-Allow-Methods"]
    assert answer["Access-Control-Allow-Origin"] == CAREERS
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert "Origin" in answer["Vary"]


def test_nobody_else_may():
    api = token_of(CandidateProfileFactory(user__confirmed=True).user, *SCOPES)

    assert "Access-Control-Allow-Origin" not in before(Client(), ELSEWHERE)
    assert "Access-Control-Allow-Origin" not in api.get(
        "/api/v1/profile", headers={"Origin": ELSEWHERE}
    )


def test_no_origin_may_use_the_cookie_of_a_session(client):
    client.force_login(CandidateProfileFactory().user)

    answer = client.get("/api/v1/profile", headers={"Origin": CAREERS})

    assert "Access-Control-Allow-Credentials" not in answer
    assert "Access-Control-Allow-Credentials" not in before(client, CAREERS)
    assert not conf.CORS_ALLOW_CREDENTIALS


def test_pages_of_the_site_are_for_no_other_origin(client):
    assert "Access-Control-Allow-Origin" not in client.get("/rules/", headers={"Origin": CAREERS})
    assert "Access-Control-Allow-Origin" not in before(client, CAREERS, "/me/")


def test_what_is_public_is_read_from_everywhere():
    OpportunityFactory(open=True)

    answer = APIClient().get("/api/v1/opportunities", headers={"Origin": ELSEWHERE})

    assert answer["Access-Control-Allow-Origin"] == "*"
