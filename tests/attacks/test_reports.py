"""Burying the moderators under reports that nobody has to sign."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from opportunities.core.errors import LimitReached
from opportunities.desk import operations as moderating
from opportunities.desk.operations.reports import Subject
from opportunities.moderation.models import Report
from tests.factories import EmployerFactory, OpportunityFactory, UserFactory

REPORTS = "/api/v1/reports"


def report_page(role):
    return reverse("opportunities:report", args=[role.slug, role.public_id])


def told(role, text="It asks for money.", *, address="1.2.3.4", at=None, reason="scam"):
    return moderating.report(
        subject=Subject("opportunity", role.pk),
        reason=reason,
        text=text,
        reporter=None,
        address=address,
        at=at or timezone.now(),
    )


@pytest.mark.django_db
class TestOneGuest:
    def test_who_sends_eighty_is_stopped_after_ten_on_the_page(self):
        roles = [OpportunityFactory(open=True) for _ in range(12)]
        client = Client()

        answers = [
            client.post(report_page(roles[number % 12]), {"reason": "scam", "text": "Scam"})
            for number in range(80)
        ]

        statuses = [answer.status_code for answer in answers]
        assert statuses == [302] * 10 + [429] * 70
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers[10:])
        assert Report.objects.count() == 10

    def test_page_and_api_count_together(self):
        roles = [OpportunityFactory(open=True) for _ in range(12)]
        api, pages = APIClient(), Client()

        for role in roles[:10]:
            sent = api.post(REPORTS, {"opportunity": role.public_id, "reason": "scam"})
            assert sent.status_code == 201
        refused = api.post(REPORTS, {"opportunity": roles[10].public_id, "reason": "scam"})
        page = pages.post(report_page(roles[11]), {"reason": "scam", "text": "Scam"})

        assert (refused.status_code, page.status_code) == (429, 429)
        assert int(refused.headers["Retry-After"]) > 0

    def test_may_report_again_an_hour_later_and_others_meanwhile(self):
        roles = [OpportunityFactory(open=True) for _ in range(13)]
        at = timezone.now().replace(minute=0)
        for role in roles[:10]:
            told(role, at=at)

        with pytest.raises(LimitReached):
            told(roles[10], at=at)
        told(roles[11], address="5.6.7.8", at=at)
        told(roles[12], at=at + timedelta(hours=1))

        assert Report.objects.count() == 12

    def test_who_walks_through_an_ipv6_network_is_one_address(self):
        roles = [OpportunityFactory(open=True) for _ in range(12)]

        statuses = [
            Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
            .post(report_page(role), {"reason": "scam", "text": "Scam"})
            .status_code
            for number, role in enumerate(roles, start=1)
        ]
        neighbour = Client(REMOTE_ADDR="2001:db8:1:3::1").post(
            report_page(roles[0]), {"reason": "scam", "text": "Scam"}
        )

        assert statuses == [302] * 10 + [429] * 2
        assert neighbour.status_code == 302


@pytest.mark.django_db
class TestManyGuests:
    def test_make_one_report_of_one_thing_and_are_counted(self):
        role = OpportunityFactory(open=True)

        for number in range(80):
            told(role, address=f"10.0.0.{number}")

        report = Report.objects.get()
        assert report.times == 80
        assert report.text == "It asks for money."

    def test_the_desk_says_how_many(self):
        role = OpportunityFactory(open=True)
        for number in range(7):
            told(role, address=f"10.0.0.{number}")
        desk, api = Client(), APIClient()
        moderator = UserFactory(moderator=True)
        desk.force_login(moderator)
        api.force_authenticate(moderator)

        assert "7 times in all" in desk.get(reverse("opportunities:reports")).text
        assert api.get("/api/v1/moderation/reports").json()["data"][0]["times"] == 7

    def test_cannot_silence_the_next_one_by_being_first(self):
        role = OpportunityFactory(open=True)

        told(role, "x", address="10.0.0.1")
        told(role, "They wanted my passport.", address="10.0.0.2")
        told(role, "y" * 1990, address="10.0.0.3")
        told(role, "They wanted a fee too.", address="10.0.0.4")

        report = Report.objects.get()
        assert "They wanted my passport." in report.text
        assert "They wanted a fee too." in report.text
        assert len(report.text) <= 2000
        assert report.times == 4

    def test_another_thing_and_what_is_answered_are_reports_of_their_own(self):
        first, second = OpportunityFactory(open=True), OpportunityFactory(open=True)
        employer = EmployerFactory()
        answered = told(first)
        moderating.answer_report(
            report_id=answered.pk,
            moderator=UserFactory(moderator=True),
            upheld=False,
            answer="Looked at.",
            at=timezone.now(),
        )

        again, other = told(first), told(second)
        moderating.report(
            subject=Subject("employer", employer.pk), reason="scam", text="", reporter=None,
            address="1.2.3.4", at=timezone.now(),
        )  # fmt: skip

        assert Report.objects.count() == 4
        assert (again.times, other.times) == (1, 1)

    def test_an_account_still_makes_its_own(self):
        role, person = OpportunityFactory(open=True), UserFactory()
        told(role)

        moderating.report(
            subject=Subject("opportunity", role.pk), reason="scam", text="", reporter=person,
            at=timezone.now(),
        )  # fmt: skip

        assert Report.objects.filter(reporter=person, times=1).count() == 1
        assert Report.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_sixteen_guests_at_once_make_one_report():
    role = OpportunityFactory(open=True)

    def tell(number):
        told(role, address=f"10.0.0.{number}")
        connection.close()

    threads = [threading.Thread(target=tell, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert Report.objects.get().times == 16
