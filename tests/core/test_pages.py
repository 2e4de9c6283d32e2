import json

import pytest
from structlog.contextvars import bound_contextvars

from config import overload
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/rules/", "/employers/", "/privacy/", "/terms/", "/contact/", "/accessibility/"],
)
def test_pages_of_words_are_open_to_all(client, address):
    response = client.get(address)

    assert response.status_code == 200
    assert response.text.count("<h1") == 1


def test_the_page_of_contacts_names_an_address(client):
    assert '<a href="mailto:hello@testserver">hello@testserver</a>' in client.get("/contact/").text


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/signup/", "/accounts/login/code/", "/accounts/password/reset/"],
)
def test_account_pages_wear_the_sites_own_clothes(client, address):
    text = client.get(address).text

    assert "ui/app.css" in text
    assert 'class="btn go"' in text


def test_a_wrong_password_is_said_at_the_top(client):
    UserFactory(email="ana@example.org", confirmed=True)

    response = client.post(
        "/accounts/login/", {"login": "ana@example.org", "password": "not the one"}
    )

    assert 'id="errors"' in response.text


def test_signing_in_leads_back_to_where_one_was(client):
    UserFactory(email="ana@example.org", confirmed=True)

    response = client.post(
        "/accounts/login/",
        {"login": "ana@example.org", "password": PASSWORD, "next": "/opportunities/"},
    )

    assert response.url == "/opportunities/"


def test_a_page_that_does_not_exist_helps(client):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "Browse roles" in response.text


class TestAlone:
    """Pages that are drawn without session and database, since either may be what is missing."""

    @pytest.mark.parametrize(
        ("language", "said"), [("en", "Too busy just now"), ("de", "Gerade ausgelastet")]
    )
    def test_a_busy_site_says_so_in_the_language_of_the_browser(self, rf, language, said):
        asked = rf.get("/matches/", headers={"Accept-Language": language})

        answer = overload.busy(asked, wait=2)

        assert (answer.status_code, answer["Retry-After"]) == (503, "2")
        assert f"<h1>{said}</h1>" in answer.text
        assert f'<html lang="{language}' in answer.text
        assert "ui/app.css" in answer.text

    def test_a_page_is_asked_for_again_and_a_form_is_not(self, rf):
        again = 'href="">Try again</a>'

        assert again in overload.busy(rf.get("/matches/"), wait=2).text
        assert again not in overload.busy(rf.post("/matches/"), wait=2).text

    def test_programs_are_answered_in_english(self, rf):
        asked = rf.get("/api/v1/matches", headers={"Accept-Language": "de"})

        told = json.loads(overload.busy(asked, wait=2).content)

        assert told["title"] == "Too busy just now"
        assert told["detail"].startswith("The site is busy.")

    def test_what_broke_names_the_number_to_tell(self, rf):
        with bound_contextvars(request_id="5d1f00d5"):
            answer = overload.server_error(rf.get("/"))

        assert answer.status_code == 500
        assert "<bdi>5d1f00d5</bdi>" in answer.text


@pytest.mark.parametrize("who", ["anonymous", "candidate"])
def test_the_address_of_the_questions_leads_to_the_first(client, who):
    if who == "candidate":
        client.force_login(UserFactory())

    assert client.get("/start/").url == "/start/field/"
