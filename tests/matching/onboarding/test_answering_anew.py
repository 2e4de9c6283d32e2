"""Somebody with a profile who answers a question anew changes their profile, and nothing else."""

import pytest

from opportunities.candidates.models import CandidateProfile
from tests.factories import (
    CandidateProfileFactory,
    CandidateSkillFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    SkillFactory,
    TargetSkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile(client):
    made = CandidateProfileFactory(
        hours_per_week=20,
        interests={"writing": 1},
        field_rule="only",
        rate_floor_minor=1500,
        rate_target_minor=2000,
        headline="Third year",
        blocked_weeks=["2027-01-04"],
    )
    client.force_login(made.user)
    return made


def picked(client, step):
    page = client.get(f"/start/{step}/")
    return [row["value"] for row in page.context["options"] if row["on"]]


def test_the_pages_show_what_the_profile_says(client, profile):
    assert picked(client, "time") == ["20"]
    assert picked(client, "field") == ["writing"]
    assert picked(client, "pay") == ["15"]
    assert "Up to 20" in client.get("/start/check/").text


@pytest.mark.parametrize(
    ("step", "sent", "facts"),
    [
        ("time", {"answer": "10"}, {"hours_per_week": 10}),
        ("field", {"answer": ["data", "design"], "field-rule": "first"},
         {"interests": {"data": 1, "design": 1}, "field_rule": "first"}),
        ("pay", {"answer": "18"}, {"rate_floor_minor": 1800, "rate_target_minor": 2000}),
        ("pay", {"answer": "any"}, {"rate_floor_minor": 0}),
        ("place", {"answer": "remote"}, {"modes": ["remote"]}),
        ("place", {"answer": ["remote"], "town": "Leeds; York"},
         {"modes": ["remote", "hybrid", "onsite"],
          "regions": ["Leeds, United Kingdom", "York, United Kingdom"]}),
    ],
)  # fmt: skip
def test_an_answer_changes_what_it_says_and_leaves_the_rest(client, profile, step, sent, facts):
    names = ("hours_per_week", "interests", "field_rule", "rate_floor_minor", "headline", "modes")
    profile.refresh_from_db()
    before = {name: getattr(profile, name) for name in names}

    client.post(f"/start/{step}/", sent)

    profile.refresh_from_db()
    assert {name: getattr(profile, name) for name in facts} == facts
    assert {n: getattr(profile, n) for n in names} == before | {
        name: value for name, value in facts.items() if name in names
    }
    assert [str(day) for day in profile.blocked_weeks] == ["2027-01-04"]
    assert picked(client, step)


def test_a_question_that_is_skipped_changes_nothing(client, profile):
    version = CandidateProfile.objects.get().version

    for step in ("time", "field", "skills"):
        client.post(f"/start/{step}/", {"skip": "1"})

    assert CandidateProfile.objects.get().version == version


def test_skills_chosen_anew_keep_what_the_page_does_not_ask(client, profile):
    begun = CandidateSkillFactory(profile=profile, level=0).skill
    CandidateSkillFactory(profile=profile, level=2)
    wanted = TargetSkillFactory(profile=profile, priority=3).skill
    new = SkillFactory()

    rows = {"row": [new.slug, wanted.slug], f"can-{new.slug}": "3", "learn": [wanted.slug]}
    client.post("/start/skills/", rows)

    assert dict(profile.skills.values_list("skill__slug", "level")) == {begun.slug: 0, new.slug: 3}
    assert list(profile.targets.values_list("skill__slug", "priority")) == [(wanted.slug, 3)]


def test_an_answer_that_does_not_go_with_the_profile_is_refused_with_the_reason(client, profile):
    profile.available_until = profile.available_from
    profile.save(update_fields=["available_until"])

    answer = client.post("/start/start-date/", {"answer": "half"})

    assert answer.status_code == 422


class TestAProfileMadeByKeepingSomething:
    """What it begins with answers nothing, until its person does."""

    QUESTIONS = ("field", "skills", "time", "start-date", "place", "pay")

    @pytest.fixture
    def roles(self):
        demanding = OpportunityFactory(open=True, hours_per_week=38, hours_total=152, weeks=4)
        OpportunitySkillFactory(opportunity=demanding, must=True)
        return [demanding, OpportunityFactory(open=True, mode="remote")]

    @pytest.fixture(params=["guest", "account"])
    def browser(self, request, client):
        if request.param == "account":
            client.force_login(UserFactory())
        return client

    @staticmethod
    def counted(client, step="pay"):
        return [row["count"] for row in client.get(f"/start/{step}/").context["options"]]

    def answered(self, client):
        pages = [client.get(f"/start/{step}/") for step in self.QUESTIONS]
        return {page.context["answered"] for page in pages}

    def test_leaves_counts_and_answers_as_they_were(self, browser, roles):
        before = [self.counted(browser, step) for step in ("field", "pay")]

        browser.post(f"/saved/{roles[1].public_id}/")

        assert CandidateProfile.objects.exists()
        assert [self.counted(browser, step) for step in ("field", "pay")] == before
        assert self.answered(browser) == {0}
        assert "Up to 20" not in browser.get("/start/check/").text
        assert browser.get("/start/field/").context["rules"][1]["on"]

    def test_has_hours_that_no_page_says_were_given(self, browser, roles):
        browser.post(f"/saved/{roles[1].public_id}/")

        assert "roles open today and 20 hours a week." in browser.get("/paths/").text

    @pytest.mark.parametrize("sent", [{"answer": "20"}, {"skip": "1"}])
    def test_counts_the_hours_once_they_are_answered_or_skipped(self, browser, roles, sent):
        open_yet = max(self.counted(browser))
        browser.post(f"/saved/{roles[1].public_id}/")

        browser.post("/start/time/", sent)

        assert max(self.counted(browser)) == open_yet - 1
        assert self.answered(browser) == {1}
        assert picked(browser, "time") == ["20"]

    def test_keeps_what_was_answered_before(self, browser, roles):
        browser.post("/start/time/", {"answer": "20"})

        browser.post(f"/saved/{roles[1].public_id}/")

        assert self.answered(browser) == {1}
        assert picked(browser, "time") == ["20"]

    def test_is_taken_at_its_word_once_its_form_was_sent(self, browser, roles):
        browser.post(f"/saved/{roles[1].public_id}/")
        form = browser.get("/me/profile/").context["form"]
        sent = {box.html_name: box.value() for box in form if box.value() is not None}
        del sent["weeks"]

        assert browser.post("/me/profile/", sent).status_code == 302

        assert picked(browser, "time") == ["20"]


def test_a_guest_who_saved_something_changes_their_profile_too(client):
    client.post("/start/time/", {"answer": "5"})
    client.post("/matches/weights/", {"was": "0,pay:2", "pay": "4"})

    client.post("/start/time/", {"answer": "40"})

    kept = CandidateProfile.objects.get()
    assert (kept.user, kept.hours_per_week, kept.importance) == (None, 40, {"pay": 4})
