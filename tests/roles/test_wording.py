"""The facts of a role in words, as literal rows: nothing here is computed by what it tests."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opportunities.roles import wording
from opportunities.roles.fields import FIELDS
from opportunities.roles.models import Opportunity

PAY: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({}, "Not stated", ""),
    ({"pay_kind": "unpaid", "credit": True}, "Unpaid", "credit is given"),
    ({"pay_kind": "unpaid"}, "Unpaid", "observing only"),
    ({"pay_kind": "hourly"}, "Not stated", ""),
    ({"pay_kind": "hourly", "pay_amount_minor": 1520, "pay_currency": "GBP"}, "£15.20 an hour", ""),
    ({"pay_kind": "hourly", "pay_amount_minor": 1520, "pay_currency": "GBP", "hours_total": 20},
     "£15.20 an hour", "£304 in all"),
    ({"pay_kind": "hourly", "pay_amount_minor": 1500, "pay_max_minor": 1500, "pay_currency": "GBP"},
     "£15 an hour", ""),
    ({"pay_kind": "hourly", "pay_amount_minor": 1500, "pay_max_minor": 1850, "pay_currency": "EUR"},
     "€15 to €18.50 an hour", ""),
    ({"pay_kind": "fixed_fee", "pay_amount_minor": 42000, "pay_currency": "GBP", "hours_total": 20},
     "£420 fixed", "about £21 an hour"),
    ({"pay_kind": "fixed_fee", "pay_amount_minor": 42000, "pay_currency": "CHF"},
     "420 CHF fixed", ""),
    ({"pay_kind": "stipend_month", "pay_amount_minor": 2_000_000, "pay_currency": "INR",
      "hours_total": 480, "weeks": 13}, "₹20,000 a month", "about ₹125 an hour"),
    ({"pay_kind": "stipend_month", "pay_amount_minor": 150_000, "pay_currency": "JPY",
      "hours_total": 160, "weeks": 4}, "¥150,000 a month", "about ¥865 an hour"),
    ({"pay_kind": "stipend_month", "pay_amount_minor": 450_500, "pay_currency": "KWD"},
     "450.500 KWD a month", ""),
    ({"pay_kind": "stipend_month", "pay_amount_minor": 450_000, "pay_max_minor": 600_000,
      "pay_currency": "IQD"}, "450 IQD to 600 IQD a month", ""),
)  # fmt: skip


@pytest.mark.parametrize(("facts", "main", "note"), PAY)
def test_pay_is_said_with_its_unit_its_range_and_its_hour(facts, main, note):
    assert wording.pay_phrase(Opportunity(**facts)) == (main, note)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 hours"), (0.5, "0.5 hours"), (1, "1 hour"), (1.04, "1 hour"), (2, "2 hours"),
     (2.5, "2.5 hours"), (1234.0, "1,234 hours")],
)  # fmt: skip
def test_a_number_agrees_with_its_noun(number, said):
    assert wording.quantity(number, "hour") == said


WORK: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({}, "Not stated", ""),
    ({"weeks": 2.5}, "2.5 weeks", ""),
    ({"hours_total": 20}, "20 hours", ""),
    ({"hours_total": 20, "weeks": 1}, "20 hours", "over 1 week"),
    ({"hours_total": 20, "weeks": 2, "hours_per_week": 10}, "20 hours", "over 2 weeks"),
    ({"kind": "internship", "hours_total": 400, "weeks": 10, "hours_per_week": 40},
     "40 hours a week", "for 10 weeks"),
    ({"kind": "internship", "hours_per_week": 40}, "40 hours a week", ""),
    ({"kind": "internship", "hours_total": 400, "weeks": 10}, "400 hours", "over 10 weeks"),
)  # fmt: skip


@pytest.mark.parametrize(("facts", "main", "note"), WORK)
def test_the_work_is_said_by_the_week_or_as_a_whole(facts, main, note):
    assert wording.work_phrase(Opportunity(**facts)) == (main, note)


MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)
START: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({}, "Any time", "your choice"),
    ({"start_earliest": MONDAY}, "Mon 7 Dec", ""),
    ({"start_latest": MONDAY}, "By Mon 7 Dec", ""),
    ({"start_earliest": MONDAY, "start_latest": TUESDAY}, "From Mon 7 Dec",
     "Tue 8 Dec at the latest"),
    ({"start_earliest": MONDAY, "start_latest": MONDAY}, "Mon 7 Dec", ""),
    ({"start_earliest": MONDAY, "weeks": 1}, "Mon 7 Dec", "ends Sun 13 Dec"),
    ({"start_earliest": MONDAY, "weeks": 8}, "Mon 7 Dec", "ends Sun 31 Jan"),
    ({"start_earliest": MONDAY, "start_latest": MONDAY, "weeks": 2},
     "Mon 7 Dec", "ends Sun 20 Dec"),
    ({"start_earliest": MONDAY, "weeks": 0.1}, "Mon 7 Dec", ""),
    ({"start_earliest": MONDAY, "weeks": 0.3}, "Mon 7 Dec", "ends Tue 8 Dec"),
)  # fmt: skip


@pytest.mark.parametrize(("facts", "main", "note"), START)
def test_the_start_is_said_with_the_last_day_of_the_work(facts, main, note):
    assert wording.start_phrase(Opportunity(**facts)) == (main, note)


MENTORING: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({}, "Not stated", ""),
    ({"mentor_name": "Ada"}, "Not stated", "with Ada"),
    ({"mentor_minutes_per_week": 0}, "No mentor", ""),
    ({"mentor_minutes_per_week": 0, "mentor_name": "Ada"}, "No fixed time", "with Ada"),
    ({"mentor_minutes_per_week": 1}, "1 minute a week", ""),
    ({"mentor_minutes_per_week": 45, "mentor_name": "Ada"}, "45 minutes a week", "with Ada"),
)


@pytest.mark.parametrize(("facts", "main", "note"), MENTORING)
def test_mentoring_is_said_in_minutes_a_week(facts, main, note):
    assert wording.mentoring_phrase(Opportunity(**facts)) == (main, note)


PHRASES: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("apply_phrase", {}, "Not stated", "Selection steps not stated"),
    ("apply_phrase", {"apply_by": MONDAY, "steps": []}, "Mon 7 Dec", "UTC · One click"),
    ("apply_phrase", {"apply_by": MONDAY, "steps": ["resume", "interview", "interview"]},
     "Mon 7 Dec", "UTC · CV, 2 interviews"),
    ("hours_phrase", {}, "Not stated", ""),
    ("hours_phrase", {"schedule": "flexible", "hours_per_week": 1, "hours_total": 20},
     "Flexible hours", "1 hour a week, 20 hours in all"),
    ("language_phrase", {"language": "de"}, "German", ""),
    ("language_phrase", {"language": "xx"}, "xx", ""),
    ("task_areas_phrase", {}, "Not stated", ""),
    ("task_areas_phrase", {"task_areas": 1}, "One focused task", ""),
    ("task_areas_phrase", {"task_areas": 2}, "2 areas", ""),
    ("hands_on_phrase", {}, "Not stated", ""),
    ("hands_on_phrase", {"hands_on": 0}, "Watching only", ""),
    ("hands_on_phrase", {"hands_on": 0.455}, "46% of the hours", ""),
    ("hands_on_phrase", {"hands_on": 1}, "100% of the hours", ""),
    ("holistic_phrase", {}, "Not stated", ""),
    ("holistic_phrase", {"holistic": 0}, "Skill at the task", ""),
    ("holistic_phrase", {"holistic": 1}, "The whole person", ""),
    ("holistic_phrase", {"holistic": 0.015}, "98% skill at the task", "2% the whole person"),
    ("holistic_phrase", {"holistic": 0.98}, "2% skill at the task", "98% the whole person"),
    ("holistic_phrase", {"holistic": 0.3}, "70% skill at the task", "30% the whole person"),
    ("pay_days_phrase", {}, "Not stated", ""),
    ("pay_days_phrase", {"pay_kind": "unpaid"}, "", ""),
    ("pay_days_phrase", {"pay_days": 0}, "0 days", "from accepting the work"),
    ("pay_days_phrase", {"pay_days": 1}, "1 day", "from accepting the work"),
    ("evidence_phrase", {}, "Not stated", ""),
    ("evidence_phrase", {"evidence": []}, "Nothing is offered", ""),
    ("evidence_phrase", {"evidence": ["certificate", "reference"]},
     "A certificate, a reference", ""),
    ("evidence_phrase", {"public_works": 1}, "Work you may publish", ""),
    ("evidence_phrase", {"public_works": 2, "evidence": ["evaluation"]},
     "A written evaluation, work you may publish", "2 pieces of it"),
    ("where_phrase", {"mode": None}, "Not stated", ""),
    ("where_phrase", {"place": "Leeds", "region": "Leeds", "country": "GB", "mode": None},
     "Leeds, United Kingdom", ""),
    ("where_phrase", {"place": "Leeds", "country": "GB", "mode": "onsite"}, "On site",
     "Leeds, United Kingdom"),
    ("where_phrase", {"place": "Leeds, UK", "country": "GB", "mode": "onsite"}, "On site",
     "Leeds, UK"),
    ("where_phrase", {"place": "Atlanta, Georgia", "country": "US", "mode": "onsite"}, "On site",
     "Atlanta, Georgia, United States"),
    ("where_phrase", {"mode": "onsite"}, "On site", "Place not stated"),
    ("where_phrase", {"mode": "remote"}, "Remote", ""),
)  # fmt: skip


@pytest.mark.parametrize(("phrase", "facts", "main", "note"), PHRASES)
def test_every_other_fact_is_said_as_it_stands_here(phrase, facts, main, note):
    assert getattr(wording, phrase)(Opportunity(**facts)) == (main, note)


FACTS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("credit", {"credit": True}, "Academic credit", ""),
    ("credit", {}, "", ""),
    ("credit_possible", {"credit_possible": True}, "Possible", "if your school agrees"),
    ("credit_possible", {}, "", ""),
    ("concentrated", {"concentrated": True}, "One concentrated stretch", ""),
    ("concentrated", {}, "", ""),
    ("repeatable", {"repeatable": True}, "You may come back for more", ""),
    ("repeatable", {}, "", ""),
    ("blind_review", {"blind_review": True}, "Name and school hidden",
     "until you are shortlisted"),
    ("blind_review", {}, "", ""),
    ("capacity", {"capacity": 3}, "3", ""),
    ("contacts", {}, "Not stated", ""),
    ("contacts", {"contacts": 0}, "On your own", ""),
    ("contacts", {"contacts": 1}, "1 person", ""),
    ("contacts", {"contacts": 4}, "4 people", ""),
)  # fmt: skip


@pytest.mark.parametrize(("field", "facts", "main", "note"), FACTS)
def test_a_fact_of_one_field_is_said_as_it_stands_here(field, facts, main, note):
    assert FIELDS[field].fact.say(Opportunity(**facts)) == (main, note)


SENTENCES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("place_phrase", {"mode": None}, "Not stated"),
    ("place_phrase", {"place": "Leeds", "country": "GB", "mode": None}, "Leeds, United Kingdom"),
    ("place_phrase", {"place": "Leeds", "mode": "remote"}, "Remote"),
    ("place_phrase", {"mode": "hybrid"}, "Place not stated, hybrid"),
    ("place_phrase", {"place": "Leeds; York", "country": "GB", "mode": "onsite"},
     "Leeds or York, United Kingdom, on site"),
    ("age_demand", {"min_age": 18}, "at least 18"),
    ("age_demand", {}, ""),
    ("enrolment_demand", {"requires_enrolment": True}, "for enrolled students"),
    ("enrolment_demand", {}, ""),
    ("work_rights_demand", {"work_rights": "GB"}, "right to work needed (United Kingdom)"),
    ("work_rights_demand", {}, ""),
    ("schedule_phrase", {}, "Not stated"),
)  # fmt: skip


@pytest.mark.parametrize(("phrase", "facts", "said"), SENTENCES)
def test_every_short_fact_is_said_as_it_stands_here(phrase, facts, said):
    assert getattr(wording, phrase)(Opportunity(**facts)) == said


@pytest.mark.parametrize(("km", "said"), [(0, "where you are"), (1, "1 km from you")])
def test_a_distance_is_said_in_kilometres_unless_it_is_none(km, said):
    assert wording.away_phrase(km) == said


DEEP = "Ideal for finding out in depth whether this work is for you"
IDEAL: tuple[tuple[dict[str, Any], str], ...] = (
    ({"hours_total": 10, "weeks": 1},
     "Ideal for a quick test of a skill and something to show for it."),
    ({"hours_total": 400, "weeks": 10},
     f"{DEEP}."),
    ({"hours_total": 10, "weeks": 1, "public_works": 1},
     "Ideal for a quick test of a skill and something to show for it, with work you can publish."),
    ({"hours_total": 400, "weeks": 10, "mentor_minutes_per_week": 30, "public_works": 1,
      "schedule": "flexible"},
     f"{DEEP}, with regular time with a mentor and work you can publish."),
    ({"hours_total": 400, "weeks": 10, "mentor_minutes_per_week": 29, "schedule": "asynchronous"},
     f"{DEEP}, with hours that fit around study."),
)  # fmt: skip


def test_nobody_is_promised_a_mentor_of_whom_nothing_is_stated():
    unstated = Opportunity(format="internship", hours_total=546, weeks=26, hours_per_week=21)

    assert wording.mentoring_phrase(unstated).main == "Not stated"
    assert wording.ideal_for(unstated) == f"{DEEP}."


@pytest.mark.parametrize(("facts", "said"), IDEAL)
def test_whom_a_role_suits_follows_from_its_facts(facts, said):
    facts = {"format": "micro_internship", "mentor_minutes_per_week": 0, **facts}

    assert wording.ideal_for(Opportunity(**facts)) == said


@pytest.mark.parametrize(
    ("day", "zone", "said"),
    [
        (None, "America/New_York", ""),
        (MONDAY, "UTC", ""),
        (MONDAY, "America/New_York", "Tue 8 Dec, 05:00 UTC"),
    ],
)
def test_the_end_of_the_last_day_is_said_by_another_clock_alone(day, zone, said):
    ends = day and datetime.combine(day + timedelta(1), time(), ZoneInfo(zone))
    role = Opportunity(time_zone=zone, closes_at=ends)

    assert wording.closing(role) == said
