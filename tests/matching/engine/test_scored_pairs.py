"""Few roles against many candidates: the quick way finds exactly what the plain way finds."""

import random
from dataclasses import replace

import numpy as np
import pytest

from matching.engine import IDENTITY, pack_candidates, pack_opportunities, scored_pairs
from matching.engine.role_index import build_index
from matching.engine.scored_pairs import (
    may_take,
    open_to,
    score_candidates,
    score_roles,
)
from matching.priors import PRIORS
from tests.benchmarks import market
from tests.matching.engine import markets
from tests.matching.engine.kernel_mutants import TAXONOMY


@pytest.fixture(params=["numpy", "fast"])
def kernel(request, monkeypatch):
    monkeypatch.setattr(scored_pairs, "_kernel_for", lambda _: request.param)


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("seed", range(3))
def test_scoring_roles_one_by_one_equals_scoring_all_pairs(seed):
    people = market.candidates(3_000, seed=seed)
    roles = market.opportunities(40, seed=seed + 50)
    places = np.arange(len(people))
    present, shown = places % 5 > 0, places % 3 > 0
    plain = score_candidates(
        people.take(np.flatnonzero(present)), build_index(roles, vocabulary=IDENTITY)
    )

    found = score_roles(people, present, shown, roles, vocabulary=IDENTITY)

    def rows(pairs):
        names = (pairs.role, pairs.candidate, pairs.mutual)
        return sorted(zip(*(name.tolist() for name in names), strict=True))

    assert len(found.role) > 300
    assert rows(found) == rows(plain)
    assert np.array_equal(found.shown, shown[np.searchsorted(people.ids, found.candidate)])


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("order", ["mutual", "fit"])
@pytest.mark.parametrize("seed", range(5))
def test_so_it_does_with_weeks_that_differ_musts_and_related_skills(seed, order):
    people, roles = markets.market(seed, 400, 30)
    draw = random.Random(seed)
    roles += [
        replace(role, id=100 + role.id, skills=tuple(replace(s, must=True) for s in role.skills))
        for role in draw.sample(roles, 10)
    ]
    people = pack_candidates(people, vocabulary=TAXONOMY)
    roles = pack_opportunities(roles, priors=PRIORS, vocabulary=TAXONOMY)
    known = TAXONOMY.weigh(roles)
    everybody = np.ones(len(people), np.bool_)

    found = score_roles(people, everybody, everybody, roles, vocabulary=known, order=order)

    plain = score_candidates(people, build_index(roles, vocabulary=known))
    expected = zip(plain.role, plain.candidate, getattr(plain, order), strict=True)
    assert len(plain) > 300
    assert sorted(zip(found.role, found.candidate, found.mutual, strict=True)) == sorted(expected)


def test_who_may_take_a_role_lacks_at_most_a_must_or_a_week():
    people, roles = markets.market(3, 300, 60)
    people = [replace(person, blocked_weeks=frozenset(), weekly_hours=()) for person in people]
    roles = [replace(role, skills=()) for role in roles]
    columns = pack_candidates(people), pack_opportunities(roles, priors=PRIORS)

    open_now = {
        (int(person), role)
        for role in range(len(roles))
        for person in np.flatnonzero(may_take(*columns, role))
    }

    plain = score_candidates(columns[0], build_index(columns[1], vocabulary=IDENTITY))
    assert len(plain) > 1_000
    assert open_now == set(zip(plain.candidate.tolist(), plain.role.tolist(), strict=True))


def test_people_who_differ_in_skills_alone_are_asked_for_gates_together():
    draw = random.Random(5)
    roles = [markets.opportunity(draw, number) for number in range(300)]
    asked = sorted({(skill.name, skill.level) for role in roles for skill in role.skills})
    people, alike = [], []
    for _ in range(25):
        base = markets.busy(draw)
        alike += 4 * [len(people)]
        learnt = (dict(draw.sample(asked, 3)) for _ in range(3))
        people += [base, *(replace(base, skills={**base.skills, **more}) for more in learnt)]
    people = [replace(person, id=number) for number, person in enumerate(people)]
    columns = pack_candidates(people, vocabulary=IDENTITY)
    index = build_index(
        pack_opportunities(roles, priors=PRIORS, vocabulary=IDENTITY), vocabulary=IDENTITY
    )

    together = open_to(columns, index, alike=np.array(alike))

    scored = score_candidates(columns, index)
    assert len(scored.candidate) > 400
    counts = np.bincount(scored.candidate, minlength=len(people))
    assert (counts.reshape(25, 4)[:, 1:] > counts.reshape(25, 4)[:, :1]).any()
    assert together.tolist() == counts.tolist()
    # One role is left out, then two others, then four, until each was.
    for some in np.split(np.array(draw.sample(range(300), 300)), [1, 3, 7, 15, 31, 63, 127]):
        others = open_to(columns, index, alike=np.array(alike), without=some)
        left_out = scored.candidate[np.isin(scored.role, some)]
        assert (together - others).tolist() == np.bincount(left_out, minlength=100).tolist()
