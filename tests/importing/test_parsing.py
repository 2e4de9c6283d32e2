"""The words of job boards, and the typed facts they become; what is not sure stays unread."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from opportunities.importing.parsing.choices import (
    field_of_work,
    format_named,
    schedule,
    truth,
    words_of,
)
from opportunities.importing.parsing.dates import Start, parse_date, parse_start
from opportunities.importing.parsing.durations import Duration, parse_duration
from opportunities.importing.parsing.numerals import parse_number
from opportunities.importing.parsing.payments import Payment, parse_payment
from opportunities.importing.parsing.places import Place, country_code, parse_place

UNREAD = Duration(whole=False)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("20", "20"),
        ("5,000", "5000"),
        ("1,00,000", "100000"),
        ("10,00,000.50", "1000000.50"),
        ("1 200", "1200"),
        ("1'200'000", "1200000"),
        ("12.50", "12.50"),
        ("12,5", "12.5"),
        ("1.234.567", "1234567"),
        ("1.234,50", "1234.50"),
        ("1e9", "1E+9"),
        ("1.000", None),
        ("1,2,3", None),
        ("5,00,", None),
        ("", None),
        ("9" * 41, None),
    ],
)
def test_numbers_are_read_unless_two_readings_are_possible(text, number):
    assert parse_number(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("6 Months", Duration(weeks=26)),
        ("1 Month", Duration(weeks=4.33)),
        ("3 months", Duration(weeks=13)),
        ("two months", Duration(weeks=8.67)),
        ("1.5 months", Duration(weeks=6.5)),
        ("a week", Duration(weeks=1)),
        ("2 wks", Duration(weeks=2)),
        ("12-week internship", Duration(weeks=12)),
        ("Duration: 3 Months", Duration(weeks=13)),
        ("10 week program", Duration(weeks=10)),
        ("1 year", Duration(weeks=52)),
        ("1 month and 2 weeks", Duration(weeks=6.33)),
        ("2 Months 15 days", Duration(weeks=10.81)),
        ("5 days", Duration(weeks=0.71)),
        ("5 working days", Duration(weeks=1)),
        ("2-3 weeks", Duration(weeks=3, whole=False)),
        ("2 \u2013 3 Weeks", Duration(weeks=3, whole=False)),
        ("one to four weeks", Duration(weeks=4, whole=False)),
        ("2 weeks to 1 month", Duration(weeks=4.33, whole=False)),
        ("up to 4 weeks", Duration(weeks=4, whole=False)),
        ("approx. 3 weeks", Duration(weeks=3, whole=False)),
        ("3 weeks part-time", Duration(weeks=3, whole=False)),
        ("12 weeks (June - August)", Duration(weeks=12, whole=False)),
        ("20 hours", Duration(hours_total=20)),
        ("40 hrs", Duration(hours_total=40)),
        ("1,000 hours", Duration(hours_total=1000)),
        ("5-10 hours", Duration(hours_total=10, whole=False)),
        ("about 20 hours", Duration(hours_total=20, whole=False)),
        ("20 hours total over 2 weeks", Duration(hours_total=20, weeks=2)),
        ("10 hrs/week", Duration(hours_per_week=10)),
        ("20h/week", Duration(hours_per_week=20)),
        ("10 hours a week", Duration(hours_per_week=10)),
        ("15 hours per week", Duration(hours_per_week=15)),
        ("20 hours weekly", Duration(hours_per_week=20)),
        ("10-15 hours per week", Duration(hours_per_week=15, whole=False)),
        ("8 hours/day, 5 days a week", Duration(hours_per_week=40)),
        ("3 days a week (21 hours)", Duration(hours_per_week=21)),
        ("two days per week (approx. 15 hrs), 10 weeks", Duration(weeks=10, hours_per_week=15)),
        ("20 hours within 2 weeks", Duration(hours_total=20, weeks=2)),
        ("20 hours, within three weeks", Duration(hours_total=20, weeks=3)),
        ("10-15 hours within 2 weeks", Duration(hours_total=15, weeks=2, whole=False)),
        ("within 2 weeks", Duration(weeks=2, whole=False)),
        ("Contract: 3 months", Duration(weeks=13)),
        ("3 month fixed-term contract", Duration(weeks=13)),
        ("Contract: 3 months, 37.5 hours per week", Duration(weeks=13, hours_per_week=37.5)),
        ("5 half-days of 4 hours", Duration(hours_total=20)),
        ("five half days, 4 hours each", Duration(hours_total=20)),
        ("5 half-days (7.5-hour days)", Duration(hours_total=18.75)),
        ("5 half-days over 2 weeks, 8-hour day", Duration(hours_total=20, weeks=2)),
        ("3 days of 7 hours", Duration(hours_total=21, weeks=0.43)),
        ("3 days, 6 hours a day", Duration(hours_total=18, weeks=0.43)),
        ("10 working days, 6 hours a day", Duration(hours_total=60, weeks=2)),
        ("3 months, 20 hours/week", Duration(weeks=13, hours_per_week=20)),
        ("20 hours per week for 10 weeks", Duration(weeks=10, hours_per_week=20)),
        ("6 weeks (10 hrs/week)", Duration(weeks=6, hours_per_week=10)),
        ("6 weeks - 10 hrs/week", Duration(weeks=6, hours_per_week=10)),
        ("P6M", Duration(weeks=26)),
        ("P2W", Duration(weeks=2)),
        ("PT20H", Duration(hours_total=20)),
        ("3+ months", UNREAD),
        ("6 months +", UNREAD),
        ("at least 3 months", UNREAD),
        ("minimum 8 weeks", UNREAD),
        ("less than 10 hours", UNREAD),
        ("starts in 2 weeks", UNREAD),
        ("2 weeks, 3 weeks", UNREAD),
        ("2 weeks and 2 weeks", UNREAD),
        ("2 weeks, 14 days", UNREAD),
        ("1 month, 6 weeks", UNREAD),
        ("1 month, 2 weeks and 3 days", Duration(weeks=6.76)),
        ("1 month and 2 weeks or 3 days", UNREAD),
        ("10 hours a week, 20 hours a week", UNREAD),
        ("1.2.3 weeks", UNREAD),
        ("3-2 weeks", UNREAD),
        ("a few hours", UNREAD),
        ("a couple of weeks", UNREAD),
        ("half a day", UNREAD),
        ("5 half-days", UNREAD),
        ("5 half-days a week", UNREAD),
        ("5 half-days, 10 hours", UNREAD),
        ("10 days of 7 hours", UNREAD),
        ("2 weeks at 3 days of 7 hours", UNREAD),
        ("10 days, 6 hours a day", Duration(weeks=1.43, whole=False)),
        ("2 weeks, 6 hours a day", Duration(weeks=2, whole=False)),
        ("6 hours a day", UNREAD),
        ("Contract: permanent", UNREAD),
        ("Summer 2026", UNREAD),
        ("Full time", UNREAD),
        ("6", UNREAD),
        ("1.000 hours", UNREAD),
        ("", UNREAD),
        ("x" * 300, UNREAD),
    ],
)
def test_durations_become_hours_and_weeks(text, read):
    assert parse_duration(text) == read


def paid(kind, low=None, high=None, currency="GBP", *, whole=True):
    return Payment(
        kind,
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        currency,
        whole,
    )


NO_PAY_READ = Payment(whole=False)
UNPAID = Payment("unpaid")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\u20b9 5,000-10,000 /month", paid("stipend_month", 5000, 10000, "INR")),
        ("\u20b95-10k/month", paid("stipend_month", 5000, 10000, "INR")),
        ("\u20b9 1,00,000 per month", paid("stipend_month", 100000, None, "INR")),
        ("Rs. 5000/- per month", paid("stipend_month", 5000, None, "INR")),
        ("INR 8000 monthly", paid("stipend_month", 8000, None, "INR")),
        ("8000 INR/month", paid("stipend_month", 8000, None, "INR")),
        ("5,000-10,000 /month", paid("stipend_month", 5000, 10000)),
        ("10k /month", paid("stipend_month", 10000)),
        ("1 200 \u20ac / month", paid("stipend_month", 1200, None, "EUR")),
        ("stipend of $1,500 per month", paid("stipend_month", 1500, None, "USD")),
        (
            "\u20b9 1,000 /month + Incentives",
            paid("stipend_month", 1000, None, "INR", whole=False),
        ),
        (
            "\u20b9 10,000-15,000 /month + Performance bonus",
            paid("stipend_month", 10000, 15000, "INR", whole=False),
        ),
        ("\u20b9 2,000 /week", paid("stipend_month", "8666.67", None, "INR", whole=False)),
        ("\u00a324,000 per annum", paid("stipend_month", 2000, None, "GBP", whole=False)),
        ("\u20b9 5 L per annum", paid("stipend_month", "41666.67", None, "INR", whole=False)),
        ("\u20b9 1.5 lakh per month", paid("stipend_month", 150000, None, "INR")),
        ("\u20b9 2 lacs for the project", paid("fixed_fee", 200000, None, "INR")),
        ("3-5 LPA", paid("stipend_month", 25000, "41666.67", "INR", whole=False)),
        ("$20/hr", paid("hourly", 20, None, "USD")),
        ("$20 an hour", paid("hourly", 20, None, "USD")),
        ("$20 - $25 per hour", paid("hourly", 20, 25, "USD")),
        ("USD 18-22/hour", paid("hourly", 18, 22, "USD")),
        ("between $15 and $20 per hour", paid("hourly", 15, 20, "USD")),
        ("C$18/hr", paid("hourly", 18, None, "CAD")),
        ("\u00a312.50 an hour", paid("hourly", "12.50")),
        ("12,50 \u20ac/h", paid("hourly", "12.50", None, "EUR")),
        ("15 per hour", paid("hourly", 15)),
        ("from $15/hr", paid("hourly", 15, None, "USD", whole=False)),
        ("$15+/hr", paid("hourly", 15, None, "USD", whole=False)),
        ("$25 /hr DOE", paid("hourly", 25, None, "USD", whole=False)),
        ("300 fixed", paid("fixed_fee", 300)),
        ("$500 flat fee", paid("fixed_fee", 500, None, "USD")),
        ("$500 for the project", paid("fixed_fee", 500, None, "USD")),
        ("500 USD upon completion", paid("fixed_fee", 500, None, "USD")),
        ("5000-8000 lump sum", paid("fixed_fee", 5000, 8000)),
        ("\u00a3300 one-off", paid("fixed_fee", 300)),
        ("\u00a3120 a day for 5 days", paid("fixed_fee", 600, whole=False)),
        ("\u00a3120/day x 10 days", paid("fixed_fee", 1200, whole=False)),
        (
            "\u20ac100 per day for three working days",
            paid("fixed_fee", 300, None, "EUR", whole=False),
        ),
        ("\u00a3120 a day (8 hours)", paid("hourly", 15, whole=False)),
        ("\u00a3120 per day, 8 hours a day", paid("hourly", 15, whole=False)),
        ("\u00a3100-\u00a3120 per 7.5-hour day", NO_PAY_READ),
        ("\u00a3100-\u00a3120 a day (7.5 hours)", paid("hourly", "13.33", 16, whole=False)),
        ("Unpaid", UNPAID),
        ("Unpaid internship", UNPAID),
        ("Unpaid (travel paid)", replace(UNPAID, whole=False)),
        ("Unpaid, but lunch and travel covered", replace(UNPAID, whole=False)),
        ("Unpaid trial, then travel", Payment(whole=False)),
        ("No stipend", UNPAID),
        ("Volunteer", UNPAID),
        ("0", UNPAID),
        ("\u20b9 0 /month", UNPAID),
        ("300", NO_PAY_READ),
        ("Paid", NO_PAY_READ),
        ("Performance based", NO_PAY_READ),
        ("Commission only", NO_PAY_READ),
        ("Competitive", NO_PAY_READ),
        ("Negotiable", NO_PAY_READ),
        ("up to $25/hr", NO_PAY_READ),
        ("$20/hr ($800/week)", NO_PAY_READ),
        ("$50 per article", NO_PAY_READ),
        ("$100/day", NO_PAY_READ),
        ("\u00a3120 a day", NO_PAY_READ),
        ("\u00a324,000 per annum, pro rata", NO_PAY_READ),
        ("\u00a324,000 a year (FTE)", NO_PAY_READ),
        ("\u00a312ph", paid("hourly", 12)),
        ("\u00a312.60 p.h.", paid("hourly", "12.60")),
        ("\u00a3120 daily rate", NO_PAY_READ),
        ("\u00a3120 a day for 4 weeks", NO_PAY_READ),
        ("\u00a3120 a day (12 hours)", paid("hourly", "10", whole=False)),
        ("\u00a3130 a day (13 hours)", NO_PAY_READ),
        ("\u00a310 a day for 260 days", paid("fixed_fee", "2600", whole=False)),
        ("\u00a310 a day for 261 days", NO_PAY_READ),
        ("\u00a3120 a day for 20 hours", NO_PAY_READ),
        ("\u00a3120 a day for 5 or 6 days", NO_PAY_READ),
        ("\u00a312 per hour (8 hours)", NO_PAY_READ),
        ("\u00a51000/hour", NO_PAY_READ),
        ("1.000 \u20ac/month", NO_PAY_READ),
        ("$20-10/hr", NO_PAY_READ),
        ("\u00a310 - $20 per hour", NO_PAY_READ),
        ("", NO_PAY_READ),
    ],
)
def test_pay_becomes_kind_amount_and_currency(text, read):
    assert parse_payment(text, currency="GBP") == read


def test_a_bare_amount_takes_the_kind_that_the_file_says_elsewhere():
    assert parse_payment("300", currency="GBP", kind="fixed_fee") == paid("fixed_fee", 300)


@pytest.mark.parametrize(
    ("text", "currency", "country", "read_as"),
    [
        ("$20/hr", "", "", "USD"),
        ("$20/hr", "GBP", "CA", "CAD"),
        ("$20/hr", "AUD", "", "AUD"),
        ("\u00a51000/hour", "", "JP", "JPY"),
        ("200 kr/hour", "", "SE", "SEK"),
    ],
)
def test_a_shared_sign_is_told_apart_by_country_or_file(text, currency, country, read_as):
    assert parse_payment(text, currency=currency, country=country).currency == read_as


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-06-12", date(2026, 6, 12)),
        ("2026/06/12", date(2026, 6, 12)),
        ("2016-05-15 21:50:35-04", date(2016, 5, 15)),
        ("2026-06-12T10:00:00+05:30", date(2026, 6, 12)),
        ("20260612", date(2026, 6, 12)),
        ("12 Jan 2026", date(2026, 1, 12)),
        ("12th June 2026", date(2026, 6, 12)),
        ("5 Feb' 26", date(2026, 2, 5)),
        ("5 Feb\u2019 26", date(2026, 2, 5)),
        ("12-Jun-26", date(2026, 6, 12)),
        ("June 12, 2026", date(2026, 6, 12)),
        ("Jun 12 2026", date(2026, 6, 12)),
        ("Mon, 12 Jan 2026", date(2026, 1, 12)),
        ("Apply by 12 Jan' 26", date(2026, 1, 12)),
        ("12 Jan 2026, 5:00 pm", date(2026, 1, 12)),
        ("25/12/2026", date(2026, 12, 25)),
        ("12/25/2026", date(2026, 12, 25)),
        ("06/06/2026", date(2026, 6, 6)),
        ("03.04.2026", date(2026, 4, 3)),
        ("03/04/2026", None),
        ("15 June", None),
        ("31 Feb 2026", None),
        ("9999-12-31", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_are_read_if_they_can_mean_one_day_only(text, read):
    assert parse_date(text) == read


def test_the_order_that_a_file_keeps_settles_its_dates():
    assert parse_date("03/04/2026", order="day_first") == date(2026, 4, 3)
    assert parse_date("03/04/2026", order="month_first") == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Immediately", Start()),
        ("Starts immediately", Start()),
        ("ASAP", Start()),
        ("Flexible", Start()),
        ("12 Jan 2026", Start(date(2026, 1, 12))),
        ("starting 5 Jan 2027", Start(date(2027, 1, 5))),
        ("June 2026", Start(date(2026, 6, 1), date(2026, 6, 30))),
        ("1 Jun 2026 - 15 Jun 2026", Start(date(2026, 6, 1), date(2026, 6, 15))),
        ("2026-06-01 to 2026-06-15", Start(date(2026, 6, 1), date(2026, 6, 15))),
        ("Summer 2026", Start()),
        ("early June 2026", Start()),
    ],
)
def test_the_start_becomes_a_window(text, read):
    assert parse_start(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Work from home", Place("remote")),
        ("Work From Home", Place("remote")),
        ("WFH", Place("remote")),
        ("Remote", Place("remote")),
        ("100% remote", Place("remote")),
        ("Virtual", Place("remote")),
        ("Anywhere", Place("remote")),
        ("Remote - US", Place("remote", "", "US")),
        ("Remote (India)", Place("remote", "", "IN")),
        ("Remote in Germany", Place("remote", "", "DE")),
        ("Remote, Europe", Place("remote", "Europe")),
        ("Mumbai (Hybrid)", Place("hybrid", "Mumbai")),
        ("Hybrid - London", Place("hybrid", "London")),
        ("Remote/Onsite - Berlin", Place("hybrid", "Berlin")),
        ("Partially remote, Leeds", Place("hybrid", "Leeds")),
        ("Mumbai", Place("onsite", "Mumbai")),
        ("London, UK", Place("onsite", "London, UK", "GB")),
        ("New York, NY", Place("onsite", "New York, NY", "US")),
        ("San Francisco, CA", Place("onsite", "San Francisco, CA")),
        ("San Francisco, CA (On-site)", Place("onsite", "San Francisco, CA")),
        ("In-office, Pune", Place("onsite", "Pune")),
        ("Bengaluru (Work from office)", Place("onsite", "Bengaluru")),
        ("Bangalore, Karnataka, India", Place("onsite", "Bangalore, Karnataka, India", "IN")),
        ("Remote or onsite", Place(None, "Remote or onsite")),
        ("Remote (UK only)", Place("remote", "", "GB")),
        ("Hybrid (Leeds, 2 days a week)", Place("hybrid", "Leeds")),
        ("Leeds (2 days) / home (3 days)", Place(None, "Leeds")),
        ("Paris (remote possible)", Place(None, "Paris")),
        ("On campus", Place()),
        ("TBC", Place()),
        ("Nationwide", Place()),
        ("Wien, Österreich", Place("onsite", "Wien, Österreich", "AT")),
        ("Genève, Suisse", Place("onsite", "Genève, Suisse", "CH")),
        ("Kigali, Rwanda", Place("onsite", "Kigali, Rwanda", "RW")),
        ("Atlanta, Georgia", Place("onsite", "Atlanta, Georgia")),
        ("Singapore", Place("onsite", "Singapore", "SG")),
        ("Mexico", Place("onsite", "", "MX")),
        ("Multiple locations", Place()),
    ],
)
def test_places_become_mode_place_and_country(text, read):
    assert parse_place(text) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [("GB", "GB"), ("UK", "GB"), ("United Kingdom", "GB"), ("india", "IN"), ("U.S.A.", "US"),
     ("Österreich", "AT"), ("Suisse", "CH"), ("Côte d'Ivoire", "CI"), ("us", "US"), ("in", ""),
     ("EU", ""), ("826", ""), ("Atlantis", ""), ("", "")],
)  # fmt: skip
def test_countries_become_codes(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("read", "text", "meaning"),
    [
        (format_named, "Micro-internship", "micro_internship"),
        (format_named, "Micro-Internship", "micro_internship"),
        (format_named, "virtual_job_shadowing", "virtual_job_shadowing"),
        (format_named, "Internship", "internship"),
        (format_named, "Full-time", ""),
        (field_of_work, "Digital Marketing", "marketing"),
        (field_of_work, "Human Resources (HR)", "people"),
        (field_of_work, "Underwater basketry", ""),
        (schedule, "Flexible hours", "flexible"),
        (schedule, "core_hours", "core_hours"),
        (schedule, "nine to five", ""),
        (truth, "Yes", True),
        (truth, "false", False),
        (truth, "perhaps", None),
    ],
)
def test_words_stand_for_one_of_our_own_or_for_nothing(read, text, meaning):
    assert read(text) == meaning


def test_lists_are_split_at_their_separators_but_not_inside_of_brackets():
    assert words_of("SEO, Excel (charts, tables); Python | SQL\n\u2022 R") == [
        "SEO", "Excel (charts, tables)", "Python", "SQL", "R",
    ]  # fmt: skip
