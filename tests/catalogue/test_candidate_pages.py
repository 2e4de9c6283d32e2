import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching.store import live
from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.moderation.models import Report
from opportunities.roles.models import RolePost
from tests.factories import (
    CandidateProfileFactory,
    CandidateSkillFactory,
    CompletionFactory,
    MessageFactory,
    OpportunityFactory,
    RolePostFactory,
    SkillAliasFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_market():
    live.forget()
    yield
    live.forget()


def tell(client, **given):
    for step in ("field", "skills", "time", "start-date", "place", "pay"):
        chosen = given.get(step.replace("-", "_"))
        client.post(f"/start/{step}/", {"answer": chosen} if chosen else {"skip": "1"})


class TestKeep:
    def test_a_secret_link_is_made_from_the_answers_and_shown_once(self, client):
        tell(client, time="10", pay="15", field=["data"])

        shown = client.post("/keep/", {"action": "make"}, follow=True)

        profile = CandidateProfile.objects.get()
        assert (profile.field_rule, profile.hours_per_week) == ("first", 10)
        assert (profile.rate_floor_minor, profile.interests) == (1500, {"data": 1.0})
        assert "/k/" in shown.context["link"]
        assert shown.headers["Cache-Control"] == "private, no-store"
        assert client.get("/keep/").context["link"] == ""

    def test_the_link_opens_the_profile_on_another_device(self, client, client_of_another):
        tell(client, time="10")
        link = client.post("/keep/", {"action": "make"}, follow=True).context["link"]

        asked = client_of_another.get(link[link.index("/k/") :])
        assert asked.url == "/k/"
        assert asked.headers["Referrer-Policy"] == "no-referrer"
        opened = client_of_another.post("/k/")

        assert opened.url == "/matches/"
        assert client_of_another.get("/matches/").context["profile"].hours_per_week == 10

    def test_another_link_closes_the_one_before(self, client, client_of_another):
        tell(client, time="10")
        first = client.post("/keep/", {"action": "make"}, follow=True).context["link"]
        second = client.post("/keep/", {"action": "rotate"}, follow=True).context["link"]

        assert client_of_another.get(first[first.index("/k/") :]).status_code == 404
        assert client_of_another.get(second[second.index("/k/") :]).status_code == 302

    def test_an_account_takes_a_profile_over(self, client):
        kept = profiles.create(facts={"hours_per_week": 12}, at=timezone.now())
        user = UserFactory()
        client.force_login(user)
        assert "Move this profile" in client.get(f"/k/{kept.secret}/", follow=True).text

        client.post("/k/")

        assert user.profile.hours_per_week == 12
        assert client.get(f"/k/{kept.secret}/").status_code == 404

    def test_a_link_of_nobody_does_not_exist(self, client):
        assert client.get("/k/not-a-secret/").status_code == 404

    def test_an_account_keeps_its_answers_and_closes_its_link(self, client):
        client.force_login(UserFactory())
        tell(client, time="5")
        client.post("/keep/", {"action": "make"})
        client.post("/keep/", {"action": "rotate"})
        assert CandidateProfile.objects.get().secret_digest

        client.post("/keep/", {"action": "revoke"})

        assert CandidateProfile.objects.get().secret_digest is None

    def test_a_secret_link_saves_roles_without_an_account(self, client):
        role = OpportunityFactory(open=True)
        tell(client, time="10")

        client.post(f"/saved/{role.public_id}/")

        assert CandidateProfile.objects.get().hours_per_week == 10

        card = f'href="{role.path}"'
        assert card in client.get("/saved/").text
        removed = client.post(f"/saved/{role.public_id}/remove/", follow=True).text
        assert card not in removed

        undo = re.search(r'<form class="note row" method="post" action="([^"]+)">', removed)
        there = {"Referer": "http://testserver/saved/"}
        assert card in client.post(undo[1], {"action": "undo"}, headers=there, follow=True).text


@pytest.fixture
def client_of_another():
    return Client()


class TestProfile:
    def sent(self, client, **changes):
        form = client.get("/me/profile/").context["form"]
        data = {
            field.html_name: value
            for field in form
            if (value := field.value()) not in (None, "", False)
        }
        return data | changes

    def test_every_fact_round_trips(self, client):
        profile = CandidateProfileFactory(rate_floor_minor=1250, blocked_weeks=["2027-01-04"])
        CandidateSkillFactory(profile=profile)
        client.force_login(profile.user)
        data = self.sent(client)
        skill = profile.skills.get().skill.slug

        response = client.post(
            "/me/profile/",
            data | {"skills": skill, f"skills-level-{skill}": "2", "headline": "Third year"},
        )

        assert response.status_code == 302
        before = profile.version
        profile.refresh_from_db()
        assert profile.version == before + 1
        assert profile.headline == "Third year"
        assert profile.rate_floor_minor == 1250
        assert [day.isoformat() for day in profile.blocked_weeks] == ["2027-01-04"]
        assert profile.skills.get().level == 2

    def test_a_skill_is_found_by_any_of_its_names(self, client):
        skill = SkillFactory(slug="javascript", name="JavaScript")
        SkillAliasFactory(skill=skill, text="js", normalized="js")
        client.force_login(CandidateProfileFactory().user)
        data = self.sent(client)

        found = client.post("/me/profile/", data | {"targets-find": "js", "targets-search": "1"})
        added = client.post("/me/profile/", data | {"targets-add": "javascript"})
        client.post(
            "/me/profile/", data | {"targets": "javascript", "targets-priority-javascript": "3"}
        )

        assert "Add JavaScript" in found.text
        assert 'name="targets-priority-javascript"' in added.text
        kept = CandidateProfile.objects.get().targets.get()
        assert (kept.skill, kept.priority) == (skill, 3)

    def test_what_matters_most_is_kept_and_weights_set_elsewhere_stay(self, client):
        profile = CandidateProfileFactory(importance={"pay": 4})
        client.force_login(profile.user)

        told = {"top3": ["pay", "speed"], "field_rule": "first"}
        client.post("/me/profile/", self.sent(client, **told))

        profile.refresh_from_db()
        assert (profile.importance, profile.top3) == ({"pay": 4}, ["pay", "speed"])
        assert profile.field_rule == "first"

    def test_what_does_not_pass_is_said_at_its_field(self, client):
        client.force_login(CandidateProfileFactory().user)

        response = client.post("/me/profile/", self.sent(client, hours_per_week="200"))
        not_a_monday = client.post("/me/profile/", self.sent(client, weeks=["2027-01-05:0"]))

        assert response.status_code == not_a_monday.status_code == 422
        assert "between 1 and 80" in response.text
        assert not_a_monday.context["form"].errors["weeks"]

    def test_a_first_profile_is_made_here_too(self, client):
        user = UserFactory()
        client.force_login(user)

        client.post("/me/profile/", self.sent(client, headline="New here", goal="0.5"))

        assert user.profile.headline == "New here"

    def test_a_visitor_is_asked_to_keep_something_first(self, client):
        assert client.get("/me/profile/").url == "/keep/"


class TestPortfolio:
    def test_shows_what_was_made_public_and_nothing_else(self, client):
        shown = CompletionFactory(signed=True, is_public=True)
        profile = shown.application.profile
        profile.portfolio_is_public = True
        profile.save(update_fields=["portfolio_is_public"])
        CompletionFactory(signed=True, summary="Shown to nobody.", application__profile=profile)
        address = reverse("opportunities:portfolio", args=[profile.public_id])

        text = client.get(address).text

        assert shown.summary in text
        assert "Shown to nobody." not in text

    def test_a_page_that_is_not_public_does_not_exist(self, client):
        profile = CandidateProfileFactory()

        address = reverse("opportunities:portfolio", args=[profile.public_id])
        assert client.get(address).status_code == 404


class TestQuestionsAndReports:
    def test_a_question_is_asked_and_taken_back(self, client):
        role = OpportunityFactory(open=True)
        client.force_login(UserFactory())

        client.post(
            reverse("opportunities:ask", args=[role.public_id]), {"question": "May I start later?"}
        )
        post = RolePost.objects.get()
        address = reverse("opportunities:role", args=[role.slug, role.public_id])
        assert "May I start later?" in client.get(address).text
        client.post(reverse("opportunities:take-back", args=[role.public_id, post.pk]))

        assert "May I start later?" not in client.get(address).text

    def test_anybody_reports_a_role(self, client):
        role = OpportunityFactory(open=True)
        address = reverse("opportunities:report", args=[role.slug, role.public_id])
        assert "What is wrong?" in client.get(address).text
        assert client.post(address, {"reason": "nothing"}).status_code == 422

        client.post(address, {"reason": "scam", "text": "They ask for a fee."})

        report = Report.objects.get()
        assert (report.opportunity, report.reporter, report.reason) == (role, None, "scam")

    def test_a_question_is_reported_by_its_own_form(self, client):
        post = RolePostFactory()
        role = post.opportunity
        address = reverse("opportunities:report", args=[role.slug, role.public_id])
        assert post.question in client.get(f"{address}?post={post.pk}").text

        client.post(address, {"post": post.pk, "reason": "conduct"})

        assert Report.objects.get().post == post

    def test_a_message_is_reported_by_those_who_read_it_alone(self, client):
        message = MessageFactory(from_employer=True)
        address = reverse("opportunities:report-message", args=[message.pk])
        client.force_login(UserFactory())
        assert client.get(address).status_code == 404
        client.force_login(message.application.profile.user)
        assert client.get(address).status_code == 200

        client.post(address, {"reason": "conduct"})

        assert Report.objects.get().message == message


def test_an_alert_shows_its_filters_and_asks_for_an_address(client):
    OpportunityFactory(open=True)

    text = client.get("/alerts/new/?field=data").text

    assert "Field of work: Data and analysis" in text
    assert "1 role passes them now" in text
    assert "Sign in" in text
    assert client.get("/alerts/new/?colour=red").status_code == 400


def test_keys_are_turned_off_in_this_browser(client):
    client.post("/settings/keys/", {"keys": "off"})
    assert 'data-keys="off"' in client.get("/").text

    client.post("/settings/keys/", {"keys": "on"})

    assert "data-keys" not in client.get("/").text
