"""Working days and the dates of promises; holidays come from the ``holidays`` library."""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:  # a country that the library does not know has weekends only
        return frozenset()


def is_working_day(day: date, *, country: str = "") -> bool:
    """Say whether people are at work: no Saturday, Sunday or public holiday of the country."""
    return day.weekday() < 5 and (not country or day not in _holidays(country, day.year))


def add_working_days(start: date, days: int, *, country: str = "") -> date:
    """Return the date ``days`` working days after ``start``; zero never gives a day off."""
    day, left = start, days
    while left > 0 or not is_working_day(day, country=country):
        day += timedelta(days=1)
        if is_working_day(day, country=country):
            left -= 1
    return day
