"""Saved roles and searches, notices, own data and JSON Resume over HTTP."""

import io
import zipfile

import pytest
from rest_framework.test import APIClient

from opportunities.accounts.models import User
from opportunities.candidates.models import BlockedEmployer, SavedRole, SavedSearch
from tests.factories import (
    CandidateProfileFactory,
    NoticeFactory,
    OpportunityFactory,
    SavedRoleFactory,
    SavedSearchFactory,
    UserFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate():
    return CandidateProfileFactory().user


@pytest.fixture
def api(candidate):
    client = APIClient()
    client.force_authenticate(candidate)
    return client


PATHS = [
    ("get", "saved"), ("post", "saved"), ("delete", "saved/opp_x"), ("get", "alerts"),
    ("post", "alerts"), ("get", "alerts/srch_x"), ("patch", "alerts/srch_x"),
    ("delete", "alerts/srch_x"), ("get", "notices"), ("post", "notices/read"),
    ("get", "notices/rhythm"), ("put", "notices/rhythm"), ("post", "notices/ntc_x/read"),
    ("get", "profile/blocked-employers"), ("post", "profile/blocked-employers"),
    ("delete", "profile/blocked-employers/emp_x"), ("post", "profile/export"),
    ("post", "profile/erase"), ("get", "profile/json-resume"), ("put", "profile/json-resume"),
    ("post", "profile/json-resume/preview"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "path"), PATHS)
def test_nobody_gets_anywhere_without_signing_in(verb, path):
    assert getattr(APIClient(), verb)(f"/api/v1/{path}").status_code == 401


class TestSaved:
    def test_keeps_lists_and_lets_go(self, api, django_assert_max_num_queries):
        roles = [OpportunityFactory(open=True) for _ in range(7)]
        for role in roles:
            answer = api.post("/api/v1/saved", {"opportunity": role.public_id})
            assert answer.status_code == 201
        SavedRoleFactory()

        with django_assert_max_num_queries(4):
            listed = api.get("/api/v1/saved").json()["data"]
        assert [row["opportunity"] for row in listed] == [role.public_id for role in roles[::-1]]

        assert api.delete(f"/api/v1/saved/{roles[0].public_id}").status_code == 204
        assert SavedRole.objects.filter(profile__user__isnull=False).count() == 7

    def test_a_role_that_they_may_not_see_is_404(self, api):
        role = OpportunityFactory(in_review=True)

        assert api.post("/api/v1/saved", {"opportunity": role.public_id}).status_code == 404


class TestAlerts:
    def test_keeps_changes_and_lets_go(self, api, candidate):
        answer = api.post(
            "/api/v1/alerts", {"query": "field=data&mode=remote", "name": "Remote data"}
        )
        assert answer.status_code == 201
        body = answer.json()
        assert (body["rhythm"], body["reasons"]) == (
            "daily",
            "Field of work: Data and analysis; Where the work is done: Remote",
        )
        assert answer["Location"] == f"/api/v1/alerts/{body['id']}"

        seen = {"If-Match": "*"}
        changed = api.patch(answer["Location"], {"rhythm": "weekly"}, headers=seen).json()
        assert (changed["name"], changed["rhythm"]) == ("Remote data", "weekly")
        assert api.get("/api/v1/alerts").json()["data"] == [changed]
        assert api.get(answer["Location"]).json() == changed
        assert api.delete(answer["Location"], headers=seen).status_code == 204
        assert not SavedSearch.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            {"query": "colour=red", "name": "A"},
            {"query": "field=data"},
            {"query": "field=data", "name": "A", "rhythm": "hourly"},
            {"query": "field=data", "name": "A", "looked_at": "2020-01-01"},
        ],
    )
    def test_refuses_with_the_field_that_is_wrong(self, api, body):
        answer = api.post("/api/v1/alerts", body)

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith("#/")

    @pytest.mark.parametrize("verb", ["get", "patch", "delete"])
    def test_somebody_elses_search_does_not_exist(self, api, verb):
        other = SavedSearchFactory()

        answer = getattr(api, verb)(f"/api/v1/alerts/{other.public_id}")

        assert answer.status_code == 404
        assert SavedSearch.objects.filter(pk=other.pk).exists()


class TestNotices:
    def test_lists_and_reads_ones_own(self, api, candidate):
        mine, other = NoticeFactory(recipient=candidate), NoticeFactory()

        (listed,) = api.get("/api/v1/notices").json()["data"]
        assert (listed["id"], listed["read_at"]) == (mine.public_id, None)
        assert api.post(f"/api/v1/notices/{mine.public_id}/read").json()["read_at"]
        assert api.post(f"/api/v1/notices/{other.public_id}/read").status_code == 404

    def test_chooses_the_rhythm(self, api):
        assert api.get("/api/v1/notices/rhythm").json() == {"rhythm": "each"}
        assert api.put("/api/v1/notices/rhythm", {"rhythm": "off"}).json() == {"rhythm": "off"}
        assert api.put("/api/v1/notices/rhythm", {"rhythm": "x"}).status_code == 422


class TestOwnData:
    def test_blocks_and_lets_back(self, api):
        employer, _ = employer_with_owner()

        blocked = api.post("/api/v1/profile/blocked-employers", {"employer": employer.slug})
        assert blocked.status_code == 201
        assert blocked.json()["employer"] == employer.public_id
        assert len(api.get("/api/v1/profile/blocked-employers").json()["data"]) == 1
        api.delete(f"/api/v1/profile/blocked-employers/{employer.public_id}")
        assert not BlockedEmployer.objects.exists()

    def test_exports_everything_as_one_archive(self, api):
        answer = api.post("/api/v1/profile/export")

        assert answer["Content-Type"] == "application/zip"
        assert "attachment" in answer["Content-Disposition"]
        archived = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        assert "profile.json" in archived.namelist()

    def test_erases_only_after_ones_own_address_is_named(self, api, candidate):
        other = UserFactory()

        assert api.post("/api/v1/profile/erase", {"confirm": other.email}).status_code == 422
        assert api.post("/api/v1/profile/erase", {}).status_code == 422
        answer = api.post("/api/v1/profile/erase", {"confirm": candidate.email.upper()})

        assert answer.status_code == 204
        assert not User.objects.get(pk=candidate.pk).is_active
        assert User.objects.get(pk=other.pk).is_active


class TestJsonResume:
    def test_previews_keeps_and_returns(self, api, candidate):
        resume = {"basics": {"label": "Statistician", "phone": "1"}}

        preview = api.post("/api/v1/profile/json-resume/preview", resume).json()
        assert preview["facts"] == {"headline": "Statistician"}
        assert preview["never_kept"] == ["/basics/phone"]
        candidate.profile.refresh_from_db()
        assert candidate.profile.headline != "Statistician"

        assert api.put("/api/v1/profile/json-resume", resume).status_code == 200
        assert api.get("/api/v1/profile/json-resume").json()["basics"]["label"] == "Statistician"

    @pytest.mark.parametrize(
        ("odd", "pointer"),
        [({"basics": 1}, "/basics"), ({"basics": {"name": "a\u0000"}}, "/basics/name")],
        ids=["shape", "nul"],
    )
    def test_what_cannot_be_read_is_named_and_left_out(self, api, candidate, odd, pointer):
        name = candidate.name

        answer = api.put("/api/v1/profile/json-resume", odd)

        assert (answer.status_code, answer.json()["unread"]) == (200, [pointer])
        candidate.refresh_from_db()
        assert candidate.name == name

    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            ("{", "application/json", 422),
            ("[1]", "application/json", 422),
            ("[" * 100_000, "application/json", 422),
            ("{}", "text/plain", 415),
            (" " * 300_000, "application/json", 413),
        ],
        ids=["broken", "shape", "deep", "type", "size"],
    )
    def test_refuses_what_is_no_resume(self, api, body, content_type, status):
        answer = api.put("/api/v1/profile/json-resume", body, content_type=content_type)

        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
