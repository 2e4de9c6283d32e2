from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opportunities.core.pay import (
    PayKind,
    amount_json,
    convert,
    hourly_minor,
    income,
    major_text,
    to_major,
    to_minor,
)


@pytest.mark.parametrize(
    ("kind", "amount", "hours", "weeks", "expected"),
    [
        ("hourly", 1500, None, None, 1500),
        ("hourly", 1500, 20, 2, 1500),
        ("fixed_fee", 42000, 20, 2, 2100),
        ("fixed_fee", 10000, 3, None, 3333),
        ("fixed_fee", 42000, None, 2, None),
        ("stipend_month", 130000, 480, 12, 750),
        ("stipend_month", 130000, 480, None, None),
        ("unpaid", None, None, None, 0),
        ("hourly", None, 20, 2, None),
        (None, None, 20, 2, None),
    ],
)
def test_any_pay_has_its_hourly_equivalent_or_is_unknown(kind, amount, hours, weeks, expected):
    assert hourly_minor(kind, amount, hours=hours, weeks=weeks) == expected


@pytest.mark.parametrize(("amount", "hourly"), [(1009, 101), (1005, 101), (1004, 100)])
def test_half_a_minor_unit_an_hour_is_rounded_up(amount, hourly):
    assert hourly_minor("fixed_fee", amount, hours=10, weeks=None) == hourly


def test_a_stipend_is_twelve_months_in_fifty_two_weeks():
    assert income(PayKind.STIPEND_MONTH, 5200, hours=100, weeks=1) == 1200


def test_an_unknown_way_of_paying_is_refused():
    with pytest.raises(ValueError, match="no way of paying"):
        income("barter", 1, hours=1, weeks=1)


def test_an_amount_that_is_not_stated_is_none_and_nothing_is_an_amount():
    assert (major_text(None, "GBP"), amount_json(None, "GBP")) == (None, None)
    assert (major_text(0, "GBP"), major_text(1250, "GBP")) == ("0.00", "12.50")
    assert amount_json(500, "JPY") == {"amount": "500", "currency": "JPY"}


@given(st.integers(0, 10**12), st.sampled_from(["GBP", "JPY", "KWD"]))
def test_minor_and_major_units_are_two_spellings_of_one_amount(minor, currency):
    assert to_minor(to_major(minor, currency), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("1.005", "GBP"), ("1.5", "JPY")])
def test_an_amount_finer_than_its_currency_is_refused(amount, currency):
    with pytest.raises(ValueError, match="more decimals"):
        to_minor(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("currencies", "major"),
    [
        ("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF", "12345"),
        ("EUR GBP USD INR CHF NGN PLN ZAR HUF TWD", "123.45"),
        ("BHD IQD JOD KWD LYD OMR TND", "12.345"),
    ],
)
def test_every_currency_has_the_places_of_iso_4217(currencies, major):
    assert {to_major(12345, currency) for currency in currencies.split()} == {Decimal(major)}


def test_conversion_respects_the_places_of_both_currencies():
    assert convert(1000, rate=Decimal("0.0052"), source="JPY", target="GBP") == 520
    assert convert(520, rate=Decimal("192.5"), source="GBP", target="JPY") == 1001


@given(st.integers(1, 10**9), st.integers(1, 4000))
def test_more_pay_never_means_less_an_hour(amount, hours):
    less = hourly_minor("fixed_fee", amount, hours=hours, weeks=2)
    more = hourly_minor("fixed_fee", amount + hours, hours=hours, weeks=2)

    assert less < more
