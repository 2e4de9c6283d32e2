"""What the box suggests, and the list of the API."""

import pytest
from django.core.cache import caches

from opportunities.places import views

pytestmark = pytest.mark.django_db
API = "/api/v1/places"


def test_the_api_lists_places_a_page_at_a_time(client):
    first = client.get(API, {"q": "lee", "limit": 3}).json()
    leeds = first["data"][0]
    assert (leeds["name"], leeds["region"], leeds["country"]) == ("Leeds", "England", "GB")
    assert leeds["label"] == "Leeds, England, United Kingdom"
    assert leeds["written"] == "Leeds, United Kingdom"
    assert leeds["time_zone"] == "Europe/London"
    assert first["page"]["prev"] is None
    second = client.get(first["page"]["next"]).json()
    assert len(second["data"]) == 3
    assert not {row["id"] for row in first["data"]} & {row["id"] for row in second["data"]}
    assert client.get(second["page"]["prev"]).json()["data"] == first["data"]


def test_a_list_ends(client):
    found = client.get(API, {"q": "leeds", "limit": 50}).json()
    assert found["page"]["next"] is None
    assert client.get(API, {"q": "sa", "limit": 50, "cursor": 500}).json()["page"]["next"] is None


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({}, "q", "out_of_range"),
        ({"q": "l"}, "q", "out_of_range"),
        ({"q": "!!"}, "q", "out_of_range"),
        ({"q": "x" * 81}, "q", "out_of_range"),
        ({"q": "lee", "limit": "0"}, "limit", "out_of_range"),
        ({"q": "lee", "limit": "51"}, "limit", "out_of_range"),
        ({"q": "lee", "limit": "ten"}, "limit", "out_of_range"),
        ({"q": "lee", "cursor": "-1"}, "cursor", "bad_cursor"),
        ({"q": "lee", "cursor": "501"}, "cursor", "bad_cursor"),
        ({"q": "lee", "cursor": "\u0663"}, "cursor", "bad_cursor"),
        ({"q": "lee", "order": "name"}, "order", "unknown_parameter"),
    ],
)
def test_a_bad_question_names_what_is_wrong(client, query, field, code):
    answer = client.get(API, query)
    assert answer.status_code in {400, 422}
    assert (field, code) in {
        (fault["pointer"].lstrip("#/"), fault["code"]) for fault in answer.json()["errors"]
    }


def test_the_box_offers_whole_texts(client):
    page = client.get("/places/", {"of": "place", "place": "York, United Kingdom; lee"})
    assert '<option value="York, United Kingdom; Leeds, United Kingdom">' in page.content.decode()
    assert page.content.decode().count("<option") == views.SUGGESTED
    assert client.get("/places/").content.strip() == b""
    assert client.get("/places/", {"q": "<b>x"}).status_code == 200


def test_so_many_looks_a_minute_from_one_network(client, monkeypatch):
    caches["limits"].clear()
    monkeypatch.setattr(views, "LOOKS", views.Limit("places-test", 2, 60, "Many places."))
    statuses = [client.get("/places/", {"q": "lee"}).status_code for _ in range(4)]
    assert statuses[:2] == [200, 200]
    assert statuses[3] == 429
