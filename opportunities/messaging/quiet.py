"""When a person is told: their mornings, and the hours in which nothing but decisions is mailed.

All of it is by the clock of the person's own time zone.
"""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from opportunities.accounts.models import User
from opportunities.accounts.time_zones import zone_of
from opportunities.messaging.models import NoticePreference

MORNING: Final = time(7)
"""When the day's digests go out, by the person's own clock."""


def preference_of(person: User) -> NoticePreference:
    """Return what a person chose, or the usual choices, which are not stored."""
    kept: NoticePreference | None = getattr(person, "notice_preference", None)
    return kept or NoticePreference(user=person)


def last_morning(at: datetime, zone: tzinfo = UTC) -> datetime:
    """Return the last morning that has begun in this zone."""
    here = at.astimezone(zone)
    today = datetime.combine(here.date(), MORNING, tzinfo=zone)
    return today if today <= here else _days_later(today, -1)


def next_morning(at: datetime, zone: tzinfo = UTC) -> datetime:
    """Return the next morning in this zone, later than now."""
    return _days_later(last_morning(at, zone), 1)


def next_monday(at: datetime, zone: tzinfo = UTC) -> datetime:
    """Return the morning of the next Monday in this zone, later than now."""
    morning = next_morning(at, zone)
    return _days_later(morning, -morning.weekday() % 7)


def _days_later(morning: datetime, days: int) -> datetime:
    """Return the same hour of the clock some days later, whatever summer time does between."""
    return datetime.combine(morning.date() + timedelta(days=days), MORNING, tzinfo=morning.tzinfo)


def awake(person: User, *, at: datetime) -> datetime:
    """Return now, or when the quiet hours end that the person is in."""
    preference = preference_of(person)
    start, end = preference.quiet_from, preference.quiet_until
    here = at.astimezone(zone_of(person))
    is_quiet = start <= here.hour < end if start <= end else here.hour >= start or here.hour < end
    if not is_quiet:
        return at
    ends = datetime.combine(here.date(), time(end), tzinfo=here.tzinfo)
    return ends if ends > here else ends + timedelta(days=1)
