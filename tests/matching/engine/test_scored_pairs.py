"""Few roles against many candidates: the quick way finds exactly what the plain way finds."""

import random
from dataclasses import replace

import numpy as np
import pytest

from matching.engine import IDENTITY, pack_candidates, pack_opportunities
from matching.engine.role_index import build_index
from matching.engine.scored_pairs import open_to, score_candidates, score_roles
from matching.priors import PRIORS
from tests.benchmarks import market
from tests.matching.engine import markets


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
    counts = np.bincount(scored.candidate, minlength=len(people)).reshape(25, 4)
    assert (counts[:, 1:] > counts[:, :1]).any()
    assert sorted(zip(*(ids.tolist() for ids in together), strict=True)) == sorted(
        zip(scored.candidate.tolist(), scored.role.tolist(), strict=True)
    )
