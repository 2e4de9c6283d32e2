"""Somebody reads sessions, hands out links of their own, or looks for a link that leaked."""

import pytest
from django.test import Client
from django.utils import timezone

from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile, SavedRole
from tests.attacks.remains import everything_in_sessions
from tests.factories import CandidateProfileFactory, OpportunityFactory, UserFactory

pytestmark = pytest.mark.django_db


def made_link(client):
    client.post("/start/time/", {"answer": "10"})
    link = client.post("/keep/", {"action": "make"}, follow=True).context["link"]
    return link.rstrip("/").rsplit("/", 1)[1]


@pytest.fixture
def planted():
    """Return the secret of a profile that the attacker made and knows."""
    return profiles.create(facts={"hours_per_week": 33}, at=timezone.now()).secret


class TestReadingSessions:
    def test_no_session_holds_the_secret_of_a_link_that_was_made(self, client):
        secret = made_link(client)

        assert secret not in everything_in_sessions()

    def test_no_session_holds_the_secret_of_a_link_made_anew(self, client):
        made_link(client)
        link = client.post("/keep/", {"action": "rotate"}).context["link"]

        assert link.rstrip("/").rsplit("/", 1)[1] not in everything_in_sessions()

    def test_no_session_holds_the_secret_of_a_link_that_was_opened(self, client, planted):
        client.get(f"/k/{planted}/")
        before = everything_in_sessions()
        client.post("/k/")

        assert planted not in before + everything_in_sessions()

    def test_what_a_session_holds_opens_no_profile(self, client):
        made_link(client)
        digest = client.session["kept_by"]

        assert Client().get(f"/k/{digest}/").status_code == 404


class TestPlantedLink:
    def test_following_a_link_switches_no_browser(self, client, planted):
        mine = made_link(client)
        client.get(f"/k/{planted}/", follow=True)

        assert client.get("/matches/").context["profile"].hours_per_week == 10
        assert mine not in client.get("/k/").text

    def test_following_a_link_does_not_take_what_is_saved_next(self, client, planted):
        role = OpportunityFactory(open=True)
        client.get(f"/k/{planted}/", follow=True)
        client.post(f"/saved/{role.public_id}/")

        assert SavedRole.objects.get().profile != profiles.find(owner=planted)

    def test_another_site_cannot_press_the_button(self, planted):
        strict = Client(enforce_csrf_checks=True)
        strict.get(f"/k/{planted}/")

        assert strict.post("/k/").status_code == 403
        assert "kept_by" not in strict.session

    def test_the_session_gets_another_name_when_a_profile_is_opened(self, client, planted):
        client.get(f"/k/{planted}/")
        before = client.session.session_key
        client.post("/k/")

        assert client.session.session_key != before

    def test_without_a_link_there_is_nothing_to_open(self, client):
        assert client.get("/k/").status_code == 404
        assert client.post("/k/").status_code == 404

    def test_a_link_that_was_closed_meanwhile_opens_nothing(self, client, planted):
        client.get(f"/k/{planted}/")
        profiles.rotate_secret(owner=planted)

        assert client.post("/k/").status_code == 404

    def test_no_account_takes_over_what_another_account_keeps(self, client):
        theirs = CandidateProfileFactory()
        secret = profiles.rotate_secret(owner=theirs.user)
        client.get(f"/k/{secret}/")
        client.force_login(UserFactory())

        assert client.get(f"/k/{secret}/").status_code == 404
        assert client.post("/k/").status_code == 404
        theirs.refresh_from_db()
        assert theirs.user_id is not None


class TestLeaks:
    def test_the_secret_leaves_the_address_before_a_page_is_shown(self, client, planted):
        answer = client.get(f"/k/{planted}/")

        assert (answer.status_code, answer["Location"]) == (302, "/k/")
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert planted not in client.get("/k/").text

    @pytest.mark.parametrize("path", ["/keep/", "/k/"])
    def test_no_page_with_a_form_hides_where_it_stands(self, client, planted, path):
        client.get(f"/k/{planted}/")

        assert client.get(path)["Referrer-Policy"] == "same-origin"

    def test_a_page_that_showed_the_link_shows_it_once(self, client):
        secret = made_link(client)

        assert secret not in client.get("/keep/").text
        again = client.post("/keep/", {"action": "make"}, follow=True)
        assert again.context["link"] == ""
        assert CandidateProfile.objects.count() == 1

    @pytest.mark.parametrize(
        "before", ["https://elsewhere.example/x", "//elsewhere.example", "javascript:alert(1)"]
    )
    def test_saving_leads_to_no_other_site(self, client, before):
        role = OpportunityFactory(open=True)
        answer = client.post(f"/saved/{role.public_id}/", headers={"Referer": before})

        assert answer["Location"].startswith("/opportunities/")
