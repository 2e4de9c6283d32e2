"""Posting, moderating and organizations over HTTP: each endpoint reaches its operation."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from rest_framework.test import APIClient

from opportunities.desk.api import views as moderation
from opportunities.messaging.models import Letter
from opportunities.moderation.models import Decision, Report
from opportunities.roles.api import views as roles
from opportunities.roles.api.serializers import RoleInput
from opportunities.roles.fields import FIELDS
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import submitting
from tests.employers.test_employing import picture
from tests.factories import (
    AppealFactory,
    CompletionFactory,
    DecisionFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    PayFloorFactory,
    ReportFactory,
    RolePostFactory,
    SanctionFactory,
    UserFactory,
    employer_with_owner,
)
from tests.roles.test_drafts import COMPLETE

pytestmark = pytest.mark.django_db


def client(user: Any = None) -> APIClient:
    """Return a caller who writes whatever the version; entity tags have tests of their own."""
    caller = APIClient(headers={"If-Match": "*"})
    if user is not None:
        caller.force_authenticate(user)
    return caller


@pytest.fixture
def team() -> tuple[Any, Any]:
    return employer_with_owner()


def draft(team: tuple[Any, Any], state: str = "") -> Opportunity:
    return OpportunityFactory(employer=team[0], **({state: True} if state else {}))


class TestRoles:
    def test_a_draft_is_posted_read_changed_and_deleted(self, team: tuple[Any, Any]) -> None:
        api = client(team[1])
        values = {**COMPLETE, "employer": team[0].public_id}

        posted = api.post("/api/v1/opportunities", values)
        address = posted["Location"]

        assert posted.status_code == 201
        assert posted.json()["pay_amount"] == "400.00"
        assert api.get(address).json()["status"] == "draft"
        assert client().get(address).status_code == 404
        changed = api.patch(address, {"title": "Count analyst", "weeks": 4}).json()
        assert (changed["title"], changed["hours_per_week"]) == ("Count analyst", 5)
        assert api.delete(address).status_code == 204
        assert api.get(address).status_code == 404

    def test_a_fault_points_at_its_field(self, team: tuple[Any, Any]) -> None:
        values = {**COMPLETE, "employer": team[0].public_id, "status": "open", "weeks": 900}

        answer = client(team[1]).post("/api/v1/opportunities", values)

        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == {
            ("#/status", "unknown_field"),
            ("#/weeks", "out_of_range"),
        }

    @pytest.mark.parametrize("body", [[], "text", 7])
    def test_what_is_no_object_is_refused(self, body: Any, team: tuple[Any, Any]) -> None:
        role = draft(team)

        answer = client(team[1]).patch(
            f"/api/v1/opportunities/{role.public_id}", body, format="json"
        )

        assert answer.status_code == 422

    def test_an_employer_of_others_is_not_found(self, team: tuple[Any, Any]) -> None:
        values = {**COMPLETE, "employer": team[0].public_id}

        assert client(UserFactory()).post("/api/v1/opportunities", values).status_code == 404
        assert client().post("/api/v1/opportunities", values).status_code == 401

    @pytest.mark.parametrize(
        ("state", "name", "body", "status"),
        [
            ("", "submit", {}, "in_review"),
            ("in_review", "withdraw", {}, "draft"),
            ("open", "pause", {}, "paused"),
            ("paused", "resume", {}, "open"),
            ("open", "confirm", {}, "open"),
            ("open", "close", {"outcome": "filled_here"}, "closed"),
            ("closed", "outcome", {"outcome": "cancelled"}, "closed"),
            ("open", "amend", {"title": "Count analyst"}, "in_review"),
            ("open", "copy", {}, "draft"),
        ],
    )
    def test_each_operation_has_an_address(
        self, state: str, name: str, body: Any, status: str, team: tuple[Any, Any]
    ) -> None:
        role = draft(team, state)

        answer = client(team[1]).post(f"/api/v1/opportunities/{role.public_id}/{name}", body)

        assert answer.status_code == (201 if name == "copy" else 200)
        assert answer.json()["status"] == status

    def test_extending_takes_a_date(self, team: tuple[Any, Any]) -> None:
        role = draft(team, "open")
        address = f"/api/v1/opportunities/{role.public_id}/extend"
        later = role.apply_by.replace(year=role.apply_by.year + 1)

        assert client(team[1]).post(address, {}).status_code == 422
        assert client(team[1]).post(address, {"apply_by": later}).json()["errors"][0]["code"] == (
            "too_far"
        )

    def test_the_wrong_state_says_what_is_allowed(self, team: tuple[Any, Any]) -> None:
        role = draft(team, "open")

        answer = client(team[1]).post(f"/api/v1/opportunities/{role.public_id}/submit", {})

        assert answer.status_code == 409
        assert answer.json()["allowed"] == ["review_again", "pause", "close"]

    @pytest.mark.parametrize("name", roles.OPERATIONS)
    def test_nobody_else_may(self, name: str, team: tuple[Any, Any]) -> None:
        words = {
            "close": {"outcome": "cancelled"},
            "outcome": {"outcome": "cancelled"},
            "extend": {"apply_by": "2027-01-01"},
        }.get(name, {})
        for state, expected in (("", 404), ("open", 403)):
            address = f"/api/v1/opportunities/{draft(team, state).public_id}/{name}"
            assert client(UserFactory()).post(address, words).status_code == expected
            assert client().post(address, words).status_code == 401

    def test_assessing_needs_no_account(self) -> None:
        PayFloorFactory(country="", hourly_minor=2100)

        answer = client().post("/api/v1/opportunities/assess", COMPLETE).json()

        assert answer["pay_hour"] == {"amount": "20.00", "currency": "GBP"}
        assert {f["name"]: f["verdict"] for f in answer["findings"]}["pay_floor"] == "stop"
        assert not Opportunity.objects.exists()

    def test_findings_are_for_the_employer_and_moderators(self, team: tuple[Any, Any]) -> None:
        role = draft(team)
        submitting.submit(opportunity_id=role.pk, actor=team[1], at=role.created_at)
        address = f"/api/v1/opportunities/{role.public_id}/findings"

        assert len(client(team[1]).get(address).json()) > 10
        assert client(UserFactory(moderator=True)).get(address).status_code == 200
        assert client(UserFactory()).get(address).status_code == 404

    def test_an_employer_lists_its_roles_in_every_state(
        self, team: tuple[Any, Any], django_assert_max_num_queries: Any
    ) -> None:
        for state in ["", "open", "closed", "removed", "paused", "in_review", "rejected"]:
            draft(team, state)
        address = f"/api/v1/employers/{team[0].public_id}/opportunities"

        with django_assert_max_num_queries(9):
            rows = client(team[1]).get(address).json()["data"]

        assert len({row["status"] for row in rows}) == 7
        assert client(UserFactory()).get(address).status_code == 404

    def test_the_documented_fields_are_those_that_are_read(self) -> None:
        assert set(RoleInput().fields) == set(FIELDS)


class TestQuestions:
    def test_are_asked_answered_listed_and_taken_back(self, team: tuple[Any, Any]) -> None:
        role = draft(team, "open")
        address = f"/api/v1/opportunities/{role.public_id}/questions"
        author = UserFactory()

        asked = client(author).post(address, {"question": "May I start in March?"})
        number = asked.json()["id"]
        answered = client(team[1]).post(f"{address}/{number}/answer", {"text": "Yes."})

        assert (asked.status_code, answered.status_code) == (201, 200)
        assert client().get(address).json()["data"][0]["answer"] == "Yes."
        other = RolePostFactory(opportunity=role, author=author)
        assert client(author).delete(f"{address}/{other.pk}").status_code == 204
        assert len(client().get(address).json()["data"]) == 1
        assert client().post(address, {"question": "Why?"}).status_code == 401

    def test_a_question_of_another_role_is_not_found(self, team: tuple[Any, Any]) -> None:
        other = RolePostFactory()
        address = f"/api/v1/opportunities/{draft(team, 'open').public_id}/questions"

        answer = client(team[1]).post(f"{address}/{other.pk}/answer", {"text": "Yes."})

        assert answer.status_code == 404


class TestEmployers:
    def test_are_founded_read_changed_and_listed(self) -> None:
        owner = UserFactory()

        founded = client(owner).post("/api/v1/employers", {"name": "Harbour Studio"})
        address = founded["Location"]

        assert founded.status_code == 201
        changed = client(owner).patch(address, {"about": "We draw maps."})
        assert changed.json()["about"] == "We draw maps."
        assert client().get(address).json()["reply_rate"]["due"] == 0
        assert client().get("/api/v1/employers").json()["data"][0]["name"] == "Harbour Studio"
        assert client(UserFactory()).patch(address, {"about": "Ha."}).status_code == 404

    def test_show_what_they_really_paid_an_hour(self, team: tuple[Any, Any]) -> None:
        employer = team[0]
        address = f"/api/v1/employers/{employer.public_id}"
        assert client().get(address).json()["paid_hour"] is None
        CompletionFactory(
            signed=True,
            application__opportunity__employer=employer,
            hours=30,
            paid_minor=40_000,
            paid_currency="GBP",
        )

        read = client().get(address).json()["paid_hour"]

        page = client().get(f"/employers/{employer.slug}/").content.decode()
        assert read == {"amount": "13.33", "currency": "GBP", "completions": 1}
        assert "£13.33 an hour, over 1 piece" in page
        [listed] = client().get("/api/v1/employers").json()["data"]
        assert listed["paid_hour"] == read

    def test_show_a_logo(self, team: tuple[Any, Any], settings: Any, tmp_path: Any) -> None:
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(tmp_path)},
            },
        }
        address = f"/api/v1/employers/{team[0].public_id}/logo"
        good = SimpleUploadedFile("a.png", picture(), "image/png")
        bad = SimpleUploadedFile("a.png", b"<svg/>", "image/png")

        shown = client(team[1]).put(address, {"logo": good}, format="multipart")

        assert shown.json()["logo_url"]
        refused = client(team[1]).put(address, {"logo": bad}, format="multipart")
        assert refused.status_code == 422
        assert client(team[1]).delete(address).status_code == 204

    def test_invite_and_manage_a_team(self, team: tuple[Any, Any]) -> None:
        address = f"/api/v1/employers/{team[0].public_id}"
        api = client(team[1])
        person = UserFactory(email="new@example.org")

        invited = api.post(f"{address}/invitations", {"email": "new@example.org", "role": "member"})
        assert invited.status_code == 201
        assert len(api.get(f"{address}/invitations").json()["data"]) == 1
        match = re.search(r"/join/([\w-]+)/", Letter.objects.get().body)
        assert match is not None
        joined = client(person).post("/api/v1/invitations/accept", {"secret": match[1]}).json()
        member = f"{address}/members/{joined['id']}"
        assert len(api.get(f"{address}/members").json()["data"]) == 2
        assert api.post(member, {"role": "owner"}).json()["role"] == "owner"
        assert client(UserFactory()).delete(member).status_code == 404
        assert api.delete(member).status_code == 204
        again = api.post(f"{address}/invitations", {"email": "b@example.org", "role": "member"})
        assert api.delete(f"{address}/invitations/{again.json()['id']}").status_code == 204

    def test_verify_by_a_link(self) -> None:
        employer, owner = employer_with_owner(verified=False)
        address = f"/api/v1/employers/{employer.public_id}/verifications"

        asked = client(owner).post(address, {"email": f"me@{employer.domain}"})
        match = re.search(r"/verify/([\w-]+)/", Letter.objects.get().body)

        assert asked.status_code == 202
        assert match is not None
        confirmed = client(owner).post("/api/v1/verifications/confirm", {"secret": match[1]})
        assert confirmed.json()["verified"] is True


class TestModeration:
    def test_the_queue_is_claimed_and_decided(self, team: tuple[Any, Any]) -> None:
        role = draft(team)
        submitting.submit(opportunity_id=role.pk, actor=team[1], at=role.created_at)
        api = client(UserFactory(moderator=True))

        assert [row["id"] for row in api.get("/api/v1/moderation/items").json()["data"]] == [
            role.public_id
        ]
        item = api.post("/api/v1/moderation/items/next").json()
        assert item["id"] == role.public_id
        assert item["findings"]
        address = f"/api/v1/moderation/items/{role.public_id}"
        assert api.post(f"{address}/claim").status_code == 200
        assert api.post(f"{address}/release").status_code == 200
        approved = api.post(f"{address}/approve", {"version": item["version"]})
        assert (approved.status_code, approved.json()["status"]) == (200, "open")
        assert api.post("/api/v1/moderation/items/next").status_code == 204
        assert api.get("/api/v1/moderation/decisions").json()["data"][0]["action"] == "approve"

    @pytest.mark.parametrize(
        ("name", "status"),
        [("ask-changes", "changes_asked"), ("reject", "rejected"), ("remove", "removed")],
    )
    def test_each_decision_has_an_address(
        self, name: str, status: str, team: tuple[Any, Any]
    ) -> None:
        role = draft(team, "in_review")
        address = f"/api/v1/moderation/items/{role.public_id}/{name}"
        api = client(UserFactory(moderator=True))

        assert api.post(address, {}).status_code == 422
        answer = api.post(address, {"rules": ["5.3"], "reason": "It is not real."})

        assert answer.json()["status"] == status
        own = client(team[1]).get(f"/api/v1/employers/{team[0].public_id}/decisions").json()
        assert own["data"][0]["reason"] == "It is not real."
        assert "moderator" not in own["data"][0]

    @pytest.mark.parametrize(
        "path", [f"items/opp_1/{name}" for name in moderation.ITEM_OPERATIONS]
        + [f"sanctions/1/{name}" for name in moderation.SANCTION_OPERATIONS]
        + ["items/next", "sanctions", "reports/rep_1/answer", "appeals/apl_1/hear",
           "employers/emp_1/verify"],
    )  # fmt: skip
    def test_is_closed_to_others(self, path: str, team: tuple[Any, Any]) -> None:
        assert client().post(f"/api/v1/moderation/{path}", {}).status_code == 401
        assert client(team[1]).post(f"/api/v1/moderation/{path}", {}).status_code == 403

    @pytest.mark.parametrize("path", ["items", "decisions", "reports", "appeals", "sanctions"])
    def test_its_lists_are_closed_to_others(self, path: str) -> None:
        assert client().get(f"/api/v1/moderation/{path}").status_code == 401
        assert client(UserFactory()).get(f"/api/v1/moderation/{path}").status_code == 403

    def test_the_rules_are_public(self) -> None:
        answer = client().get("/api/v1/moderation/rules").json()

        assert answer["rules"][0]["number"] == "1.1"
        assert [rung["level"] for rung in answer["ladder"]] == ["warning", "suspension", "block"]

    def test_anybody_reports_and_a_moderator_answers(self, team: tuple[Any, Any]) -> None:
        role = draft(team, "open")
        body = {"opportunity": role.public_id, "reason": "scam", "text": "It asks for money."}

        made = client().post("/api/v1/reports", body)
        assert made.status_code == 201
        assert client().post("/api/v1/reports", {"reason": "scam"}).status_code == 422
        assert (
            client()
            .post("/api/v1/reports", {**body, "opportunity": draft(team).public_id})
            .status_code
            == 404
        )

        api = client(UserFactory(moderator=True))
        waiting = api.get("/api/v1/moderation/reports").json()["data"]
        assert waiting[0]["about"]["opportunity"] == role.public_id
        answer = api.post(
            f"/api/v1/moderation/reports/{waiting[0]['id']}/answer",
            {"upheld": False, "answer": "We saw nothing."},
        )
        assert answer.json()["upheld"] is False
        assert Report.objects.get().answered_at is not None

    def test_other_things_are_reported_as_well(self, team: tuple[Any, Any]) -> None:
        post = RolePostFactory()

        for about in ({"employer": team[0].public_id}, {"post": post.pk}):
            answer = client().post("/api/v1/reports", {**about, "reason": "misleading"})
            assert answer.status_code == 201
        assert (
            client().post("/api/v1/reports", {"message": 1, "reason": "conduct"}).status_code == 404
        )

    def test_a_decision_is_appealed_and_heard(self) -> None:
        decision = DecisionFactory()
        member = MembershipFactory(employer=decision.employer).user
        api = client(UserFactory(moderator=True))

        made = client(member).post(
            "/api/v1/appeals", {"decision": decision.pk, "text": "It is real."}
        )
        assert made.status_code == 201
        waiting = api.get("/api/v1/moderation/appeals").json()["data"]
        heard = api.post(
            f"/api/v1/moderation/appeals/{waiting[0]['id']}/hear",
            {"granted": True, "answer": "Right."},
        )
        assert heard.json()["granted"] is True

    def test_the_ladder_is_climbed(self) -> None:
        employer = EmployerFactory()
        api = client(UserFactory(moderator=True))
        body = {"employer": employer.public_id, "reason": "A scam."}

        for level in ("warning", "suspension", "block"):
            answer = api.post("/api/v1/moderation/sanctions", {**body, "level": level})
            assert answer.status_code == 201
        number = answer.json()["id"]
        assert api.post(f"/api/v1/moderation/sanctions/{number}/confirm").status_code == 403
        second = client(UserFactory(moderator=True))
        assert len(second.get("/api/v1/moderation/sanctions").json()["data"]) == 1
        assert second.post(f"/api/v1/moderation/sanctions/{number}/confirm").status_code == 200
        in_force = second.get("/api/v1/moderation/sanctions?state=in_force").json()["data"]
        assert [each["level"] for each in in_force] == ["warning", "suspension", "block"]
        lifted = second.post(
            f"/api/v1/moderation/sanctions/{number}/lift", {"reason": "A mistake."}
        )
        assert lifted.json()["lifted_at"]

    def test_a_state_that_no_sanction_has_is_named(self) -> None:
        answer = client(UserFactory(moderator=True)).get("/api/v1/moderation/sanctions?state=none")

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/state"

    def test_a_proposed_block_is_refused(self) -> None:
        sanction = SanctionFactory(level="block")

        answer = client(UserFactory(moderator=True)).post(
            f"/api/v1/moderation/sanctions/{sanction.pk}/refuse", {"reason": "Too much."}
        )

        assert answer.json()["lifted_at"]

    def test_an_employer_is_verified_by_hand(self) -> None:
        employer = EmployerFactory()

        answer = client(UserFactory(moderator=True)).post(
            f"/api/v1/moderation/employers/{employer.public_id}/verify", {"reason": "Register."}
        )

        assert answer.json()["verified_by"] == "moderator"
        assert Decision.objects.get().action == "verify"

    def test_lists_keep_to_their_queries(self, django_assert_max_num_queries: Any) -> None:
        ReportFactory.create_batch(7)
        AppealFactory.create_batch(7)
        OpportunityFactory.create_batch(7, in_review=True)
        api = client(UserFactory(moderator=True))

        for name in ("reports", "appeals", "items", "decisions"):
            with django_assert_max_num_queries(6):
                assert len(api.get(f"/api/v1/moderation/{name}").json()["data"]) == 7


def test_every_operation_has_an_address() -> None:
    names = set(get_resolver().namespace_dict["api"][1].reverse_dict)

    assert {*roles.OPERATIONS} <= names
    assert {f"item-{name}" for name in moderation.ITEM_OPERATIONS} <= names
    assert {f"sanction-{name}" for name in moderation.SANCTION_OPERATIONS} <= names
