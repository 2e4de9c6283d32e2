"""Cached pages of matches never say what is no longer true."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching.models import Feedback, Market
from matching.recommending import feedback
from matching.store import State, live
from opportunities.candidates import blocking, profiles
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.models import Site
from opportunities.employers.models import Employer
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    EmployerFactory,
    OpportunityFactory,
    UserFactory,
)
from tests.matching.markets import edit_profile, edit_role, publish, work_off

pytestmark = pytest.mark.django_db
ADDRESS = "/matches/"


@pytest.fixture(autouse=True)
def _no_memory():
    live.forget()
    live.forget()
    yield
    live.forget()
    live.forget()


@pytest.fixture
def roles():
    return [
        OpportunityFactory(
            open=True, title=title, employer=EmployerFactory(), hours_per_week=10, version=1
        )
        for title in ("Chart a survey", "Edit a podcast")
    ]


@pytest.fixture
def profile(client, roles):
    profile = CandidateProfileFactory(
        hours_per_week=20, currency="EUR", rate_target_minor=2_500
    )  # no rate is known: their pay is shown where the site counts in euros
    publish()
    client.force_login(profile.user)
    client.get(ADDRESS)
    return profile


def was_kept(response):
    return response.context is None


def order(response):
    text = response.text
    titles = [title for title in ("Chart a survey", "Edit a podcast") if title in text]
    return sorted(titles, key=lambda title: text.index(f">{title}<"))


def test_a_second_view_takes_three_queries_and_shows_the_same(client, profile):
    with CaptureQueriesContext(connection) as made:
        first = client.get(f"{ADDRESS}?sort=fit")

    with CaptureQueriesContext(connection) as asked:
        second = client.get(f"{ADDRESS}?sort=fit")

    assert len(made) <= 20
    assert not was_kept(first)
    assert was_kept(second)
    assert len(asked) == 3  # the session, the account, and whether anything changed
    assert order(second) == order(first)
    assert second.headers["Vary"] == first.headers["Vary"]


def test_another_page_of_the_same_person_ranks_nothing_anew(client, profile, monkeypatch):
    monkeypatch.setattr(State, "score_candidates", lambda *_: pytest.fail("ranked again"))
    monkeypatch.setattr(State, "open_to", lambda *_: pytest.fail("counted again"))

    second = client.get(f"{ADDRESS}?view=one&offset=1")

    assert not was_kept(second)
    assert order(second) == order(client.get(ADDRESS))[1:]


def test_a_role_counts_as_shown_when_its_page_is_made(client, profile):
    for _ in range(3):
        client.get(ADDRESS)

    assert set(Feedback.objects.values_list("times_shown", flat=True)) == {1}


def test_a_changed_profile_is_seen_at_once(client, profile):
    profiles.change(owner=profile.user, facts={"hours_per_week": 5}, at=timezone.now())

    assert (
        "2 roles in Data and analysis are open, and none meets your must-haves."
        in client.get(ADDRESS).text
    )


def test_what_is_dismissed_or_blocked_is_gone_at_once(client, profile, roles):
    feedback.dismiss(
        profile_id=profile.pk, opportunity_id=roles[0].pk, reason="pay", at=timezone.now()
    )
    assert order(client.get(ADDRESS)) == ["Edit a podcast"]
    feedback.recall(profile_id=profile.pk, opportunity_id=roles[0].pk)
    assert len(order(client.get(ADDRESS))) == 2

    blocking.block_employer(owner=profile.user, employer=roles[1].employer.slug, at=timezone.now())

    assert order(client.get(ADDRESS)) == ["Chart a survey"]


def test_a_changed_role_is_seen_before_and_after_the_lists_follow(client, profile, roles):
    now = timezone.now()

    edit_role(roles[0], at=now, title="Chart two surveys")
    assert "Chart two surveys" in client.get(ADDRESS).text
    work_off(now)
    assert "Chart two surveys" in client.get(ADDRESS).text

    edit_role(roles[0], at=now, status=RoleStatus.CLOSED, closed_at=now)
    assert "Chart two surveys" not in client.get(ADDRESS).text
    work_off(now)

    assert order(client.get(ADDRESS)) == ["Edit a podcast"]


def test_what_other_people_change_makes_no_page_anew(client, profile):
    now, before = timezone.now(), Market.load().seq
    others = CandidateProfileFactory(hours_per_week=12)

    edit_profile(others, at=now, hours_per_week=20)
    work_off(now)

    assert Market.load().seq > before
    assert was_kept(client.get(ADDRESS))


def test_nor_is_anybody_ranked_anew_for_them(client, profile, monkeypatch):
    now = timezone.now()
    edit_profile(CandidateProfileFactory(hours_per_week=12), at=now, hours_per_week=20)
    work_off(now)
    monkeypatch.setattr(State, "score_candidates", lambda *_: pytest.fail("ranked again"))

    second = client.get(f"{ADDRESS}?view=one")

    assert not was_kept(second)
    assert second.status_code == 200


def test_a_new_role_is_seen_as_soon_as_it_stands_in_the_market(client, profile):
    now = timezone.now()
    new = OpportunityFactory(open=True, title="Brand new", hours_per_week=10)

    edit_role(new, at=now)
    work_off(now)

    assert "Brand new" in client.get(ADDRESS).text


def test_a_role_that_comes_to_owe_an_answer_falls_and_rises_again(client, profile):
    first, second = order(client.get(ADDRESS))
    best = client.get(f"{ADDRESS}?view=one")
    role = best.context["matches"][0].role
    assert role.title == first

    waiting = ApplicationFactory(
        opportunity=role, answer_due_on=timezone.now().date() - timedelta(days=1)
    )
    assert order(client.get(ADDRESS)) == [second, first]
    assert order(client.get(f"{ADDRESS}?view=one")) == [second]
    waiting.delete()

    assert order(client.get(ADDRESS)) == [first, second]
    assert order(client.get(f"{ADDRESS}?view=one")) == [first]


def test_the_employer_and_the_site_are_those_of_now(client, profile):
    Employer.objects.update(name="Renamed Ltd")
    shown = client.get(ADDRESS).text
    assert "Renamed Ltd" in shown
    assert "€" not in shown

    Site.objects.update_or_create(pk=1, defaults={"currency": "EUR"})

    assert "€25 or more" in client.get(ADDRESS).text


def test_two_people_with_the_same_wishes_have_pages_of_their_own(roles):
    people = [CandidateProfileFactory(user=UserFactory(name=name)) for name in ("Ada", "Grace")]
    publish()
    browsers = [Client() for _ in people]
    for browser, person in zip(browsers, people, strict=True):
        browser.force_login(person.user)
    feedback.dismiss(
        profile_id=people[0].pk, opportunity_id=roles[0].pk, reason="pay", at=timezone.now()
    )

    for _ in range(2):
        ada, grace = (browser.get(ADDRESS).text for browser in browsers)

        assert ("Ada" in ada, "Grace" in ada) == (True, False)
        assert ("Ada" in grace, "Grace" in grace) == (False, True)
        assert ("Chart a survey" in ada, "Chart a survey" in grace) == (False, True)


def test_answers_in_a_browser_are_that_browsers_alone(roles):
    publish()
    browsers = [Client(), Client()]
    for browser, hours in zip(browsers, ("5", "20"), strict=True):
        browser.post("/start/time/", {"answer": hours})

    for _ in range(2):
        few, many = (browser.get(ADDRESS) for browser in browsers)

        assert (order(few), len(order(many))) == ([], 2)
    browsers[0].post("/start/time/", {"answer": "20"})

    assert len(order(browsers[0].get(ADDRESS))) == 2


def test_an_emptied_cache_changes_nothing(client, profile, settings):
    texts = [client.get(ADDRESS).text.split("</header>", 1)[1]]
    nowhere = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

    settings.CACHES = dict.fromkeys(settings.CACHES, nowhere)

    texts += [client.get(ADDRESS).text.split("</header>", 1)[1] for _ in range(2)]
    without_tokens = {"".join(kept_pieces(text)) for text in texts}
    assert len(without_tokens) == 1


def kept_pieces(text):
    return [piece[64:] if number else piece for number, piece in enumerate(text.split(' value="'))]
