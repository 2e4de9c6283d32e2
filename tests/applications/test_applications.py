"""Applications through the API, from the first answer to the signed work."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from opportunities.applications.models import Application
from opportunities.applications.pseudonyms import handle
from opportunities.candidates.models import Visibility
from opportunities.roles.models import Opportunity
from tests.candidates.hostile_files import PLAIN
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    MembershipFactory,
    OpportunityFactory,
    ProfileSightFactory,
    QuestionFactory,
    RoleInvitationFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
API = "/api/v1"


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def both_sides(**traits):
    """Return an application and a client for each side."""
    application = ApplicationFactory(**traits)
    member = MembershipFactory(employer=application.opportunity.employer).user
    path = f"{API}/applications/{application.public_id}"
    return path, client_of(application.profile.user), client_of(member)


def test_from_applying_to_signed_work_through_the_api():
    role = OpportunityFactory(open=True, start_earliest=None)
    QuestionFactory(opportunity=role)
    SkillFactory(slug="python")
    employer = client_of(MembershipFactory(employer=role.employer).user)
    candidate = client_of(CandidateProfileFactory().user)
    body = {"opportunity": role.public_id, "name": "Ada", "answers": ["The second table."]}

    applied = candidate.post(f"{API}/applications", body)
    again = candidate.post(f"{API}/applications", body)
    assert (applied.status_code, again.json()["id"]) == (201, applied.json()["id"])
    path = applied["Location"]

    seen = employer.get(path).json()
    assert seen["side"] == "employer"
    assert seen["applicant"]["answers"][0]["text"] == "The second table."
    assert seen["actions"] == ["shortlist", "interview", "offer", "reject", "message"]
    assert employer.post(f"{path}/shortlist").json()["status"] == "shortlisted"
    starts_at = (timezone.now() + timedelta(days=2)).isoformat()
    slots = employer.post(f"{path}/interview", {"slots": [{"starts_at": starts_at}]}).json()
    chosen = candidate.post(f"{path}/slots/{slots['slots'][0]['id']}/choose")
    assert chosen.json()["chosen_at"]
    assert candidate.post(f"{path}/messages", {"text": "Until then"}).status_code == 201
    assert employer.get(f"{path}/messages").json()["data"][0]["text"] == "Until then"
    assert employer.post(f"{path}/notes", {"text": "Clear mind"}).status_code == 201
    assert employer.post(f"{path}/offer", {"message": "Welcome"}).json()["status"] == "offered"
    assert candidate.get(path).json()["actions"] == ["withdraw", "accept", "decline", "message"]
    assert candidate.post(f"{path}/accept").json()["status"] == "accepted"

    today = timezone.now().date()
    work = {
        "hours": 21.5,
        "started_on": str(today - timedelta(days=2)),
        "ended_on": str(today),
        "summary": "A report of four pages.",
        "deliverables": [{"title": "Report", "url": "https://ada.example/report"}],
        "skills": [{"name": "python", "level": 2}],
        "paid": {"amount": "400.00", "currency": "GBP"},
    }
    written = employer.post(f"{path}/complete", work)
    assert written.status_code == 201
    signed = candidate.post(f"{path}/sign").json()
    assert signed["paid"] == {"amount": "400.00", "currency": "GBP"}
    done = f"{API}/completions/{signed['id']}"
    assert candidate.post(f"{done}/show", {"is_public": True}).json()["is_public"]
    assert candidate.post(f"{done}/review", {"stars": 5}).status_code == 201
    assert employer.get(done).json()["reviews"] == []
    assert employer.post(f"{done}/review", {"stars": 4}).status_code == 201
    assert len(candidate.get(done).json()["reviews"]) == 2
    assert len(candidate.get(f"{API}/completions").json()["data"]) == 1

    whole = candidate.get(path).json()
    assert whole["status"] == "completed"
    assert [step["action"] for step in whole["track"]] == [
        "apply", "shortlist", "interview", "choose_slot", "offer", "accept", "propose",
        "complete",
    ]  # fmt: skip
    assert whole["completion"] == signed["id"]


def test_what_waits_for_the_first_day_is_no_action_before_it():
    path, candidate, employer = both_sides(
        accepted=True, opportunity__start_earliest=date(2099, 1, 8), opportunity__start_latest=None
    )
    for side, actions in ((candidate, ["withdraw", "message"]), (employer, ["message"])):
        told = side.get(path).json()
        assert (told["actions"], told["possible_from"]) == (actions, "2099-01-08")
    assert employer.post(f"{path}/no-show").status_code == 409

    Opportunity.objects.update(start_earliest=timezone.now().date() - timedelta(days=1))

    for side, actions in (
        (candidate, ["withdraw", "complete", "message"]),
        (employer, ["no_show", "complete", "message"]),
    ):
        told = side.get(path).json()
        assert (told["actions"], told["possible_from"]) == (actions, None)


def test_a_first_day_ahead_matters_to_accepted_work_alone():
    path, candidate, _ = both_sides(
        opportunity__start_earliest=date(2099, 1, 8), opportunity__start_latest=None
    )

    assert candidate.get(path).json()["possible_from"] is None


def test_everybody_else_finds_nothing():
    path, _, _ = both_sides(accepted=True)
    days = dict.fromkeys(("started_on", "ended_on"), str(timezone.now().date()))
    calls = [
        ("get", "", None),
        ("get", "/resume", None),
        ("get", "/messages", None),
        ("get", "/notes", None),
        ("post", "/withdraw", None),
        ("post", "/shortlist", None),
        ("post", "/complete", {"hours": 1, "summary": "x", **days}),
        ("post", "/sign", None),
        ("post", "/messages", {"text": "x"}),
    ]
    for user in (UserFactory(), UserFactory(moderator=True), MembershipFactory().user):
        client = client_of(user)
        for verb, tail, body in calls:
            assert getattr(client, verb)(path + tail, body).status_code == 404, tail
        assert client.get(f"{API}/applications").json()["data"] == []


def test_nobody_signed_in_is_told_to_sign_in():
    for path in ("applications", "completions", "invitations", "profile", "profile/resumes"):
        assert APIClient().get(f"{API}/{path}").status_code == 401


def test_the_wrong_side_is_forbidden_and_the_wrong_state_names_what_is_allowed():
    path, candidate, employer = both_sides()

    assert candidate.post(f"{path}/shortlist").status_code == 403
    assert employer.post(f"{path}/withdraw").status_code == 403
    refused = candidate.post(f"{path}/accept")

    assert refused.status_code == 409
    assert "withdraw" in refused.json()["allowed"]


@pytest.mark.parametrize(
    ("tail", "body", "pointer"),
    [
        ("reject", {"reason": "dislike"}, "#/reason"),
        ("reject", {"reason": "skills", "status": "accepted"}, "#/status"),
        ("interview", {"slots": []}, "#/slots"),
        ("interview", {"slots": [{"starts_at": "tomorrow"}]}, "#/slots/0/starts_at"),
        ("interview", {"slots": [{"starts_at": "2020-01-01T00:00Z"}]}, "#/slots/0/starts_at"),
        ("offer", {"lapses_at": "2020-01-01T00:00Z"}, "#/lapses_at"),
        ("messages", {"text": "\x00"}, "#/text"),
        ("messages", {"text": "\ud800"}, "#/text"),
        ("notes", {"text": "x" * 2001}, "#/text"),
        ("no-show", {"message": "x" * 2001}, "#/message"),
    ],
)
def test_a_body_that_does_not_pass_names_its_fields(tail, body, pointer):
    path, _, employer = both_sides()

    sent = json.dumps(body)
    refused = employer.post(f"{path}/{tail}", sent, content_type="application/json")

    assert refused.status_code == 422
    assert pointer in {fault["pointer"] for fault in refused.json()["errors"]}
    assert Application.objects.get().version == 1


def test_lists_are_both_sides_own_filtered_and_cost_the_same_for_many():
    role = OpportunityFactory(open=True)
    member = MembershipFactory(employer=role.employer).user
    ApplicationFactory.create_batch(7, opportunity=role)
    ApplicationFactory(opportunity__employer=role.employer, rejected=True)
    ApplicationFactory()
    own = ApplicationFactory(profile=CandidateProfileFactory(user=member))
    client = client_of(member)

    everything = client.get(f"{API}/applications").json()["data"]
    waiting = client.get(f"{API}/applications?opportunity={role.public_id}").json()["data"]
    rejected = client.get(f"{API}/applications?status=rejected&limit=1").json()

    assert len(everything) == 9
    assert {row["id"] for row in everything if row["side"] == "candidate"} == {own.public_id}
    assert len(waiting) == 7
    assert (len(rejected["data"]), rejected["page"]["limit"]) == (1, 1)
    assert client.get(f"{API}/applications?status=%00").status_code == 422
    unknown = client.get(f"{API}/applications?status=refused")
    assert unknown.status_code == 422
    assert unknown.json()["detail"].startswith("One of: submitted, ")


def test_a_list_costs_a_fixed_number_of_queries(django_assert_num_queries):
    role = OpportunityFactory(open=True, blind_review=True)
    client = client_of(MembershipFactory(employer=role.employer).user)
    ApplicationFactory.create_batch(7, opportunity=role)

    with django_assert_num_queries(1):
        assert len(client.get(f"{API}/applications").json()["data"]) == 7


class TestBulk:
    def test_tells_what_became_of_each(self):
        role = OpportunityFactory(open=True)
        client = client_of(MembershipFactory(employer=role.employer).user)
        waiting = ApplicationFactory(opportunity=role)
        gone = ApplicationFactory(opportunity=role, withdrawn=True)
        foreign = ApplicationFactory()
        ids = [row.public_id for row in (waiting, gone, foreign)]

        answer = client.post(
            f"{API}/applications/bulk",
            {"action": "reject", "applications": ids, "reason": "filled"},
        )

        codes = {row["id"]: row["code"] for row in answer.json()}
        assert codes == {waiting.public_id: None, gone.public_id: "wrong-state"}

    def test_needs_no_reason_to_reject_but_one_of_the_list_and_somebody_to_act_on(self):
        application = ApplicationFactory(opportunity__open=True)
        client = client_of(MembershipFactory(employer=application.opportunity.employer).user)
        body = {"action": "reject", "applications": ["app_none"]}

        assert client.post(f"{API}/applications/bulk", body).status_code == 404
        body["applications"] = [application.public_id]
        refused = client.post(f"{API}/applications/bulk", body | {"reason": "dislike"})
        answer = client.post(f"{API}/applications/bulk", body)

        assert (refused.status_code, answer.status_code) == (422, 200)
        application.refresh_from_db()
        assert (application.status, application.rejection_reason) == ("rejected", "unstated")


class TestInvitations:
    def test_an_employer_invites_by_handle_and_the_candidate_declines(self):
        role = OpportunityFactory(open=True)
        member = MembershipFactory(employer=role.employer).user
        profile = CandidateProfileFactory(visibility=Visibility.PSEUDONYM)
        known_as = handle(profile, role.employer)
        ProfileSightFactory(employer=role.employer, profile=profile, handle=known_as)
        path = f"{API}/opportunities/{role.public_id}/invitations"

        invited = client_of(member).post(path, {"candidate": known_as, "message": "Look"})
        assert invited.status_code == 201
        assert profile.public_id not in invited.content.decode()
        assert client_of(UserFactory()).post(path, {"candidate": known_as}).status_code == 403

        candidate = client_of(profile.user)
        received = candidate.get(f"{API}/invitations").json()["data"]
        declined = candidate.post(f"{API}/invitations/{received[0]['id']}/decline")
        assert declined.json()["declined_at"]

    def test_somebody_elses_invitation_is_not_there(self):
        invitation = RoleInvitationFactory()

        answer = client_of(UserFactory()).post(f"{API}/invitations/{invitation.pk}/decline")

        assert answer.status_code == 404


class TestResumes:
    def keep(self, client, data=PLAIN):
        file = SimpleUploadedFile("cv.pdf", data, content_type="application/pdf")
        return client.post(f"{API}/profile/resumes", {"file": file}, format="multipart")

    def test_are_kept_listed_downloaded_and_deleted_by_their_owner_alone(self):
        profile = CandidateProfileFactory()
        client, stranger = client_of(profile.user), client_of(CandidateProfileFactory().user)

        kept = self.keep(client)
        path = f"{API}/profile/resumes/{kept.json()['id']}"
        download = client.get(path)

        assert kept.status_code == 201
        assert b"".join(download.streaming_content) == PLAIN
        assert download["Content-Disposition"] == 'attachment; filename="cv.pdf"'
        assert download["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in download["Content-Security-Policy"]
        assert stranger.get(path).status_code == 404
        assert stranger.delete(path).status_code == 404
        assert client.delete(path).status_code == 204
        assert client.get(f"{API}/profile/resumes").json()["data"] == []

    def test_a_false_one_is_refused(self):
        refused = self.keep(client_of(CandidateProfileFactory().user), b"MZ")

        assert refused.status_code == 422
        assert refused.json()["errors"][0]["code"] == "not_pdf"

    def test_the_employer_reads_it_only_once_the_review_is_not_blind(self):
        profile = CandidateProfileFactory()
        candidate = client_of(profile.user)
        resume_id = self.keep(candidate).json()["id"]
        role = OpportunityFactory(open=True, internship=True, blind_review=True)
        employer = client_of(MembershipFactory(employer=role.employer).user)
        path = candidate.post(
            f"{API}/applications",
            {
                "opportunity": role.public_id,
                "name": "Ada",
                "cover_letter": "Dear all",
                "resume": resume_id,
            },
        )["Location"]

        assert employer.get(f"{path}/resume").status_code == 404
        own = candidate.get(f"{path}/resume")
        assert b"".join(own.streaming_content) == PLAIN
        employer.post(f"{path}/shortlist")
        shown = employer.get(f"{path}/resume")
        assert b"".join(shown.streaming_content) == PLAIN
