"""Few roles against many candidates: the quick way finds exactly what the plain way finds."""

import numpy as np
import pytest
from matching.list_rows import best, enter

from matching.engine import IDENTITY
from matching.engine.role_index import build_index
from matching.models.lists import KEPT
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


def test_one_entry_enters_each_list_where_sorting_would_put_it():
    draw = np.random.default_rng(3)
    owners = np.repeat(np.arange(40), draw.integers(0, KEPT + 1, 40))
    others = np.concatenate(
        [2 * draw.permutation(1_000)[:n] for n in np.bincount(owners, minlength=40)]
    )
    scores = draw.integers(0, 9, len(owners))
    lists = best(owners, others, scores, k=KEPT, everyone=np.arange(40))
    places = np.flatnonzero(draw.random(40) < 0.7)
    # Below, among and above the other ids, of which none is odd.
    new, worth = 2 * draw.integers(-1, 1_001, len(places)) + 1, draw.integers(0, 9, len(places))
    sorted_in = best(
        np.concatenate([owners, places]),
        np.concatenate([others, new]),
        np.concatenate([scores, worth]),
        k=KEPT,
        everyone=np.arange(40),
    )

    entered = enter(lists, places, new, worth)

    for name in ("owners", "lengths", "ids", "scores"):
        assert np.array_equal(getattr(entered, name), getattr(sorted_in, name))
