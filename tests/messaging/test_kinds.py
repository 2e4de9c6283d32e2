"""Each kind of news is mailed or not by itself; under Notices it stands in any case."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opportunities.messaging import delivery as delivering
from opportunities.messaging import kinds
from opportunities.messaging.models import Delivery, Notice, NoticePreference
from opportunities.messaging.topics import TOPICS
from tests.factories import (
    CandidatePlanFactory,
    CandidateProfileFactory,
    DeliveryFactory,
    MembershipFactory,
    NoticeFactory,
    NoticePreferenceFactory,
    PlannedRoleFactory,
    SavedSearchFactory,
)

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAGE = "/notices/kinds/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    profile = CandidateProfileFactory()
    PlannedRoleFactory(plan=CandidatePlanFactory(profile=profile))
    client.force_login(profile.user)
    return profile.user


def owed(person, kind, at=AT):
    return DeliveryFactory(notice=NoticeFactory(recipient=person, kind=kind, at=at), due_at=at)


def boxes(page):
    """Return the kinds that may be ticked, and whether they are."""
    found = re.findall(r'name="kind" value="(\w+)"( checked)?', page.text)
    return {kind: bool(ticked) for kind, ticked in found}


def test_every_kind_of_news_has_a_switch():
    assert set(TOPICS) == {
        "introductions", "new_people", "new_roles", "plan_step", "saved_role_closes",
    }  # fmt: skip
    assert all(topic.switch for topic in TOPICS.values())


class TestPage:
    def test_asks_what_was_chosen_once_for_all_kinds(self, person):
        MembershipFactory(user=person)
        with CaptureQueriesContext(connection) as asked:
            offered = kinds.choices_of(person)

        assert len(offered) == 4
        assert sum("noticepreference" in query["sql"] for query in asked) == 1

    def test_offers_what_may_reach_the_reader(self, client, person):
        page = client.get(PAGE)

        assert boxes(page) == {"saved_role_closes": True, "plan_step": True}
        assert "Email about new matches: on" in page.text
        assert "saved searches" not in page.text
        SavedSearchFactory(profile=person.profile)
        assert "Email about your saved searches: on" in client.get(PAGE).text

    def test_offers_employers_what_is_theirs(self, client):
        client.force_login(MembershipFactory().user)

        assert boxes(client.get(PAGE)) == {"new_people": True}

    def test_keeps_what_is_chosen(self, client, person):
        told = client.post(PAGE, {"kind": ["plan_step", "new_people"]}, follow=True)

        assert "Your choice is saved." in told.text
        assert boxes(told) == {"saved_role_closes": False, "plan_step": True}
        assert NoticePreference.objects.get(user=person).stopped == ["saved_role_closes"]
        back = client.post(PAGE, {"kind": ["plan_step", "saved_role_closes"]}, follow=True)
        assert boxes(back) == {"saved_role_closes": True, "plan_step": True}

    def test_offers_nothing_to_who_wants_decisions_alone(self, client, person):
        NoticePreferenceFactory(user=person, rhythm="off")

        page = client.get(PAGE)

        assert boxes(page) == {}
        assert "You chose to get only decisions by email." in page.text

    def test_is_led_to_from_the_notices(self, client, person):
        assert f'href="{PAGE}"' in client.get("/notices/").text


class TestOverTheApi:
    API = "/api/v1/notices/kinds"

    def test_says_and_keeps_which_are_mailed(self, client, person):
        before = client.get(self.API).json()

        kept = client.put(self.API, {"mailed": ["plan_step"]}, "application/json")

        assert before == {"mailed": ["saved_role_closes", "plan_step"]}
        assert (kept.status_code, kept.json()) == (200, {"mailed": ["plan_step"]})
        assert client.get(self.API).json() == {"mailed": ["plan_step"]}

    def test_refuses_a_kind_that_does_not_exist(self, client, person):
        refused = client.put(self.API, {"mailed": ["spam"]}, "application/json")

        [fault] = refused.json()["errors"]
        assert (refused.status_code, fault["pointer"]) == (422, "#/mailed")
        assert "plan_step" in fault["detail"]
        assert not NoticePreference.objects.exists()


class TestMail:
    @pytest.mark.parametrize("kind", ["saved_role_closes", "plan_step"])
    def test_its_link_stops_the_kind_and_no_other(self, client, person, kind):
        owed(person, kind)
        delivering.deliver(at=AT)
        link = re.search(
            r"<https://testserver(.*)>", mail.outbox[0].extra_headers["List-Unsubscribe"]
        )
        what = str(TOPICS[kind].switch.what)
        assert f"Stop {what}: " in mail.outbox[0].body
        assert f"This stops {what}." in client.get(link[1]).text

        stopped = client.post(link[1]).text

        assert f"You no longer get {what}." in stopped
        later = AT + timedelta(days=1)
        for each in ("saved_role_closes", "plan_step"):
            owed(person, each, at=later)
        delivering.deliver(at=later)
        [letter] = mail.outbox[1:]
        assert f"Stop {what}: " not in letter.body
        assert Notice.objects.filter(recipient=person).count() == 3
        assert not Delivery.objects.filter(sent_at=None).exists()

    @pytest.mark.parametrize("is_digested", [True, False])
    def test_what_waits_is_not_mailed_once_saved_searches_are_silent(self, person, is_digested):
        SavedSearchFactory(profile=person.profile, rhythm="daily")
        for kind in ("new_roles", "saved_role_closes"):
            late = owed(person, kind)
            Delivery.objects.filter(pk=late.pk).update(digested=is_digested)
        TOPICS["new_roles"].switch.stop(person)

        delivering.deliver(at=AT)

        [letter] = mail.outbox
        assert "reminders of saved roles that close soon" in letter.body
        assert Notice.objects.filter(recipient=person).count() == 2
        assert Delivery.objects.count() == 1

    def test_a_digest_leaves_out_what_was_stopped_since(self, client, person):
        NoticePreferenceFactory(user=person, rhythm="daily", stopped=["plan_step"])
        for kind in ("saved_role_closes", "plan_step"):
            late = owed(person, kind)
            Delivery.objects.filter(pk=late.pk).update(digested=True)

        delivering.deliver(at=AT)

        [letter] = mail.outbox
        assert "reminders of saved roles that close soon" in letter.body
        assert Delivery.objects.count() == 1
