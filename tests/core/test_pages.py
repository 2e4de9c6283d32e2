import pytest

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
