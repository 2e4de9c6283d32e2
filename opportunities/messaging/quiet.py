"""When a person is told: their mornings, and the hours in which nothing but decisions is mailed.

All of it is by the clock of the person's own time zone, which stands with how often they want mail.
"""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opportunities.accounts.models import User
from opportunities.messaging.models import NoticePreference

MORNING: Final = time(7)
"""When the day's digests go out, by the person's own clock."""
UTC: Final = ZoneInfo("UTC")

ZONES: Final = (
    "UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver",
    "America/Mexico_City", "America/Chicago", "America/Bogota", "America/New_York",
    "America/Halifax", "America/Santiago", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
    "Atlantic/Azores", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Africa/Lagos",
    "Africa/Casablanca", "Europe/Madrid", "Europe/Paris", "Europe/Berlin", "Europe/Rome",
    "Europe/Vienna", "Europe/Warsaw", "Europe/Athens", "Europe/Helsinki", "Europe/Kyiv",
    "Africa/Cairo", "Africa/Johannesburg", "Africa/Nairobi", "Europe/Istanbul", "Asia/Riyadh",
    "Asia/Tehran", "Asia/Dubai", "Asia/Kabul", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Jakarta",
    "Asia/Singapore", "Asia/Shanghai", "Asia/Manila", "Asia/Tokyo", "Asia/Seoul",
    "Australia/Perth", "Australia/Adelaide", "Australia/Brisbane", "Australia/Sydney",
    "Pacific/Auckland",
)  # fmt: skip
"""The zones that the page offers; the API takes every name of the tz database."""


def preference_of(person: User) -> NoticePreference:
    """Return what a person chose, or the usual choices, which are not stored."""
    kept: NoticePreference | None = getattr(person, "notice_preference", None)
    return kept or NoticePreference(user=person)


def zone_of(person: User) -> ZoneInfo:
    """Return the person's time zone; a name that is no longer known counts as UTC."""
    return _zone(preference_of(person).time_zone)


def is_zone(name: str) -> bool:
    """Say whether this is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name) if is_zone(name) else UTC


def last_morning(at: datetime, zone: ZoneInfo = UTC) -> datetime:
    """Return the last morning that has begun in this zone."""
    here = at.astimezone(zone)
    today = datetime.combine(here.date(), MORNING, tzinfo=zone)
    return today if today <= here else _days_later(today, -1)


def next_morning(at: datetime, zone: ZoneInfo = UTC) -> datetime:
    """Return the next morning in this zone, later than now."""
    return _days_later(last_morning(at, zone), 1)


def next_monday(at: datetime, zone: ZoneInfo = UTC) -> datetime:
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
    here = at.astimezone(_zone(preference.time_zone))
    is_quiet = start <= here.hour < end if start <= end else here.hour >= start or here.hour < end
    if not is_quiet:
        return at
    ends = datetime.combine(here.date(), time(end), tzinfo=here.tzinfo)
    return ends if ends > here else ends + timedelta(days=1)
