"""What employers see of somebody is shown to that person as the employers' page shows it."""

import re

import pytest
from django.utils import timezone

from matching.store import live
from opportunities.candidates.models import Visibility
from tests.factories import (
    CandidateProfileFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    UserFactory,
)
from tests.matching.markets import publish, work_off

pytestmark = pytest.mark.django_db
HEADLINE = "Counts things twice"


def plain(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture(autouse=True)
def _no_market_of_another_test():
    live.forget()
    yield
    live.forget()


@pytest.fixture
def member():
    return MembershipFactory(owner=True, employer=EmployerFactory(verified=True))


@pytest.fixture
def role(member):
    return OpportunityFactory(open=True, employer=member.employer, mode="remote", start_latest=None)


def previews(client):
    found = re.findall(
        r'<section[^>]*"seen-(\w+)">(.*?)</section>', client.get("/me/seen/").text, re.DOTALL
    )
    return {choice: plain(html) for choice, html in found}


@pytest.mark.parametrize("choice", [Visibility.PSEUDONYM, Visibility.OPEN])
def test_the_preview_is_word_for_word_what_the_employer_gets(client, member, role, choice):
    profile = CandidateProfileFactory(visibility=choice, headline=HEADLINE, hours_per_week=40)
    publish()
    work_off(timezone.now())
    client.force_login(profile.user)
    shown = previews(client)[choice]
    client.force_login(member.user)

    page = client.get(f"/employer/roles/{role.public_id}/candidates/").text

    [card] = re.findall(r"<article.*?>(.*?)(?:<details|</article>)", page, re.DOTALL)
    assert plain(card) in shown
    assert (HEADLINE in plain(card)) == (choice is Visibility.OPEN)


def test_whom_the_role_has_invited_is_not_to_be_invited_again(client, member, role):
    CandidateProfileFactory(visibility=Visibility.OPEN, hours_per_week=40)
    publish()
    work_off(timezone.now())
    client.force_login(member.user)
    page = f"/employer/roles/{role.public_id}/candidates/"
    [handle] = re.findall(r'name="handle" value="(\w+)"', client.get(page).text)

    client.post(f"/employer/roles/{role.public_id}/invite/", {"handle": handle})

    text = client.get(page).text
    assert "Invited to apply." in text
    assert "1 of 20 invitations used." in text
    assert 'name="handle"' not in text


def test_who_is_hidden_is_on_no_list_and_the_preview_says_so(client, member, role):
    profile = CandidateProfileFactory(visibility=Visibility.HIDDEN, headline=HEADLINE)
    publish()
    work_off(timezone.now())
    client.force_login(profile.user)

    shown = previews(client)

    assert "list. You see roles and apply as before." in shown["hidden"]
    assert HEADLINE not in shown["hidden"] + shown["pseudonym"]
    assert HEADLINE in shown["open"]


def test_where_no_role_fits_the_preview_says_what_would_be_seen(client):
    client.force_login(CandidateProfileFactory(visibility=Visibility.OPEN).user)

    assert "No open role fits you today." in previews(client)["open"]


def test_an_address_that_is_not_confirmed_is_named_as_what_is_missing(client, role):
    client.force_login(CandidateProfileFactory(user__confirmed=False).user)

    assert "once your email address is confirmed" in client.get("/me/seen/").text


def test_the_page_of_ones_own_data_leads_there_and_opens_it_in_place(client, role):
    client.force_login(CandidateProfileFactory().user)
    page = client.get("/me/").text

    part = client.get("/me/seen/", headers={"HX-Request": "true"}).text

    assert 'href="/me/seen/"' in page
    assert "<h1" not in part
    assert "seen-pseudonym" in part


def test_who_has_no_profile_is_led_to_make_one(client):
    client.force_login(UserFactory())

    assert client.get("/me/seen/").url == "/me/"
