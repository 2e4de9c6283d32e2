"""Somebody asks for what no link of the site asks for, to see it break."""

import pytest
from django.conf import settings
from django.test import Client

from opportunities.accounts.models import User
from tests.factories import CandidateProfileFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGED = (
    "/saved/", "/notices/", "/applications/", "/plans/", "/matches/new/", "/opportunities/",
    "/employer/", "/employer/imports/", "/employer/sources/", "/moderate/reports/",
    "/moderate/appeals/", "/moderate/log/", "/moderate/employers/",
)  # fmt: skip
NAMED = (
    "/credentials/{}/", "/opportunities/a/{}/", "/employers/{}/", "/portfolio/{}/", "/plans/{}/",
    "/applications/{}/", "/employer/imports/{}/", "/employer/roles/{}/", "/formats/{}/",
    "/start/{}/", "/kept/{}/", "/unsubscribe/{}/", "/problems/{}/", "/admin/{}/", "/static/{}",
    "/accounts/password/reset/key/{}/", "/sitemap-{}.xml",
)  # fmt: skip


@pytest.fixture
def everybody(client, settings) -> User:
    """Sign in somebody who may see every page."""
    settings.DEMO = True
    user = UserFactory(admin=True, confirmed=True)
    CandidateProfileFactory(user=user)
    MembershipFactory(user=user)
    client.force_login(user)
    return user


@pytest.mark.parametrize("path", PAGED)
@pytest.mark.parametrize("query", ["cursor=AAAA", "cursor=%00", "cursor=-1", "limit=-1", "limit=x"])
def test_a_place_in_a_list_that_nobody_was_given_is_no_page(client, everybody, path, query):
    assert client.get(path).status_code == 200
    assert client.get(f"{path}?{query}").status_code in {200, 400, 404}


@pytest.mark.parametrize("path", NAMED)
def test_a_name_that_no_database_can_hold_names_nothing(client, everybody, path):
    assert client.get(path.format("a%00b")).status_code == 404
    assert client.post(path.format("a%00b")).status_code in {403, 404, 405}


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "utf8", "no-such-charset"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/start/time/", "/employer/paste/"])
def test_a_form_that_states_a_charset_is_read_as_utf_8(charset, path):
    client = Client(enforce_csrf_checks=True)
    token = client.get("/accounts/login/").context["csrf_token"]

    answer = client.generic(
        "POST",
        path,
        f"csrfmiddlewaretoken={token}&text=Caf%C3%A9",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )

    assert answer.status_code in {200, 302, 422}


@pytest.mark.parametrize("path", ["/employer/paste/", "/api/v1/imports", "/no/such/page/", "/"])
def test_a_request_of_many_megabytes_is_refused_before_it_is_read(client, path):
    answers = [
        client.generic("POST", path, b"a=b", CONTENT_LENGTH=str(size))
        for size in (13_000_000, 10**15)
    ]

    assert {answer.status_code for answer in answers} == {413}
    assert not any(answer.wsgi_request._read_started for answer in answers)


@pytest.mark.parametrize(
    ("content_type", "limit"),
    [("multipart/form-data; boundary=x", "2 MB"), ("application/octet-stream", "12 MB")],
)
@pytest.mark.parametrize("path", ["/me/resume/", "/api/v1/imports"])
def test_the_refusal_of_a_large_request_names_the_limit_of_a_file(
    client, path, content_type, limit
):
    answer = client.generic("POST", path, b"x", content_type, CONTENT_LENGTH="13000000")

    assert f"at most {limit}" in answer.text


@pytest.mark.parametrize("referer", ["http://[", "http://a]b/", "//[x", "http://[::1"])
def test_a_form_that_comes_from_no_address_at_all_is_refused_or_taken(referer):
    client = Client(headers={"Referer": referer}, enforce_csrf_checks=True)

    chosen = client.post("/settings/language/", {"language": "de"})
    refused = client.post("/start/time/", {"answer": "10"}, secure=True)

    assert (chosen.status_code, refused.status_code) == (403, 403)


def test_the_character_nul_is_left_out_of_queries_and_forms(client, everybody):
    assert client.get("/compare/?ids=a%00b&q%00=%00").status_code == 200
    assert client.get("/opportunities/?q=a%00b").wsgi_request.GET["q"] == "ab"

    sent = {"time_zone": "Europe/Lon\x00don", "box": "clock\x00", "na\x00me": "\x00"}
    assert client.post("/me/time-zone/", sent).status_code == 302

    everybody.refresh_from_db()
    assert everybody.time_zone == "Europe/London"


@pytest.mark.parametrize("key", ["a\x00" * 16, "a\x00" * 20, "é" * 32])
def test_a_key_that_no_database_can_hold_opens_no_session(client, key):
    client.cookies[settings.SESSION_COOKIE_NAME] = key

    assert client.get("/me/").status_code == 302
    assert client.get("/").status_code == 200
