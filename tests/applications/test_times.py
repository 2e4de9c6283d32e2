"""Interviews and offers: times typed by one clock, read by another, and kept in calendars."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar

from opportunities.accounts import time_zones
from opportunities.applications import applying, selecting
from opportunities.applications.models import InterviewSlot
from opportunities.applications.selecting import Proposal
from opportunities.core.errors import Invalid
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


@pytest.fixture(autouse=True)
def _in_october():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def member():
    employer = EmployerFactory(verified=True, place="London", country="GB", at=NOW)
    member = MembershipFactory(owner=True, employer=employer)
    time_zones.choose(person=member.user, time_zone="Europe/London")
    return member


@pytest.fixture
def application(member):
    role = OpportunityFactory(
        employer=member.employer, open=True, at=NOW, place="London", title="Survey analyst"
    )
    application = ApplicationFactory(opportunity=role, at=NOW)
    time_zones.choose(person=application.profile.user, time_zone="America/New_York")
    return application


def page_of(client, person, application, side="application"):
    client.force_login(person)
    return client.get(reverse(f"opportunities:{side}", args=[application.public_id])).text


def dates_of(client, person, application, side="application"):
    client.force_login(person)
    answer = client.get(reverse(f"opportunities:{side}-dates", args=[application.public_id]))
    assert answer.status_code == 200
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["uid"]).split("@")[0].rsplit("-", 1)[1]: event for event in events}


def decide(client, member, application, action, **given):
    client.force_login(member.user)
    address = reverse("opportunities:applicant-decide", args=[application.public_id, action])
    return client.post(address, given)


def propose(application, member, *moments, zone="Europe/London"):
    selecting.propose_interview(
        application_id=application.pk,
        actor=member.user,
        proposals=[Proposal(moment, 30, "By phone", zone) for moment in moments or (TALK,)],
        at=NOW,
    )
    return list(application.slots.order_by("starts_at"))


class TestProposing:
    def test_times_are_those_of_the_zone_beside_them(self, client, member, application):
        page = page_of(client, member.user, application, "employer-application")
        assert 'name="time_zone" value="London (' in page

        for zone, starts in [
            ("Europe/London", TALK),
            ("New York", TALK + timedelta(hours=5)),
            ("", TALK),
        ]:
            answer = decide(
                client, member, application, "interview",
                starts_0="2026-10-20T14:00", minutes=30, time_zone=zone,
            )  # fmt: skip
            assert answer.status_code == 302
            assert InterviewSlot.objects.get().starts_at == starts
        assert InterviewSlot.objects.get().time_zone == "Europe/London"

    @pytest.mark.parametrize(
        ("zone", "typed", "why"),
        [
            ("Europe/London", "2026-10-25T01:30", "comes twice in London time"),
            ("America/New_York", "2026-11-01T01:30", "comes twice in New York time"),
            ("Australia/Lord_Howe", "2026-10-04T02:15", "does not exist in Lord Howe Island time"),
            ("Asia/Beirut", "2026-10-24T23:30", "comes twice in Beirut time"),
        ],
    )
    def test_an_hour_that_is_none_or_two_is_asked_at_its_field(
        self, client, member, application, zone, typed, why
    ):
        answer = decide(
            client, member, application, "interview",
            starts_0="2026-10-20T14:00", starts_1=typed, minutes=30, time_zone=zone, where="Room",
        )  # fmt: skip

        assert answer.status_code == 422
        assert why in answer.context["interview_form"].errors["starts_1"][0]
        assert f'value="{typed}"' in answer.text
        assert not application.slots.exists()

    @pytest.mark.parametrize("zone", ["Qqqzz", "GMT+25", "\x00Qqqzz", "x" * 100])
    def test_a_zone_that_is_none_is_asked_at_its_field(self, client, member, application, zone):
        answer = decide(
            client, member, application, "interview",
            starts_0="2026-10-20T14:00", minutes=30, time_zone=zone,
        )  # fmt: skip

        assert answer.status_code == 422
        assert "time_zone" in answer.context["interview_form"].errors
        assert "2026-10-20T14:00" in answer.text

    def test_a_time_with_an_offset_is_that_instant(self, client, member, application):
        decide(
            client, member, application, "interview",
            starts_0="2026-10-20T14:00+02:00", minutes=30, time_zone="America/New_York",
        )  # fmt: skip

        assert application.slots.get().starts_at == datetime(2026, 10, 20, 12, tzinfo=UTC)

    @pytest.mark.parametrize("typed", ["9999-12-31T23:59", "0001-01-01T00:00", "tomorrow"])
    def test_a_time_beyond_all_calendars_is_refused(self, client, member, application, typed):
        answer = decide(
            client, member, application, "interview",
            starts_0=typed, minutes=30, time_zone="America/New_York",
        )  # fmt: skip

        assert answer.status_code == 422

    def test_a_program_that_names_no_zone_that_is_known_is_told(self, member, application):
        with pytest.raises(Invalid) as refused:
            propose(application, member, zone="Mars/Olympus")

        assert [fault.field for fault in refused.value.faults] == ["slots/0/time_zone"]

    def test_an_offer_stands_until_the_time_of_that_zone(self, client, member, application):
        decide(
            client, member, application, "offer",
            lapses_at="2026-10-26T12:00", time_zone="Europe/London",
        )  # fmt: skip

        application.refresh_from_db()
        assert application.offer_lapses_at == datetime(2026, 10, 26, 12, tzinfo=UTC)

    def test_else_until_the_end_of_a_day_where_the_role_is(self, member, application):
        selecting.offer(application_id=application.pk, actor=member.user, at=NOW)

        application.refresh_from_db()
        ends = application.offer_lapses_at.astimezone(application.opportunity.zone)
        assert (ends.hour, ends.minute, ends.second) == (23, 59, 59)


class TestReading:
    def test_both_sides_read_their_own_clock_and_the_other_beside(
        self, client, member, application
    ):
        propose(application, member)

        theirs = page_of(client, application.profile.user, application)
        ours = page_of(client, member.user, application, "employer-application")

        assert "Tue 20 Oct 2026, 09:00 EDT (14:00 London time)" in theirs
        assert "Tue 20 Oct 2026, 14:00 BST" in ours
        offered = re.compile("<datalist.*?</datalist>", re.DOTALL)
        assert "New York" not in offered.sub("", ours)

    def test_each_is_written_to_by_their_own_clock(self, member, application):
        colleague = MembershipFactory(employer=member.employer).user
        time_zones.choose(person=colleague, time_zone="Asia/Tokyo")
        propose(application, member)

        told = {notice.recipient_id: notice.body for notice in Notice.objects.all()}
        assert "09:00 EDT (14:00 London time)" in told[application.profile.user_id]
        assert "14:00 BST" in told[member.user_id]
        assert "22:00 JST (14:00 London time)" in told[colleague.pk]
        assert len(Notice.objects.all()) == 3

    def test_the_track_says_times_by_the_readers_clock(self, client, member, application):
        [slot] = propose(application, member)
        applying.choose_slot(
            application_id=application.pk, slot_id=slot.pk, at=NOW,
            candidate=application.profile.user,
        )  # fmt: skip

        assert ": Tue 20 Oct 2026, 09:00 EDT</span>" in page_of(
            client, application.profile.user, application
        )
        assert ": Tue 20 Oct 2026, 14:00 BST</span>" in page_of(
            client, member.user, application, "employer-application"
        )

    def test_two_in_one_zone_read_one_time(self, client, member, application):
        time_zones.choose(person=application.profile.user, time_zone="Europe/Lisbon")
        propose(application, member)

        page = page_of(client, application.profile.user, application)
        assert "Tue 20 Oct 2026, 14:00 WEST, 30 min" in page

    def test_across_the_turn_of_the_clocks_each_time_is_right(self, client, member, application):
        after = datetime(2026, 10, 27, 14, tzinfo=UTC)  # London has turned back, New York not yet
        propose(application, member, TALK, after)

        page = page_of(client, application.profile.user, application)
        assert "09:00 EDT (14:00 London time)" in page
        assert "Tue 27 Oct 2026, 10:00 EDT (14:00 London time)" in page

    def test_an_offer_says_until_when_by_the_readers_clock(self, client, member, application):
        selecting.offer(
            application_id=application.pk, actor=member.user, at=NOW,
            lapses_at=datetime(2026, 10, 26, 2, tzinfo=UTC),
        )  # fmt: skip

        page = page_of(client, application.profile.user, application)
        assert "It stands until Sun 25 Oct 2026, 22:00 EDT" in page
        ours = page_of(client, member.user, application, "employer-application")
        assert "It stands until Mon 26 Oct 2026, 02:00 GMT" in ours


class TestCalendar:
    def agree(self, application, member):
        [slot] = propose(application, member)
        applying.choose_slot(
            application_id=application.pk, slot_id=slot.pk, at=NOW,
            candidate=application.profile.user,
        )  # fmt: skip

    def test_what_was_agreed_stands_in_both_calendars(self, client, member, application):
        self.agree(application, member)

        for person, side in [(application.profile.user, "application"), (member.user, "applicant")]:
            talk = dates_of(client, person, application, side)["talk"]
            assert talk.decoded("dtstart") == TALK
            assert talk.decoded("dtend") == TALK + timedelta(minutes=30)
            assert (str(talk["location"]), str(talk["status"])) == ("By phone", "CONFIRMED")

    def test_times_that_are_only_proposed_stand_in_none(self, client, member, application):
        propose(application, member)

        assert set(dates_of(client, application.profile.user, application)) == {"answer"}

    def test_arranging_anew_calls_off_what_was_agreed(self, client, member, application):
        self.agree(application, member)
        candidate = application.profile.user
        before = dates_of(client, candidate, application)["talk"]
        propose(application, member, TALK + timedelta(days=1))

        after = dates_of(client, candidate, application)["talk"]

        assert before["uid"] == after["uid"]
        assert int(after["sequence"]) > int(before["sequence"])
        assert str(after["status"]) == "CANCELLED"

    def test_withdrawing_calls_off_the_talk_and_the_answer(self, client, member, application):
        self.agree(application, member)
        candidate = application.profile.user
        applying.withdraw(application_id=application.pk, candidate=candidate, at=NOW)

        events = dates_of(client, candidate, application)

        assert {name: str(event["status"]) for name, event in events.items()} == {
            "answer": "CANCELLED", "talk": "CANCELLED",
        }  # fmt: skip

    def test_a_talk_that_took_place_stays_when_the_application_ends(
        self, client, member, application
    ):
        self.agree(application, member)
        candidate, later = application.profile.user, TALK + timedelta(days=1)
        applying.withdraw(application_id=application.pk, candidate=candidate, at=later)

        assert str(dates_of(client, candidate, application)["talk"]["status"]) == "CONFIRMED"

    def test_an_offer_ends_and_accepted_it_is_the_first_day(self, client, member, application):
        candidate = application.profile.user
        role = application.opportunity
        role.start_earliest, role.start_latest = date(2026, 11, 2), None
        role.save()
        selecting.offer(
            application_id=application.pk, actor=member.user, at=NOW,
            lapses_at=datetime(2026, 10, 26, 12, tzinfo=UTC),
        )  # fmt: skip
        offered = dates_of(client, candidate, application)
        assert str(offered["offer"]["status"]) == "CONFIRMED"
        assert "start" not in offered
        applying.accept(application_id=application.pk, candidate=candidate, at=NOW)

        accepted = dates_of(client, candidate, application)

        assert str(accepted["offer"]["status"]) == "CANCELLED"
        assert accepted["start"].decoded("dtstart") == date(2026, 11, 2)
        applying.withdraw(application_id=application.pk, candidate=candidate, at=NOW)
        assert str(dates_of(client, candidate, application)["start"]["status"]) == "CANCELLED"

    def test_nobody_else_finds_the_file(self, client, member, application):
        other = MembershipFactory(owner=True).user
        client.force_login(other)

        for name in ("application-dates", "applicant-dates"):
            address = reverse(f"opportunities:{name}", args=[application.public_id])
            assert client.get(address).status_code == 404

    def test_the_pages_lead_to_it(self, client, member, application):
        for person, side, name in [
            (application.profile.user, "application", "application-dates"),
            (member.user, "employer-application", "applicant-dates"),
        ]:
            address = reverse(f"opportunities:{name}", args=[application.public_id])
            assert f'href="{address}"' in page_of(client, person, application, side)

    @pytest.mark.parametrize("side", ["application", "employer-application"])
    def test_the_pages_of_one_that_has_ended_offer_no_dates(
        self, client, member, application, side
    ):
        candidate = application.profile.user
        applying.withdraw(application_id=application.pk, candidate=candidate, at=NOW)
        application.refresh_from_db()

        reader = candidate if side == "application" else member.user
        assert "to your calendar" not in page_of(client, reader, application, side)
