"""Few roles against many candidates: the quick way finds exactly what the plain way finds."""

import numpy as np
import pytest

from matching.engine import IDENTITY
from matching.engine.role_index import build_index
from matching.list_rows import best
from matching.pairing import meet, score_market
from tests.benchmarks import market


@pytest.mark.parametrize("seed", range(3))
def test_meeting_roles_one_by_one_equals_scoring_all_pairs(seed):
    people = market.candidates(3_000, seed=seed)
    roles = market.opportunities(40, seed=seed + 50)
    points = np.linspace(0, 12, len(roles)).round(3)
    present = np.arange(len(people)) % 5 > 0
    plain = score_market(
        people.take(np.flatnonzero(present)),
        build_index(roles, vocabulary=IDENTITY, prices=points),
    )

    met = meet(people, present, roles, vocabulary=IDENTITY, points=points)

    def rows(scored):
        names = (scored.role, scored.candidate, scored.mutual, scored.rank)
        return sorted(zip(*(name.tolist() for name in names), strict=True))

    assert len(met) > 300
    assert rows(met) == rows(plain)
    assert (met.mutual > met.rank).any()


def test_the_best_are_cut_at_k_and_ties_go_to_the_lower_id():
    owners = np.array([7, 7, 7, 2])
    others = np.array([9, 4, 1, 5])
    scores = np.array([50, 50, 60, 10])

    found = best(owners, others, scores, k=2, everyone=np.array([2, 3, 7]))

    assert found.owners.tolist() == [2, 3, 7]
    assert found.lengths.tolist() == [1, 0, 2]
    assert found.ids.tolist() == [5, 1, 4]
    assert found.scores.tolist() == [10, 60, 50]
