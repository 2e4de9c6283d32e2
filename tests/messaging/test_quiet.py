"""Mornings and quiet hours go by the reader's own clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from opportunities.messaging import delivery, quiet
from opportunities.messaging.models import Delivery, NoticePreference
from tests.factories import (
    DeliveryFactory,
    NoticeFactory,
    NoticePreferenceFactory,
    SavedSearchFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def at(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (at(2026, 7, 1, 4, 59), at(2026, 6, 30, 5)),
        (at(2026, 7, 1, 5), at(2026, 7, 1, 5)),
        # The clocks go back on 25 October 2026: the day before it has 25 hours.
        (at(2026, 10, 25, 5, 59), at(2026, 10, 24, 5)),
        (at(2026, 10, 25, 6), at(2026, 10, 25, 6)),
    ],
)
def test_the_last_morning_is_at_seven_by_the_clock(now, last):
    assert quiet.last_morning(now, BERLIN) == last


def test_the_next_morning_is_later_and_the_next_monday_is_one():
    for hours in range(24 * 8):
        now = at(2026, 10, 20) + timedelta(hours=hours)
        morning, monday = quiet.next_morning(now, BERLIN), quiet.next_monday(now, BERLIN)
        assert now < morning <= monday
        assert (morning.hour, monday.hour, monday.weekday()) == (7, 7, 0)


@pytest.mark.parametrize(
    ("start", "end", "hour", "free"),
    [
        (22, 7, 23, at(2026, 11, 26, 7)),
        (22, 7, 3, at(2026, 11, 25, 7)),
        (22, 7, 7, None),
        (22, 7, 21, None),
        (9, 17, 12, at(2026, 11, 25, 17)),
        (0, 0, 0, None),
        (5, 5, 5, None),
    ],
)
def test_quiet_hours_end_when_they_say(start, end, hour, free):
    reader = UserFactory()
    NoticePreferenceFactory(user=reader, quiet_from=start, quiet_until=end)
    now = at(2026, 11, 25, hour, 30) if free else at(2026, 11, 25, hour)

    assert quiet.awake(reader, at=now) == (free or now)


def test_only_news_waits_for_the_morning():
    reader, night = UserFactory(), at(2026, 11, 25, 23)
    SavedSearchFactory(profile__user=reader, rhythm="daily")
    for kind in ("new_roles", "application_offered"):
        notice = NoticeFactory(recipient=reader, kind=kind, key=kind, subject=kind, at=night)
        DeliveryFactory(notice=notice, due_at=night)

    assert delivery.deliver(at=night) == 1
    assert mail.outbox[0].subject.endswith("application_offered")
    assert Delivery.objects.get(notice__kind="new_roles").due_at == at(2026, 11, 26, 7)


class TestChoosing:
    ADDRESS = "/api/v1/notices/quiet"

    def test_by_the_api(self, client):
        client.force_login(UserFactory())
        wanted = {"time_zone": "Asia/Tokyo", "quiet_from": 20, "quiet_until": 6}

        client.put(self.ADDRESS, wanted, content_type="application/json")

        assert client.get(self.ADDRESS).json() == wanted

    def test_names_every_field_at_fault(self, client):
        client.force_login(UserFactory())
        wanted = {"time_zone": "../etc/passwd", "quiet_from": 20, "quiet_until": 6}

        answer = client.put(self.ADDRESS, wanted, content_type="application/json")

        assert answer.status_code == 422
        assert "time_zone" in answer.text
        assert not NoticePreference.objects.exists()

    def test_by_the_page(self, client):
        reader = UserFactory()
        client.force_login(reader)
        page = client.get("/notices/").text
        assert "Quiet hours" in page
        assert "Choose the same hour twice for no quiet hours." in page

        client.post(
            "/notices/quiet/",
            {"quiet_from": "21", "quiet_until": "8"},
        )

        kept = reader.notice_preference
        assert (kept.quiet_from, kept.quiet_until) == (21, 8)
        told_off = client.post(
            "/notices/quiet/", {"quiet_from": "24", "quiet_until": ""}, follow=True
        )
        assert "whole hour from 0 to 23" in told_off.text
