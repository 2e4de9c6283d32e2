"""Each side reads an application in its own language; what is kept is kept in English."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import translation

from opportunities.accounts import languages
from opportunities.applications import selecting
from opportunities.applications.selecting import Proposal
from opportunities.messaging.models import Notice
from tests.factories import (
    ApplicationFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)
TALK = datetime(2026, 10, 20, 13, tzinfo=UTC)


@pytest.fixture
def member():
    return MembershipFactory(employer=EmployerFactory(verified=True, at=NOW), owner=True)


@pytest.fixture
def application(member):
    role = OpportunityFactory(employer=member.employer, open=True, at=NOW, title="Survey analyst")
    application = ApplicationFactory(opportunity=role, at=NOW)
    languages.choose(person=application.profile.user, language="de")
    return application


def propose(application, member):
    selecting.propose_interview(
        application_id=application.pk,
        actor=member.user,
        proposals=[Proposal(TALK, 30, "By phone", "Europe/London")],
        at=NOW,
    )


def subject_for(person):
    return Notice.objects.get(recipient=person, kind="application_interview").subject


def test_a_box_says_how_much_it_takes_as_its_reader_writes_numbers(application, client):
    client.force_login(application.profile.user)

    page = client.get(f"/applications/{application.public_id}/").text

    assert "Höchstens 4.000 Zeichen." in page


class TestNotices:
    def test_each_side_is_told_in_its_own_language(self, application, member):
        propose(application, member)

        assert subject_for(application.profile.user) == (
            "Wähle einen Termin für ein Gespräch: Survey analyst"
        )
        assert subject_for(member.user).startswith("Interview proposed: ")

    def test_the_language_of_whoever_acts_does_not_matter(self, application, member):
        with translation.override("de"):
            propose(application, member)

        assert subject_for(member.user).startswith("Interview proposed: ")


class TestTrack:
    def test_what_is_kept_is_english_and_read_in_german(self, client, application, member):
        with translation.override("de"):
            propose(application, member)
        client.force_login(application.profile.user)

        page = client.get(reverse("opportunities:application", args=[application.public_id])).text

        assert application.events.order_by("pk").last().detail == "1 time proposed"
        assert "1 Termin vorgeschlagen" in page

    def test_a_reason_is_said_and_not_its_code(self, client, application, member):
        selecting.reject(
            application_id=application.pk, actor=member.user, reason="filled", message="", at=NOW
        )
        client.force_login(member.user)
        address = reverse("opportunities:employer-application", args=[application.public_id])

        assert ": the places are taken</span>" in client.get(address).text
