"""The matching API: explained matches for a profile in the request, strict in what it reads."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import Permission

from matching.engine import ASPECTS, GATES
from matching.jobs.runs import ranking, steps
from matching.models import Dismissal, RunState
from matching.shortlists import queries
from matching.store import draft_record, live
from opportunities.candidates import saving
from opportunities.candidates.models import ProfileSight, Visibility
from tests.factories import (
    ApplicationFactory,
    BlockedEmployerFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    MembershipFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    SavedRoleFactory,
    SkillAliasFactory,
    SkillFactory,
    UserFactory,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
URL = "/api/v1/match-runs"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    live.forget()
    queries.counted_pool.cache_clear()
    with time_machine.travel(NOW, tick=False):
        yield
    live.forget()


def post(client, profile, **more):
    return client.post(
        URL, json.dumps({"profile": profile, **more}), content_type="application/json"
    )


def publish():
    run = steps.request_run(at=NOW)
    for part in steps.advance(run.pk, clock=lambda: NOW):
        ranking.rank_part(part, clock=lambda: NOW)
    steps.advance(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    return run


class TestInlineProfile:
    def test_anyone_gets_explained_matches_without_an_account(self, client):
        sql = SkillFactory(slug="sql", name="SQL")
        role = OpportunityFactory(open=True, start_latest=None)
        OpportunitySkillFactory(opportunity=role, skill=sql, level=2)
        OpportunityFactory(open=True, mode="onsite", region="Leeds")

        answer = post(
            client,
            {"skills": {"sql": 2}, "targets": {"sql": 3}, "interests": {"data": 1}},
            limit=5,
        )

        assert answer.status_code == 200
        body = answer.json()
        assert body["eligible"] == 1
        match = body["matches"][0]
        assert match["opportunity"]["id"] == role.public_id
        explained = match["explanation"]
        assert {line["key"] for line in explained["aspects"]} == set(ASPECTS)
        assert sum(line["points"] for line in explained["aspects"]) == pytest.approx(
            explained["score"], abs=1e-9
        )
        assert (
            sum(line["whole_points"] for line in explained["aspects"]) == explained["whole_score"]
        )
        for line in explained["aspects"]:
            assert line["points"] == pytest.approx(100 * line["weight"] * line["value"], abs=0.001)
        assert explained["low"] <= explained["score"] <= explained["high"]
        assert [must["key"] for must in explained["musts"]] == list(GATES)
        assert all(must["met"] for must in explained["musts"])
        assert explained["reasons"]
        assert all(change["adds"] > 0 for change in explained["counterfactuals"])

    def test_is_ordered_best_first_and_limited(self, client):
        for minor in (10_000, 40_000, 80_000):
            OpportunityFactory(open=True, pay_amount_minor=minor, start_latest=None)

        matches = post(client, {"rate_target": 40}, limit=2).json()["matches"]

        assert [match["rank"] for match in matches] == [1, 2]
        mutual = [match["explanation"]["mutual"] for match in matches]
        assert mutual == sorted(mutual, reverse=True)
        assert matches[0]["opportunity"]["pay_amount"] == "800.00"

    def test_a_skill_is_known_by_its_other_names(self, client):
        skill = SkillFactory(slug="spreadsheets", name="Spreadsheets")
        SkillAliasFactory(skill=skill, text="Excel", normalized="excel")
        role = OpportunityFactory(open=True, start_latest=None)
        OpportunitySkillFactory(opportunity=role, skill=skill, level=2, must=True)

        assert post(client, {"skills": {"Excel": 3}}).json()["eligible"] == 1
        assert post(client, {"skills": {"painting": 3}}).json()["eligible"] == 0

    @pytest.mark.parametrize(
        ("profile", "pointer"),
        [
            ({"shoe_size": 44}, "#/profile/shoe_size"),
            ({"goal": 2}, "#/profile/goal"),
            ({"goal": "deep"}, "#/profile/goal"),
            ({"goal": True}, "#/profile/goal"),
            ({"hours_per_week": 0}, "#/profile/hours_per_week"),
            ({"hours_per_week": 10**400}, "#/profile/hours_per_week"),
            ({"skills": {"sql": 9}}, "#/profile/skills"),
            ({"skills": ["sql"]}, "#/profile/skills"),
            ({"skills": {f"skill {n}": 1 for n in range(300)}}, "#/profile/skills"),
            ({"skills": {"x" * 500: 1}}, "#/profile/skills"),
            ({"skills": {"nul\x00": 1}}, "#/profile/skills"),
            ({"skills": {"half \ud800": 1}}, "#/profile/skills"),
            ({"modes": ["moon"]}, "#/profile/modes"),
            ({"modes": "remote"}, "#/profile/modes"),
            ({"available_from": "tomorrow"}, "#/profile/available_from"),
            ({"available_from": "0001-01-01"}, "#/profile/available_from"),
            ({"available_until": "9999-12-31"}, "#/profile/available_until"),
            (
                {"available_from": "2027-05-01", "available_until": "2027-01-01"},
                "#/profile/available_until",
            ),
            ({"weekly_hours": [["2027-01-01", "2126-01-01", 5]]}, "#/profile/weekly_hours"),
            ({"weekly_hours": [[1]]}, "#/profile/weekly_hours"),
            ({"importance": {"luck": 4}}, "#/profile/importance"),
            ({"top3": ["pay"] * 4}, "#/profile/top3"),
            ({"rate_floor": -1}, "#/profile/rate_floor"),
            ({"blocked_weeks": ["2027-W01-9"]}, "#/profile/blocked_weeks"),
            ("me", "#/profile"),
            ([], "#/profile"),
        ],
    )
    def test_refuses_what_is_no_field_or_out_of_range(self, client, profile, pointer):
        answer = post(client, profile)

        assert answer.status_code == 422
        assert answer["Content-Type"].startswith("application/problem+json")
        assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ('{"profile": {"goal": NaN}}', 400),
            ("[]", 422),
            ("{", 400),
            ('{"profile": {}, "limit": 0}', 422),
            ('{"profile": {}, "limit": 1000000}', 422),
            ('{"profile": {}, "limit": "5"}', 422),
            ('{"profile": {}, "extra": 1}', 422),
            ('{"profile": {}, "order": "random"}', 422),
            ("{}", 422),
            ('{"profile": null}', 422),
        ],
    )
    def test_refuses_malformed_requests(self, client, body, status):
        answer = client.post(URL, body, content_type="application/json")

        assert answer.status_code == status

    def test_every_fault_is_named_at_once(self, client):
        answer = post(client, {"goal": 2, "explore": -1, "colour": "blue"})

        assert len(answer.json()["errors"]) == 3


class TestOwnProfile:
    def test_the_stored_profile_is_used_and_what_was_dismissed_left_out(self, client):
        profile = CandidateProfileFactory()
        roles = [OpportunityFactory(open=True) for _ in range(2)]
        Dismissal.objects.create(profile=profile, opportunity=roles[0], reason="pay", at=NOW)
        client.force_login(profile.user)

        body = client.post(URL, "{}", content_type="application/json").json()

        assert [match["opportunity"]["id"] for match in body["matches"]] == [roles[1].public_id]

    def test_an_explanation_names_the_musts_that_are_missed(self, client):
        profile = CandidateProfileFactory(hours_per_week=5)
        role = OpportunityFactory(open=True, hours_total=40, weeks=1, hours_per_week=40)
        client.force_login(profile.user)

        answer = client.get(f"/api/v1/matches/{role.public_id}/explanation")

        missed = [must["key"] for must in answer.json()["musts"] if not must["met"]]
        assert missed == ["weekly_hours"]

    def test_feedback_saves_and_hides_and_shows_again(self, client):
        profile = CandidateProfileFactory()
        role = OpportunityFactory(open=True)
        client.force_login(profile.user)
        url = f"/api/v1/matches/{role.public_id}/feedback"

        def put(**answer):
            return client.put(url, json.dumps(answer), content_type="application/json").json()

        assert put(saved=True, hidden="pay") == {"saved": True, "hidden": "pay"}
        assert put(saved=False) == {"saved": False, "hidden": "pay"}
        assert put(hidden=None) == {"saved": False, "hidden": None}

    def test_feedback_saves_no_more_roles_than_the_site_does(self, client, monkeypatch):
        monkeypatch.setattr(saving, "MAX_ROLES", 1)
        profile = CandidateProfileFactory()
        kept = SavedRoleFactory(profile=profile)
        role = OpportunityFactory(open=True)
        client.force_login(profile.user)

        answer = client.put(
            f"/api/v1/matches/{role.public_id}/feedback",
            json.dumps({"saved": True, "hidden": "pay"}),
            content_type="application/json",
        )

        assert answer.status_code == 429
        assert list(profile.saved_roles.all()) == [kept]
        assert not profile.dismissals.exists()

    def test_a_role_that_is_not_public_does_not_exist(self, client):
        profile = CandidateProfileFactory()
        client.force_login(profile.user)
        draft = OpportunityFactory()

        for path in ("explanation", "feedback"):
            answer = client.generic(
                "GET" if path == "explanation" else "PUT",
                f"/api/v1/matches/{draft.public_id}/{path}",
                "{}",
                content_type="application/json",
            )
            assert answer.status_code == 404


class TestProspects:
    def test_an_employer_sees_handles_of_those_who_allow_it(self, client):
        role = OpportunityFactory(open=True)
        member = MembershipFactory(employer=role.employer)
        seen = CandidateProfileFactory(visibility=Visibility.OPEN, headline="Counts things")
        shy = CandidateProfileFactory(pseudonym=True, headline="Secret")
        CandidateProfileFactory(visibility=Visibility.HIDDEN)
        BlockedEmployerFactory(
            profile=CandidateProfileFactory(pseudonym=True), employer=role.employer
        )
        ApplicationFactory(opportunity=role, profile=CandidateProfileFactory(pseudonym=True))
        assert publish().state == RunState.PUBLISHED
        client.force_login(member.user)

        answer = client.get(f"/api/v1/opportunities/{role.public_id}/candidates")

        found = answer.json()["data"]
        assert {entry["headline"] for entry in found} == {"Counts things", ""}
        assert len(found) == 2
        assert all(entry["suit"] > 0 for entry in found)
        assert seen.public_id not in answer.content.decode()
        assert ProfileSight.objects.count() == 2
        assert shy.headline not in answer.content.decode()

    def test_a_stranger_learns_nothing(self, client):
        role = OpportunityFactory(open=True)
        client.force_login(UserFactory())

        assert client.get(f"/api/v1/opportunities/{role.public_id}/candidates").status_code == 404

    def test_applicants_are_ranked_by_how_they_suit(self):
        skill = SkillFactory()
        role = OpportunityFactory(open=True)
        OpportunitySkillFactory(opportunity=role, skill=skill, level=3, importance=3)
        unskilled = ApplicationFactory(opportunity=role)
        skilled = ApplicationFactory(opportunity=role)
        CandidateSkillFactory(profile=skilled.profile, skill=skill, level=3)

        ranked = queries.ranked_applicants(role, at=NOW)

        assert list(ranked) == [skilled.pk, unskilled.pk]
        (_, best), (_, other) = ranked.values()
        assert best.suit > other.suit

    def test_a_role_being_written_counts_who_passes_and_what_would_reach_more(self):
        for _ in range(3):
            CandidateProfileFactory(modes=["remote"])
        CandidateProfileFactory(modes=["onsite"], regions=["Leeds"])
        publish()
        role = OpportunityFactory.build(mode="onsite", region="Leeds")

        fits = queries.fits_now(draft_record(role), at=NOW)

        assert (fits.passing, fits.of, fits.is_estimate) == (1, 4, False)
        assert ("mode", 2) in [(change.name, change.opens_to) for change in fits.changes]


class TestRunProgress:
    def test_staff_see_how_far_a_run_is_and_others_do_not(self, client):
        CandidateProfileFactory()
        run = publish()

        client.force_login(UserFactory())
        assert client.get(f"/api/v1/match-runs/{run.public_id}").status_code == 404
        operator = UserFactory()
        operator.user_permissions.add(Permission.objects.get(codename="rebuild_matches"))
        client.force_login(operator)
        body = client.get(f"/api/v1/match-runs/{run.public_id}").json()

        assert (body["state"], body["done"], body["total"]) == ("published", 1, 1)
        assert len(body["input_digest"]) == 64
