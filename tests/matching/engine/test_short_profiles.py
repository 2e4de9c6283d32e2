"""The lists of people who said little: what they named comes first, and scores lie apart."""

import numpy as np
import pytest

from matching.engine import POINT, Candidate, pack_candidates, pack_opportunities, rank
from matching.priors import PRIORS
from matching.store.profiles import with_related
from matching.store.roles import read_roles
from opportunities.core.fields_of_work import Field
from opportunities.demo.seeding import seed
from opportunities.roles.models import Opportunity
from opportunities.skills import loading
from tests.benchmarks import bench_skills
from tests.benchmarks.evaluate.short_profiles import drawn_market, guests, judge
from tests.demo.test_demo import AT

SPREAD_BEFORE = {"one field": 4.31, "two fields": 4.34}
"""Standard deviation, in points, of the first fifty on the demo market before decision 18."""


@pytest.mark.parametrize(
    ("fields", "skills", "before"), [(1, 0, 2.64), (2, 0, 2.67), (1, 2, 2.0), (2, 3, 2.0)]
)
def test_what_was_named_comes_first_and_lies_apart(fields, skills, before):
    market = drawn_market(1)
    found = judge(guests(2, market, fields=fields, skills=skills, count=20), market)

    assert found.wanted >= 0.8
    assert found.planted >= 0.95
    assert found.spread >= 2 * before


def test_skills_are_ranked_better_than_by_words_and_by_bm25():
    figures = bench_skills.compare(bench_skills.OWN, seeds=1, people=60)

    assert bench_skills.behind(figures) == []


@pytest.mark.django_db
@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("kind", SPREAD_BEFORE)
def test_the_demo_market_shows_the_fields_that_were_named(kind):
    loading.load_own_skills()
    seed(at=AT)
    ids = list(Opportunity.objects.open(at=AT).values_list("pk", flat=True))
    roles = [row.opportunity for row in read_roles(ids, at=AT).values()]
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
    assert np.mean(spreads) >= 2 * SPREAD_BEFORE[kind]
