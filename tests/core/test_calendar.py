from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opportunities.core.calendar import add_working_days, is_working_day

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "country", "expected"),
    [
        (date(2026, 11, 23), 5, "GB", date(2026, 11, 30)),
        (date(2026, 11, 27), 1, "GB", date(2026, 11, 30)),
        (date(2026, 12, 24), 1, "GB", date(2026, 12, 29)),
        (date(2026, 12, 24), 1, "US", date(2026, 12, 28)),
        (date(2026, 11, 28), 0, "GB", date(2026, 11, 30)),
        (date(2026, 11, 23), 0, "GB", date(2026, 11, 23)),
        (date(2026, 12, 24), 1, "", date(2026, 12, 25)),
    ],
)
def test_a_promise_skips_weekends_and_the_countrys_holidays(start, days, country, expected):
    assert add_working_days(start, days, country=country) == expected


def test_a_country_that_is_not_known_has_weekends_only():
    assert is_working_day(date(2026, 12, 25), country="QQ")


def working_days_between(start, end, *, country=""):
    """Count the working days after ``start`` up to and including ``end``, one by one."""
    days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    return sum(is_working_day(day, country=country) for day in days)


@given(DAYS, st.integers(1, 60), st.sampled_from(["GB", "IN", "US", ""]))
def test_a_promise_of_n_days_counts_exactly_n_of_them(start, days, country):
    due = add_working_days(start, days, country=country)

    assert is_working_day(due, country=country)
    assert working_days_between(start, due, country=country) == days
    assert working_days_between(start, due - timedelta(days=1), country=country) == days - 1
