"""Rank with NumPy: gates over bucket ranges, then scores of the eligible pairs.

This kernel always works and is what the compiled one is held against, bit for bit.
"""

from typing import Final

import numpy as np

from matching.engine.candidate_view import CandidateView
from matching.engine.columns import Flags, Longs
from matching.engine.pairs import Pairs, eligible_scores, place_pairs
from matching.engine.records import MODES
from matching.engine.role_index import RoleIndex
from matching.engine.topk import EMPTY, keep_best, pack_keys

BLOCK: Final = 1024
"""Candidates ranked at once unless the caller says otherwise."""


def sweep(
    view: CandidateView,
    index: RoleIndex,
    *,
    ties: Longs,
    kept: Longs,
    width: int,
    by_fit: bool,
    block: int,
) -> Longs:
    """Return the best keys of every candidate, shape (n, width), and update those of the roles.

    ``ties`` are the tie numbers of the candidates. ``kept`` has shape (m, k) and holds the keys of
    the roles in the order of the index; its rows are heaps. Candidates' keys carry the mutual score
    less the role's price, or the fit; roles' keys carry the mutual score. ``block`` candidates are
    ranked at once; 0 leaves it to the kernel.
    """
    best = np.full((len(view), width), EMPTY, np.int64)
    step = block or BLOCK
    for first in range(0, len(view), step):
        last = min(len(view), first + step)
        pairs, scores = eligible_scores(view, index, eligible_pairs(view, index, first, last))
        ranking = scores.fit if by_fit else scores.mutual - index.price[pairs.role]
        keep_best(best, pairs.candidate, pack_keys(ranking, index.tie[pairs.role]))
        keep_best(kept, pairs.role, pack_keys(scores.mutual, ties[pairs.candidate]))
    return best


def eligible_pairs(view: CandidateView, index: RoleIndex, first: int, last: int) -> Pairs:
    """Return the pairs of some candidates that pass every gate but the must-have skills."""
    chosen = [_open_roles(view, index, person) for person in range(first, last)]
    candidate = np.repeat(np.arange(first, last), [len(roles) for roles in chosen])
    role = np.concatenate([np.zeros(0, np.int64), *chosen])
    pairs, fits = place_pairs(view, index, candidate, role)
    return pairs.keep(fits)


def _open_roles(view: CandidateView, index: RoleIndex, person: int) -> Longs:
    allowed = np.zeros(len(index.countries), np.bool_)
    allowed[0] = True
    allowed[view.right[view.right_at[person] : view.right_at[person + 1]]] = True
    return np.concatenate(
        [np.zeros(0, np.int64)]
        + [
            start + np.flatnonzero(_open(view, index, person, slice(start, end), allowed))
            for start, end in bucket_ranges(view, index, person)
        ]
    )


def bucket_ranges(view: CandidateView, index: RoleIndex, person: int) -> list[tuple[int, int]]:
    """Return the ranges of roles that a candidate's modes and regions leave open."""
    modes = view.candidates.modes[person]
    regions = view.region[view.region_at[person] : view.region_at[person + 1]]
    buckets = [0] if modes >> MODES.index("remote") & 1 else []
    if modes >> MODES.index("hybrid") & 1:
        buckets += [1 + int(region) for region in regions]
    if modes >> MODES.index("onsite") & 1:
        buckets += [1 + len(index.regions) + int(region) for region in regions]
    at = index.bucket_at
    return [
        (int(at[bucket]), int(at[bucket + 1])) for bucket in buckets if at[bucket] < at[bucket + 1]
    ]


def _open(
    view: CandidateView, index: RoleIndex, person: int, roles: slice, allowed: Flags
) -> Flags:
    people = view.candidates
    passed: Flags = index.load_rank[roles] <= view.load_rank[person]
    passed &= index.rate_rank[roles] >= view.rate_rank[person]
    passed &= index.latest[roles] >= people.available_from[person]
    passed &= index.days_rank[roles] <= view.days_rank[person]
    passed &= index.ends_rank[roles] <= view.ends_rank[person]
    passed &= (index.flags[roles] & view.forbidden[person]) == 0
    passed &= index.opportunities.min_age[roles] <= people.age_ok[person]
    passed &= allowed[index.country[roles]]
    return passed
