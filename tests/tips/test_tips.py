"""Tips are read by everybody who is signed in, from their moment on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(make.UserFactory())
    make.TipFactory(text="Ask what a good result looks like.")
    make.TipFactory(text="Not yet.", shown_from=timezone.now() + timedelta(days=1))
    return client


def test_the_page_shows_tips_from_their_moment_on(reader):
    text = reader.get("/tips/").text
    assert "Ask what a good result looks like." in text
    assert "Not yet." not in text


def test_the_api_lists_tips_from_their_moment_on(reader):
    [tip] = reader.get("/api/v1/tips").json()["data"]
    assert tip["text"] == "Ask what a good result looks like."


def test_the_page_asks_visitors_to_sign_in(client):
    assert client.get("/tips/").status_code == 302
