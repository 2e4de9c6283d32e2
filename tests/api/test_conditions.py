"""Entity tags: nobody overwrites what they have not seen, nobody is sent what they have."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from rest_framework.test import APIClient

from tests.factories import (
    CandidateProfileFactory,
    OpportunityFactory,
    UserFactory,
    employer_with_owner,
)


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def draft():
    employer, owner = employer_with_owner()
    role = OpportunityFactory(employer=employer)
    return client_of(owner), f"/api/v1/opportunities/{role.public_id}"


@pytest.mark.django_db
class TestConditions:
    def test_an_item_has_a_strong_tag_and_a_list_a_weak_one(self, draft):
        api, address = draft

        assert api.get(address)["ETag"].startswith('"')
        assert api.get("/api/v1/opportunities")["ETag"].startswith('W/"')

    @pytest.mark.parametrize("address", ["", "/{id}"])
    def test_what_is_known_already_is_not_sent_again(self, draft, address):
        role = OpportunityFactory(open=True)
        address = f"/api/v1/opportunities{address.format(id=role.public_id)}"
        api = APIClient()
        tag = api.get(address)["ETag"]

        again = api.get(address, headers={"If-None-Match": f'"other", {tag}'})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)

    def test_a_not_modified_answer_counts_against_no_limit(self):
        OpportunityFactory(open=True)
        api = APIClient()
        first = api.get("/api/v1/opportunities")

        again = api.get("/api/v1/opportunities", headers={"If-None-Match": first["ETag"]})

        assert again.status_code == 304
        assert again["RateLimit"].split(";")[1] == first["RateLimit"].split(";")[1]

    def test_a_write_counts_once_though_its_condition_is_looked_up(self, draft):
        api, address = draft

        def left(answer):
            return int(answer["RateLimit"].split(";")[1].removeprefix("r="))

        read = api.get(address)
        written = api.patch(address, {"title": "First"}, headers={"If-Match": read["ETag"]})

        assert written.status_code == 200
        assert left(read) - left(written) == 1

    @pytest.mark.parametrize("verb", ["patch", "delete"])
    def test_a_write_says_which_version_it_means(self, draft, verb):
        api, address = draft
        seen = api.get(address)["ETag"]

        without = getattr(api, verb)(address, {})
        stale = getattr(api, verb)(address, {}, headers={"If-Match": '"old"'})
        weak = getattr(api, verb)(address, {}, headers={"If-Match": f"W/{seen}"})

        assert (without.status_code, stale.status_code, weak.status_code) == (428, 412, 412)
        assert without["Content-Type"] == "application/problem+json"

    def test_a_tag_is_good_for_one_change(self, draft):
        api, address = draft
        seen = api.get(address)["ETag"]

        first = api.patch(address, {"title": "First"}, headers={"If-Match": seen})
        second = api.patch(address, {"title": "Second"}, headers={"If-Match": seen})
        third = api.patch(address, {"title": "Third"}, headers={"If-Match": first["ETag"]})

        assert (first.status_code, second.status_code, third.status_code) == (200, 412, 200)
        assert api.get(address).json()["title"] == "Third"

    @pytest.mark.parametrize(
        ("address", "body"),
        [
            ("opportunities", {"title": "Survey analyst", "format": "micro_internship"}),
            ("employers", {"name": "Harbour Studio"}),
            ("alerts", {"query": "q=harbour", "name": "Harbour"}),
        ],
    )
    def test_what_was_just_made_may_be_changed_by_its_first_tag(self, address, body):
        employer, owner = employer_with_owner()
        api = client_of(owner)
        CandidateProfileFactory(user=owner)
        of_role = {"employer": employer.public_id} if address == "opportunities" else {}

        made = api.post(f"/api/v1/{address}", body | of_role)
        kept = api.get(made["Location"])
        changed = api.patch(made["Location"], {}, headers={"If-Match": made["ETag"]})

        assert (made.status_code, changed.status_code) == (201, 200)
        assert made["ETag"] == kept["ETag"]

    def test_what_is_shown_once_has_no_tag(self, monkeypatch):
        employer, owner = employer_with_owner()
        monkeypatch.setattr("opportunities.webhooks.addresses.resolve", lambda _, **__: "1.1.1.1")
        asked = {"employer": employer.public_id, "url": "https://hooks.example/"}

        made = client_of(owner).post(
            "/api/v1/webhook-endpoints", asked | {"types": ["opportunity.published"]}
        )

        assert made.status_code == 201
        assert "ETag" not in made

    def test_a_stranger_learns_nothing_from_a_condition(self, draft):
        _, address = draft

        assert APIClient().patch(address, {}).status_code == 401
        assert client_of(UserFactory()).patch(address, {}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_many_writers_with_one_tag_one_wins():
    employer, owner = employer_with_owner()
    role = OpportunityFactory(employer=employer)
    address = f"/api/v1/opportunities/{role.public_id}"
    seen = client_of(owner).get(address)["ETag"]
    barrier = threading.Barrier(12, timeout=60)

    def write(number):
        api = client_of(owner)
        barrier.wait()
        try:
            return api.patch(
                address, {"title": f"Title {number}"}, headers={"If-Match": seen}
            ).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        codes = sorted(pool.map(write, range(12)))

    assert codes == [200] + [412] * 11
