import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opportunities.roles.formats import (
    FORMATS,
    RULES,
    FormatName,
    Kind,
    check_format,
    facts_of_format,
    zone,
)

GOLDEN = Path(__file__).parents[1] / "matching" / "engine" / "oracle" / "golden.json"
CASES = json.loads(GOLDEN.read_text(encoding="utf-8"))
STATED = {
    "hours_total", "weeks", "hours_per_week", "mentor_minutes_per_week", "hands_on",
    "public_works", "deliverables", "mode", "field", "pay_kind",
}  # fmt: skip


def named(kind):
    return [pytest.param(case, id=case["name"]) for case in CASES if case["kind"] == kind]


@pytest.mark.parametrize("case", named("zone"))
def test_every_golden_duration_has_its_zone(case):
    found = [[hours, weeks, zone(hours, weeks)] for hours, weeks in case["input"]["points"]]

    assert found == case["expected"]


@pytest.mark.parametrize("case", named("format"))
def test_every_golden_label_is_judged_alike(case):
    role = case["input"]["opportunity"]
    stated = {"hours_total": None, "weeks": None, "hours_per_week": None} | {
        name: value for name, value in role.items() if name in STATED
    }
    facts = facts_of_format(role["format"], skills=len(role.get("skills", [])), **stated)

    messages, suggested = check_format(role["format"], facts)

    assert [list(message) for message in messages] == case["expected"]["messages"]
    assert suggested == case["expected"]["suggest"]


def test_the_catalogue_holds_the_twelve_formats_of_the_document():
    assert list(FORMATS) == FormatName.values
    assert len(FORMATS) == 12
    assert all(entry.basis for entry in FORMATS.values())


def test_every_rule_of_a_format_has_a_sentence():
    assert {rule for entry in FORMATS.values() for rule in entry.rules} == set(RULES)


@pytest.mark.parametrize("name", FORMATS)
def test_a_posting_that_states_nothing_lies_in_a_zone_its_label_may_claim(name):
    facts = facts_of_format(name, hours_total=None, weeks=None, hours_per_week=None)

    assert zone(facts.hours, facts.weeks) in FORMATS[name].zones


@given(st.floats(0.5, 4000), st.floats(0.1, 104))
def test_more_hours_or_weeks_never_make_an_internship_micro(hours, weeks):
    order = {"A": 0, "B": 1, "D": 1, "C": 2}

    assert order[zone(hours, weeks)] <= order[zone(hours * 1.5, weeks)]
    assert zone(hours, weeks) != "C" or zone(hours, weeks * 1.5) == "C"


def test_the_two_families_are_those_of_the_table():
    assert {f.slug for f in FORMATS.values() if f.family == Kind.INTERNSHIP} == {
        "internship",
        "sprint_internship",
    }
