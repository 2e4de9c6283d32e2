"""Engagements go into the weeks that a candidate has, day by day."""

import math
import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    Candidate,
    Opportunity,
    explain,
    facts,
    gates,
    pack_candidates,
    pack_opportunities,
    rank,
)
from matching.engine.calendars import Timings, differing_weeks, first_fit, first_fits, place
from matching.priors import PRIORS
from tests.matching.engine.markets import busy, opportunity

ROLE = Opportunity(
    id=1,
    hours_total=20.0,
    weeks=2.0,
    schedule="fixed",
    start_earliest="2027-03-01",
    start_latest="2027-04-05",
    pay_kind="hourly",
    pay_amount=20.0,
)
PERSON = Candidate(id=1, available_from="2027-01-04", hours_per_week=15.0)


def hours_on(person, day):
    """Return the hours of the week of a day, from the candidate's own words."""
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=number) for number in range(7)]
    if any(date.fromisoformat(blocked) in week for blocked in person.blocked_weeks):
        return 0.0
    if week[-1] < date.fromisoformat(person.available_from):
        return person.hours_per_week
    found = [
        hours
        for since, until, hours in person.weekly_hours
        if any(since <= each.isoformat() <= until for each in week)
    ]
    covered = all(
        any(since <= each.isoformat() <= until for since, until, _ in person.weekly_hours)
        for each in week
    )
    return min(found + ([] if covered else [person.hours_per_week]))


def placed(person, role):
    """Return the first day on which the role fits every week that it touches, or None."""
    known = facts(role, PRIORS)
    first = date.fromisoformat(max(person.available_from, role.start_earliest or ""))
    last = first + timedelta(days=364)
    if role.start_latest:
        last = min(last, date.fromisoformat(role.start_latest))
    day = first
    while day <= max(last, first):
        days = max(1, math.ceil(7 * known.weeks))
        ends = day.toordinal() + 7 * known.weeks
        until = person.available_until
        if day == first or until is None or ends <= date.fromisoformat(until).toordinal() + 1:
            touched = [day + timedelta(days=number) for number in range(days)]
            if all(known.weekly <= hours_on(person, each) for each in touched):
                return day
        day += timedelta(days=7 - day.weekday())
    return None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_first_start_that_fits_every_week_is_found(seed):
    draw = random.Random(seed)
    person = busy(draw, available_until=None)
    role = opportunity(draw, weeks=draw.uniform(0.2, 8), hours_total=draw.uniform(2, 100))

    start, _, fits = place(person, facts(role, PRIORS))

    expected = placed(person, role)
    assert fits == (expected is not None)
    assert not fits or start == expected.toordinal()
    shut = gates(person, role, priors=PRIORS)
    assert fits == (not {"weekly_hours", "blocked_weeks"} & set(shut))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_lists_hold_exactly_the_pairs_without_a_shut_gate(seed):
    draw = random.Random(seed)
    people = [busy(draw, number) for number in range(8)]
    roles = [opportunity(draw, number) for number in range(8)]

    found = rank(
        pack_candidates(people), pack_opportunities(roles, priors=PRIORS), k=8, kernel="fast"
    ).candidates

    for row, person in zip(found.ids, people, strict=True):
        assert {int(number) for number in row if number >= 0} == {
            role.id for role in roles if not gates(person, role, priors=PRIORS)
        }


@pytest.mark.parametrize(
    ("changes", "shut", "start"),
    [
        ({}, [], "2027-03-01"),
        ({"blocked_weeks": frozenset({"2027-03-10"})}, [], "2027-03-15"),
        ({"blocked_weeks": frozenset({"2027-02-24", "2027-05-01"})}, [], "2027-03-01"),
        (
            {"blocked_weeks": frozenset({"2027-03-08", "2027-03-22", "2027-04-05"})},
            ["blocked_weeks"],
            None,
        ),
        ({"weekly_hours": (("2027-03-01", "2027-03-28", 5.0),)}, [], "2027-03-29"),
        ({"weekly_hours": (("2027-03-03", "2027-03-09", 5.0),)}, [], "2027-03-15"),
        ({"weekly_hours": (("2027-01-01", "2027-12-31", 5.0),)}, ["weekly_hours"], None),
        (
            {"hours_per_week": 5.0, "weekly_hours": (("2027-03-01", "2027-03-28", 30.0),)},
            [],
            "2027-03-01",
        ),
        ({"hours_per_week": 5.0}, ["weekly_hours"], None),
    ],
)
def test_weeks_that_differ_move_or_shut_out_a_role(changes, shut, start):
    person = Candidate(**{name: getattr(PERSON, name) for name in PERSON.__slots__} | changes)

    assert gates(person, ROLE, priors=PRIORS) == shut
    if start:
        found = place(person, facts(ROLE, PRIORS))
        assert date.fromordinal(found.start).isoformat() == start


def test_three_years_of_weeks_count_from_the_first_that_is_free():
    monday = date(2027, 1, 4)
    days = [monday + timedelta(weeks=weeks) for weeks in (-1, 0, 156, 157)]
    blocked = Candidate(
        id=1,
        available_from=monday.isoformat(),
        blocked_weeks=frozenset(day.isoformat() for day in days),
    )
    periods = Candidate(
        id=1,
        available_from=monday.isoformat(),
        weekly_hours=((days[0].isoformat(), days[-1].isoformat(), 7.0),),
    )

    weeks = [(day.toordinal() - 1) // 7 for day in days]
    assert differing_weeks(blocked) == dict.fromkeys(weeks[1:3], 0.0)
    assert [*differing_weeks(periods)] == list(range(weeks[1], weeks[2] + 1))


def test_the_tightest_week_decides_how_rigid_a_schedule_is():
    generous = Candidate(id=1, hours_per_week=5.0, weekly_hours=(("2027-02-01", "2027-05-30", 40),))

    schedule = {line.name: line.value for line in explain(generous, ROLE, priors=PRIORS).aspects}[
        "schedule"
    ]

    assert schedule == pytest.approx(1 - 10 / 40, abs=1e-5)


def test_waiting_for_a_free_week_costs_speed():
    blocked = Candidate(id=1, hours_per_week=15.0, blocked_weeks=frozenset({"2027-03-08"}))
    columns = pack_candidates([PERSON, blocked])
    roles = pack_opportunities([ROLE], priors=PRIORS)

    scores = rank(columns, roles, k=1).candidates.scores[:, 0]

    assert scores[0] > scores[1]
    assert np.array_equal(scores, rank(columns, roles, k=1, kernel="fast").candidates.scores[:, 0])


def test_many_engagements_are_placed_at_once_as_one_by_one():
    draw = np.random.default_rng(11)
    told = {"at once": 0, "later": 0, "never": 0}
    for weeks_known in (0, 1, 2, 3, 4, 7, 8, 20, 31) * 12:
        weeks = np.sort(draw.choice(60, weeks_known, replace=False)).astype(np.int32) + 105_000
        hours = draw.integers(0, 40, weeks_known).astype(np.float64)
        usual = float(draw.integers(2, 40))
        earliest = draw.integers(7 * 105_000, 7 * 105_050, 40)
        latest = earliest + draw.integers(-10, 500, 40) + draw.choice([0, 0.5], 40)
        days = draw.choice([0.5, 7, 8, 14, 30.5, 90, 200], 40)
        weekly = draw.integers(0, 41, 40).astype(np.float64)

        found = first_fits(weeks, hours, usual, earliest, latest, Timings(days, weekly))

        for row, begin in enumerate(earliest.tolist()):
            wanted = first_fit(weeks, hours, usual, begin, latest[row], days[row], weekly[row])
            assert tuple(column[row] for column in found) == wanted
            told["never" if not wanted[2] else "at once" if wanted[0] == begin else "later"] += 1
    assert min(told.values()) > 100, told


def test_each_of_many_is_placed_into_weeks_of_their_own():
    free = replace(PERSON, id=1, weekly_hours=(("2027-03-01", "2027-05-30", 30.0),))
    busy_in_spring = replace(PERSON, id=2, weekly_hours=(("2027-03-01", "2027-05-30", 3.0),))
    people = pack_candidates([free, busy_in_spring, replace(free, id=3)])

    lists = rank(people, pack_opportunities([ROLE], priors=PRIORS), k=1, kernel="numpy")

    assert lists.candidates.ids[:, 0].tolist() == [1, -1, 1]
