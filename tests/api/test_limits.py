"""Limits, addresses and methods: what every address of the API shares."""

import pytest
from rest_framework.test import APIClient

from config.contract import limits
from tests.factories import MembershipFactory, OpportunityFactory, UserFactory

pytestmark = pytest.mark.django_db
ROLES = "/api/v1/opportunities"


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_010.0)


class TestLimits:
    def test_a_stranger_may_ask_sixty_times_a_minute(self):
        api = APIClient()

        answers = [api.get("/api/v1/moderation/rules") for _ in range(61)]

        assert [answer.status_code for answer in answers] == [200] * 60 + [429]
        assert answers[0]["RateLimit-Policy"] == '"anonymous";q=60;w=60'
        assert answers[0]["RateLimit"] == '"anonymous";r=59;t=50'
        assert [answer["RateLimit"] for answer in answers[59:]] == ['"anonymous";r=0;t=50'] * 2
        refused = answers[60]
        assert refused["Retry-After"] == "50"
        assert refused.json()["type"].endswith("/problems/quota-exceeded")
        assert refused.json()["violated-policies"] == ["anonymous"]

    def test_what_has_not_changed_is_not_counted(self):
        OpportunityFactory(open=True)
        api = APIClient()
        first = api.get(ROLES)

        same = [api.get(ROLES, headers={"If-None-Match": first["ETag"]}) for _ in range(2)]
        last = api.get(ROLES)

        assert [answer.status_code for answer in same] == [304, 304]
        assert [each["RateLimit"] for each in (first, last)] == [
            '"anonymous";r=59;t=50', '"anonymous";r=58;t=50'
        ]  # fmt: skip

    def test_another_address_has_a_quota_of_its_own(self):
        api = APIClient()
        for _ in range(61):
            api.get("/api/v1/moderation/rules")

        other = api.get("/api/v1/moderation/rules", REMOTE_ADDR="192.0.2.9")

        assert other.status_code == 200

    def test_an_account_may_ask_six_hundred_times(self):
        api = APIClient()
        api.force_authenticate(UserFactory())

        assert api.get("/api/v1/notices")["RateLimit"] == '"account";r=599;t=50'

    def test_match_runs_are_ten_a_minute(self):
        api = APIClient()
        body = {"profile": {"skills": {"sql": 2}}, "limit": 1}

        answers = [api.post("/api/v1/match-runs", body) for _ in range(11)]

        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        assert answers[10].json()["violated-policies"] == ["match-runs"]


class TestAddresses:
    def test_a_slash_at_the_end_is_redirected_with_method_and_query(self):
        answer = APIClient().post(f"{ROLES}/?a=1", {})

        assert (answer.status_code, answer["Location"]) == (308, f"{ROLES}?a=1")

    def test_a_redirect_never_leaves_the_site(self):
        answer = APIClient().get("/api/v1//evil.example/")

        assert answer["Location"].startswith("/api/v1/")

    def test_an_unknown_address_is_a_problem(self):
        answer = APIClient().get("/api/v1/nothing")

        assert answer.status_code == 404
        assert answer.json()["type"].endswith("/problems/not-found")
        assert answer["Content-Type"] == "application/problem+json"

    def test_an_unknown_method_names_the_known_ones(self):
        answer = APIClient().put(ROLES, {})

        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")

    def test_head_is_answered_as_get_is_without_the_body(self):
        got, head = APIClient().get(ROLES), APIClient().head(ROLES)

        assert (head.status_code, head.content) == (200, b"")
        assert head["ETag"] == got["ETag"]

    @pytest.mark.parametrize(
        "address", [ROLES, "/api/v1/employers", "/api/v1/notices", "/api/v1/applications"]
    )
    def test_an_unknown_parameter_is_refused(self, address):
        api = APIClient()
        api.force_authenticate(UserFactory())

        answer = api.get(address, {"colour": "blue"})

        assert answer.status_code == 400
        assert answer.json()["type"].endswith("/problems/unknown-parameter")
        assert answer.json()["errors"][0]["pointer"] == "#/colour"

    @pytest.mark.parametrize(("body", "status"), [(None, 200), ({}, 200), ({"why": "rest"}, 400)])
    def test_an_operation_without_a_body_takes_none(self, body, status):
        role = OpportunityFactory(open=True)
        api = APIClient(headers={"If-Match": "*"})
        api.force_authenticate(MembershipFactory(employer=role.employer).user)

        answer = api.post(f"{ROLES}/{role.public_id}/pause", body, format="json")

        assert answer.status_code == status

    @pytest.mark.parametrize("cursor", ["x", "cD0=", "9" * 400])
    def test_a_bad_cursor_is_refused(self, cursor):
        OpportunityFactory(open=True)

        answer = APIClient().get(ROLES, {"cursor": cursor})

        assert answer.status_code == 400
        assert answer.json()["type"].endswith("/problems/bad-cursor")

    def test_anybody_may_read_public_data_from_a_page_of_their_own(self):
        public = APIClient().get(ROLES)
        api = APIClient()
        api.force_login(UserFactory())

        assert public["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Origin" not in api.get(ROLES)
        assert "Access-Control-Allow-Origin" not in APIClient().post(ROLES, {})
