import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opportunities.roles.fields import FIELDS
from opportunities.roles.formats import (
    FORMATS,
    RULES,
    FormatName,
    Kind,
    broken,
    check_format,
    facts_of_format,
    stated_by,
    zone,
)
from tests.matching.engine.oracle import reference

GOLDEN = Path(__file__).parents[1] / "matching" / "engine" / "oracle" / "golden.json"
CASES = json.loads(GOLDEN.read_text(encoding="utf-8"))
NUMBERS = st.none() | st.floats(0.1, 60)
TEXTS = st.sampled_from(["", "Ann", "SQL"])
OPPORTUNITIES = st.fixed_dictionaries(
    {
        "format": st.sampled_from(FormatName.values),
        "hours_total": NUMBERS,
        "weeks": NUMBERS,
        "hours_per_week": NUMBERS,
        "mentor_name": TEXTS,
        "mentor_minutes_per_week": st.none() | st.sampled_from([0, 30]),
        "hands_on": st.none() | st.sampled_from([0, 0.5, 0.51, 1]),
        "learning": TEXTS,
        "mode": st.sampled_from(["remote", "hybrid", "onsite"]),
        "field": st.sampled_from(["", "data"]),
        "pay_kind": st.none() | st.sampled_from(["hourly", "fixed_fee", "unpaid"]),
        "credit": st.booleans(),
        "credit_possible": st.booleans(),
        "repeatable": st.booleans(),
        "concentrated": st.booleans(),
    }
)


def named(kind):
    return [pytest.param(case, id=case["name"]) for case in CASES if case["kind"] == kind]


@pytest.mark.parametrize("case", named("zone"))
def test_every_golden_duration_has_its_zone(case):
    found = [[hours, weeks, zone(hours, weeks)] for hours, weeks in case["input"]["points"]]

    assert found == case["expected"]


@pytest.mark.parametrize("case", named("format"))
def test_every_golden_label_is_judged_alike(case):
    role = case["input"]["opportunity"]
    facts = facts_of_format(role)
    parts = {
        "deliverables": [{}] * role.get("deliverables", 0),
        "skills": role.get("skills", []),
    }

    severity, suggested = check_format(role["format"], facts) or (None, None)

    messages = case["expected"]["messages"]
    assert severity == next((s for s, code in messages if code.startswith("duration_zone")), None)
    assert suggested == case["expected"]["suggest"]
    assert broken(role["format"], stated_by(role, parts)) == case["expected"]["broken"]


@given(
    OPPORTUNITIES,
    st.lists(st.booleans(), max_size=2),
    st.integers(0, 2),
)
def test_the_rules_judge_as_an_independent_writing_of_them_does(role, publishable, skills):
    parts = {
        "deliverables": [{"publishable": one} for one in publishable],
        "skills": [{"name": str(number)} for number in range(skills)],
    }
    theirs = reference.Opportunity(
        id="r",
        deliverables=len(publishable),
        publishable=sum(publishable),
        skills=tuple(range(skills)),
        **role,
    )

    assert broken(role["format"], stated_by(role, parts)) == reference.broken_rules(theirs)


@pytest.mark.parametrize(("name", "rules"), [(name, f.rules) for name, f in FORMATS.items()])
def test_who_states_nothing_breaks_every_rule_of_a_format(name, rules):
    assert broken(name, stated_by({}, {})) == list(rules)


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("internship", ""),
        ("micro_internship", ""),
        ("micro_apprenticeship", "mentor_named mentor skill"),
        ("project_micro_internship", "deliverable"),
        ("sprint_internship", "intensive short8 mentor"),
        ("virtual_job_shadowing", "remote observing"),
        ("gigternship", "per_task repeatable"),
        ("experiential_microlearning", "skill learning"),
        ("remote_micro_coop", "remote one_to_four credit"),
        ("short_burst_internship", "concentrated"),
        ("industry_micro_placement", "field"),
        ("portfolio_micro_experience", "public"),
    ],
)
def test_each_format_asks_what_its_sentence_of_the_document_says(name, rules):
    assert FORMATS[name].rules == tuple(rules.split())


def test_each_rule_is_met_at_a_field_of_a_role():
    assert {rule.field for rule in RULES.values()} <= set(FIELDS)


def test_the_catalogue_holds_the_twelve_formats_of_the_document():
    assert list(FORMATS) == FormatName.values
    assert len(FORMATS) == 12


def test_every_rule_of_a_format_has_a_sentence():
    assert {rule for entry in FORMATS.values() for rule in entry.rules} == set(RULES)


@pytest.mark.parametrize("name", FORMATS)
def test_a_posting_that_states_nothing_lies_in_a_zone_its_label_may_claim(name):
    facts = facts_of_format({"format": name})

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


def test_every_format_can_begin_a_sentence():
    for entry in FORMATS.values():
        article, label = str(entry.with_article).split(" ", 1)
        assert (article, label) == (
            "An" if label[0] in "aeio" else "A",
            str(entry.label)[0].lower() + str(entry.label)[1:],
        )
