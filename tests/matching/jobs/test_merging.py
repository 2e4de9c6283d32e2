"""The lists of cells become those of all candidates and of all roles, however both were cut."""

from datetime import UTC, datetime
from itertools import pairwise, permutations
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import IDENTITY, pack_candidates, pack_opportunities, rank
from matching.engine.role_index import build_index
from matching.engine.topk import EMPTY, lists_of, pack_keys
from matching.jobs.runs import cells
from matching.jobs.runs.cells import Best, keys_of, merge, merge_parts, rank_cell
from matching.models import Run, RunCell, RunPart
from matching.models.market import KEPT
from matching.priors import PRIORS
from matching.store.firsts import names_skills
from tests.matching.engine.markets import market

WIDTH = 5
PEOPLE, ROLES = 25, 30
cuts = st.lists(st.integers(0, 30), max_size=4)


def pieces(places, count):
    """Return consecutive ranges of so many rows, cut at these places; some may be empty."""
    bounds = [0, *sorted(min(place, count) for place in places), count]
    return [np.arange(first, last) for first, last in pairwise(bounds)]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(13, 24))
def test_lists_of_parts_merge_into_those_of_the_whole_in_any_order(seed, cut, later):
    people, roles = market(seed, PEOPLE, ROLES)
    candidates = pack_candidates(people)
    opportunities = pack_opportunities(roles, priors=PRIORS)
    whole = rank(candidates, opportunities, k=WIDTH).opportunities
    parts = []
    for rows in pieces([cut, later], PEOPLE):
        lists = rank(candidates.take(rows), opportunities, k=WIDTH).opportunities
        parts.append((rows[0], keys_of(lists, np.arange(len(rows)))))

    for turn in permutations(parts):
        best = np.full((ROLES, WIDTH), EMPTY, np.int64)
        for first, keys in turn:
            best = merge(best, keys, first=first)
        merged = lists_of(best, candidates.ids, np.arange(PEOPLE, dtype=np.int32))
        assert np.array_equal(merged.ids, whole.ids)
        assert np.array_equal(merged.scores, whole.scores)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), cuts, cuts)
def test_cells_of_any_cut_of_both_sides_give_the_lists_of_the_whole(seed, of_people, of_roles):
    draw = np.random.default_rng(seed)
    people, roles = market(seed, PEOPLE, ROLES)
    candidates = pack_candidates(people)
    opportunities = pack_opportunities(roles, priors=PRIORS)
    shown, prices = draw.random(PEOPLE) < 0.7, draw.integers(0, 9, ROLES) * 0.5
    vocabulary = IDENTITY.weigh(opportunities)
    known = {"k": WIDTH, "vocabulary": vocabulary, "prices": prices}
    both = rank(candidates, opportunities, **known).candidates
    seen = np.flatnonzero(shown)
    of_seen = rank(candidates.take(seen), opportunities, **known).opportunities
    by_fit = rank(candidates, opportunities, **known, order="fit").candidates
    named = names_skills(candidates)[:, None]

    role_keys = np.full((ROLES, WIDTH), EMPTY, np.int64)
    ids, scores, first_ids = [], [], []
    with mock.patch.multiple(cells, KEPT=WIDTH, FIRST=WIDTH):
        for rows in pieces(of_people, PEOPLE):
            some = candidates.take(rows)
            best = Best.nothing(some)
            for chosen in pieces(of_roles, ROLES):
                index = build_index(
                    opportunities.take(chosen), vocabulary=vocabulary, prices=prices[chosen]
                )
                found, keys = rank_cell(index, some, shown[rows])
                begin = int(chosen[0]) if len(chosen) else 0
                best = best.merge(found, begin=begin) if len(chosen) else best
                best = Best.from_bytes(best.to_bytes(), some)
                if len(rows) and len(chosen):
                    role_keys[chosen] = merge(role_keys[chosen], keys, first=int(rows[0]))
            lists = best.listed(opportunities.ids)
            ids.append(lists.ids)
            scores.append(lists.scores)
            first_ids.append(best.first(lists, some, opportunities.ids).ids)

    assert np.array_equal(np.concatenate(ids), both.ids)
    assert np.array_equal(np.concatenate(scores), both.scores)
    assert np.array_equal(np.concatenate(first_ids), np.where(named, both.ids, by_fit.ids))
    merged = lists_of(role_keys, candidates.ids, np.arange(PEOPLE, dtype=np.int32))
    assert np.array_equal(merged.ids, of_seen.ids)
    assert np.array_equal(merged.scores, of_seen.scores)


@pytest.mark.django_db
@pytest.mark.parametrize("begin", [0, 32_500, 999_000])
def test_lists_are_found_wherever_their_roles_stand_in_the_run(begin):
    """Places and numbers of roles together pass what two bytes hold, 32,767."""
    run = Run.objects.create(created_at=datetime(2026, 11, 1, tzinfo=UTC))
    part = RunPart.objects.create(
        run=run, number=0, count=2, first_id=7, last_id=9,
        thresholds=np.array([7, 9], np.int64).tobytes() + bytes(8),
    )  # fmt: skip
    keys = np.full((300, KEPT), EMPTY, np.int64)
    keys[150, -2:] = pack_keys(np.array([40, 60]), np.array([1, 0]))
    RunCell.objects.create(part=part, number=0, begin=begin, count=300, role_lists=keys.tobytes())

    lists = merge_parts(run.pk, begin=begin + 100, count=200)

    assert (lists.ids[50, :3].tolist(), lists.scores[50, :2].tolist()) == ([7, 9, -1], [60, 40])
    assert (np.delete(lists.ids, 50, axis=0) == -1).all()
