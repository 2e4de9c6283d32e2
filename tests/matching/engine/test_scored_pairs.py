"""Few roles against many candidates: the quick way finds exactly what the plain way finds."""

import numpy as np
import pytest

from matching.engine import IDENTITY
from matching.engine.role_index import build_index
from matching.engine.scored_pairs import score_candidates, score_roles
from tests.benchmarks import market


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
