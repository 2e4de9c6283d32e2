"""The last day to apply is a day where the role is: it ends there, and says so, everywhere."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.cache import caches
from icalendar import Calendar

from opportunities.candidates.alerts import remind_of_deadlines
from opportunities.core.lifecycle import RoleStatus
from opportunities.messaging import delivery
from opportunities.messaging.models import Notice
from opportunities.promises import postings
from opportunities.roles.drafts import submission_faults, values_of
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import living
from tests.factories import (
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    SavedRoleFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 3)
LAST_SECOND = timedelta(seconds=1)
OPENED = datetime(2026, 11, 20, 12, tzinfo=UTC)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


PLACES = [
    # place, country, last day, first instant after it
    ("London", "GB", date(2026, 12, 3), utc(2026, 12, 4)),
    ("London", "GB", date(2027, 3, 28), utc(2027, 3, 28, 23)),  # 23 hours long
    ("London", "GB", date(2026, 10, 25), utc(2026, 10, 26)),  # 25 hours long
    ("London", "GB", date(2027, 2, 28), utc(2027, 3, 1)),
    ("New York", "US", date(2026, 12, 31), utc(2027, 1, 1, 5)),
    ("New York", "US", date(2027, 3, 13), utc(2027, 3, 14, 5)),
    ("New York", "US", date(2027, 3, 14), utc(2027, 3, 15, 4)),
    ("Honolulu", "US", date(2026, 12, 3), utc(2026, 12, 4, 10)),
    ("Bengaluru", "IN", date(2026, 12, 3), utc(2026, 12, 3, 18, 30)),
    ("Sydney", "AU", date(2026, 12, 3), utc(2026, 12, 3, 13)),
    ("Apia", "WS", date(2026, 12, 31), utc(2026, 12, 31, 11)),
]


def role(at=OPENED, **facts):
    return OpportunityFactory(**{"open": True, "at": at, "mode": "onsite"} | facts)


@pytest.mark.parametrize(("place", "country", "day", "ends"), PLACES)
class TestEnds:
    def test_in_the_last_second_it_is_open_and_then_no_longer(self, place, country, day, ends):
        one = role(place=place, country=country, apply_by=day, at=ends - timedelta(days=20))

        for at, is_open in ((ends - LAST_SECOND, True), (ends, False)):
            assert one.is_open(at=at) is is_open
            assert Opportunity.objects.open(at=at).filter(pk=one.pk).exists() is is_open

    def test_the_sweep_closes_it_then_and_not_before(self, place, country, day, ends):
        one = role(place=place, country=country, apply_by=day, at=ends - timedelta(days=20))

        assert postings.close_ended(at=ends - LAST_SECOND) == 0
        assert postings.close_ended(at=ends) == 1
        one.refresh_from_db()
        assert (one.status, one.closed_because) == (RoleStatus.CLOSED, "apply_by")

    def test_search_engines_are_told_the_same_instant(self, client, place, country, day, ends):
        at = ends - timedelta(days=2)
        one = role(place=place, country=country, apply_by=day, at=ends - timedelta(days=20))
        with time_machine.travel(at, tick=False):
            page = client.get(f"/opportunities/{one.slug}-{one.public_id}/").text

        posting = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
        valid = datetime.fromisoformat(posting["validThrough"])
        assert valid == ends - LAST_SECOND
        assert valid.date() == day


class TestWhose:
    @pytest.mark.parametrize(
        ("facts", "zone"),
        [
            ({"place": "Leeds; New York", "country": ""}, "Europe/London"),
            ({"place": "New York; Leeds", "country": ""}, "America/New_York"),
            ({"place": "", "mode": "remote", "country": "JP"}, "Asia/Tokyo"),
            ({"place": "Nowhere at all", "country": "DE"}, "Europe/Berlin"),
            ({"place": "", "mode": "remote", "country": ""}, "America/Toronto"),
        ],
    )
    def test_of_the_first_place_else_the_country_else_the_employer(self, facts, zone):
        employer = EmployerFactory(verified=True, place="Toronto", country="CA")

        assert role(employer=employer, **facts).time_zone == zone

    def test_where_nothing_is_known_days_are_those_of_utc(self):
        employer = EmployerFactory(verified=True, place="", country="")
        one = role(employer=employer, place="", country="", mode="remote", apply_by=DAY)

        assert (one.time_zone, one.closes_at) == ("UTC", utc(2026, 12, 4))

    def test_it_moves_with_the_day_the_place_and_what_is_saved_alone(self):
        one = role(place="London", country="GB", apply_by=DAY)

        one.apply_by = date(2027, 7, 1)
        one.save(update_fields=["apply_by"])
        assert Opportunity.objects.get().closes_at == utc(2027, 7, 1, 23)
        one.place, one.country = "New York", "US"
        one.save()
        assert Opportunity.objects.get().closes_at == utc(2027, 7, 2, 4)

    def test_it_is_not_left_behind_where_many_rows_change_at_once(self):
        role(apply_by=DAY)

        with pytest.raises(TypeError, match="closes_at follows"):
            Opportunity.objects.update(apply_by=date(2027, 1, 1))

    def test_an_extension_lasts_until_the_end_of_the_new_day_there(self):
        member = MembershipFactory(owner=True, employer=EmployerFactory(verified=True))
        one = role(employer=member.employer, place="New York", country="US", apply_by=DAY)

        living.extend(
            opportunity_id=one.pk, actor=member.user, apply_by=date(2026, 12, 9), at=OPENED
        )

        assert Opportunity.objects.get().closes_at == utc(2026, 12, 10, 5)

    @pytest.mark.parametrize(
        ("place", "country", "at", "is_past"),
        [
            ("Honolulu", "US", utc(2026, 12, 4, 9), False),
            ("Honolulu", "US", utc(2026, 12, 4, 10), True),
            ("Sydney", "AU", utc(2026, 12, 3, 12), False),
            ("Sydney", "AU", utc(2026, 12, 3, 14), True),
        ],
    )
    def test_a_draft_may_end_today_where_the_role_is(self, place, country, at, is_past):
        one = OpportunityFactory(place=place, country=country, mode="onsite", apply_by=DAY)

        faults = submission_faults(values_of(one), today=one.today(at=at))

        assert (("apply_by", "past") in {(one.field, one.code) for one in faults}) is is_past


def test_roles_of_the_version_before_end_where_they_are():
    rows = [
        role(place="New York", country="US", apply_by=DAY),
        role(place="", mode="remote", country="JP", apply_by=DAY),
        OpportunityFactory(place="Leeds", country="GB", apply_by=None),
    ]
    Opportunity.objects.update(time_zone="UTC", closes_at=None)

    import_module("opportunities.roles.migrations.0005_days_of_the_role").settle(apps, None)

    for before in rows:
        now = Opportunity.objects.get(pk=before.pk)
        assert (now.time_zone, now.closes_at) == (before.time_zone, before.closes_at)
    assert rows[0].closes_at == utc(2026, 12, 4, 5)


class TestSaid:
    @pytest.fixture
    def one(self):
        return role(place="London", country="GB", apply_by=DAY)

    def read(self, client, address, zone="", at=None):
        if zone:
            client.cookies["time_zone"] = zone
        with time_machine.travel(at or utc(2026, 12, 1, 12), tick=False):
            return client.get(address).text

    def test_a_reader_west_of_greenwich_reads_it_by_their_own_clock_too(self, client, one):
        address = f"/opportunities/{one.slug}-{one.public_id}/"

        for zone, beside in [
            ("America/Los_Angeles", ": Thu 3 Dec, 16:00 PST by your clock"),
            ("Asia/Kolkata", ": Fri 4 Dec, 05:30 IST by your clock"),
            ("Europe/London", ""),
            ("Europe/Lisbon", ""),
        ]:
            page = self.read(client, address, zone)
            assert f"Until the end of that day, London time{beside}." in page

    def test_cards_and_feeds_name_whose_day_it_is(self, client, one):
        page = self.read(client, "/opportunities/")
        assert re.search(r"Thu 3 Dec</time><span>London time \W", page)
        calendar = Calendar.from_ical(self.read(client, "/feeds/deadlines.ics"))
        [event] = calendar.walk("VEVENT")
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (DAY, date(2026, 12, 4))
        assert "Until the end of the day, London time." in event["description"]

    def test_programs_read_the_zone_and_the_instant(self, client, one):
        for address in ("/api/v1/opportunities", f"/api/v1/opportunities/{one.public_id}"):
            told = json.loads(self.read(client, address, "America/New_York"))
            told = told["data"][0] if "data" in told else told
            stated = (told["apply_by"], told["time_zone"], told["closes_at"])
            assert stated == ("2026-12-03", "Europe/London", "2026-12-04T00:00:00Z")

    def test_a_page_that_was_kept_says_when_the_day_is_over(self, client, one):
        caches["pages"].clear()
        new = role(place="Sydney", country="AU", apply_by=DAY)
        address = f"/opportunities/{new.slug}-{new.public_id}/"

        before = self.read(client, address, at=utc(2026, 12, 3, 12, 59, 59))
        after = self.read(client, address, at=utc(2026, 12, 3, 13))

        assert "<h2>Apply by Thu 3 Dec</h2>" in before
        assert "Closed on 3 December 2026, Sydney time" in after

    def test_the_reminder_names_whose_day_it_is(self):
        saved = SavedRoleFactory(opportunity=role(place="New York", country="US", apply_by=DAY))
        at = utc(2026, 12, 3, 12)

        assert remind_of_deadlines(at=at) == 1
        assert "Thu 3 Dec, New York time" in Notice.objects.get().body
        delivery.deliver(at=at)
        assert "Thu 3 Dec, New York time" in mail.outbox[0].body
        assert mail.outbox[0].to == [saved.profile.user.email]
