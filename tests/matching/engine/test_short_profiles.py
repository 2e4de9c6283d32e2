"""The lists of people who said little: what they named comes first, and scores lie apart."""

import random
from dataclasses import replace

import numpy as np
import pytest

from matching.engine import (
    POINT,
    Candidate,
    Opportunity,
    Skill,
    explain,
    pack_candidates,
    pack_opportunities,
    rank,
    relate,
)
from matching.files.vocabulary import vocabulary_of
from matching.priors import PRIORS
from matching.store.profiles import field_wishes, with_related
from matching.store.roles import read_roles
from opportunities.candidates.models import FieldRule
from opportunities.core.fields_of_work import Field
from opportunities.roles.models import Opportunity as Role
from opportunities.skills.vocabulary.files import read_vocabulary
from tests.benchmarks import bench_skills
from tests.benchmarks.evaluate.short_profiles import (
    COMPARED,
    DRAWN,
    NAMED,
    apart,
    drawn_market,
    guests,
    judge,
    least_named,
    occupations,
    shown,
)
from tests.demo.market import AT, demo_market

VOCABULARY = vocabulary_of(read_vocabulary(bench_skills.OWN))
SPREAD_BEFORE = {"one field": 4.31, "two fields": 4.34}
SPREAD_BEFORE_WITH_SKILLS = {(1, 2): 4.89, (2, 3): 5.45}
"""Standard deviation, in points, of the first fifty on the demo market before decision 18."""


def test_what_was_named_comes_first_and_lies_apart():
    market = drawn_market(1)
    judged = {
        (fields, skills): judge(guests(2, market, fields=fields, skills=skills, count=20), market)
        for fields, skills in NAMED
    }

    assert all(found.wanted == 1 for found in judged.values())
    assert all(found.planted >= 0.95 for found in judged.values())
    for kind in COMPARED:
        assert apart(DRAWN, kind, judged) >= 2


@pytest.mark.skipif(not bench_skills.titles(bench_skills.ESCO), reason="ESCO is not beside us")
def test_what_was_named_comes_first_among_occupations_of_esco():
    market = occupations(7, 400)
    roles = pack_opportunities(market, priors=PRIORS)

    for fields, skills in NAMED:
        people = guests(2, market, fields=fields, skills=skills, count=60)
        assert least_named(people, market, shown(people, roles)) == 1


KIN = relate(["sql", "python", "excel"], broader=[("sql", "python")], aliases={"postgres": "sql"})


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["excel"], 0.03125),
        (["python"], 0.03125),
        (["sql"], 0.03125 + 0.96875 / 3),
        (["Postgres"], 0.03125 + 0.96875 / 3),
        (["sql", "writing"], 0.03125 + 0.96875 / 3),
    ],
    ids=["nothing", "a relative", "a skill held", "another name", "two that were named"],
)
def test_a_role_elsewhere_is_nearer_where_it_asks_for_a_skill_that_was_named(asked, expected):
    person = Candidate(
        "she", interests={"data": 1.0}, skills={"sql": 1, "excel": 0}, targets={"writing": 1}
    )
    role = Opportunity("it", field="law", skills=tuple(map(Skill, asked)))

    def value_of(field):
        found = explain(person, replace(role, field=field), priors=PRIORS, vocabulary=KIN)
        assert sum(line.points for line in found.aspects) == pytest.approx(found.fit)
        return next(line.value for line in found.aspects if line.name == "field")

    assert value_of("law") == pytest.approx(expected, abs=1e-5)
    assert value_of("data") == 1


def test_skills_are_ranked_better_than_by_words_and_by_bm25():
    figures = bench_skills.compare(bench_skills.OWN, seeds=1, people=60)

    assert bench_skills.behind(figures) == []


@pytest.mark.django_db
@pytest.mark.xdist_group("demo")
def test_the_demo_market_shows_what_was_named():
    demo_market()
    ids = list(Role.objects.open(at=AT).values_list("pk", flat=True))
    roles = [row.opportunity for row in read_roles(ids, at=AT).values()]
    near = [replace(role, places=(), region="", work_rights="") for role in roles]

    for kind, before in SPREAD_BEFORE.items():
        shows_the_fields_that_were_named(roles, kind, before)
    times = [
        shows_the_fields_and_skills_that_were_named(near, fields, skills) / before
        for (fields, skills), before in SPREAD_BEFORE_WITH_SKILLS.items()
    ]
    assert np.mean(times) >= 2
    for fields, skills in NAMED:
        for rule in FieldRule:
            for hours in (10, 40):
                shows_eight_that_were_named(near, fields, skills, rule, hours)


def shows_the_fields_that_were_named(roles, kind, before):
    people, named = [], []
    for number, field in enumerate(Field.values):
        other = Field.values[(number + 7) % len(Field.values)]
        named.append({field} if kind == "one field" else {field, other})
        people.append(
            Candidate(
                id=number,
                goal=(0.1, 0.5, 0.9)[number % 3],
                hours_per_week=40,
                available_from="2026-11-18",
                regions=frozenset(role.region for role in roles),
                interests=with_related(dict.fromkeys(named[-1], 1.0)),
            )
        )
    lists = rank(
        pack_candidates(people),
        pack_opportunities(roles, priors=PRIORS),
        k=len(roles),
        order="fit",
    ).candidates

    spreads = []
    for row, scores, fields in zip(lists.positions, lists.scores, named, strict=True):
        inside = [roles[place].field in fields for place in row[row >= 0]]
        assert sum(inside[:10]) >= min(8, sum(inside))
        spreads.append(np.std(scores[row >= 0][:50] / POINT))
    assert np.mean(spreads) >= 2 * before


def shows_the_fields_and_skills_that_were_named(near, fields, skills):
    """Of roles that are within reach, so that lists are as long as the market has them.

    Returns how far the first fifty lie apart.
    """
    people = [
        replace(
            person,
            available_from="2026-11-18",
            regions=frozenset({""}),
            interests=with_related(person.interests),
        )
        for person in guests(2, near, fields=fields, skills=skills, count=20)
    ]

    found = judge(people, near, vocabulary=VOCABULARY)

    assert found.wanted == 1
    assert found.planted >= 0.95
    return found.spread


def shows_eight_that_were_named(near, fields, skills, rule, hours):
    """To three people of every field, with skills of a role that they could mean."""
    draw = random.Random(fields + skills)
    people = []
    for field in [*Field.values] * 3:
        named = [field, *draw.sample([other for other in Field if other != field], fields - 1)]
        role = draw.choice([role for role in near if role.field in named])
        known = sorted(skill.name for skill in role.skills)
        people.append(
            Candidate(
                id=len(people),
                goal=draw.choice([0.1, 0.5, 0.9]),
                hours_per_week=hours,
                available_from="2026-11-18",
                regions=frozenset({""}),
                skills=dict.fromkeys(draw.sample(known, min(skills, len(known))), 2),
                **field_wishes(dict.fromkeys(named, 1.0), rule),
            )
        )

    roles = pack_opportunities(near, priors=PRIORS, vocabulary=VOCABULARY)
    assert least_named(people, near, shown(people, roles, VOCABULARY)) == 1
