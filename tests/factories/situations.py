"""What every factory's dates lie around, and what every account signs in with."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from factory import LazyAttribute

PASSWORD = "correct horse battery staple"
"""What every account of the tests signs in with."""


def days(count: float) -> LazyAttribute:
    """Return a moment some days away from ``at``."""
    return LazyAttribute(lambda row: row.at + timedelta(days=count))


def on(count: int) -> LazyAttribute:
    """Return a date some days away from ``at``."""
    return LazyAttribute(lambda row: row.at.date() + timedelta(days=count))


def moment(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day, as a moment."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())
