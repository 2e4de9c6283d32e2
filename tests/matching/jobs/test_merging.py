"""The roles' lists of parts become those of all candidates."""

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import pack_candidates, pack_opportunities, rank
from matching.engine.topk import EMPTY, lists_of
from matching.jobs.runs.merging import keys_of, merge
from matching.priors import PRIORS
from tests.matching.engine.markets import market

WIDTH = 5


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(13, 24))
def test_lists_of_parts_merge_into_those_of_the_whole_in_any_order(seed, cut, later):
    people, roles = market(seed, 25, 30)
    candidates = pack_candidates(people)
    opportunities = pack_opportunities(roles, priors=PRIORS)
    whole = rank(candidates, opportunities, k=WIDTH).opportunities
    parts = []
    for first, last in ((0, cut), (cut, later), (later, 25)):
        some = candidates.take(np.arange(first, last))
        lists = rank(some, opportunities, k=WIDTH).opportunities
        parts.append((first, keys_of(lists, np.arange(last - first))))

    for turn in permutations(parts):
        best = np.full((30, WIDTH), EMPTY, np.int64)
        for first, keys in turn:
            best = merge(best, keys, first=first)
        merged = lists_of(best, candidates.ids, np.arange(25, dtype=np.int32))
        assert np.array_equal(merged.ids, whole.ids)
        assert np.array_equal(merged.scores, whole.scores)
