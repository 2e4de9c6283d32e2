"""``Idempotency-Key``: one effect however often a POST is sent."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from config.contract import limits
from config.contract.asking import Asker
from config.contract.replaying import once
from opportunities.accounts.models import StoredAnswer
from opportunities.moderation.models import Report
from opportunities.privacy.retention import sweep
from opportunities.roles.models import Opportunity
from tests.factories import (
    OpportunityFactory,
    StoredAnswerFactory,
    TokenGrantFactory,
    employer_with_owner,
)
from tests.roles.test_drafts import COMPLETE

ROLES = "/api/v1/opportunities"


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch):
    monkeypatch.setattr(limits, "ACCOUNT", limits.Policy("account", 1_000_000))


def keyed(user, key):
    client = APIClient(headers={"Idempotency-Key": key})
    client.force_authenticate(user)
    return client


def new_role(employer):
    return {**COMPLETE, "employer": employer.public_id}


@pytest.mark.django_db
class TestReplaying:
    def test_a_repeated_request_gets_the_first_answer(self):
        employer, owner = employer_with_owner()
        client = keyed(owner, "one")

        first = client.post(ROLES, new_role(employer))
        second = client.post(ROLES, new_role(employer))

        assert (first.status_code, second.status_code) == (201, 201)
        assert second.content == first.content
        assert second["Location"] == first["Location"]
        assert "Idempotency-Replayed" not in first
        assert second["Idempotency-Replayed"] == "true"
        assert Opportunity.objects.count() == 1

    def test_a_refusal_is_repeated_too(self):
        employer, owner = employer_with_owner()
        client = keyed(owner, "one")

        answers = [client.post(ROLES, {"employer": employer.public_id}) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [422, 422]
        assert answers[1]["Content-Type"] == "application/problem+json"
        assert answers[1]["Idempotency-Replayed"] == "true"

    @pytest.mark.parametrize(("status", "stored"), [(422, 1), (499, 1), (500, 0), (503, 0)])
    def test_a_fault_of_ours_is_not_repeated(self, rf, status, stored):
        request = rf.post(ROLES, headers={"Idempotency-Key": "one"})

        answer = once(request, Asker("somebody", True), lambda _: HttpResponse(status=status))

        assert answer.status_code == status
        assert StoredAnswer.objects.count() == stored

    def test_another_body_under_the_same_key_is_refused(self):
        employer, owner = employer_with_owner()
        client = keyed(owner, "one")

        client.post(ROLES, new_role(employer))
        other = client.post(ROLES, {**new_role(employer), "title": "Something else"})

        assert other.status_code == 422
        assert "another request" in other.json()["detail"]
        assert Opportunity.objects.count() == 1

    def test_the_same_body_to_another_address_under_the_same_key_is_refused(self):
        _, owner = employer_with_owner()
        client = keyed(owner, "one")

        first = client.post(ROLES, {})
        other = client.post("/api/v1/reports", {})

        assert first.status_code == other.status_code == 422
        assert "another request" in other.json()["detail"]
        assert "Idempotency-Replayed" not in other

    def test_keys_of_two_people_do_not_meet(self):
        employers = [employer_with_owner() for _ in range(2)]

        codes = [
            keyed(owner, "one").post(ROLES, new_role(employer)).status_code
            for employer, owner in employers
        ]

        assert codes == [201, 201]
        assert Opportunity.objects.count() == 2

    def test_a_token_gets_the_first_answer_again(self):
        employer, owner = employer_with_owner()
        token, secret = AuthToken.objects.create(user=owner)
        TokenGrantFactory(token=token)
        headers = {"Idempotency-Key": "one", "Authorization": f"Bearer {secret}"}
        client = APIClient(headers=headers)

        answers = [client.post(ROLES, new_role(employer)) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[1]["Idempotency-Replayed"] == "true"
        assert Opportunity.objects.count() == 1

    def test_strangers_are_told_apart_by_their_address(self):
        role = OpportunityFactory(open=True)
        body = {"opportunity": role.public_id, "reason": "scam", "text": "They ask for a fee."}
        client = APIClient(headers={"Idempotency-Key": "one"})

        here = [client.post("/api/v1/reports", body, REMOTE_ADDR="192.0.2.1") for _ in range(2)]
        there = client.post("/api/v1/reports", body, REMOTE_ADDR="192.0.2.2")

        assert [answer.status_code for answer in (*here, there)] == [201, 201, 201]
        assert here[0].content == here[1].content
        assert Report.objects.get().times == 2  # guests share one report
        assert not StoredAnswer.objects.filter(asker__contains="192").exists()

    @pytest.mark.parametrize("key", ["", "k" * 65, "a key", "clé"])
    def test_a_key_that_is_none_is_malformed(self, key):
        employer, owner = employer_with_owner()

        answer = keyed(owner, key).post(ROLES, new_role(employer))

        assert answer.status_code == 400
        assert answer.json()["type"].endswith("/problems/malformed")

    def test_after_a_day_the_key_is_free_again(self):
        employer, owner = employer_with_owner()
        client = keyed(owner, "one")
        client.post(ROLES, new_role(employer))
        StoredAnswer.objects.update(at=timezone.now() - timedelta(hours=24, seconds=1))

        again = client.post(ROLES, {**new_role(employer), "title": "Something else"})

        assert again.status_code == 201
        assert Opportunity.objects.count() == 2

    def test_old_answers_are_forgotten(self):
        now = timezone.now()
        StoredAnswerFactory(at=now - timedelta(hours=25))
        kept = StoredAnswerFactory(at=now - timedelta(hours=23))

        assert sweep(at=now)["repeated_answers"] == 1
        assert StoredAnswer.objects.get() == kept

    @pytest.mark.long
    def test_two_thousand_posts_make_one_role(self):
        employer, owner = employer_with_owner()
        client = keyed(owner, "one")
        body = new_role(employer)

        answers = {client.post(ROLES, body).content for _ in range(2000)}

        assert len(answers) == 1
        assert Opportunity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_have_one_effect():
    employer, owner = employer_with_owner()
    body = new_role(employer)
    barrier = threading.Barrier(50, timeout=60)

    def send(_):
        client = keyed(owner, "one")
        barrier.wait()
        try:
            answer = client.post(ROLES, body)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))

    assert {status for status, _ in answers} <= {201, 409}
    assert len({content for status, content in answers if status == 201}) == 1
    assert Opportunity.objects.count() == 1
    assert keyed(owner, "one").post(ROLES, body)["Idempotency-Replayed"] == "true"
