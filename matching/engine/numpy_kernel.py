"""Rank with NumPy: gates over bucket ranges, then scores of the eligible pairs.

This kernel always works and is what the compiled one is held against, bit for bit.
"""

from typing import Final

import numpy as np

from matching.engine.candidate_view import CandidateView, view_candidates
from matching.engine.columns import Candidates, Flags, Ints, Longs, slices
from matching.engine.pairs import eligible_scores
from matching.engine.placing import Pairs, place_pairs
from matching.engine.records import MODES
from matching.engine.role_index import LACKS_CREDIT, NEEDS_ENROLMENT, RoleIndex
from matching.engine.topk import EMPTY, keep_best, narrow, pack_keys

BLOCK: Final = 2048
"""Candidates ranked at once."""

_NONE: Final = np.zeros(0, np.int64)

CELLS: Final = 1 << 17
"""Pairs that are gated at once: few enough to stay in the processor's cache."""

WORTH_A_MATRIX: Final = 4096
"""Pairs of a bucket from which on its candidates and roles are compared as rows and columns."""


def sweep(
    view: CandidateView,
    index: RoleIndex,
    *,
    ties: Longs,
    kept: Longs,
    width: int,
    by_fit: bool,
) -> Longs:
    """Return the best keys of every candidate, shape (n, width), and update those of the roles.

    ``ties`` are the tie numbers of the candidates. ``kept`` has shape (m, k) and holds the keys of
    the roles in the order of the index; its rows are heaps. Candidates' keys carry the mutual score
    less the role's price, or the fit; roles' keys carry the mutual score.
    """
    best = np.full((len(view), width), EMPTY, np.int64)
    for first in range(0, len(view), BLOCK):
        last = min(len(view), first + BLOCK)
        roles, keys = [_NONE], [_NONE]
        for pairs, scores in eligible_scores(view, index, eligible_pairs(view, index, first, last)):
            ranking = scores.fit if by_fit else scores.mutual - index.price[pairs.role]
            keep_best(best, pairs.candidate, pack_keys(ranking, index.tie[pairs.role]))
            roles.append(pairs.role)
            keys.append(pack_keys(scores.mutual, ties[pairs.candidate]))
        keep_best(kept, np.concatenate(roles), np.concatenate(keys))
    return best


def score_role(
    candidates: Candidates, rows: Longs, index: RoleIndex, *, by_fit: bool
) -> tuple[Longs, Longs]:
    """Return those of the ascending rows who may take the only role of an index, and their scores.

    The rows are of candidates who pass all gates but must-have skills and weeks that differ; the
    scores are mutual ones, or fits.
    """
    view = view_candidates(candidates.take(rows), index)
    passing, scores = [_NONE], [_NONE]
    for first in range(0, len(view), BLOCK):
        gated = eligible_pairs(view, index, first, min(len(view), first + BLOCK))
        for pairs, found in eligible_scores(view, index, gated):
            passing.append(rows[pairs.candidate])
            scores.append(found.fit if by_fit else found.mutual)
    return np.concatenate(passing), np.concatenate(scores)


def eligible_pairs(view: CandidateView, index: RoleIndex, first: int, last: int) -> Pairs:
    """Return the pairs of some candidates that pass every gate but the must-have skills."""
    person, bucket = open_buckets(view, index, np.arange(first, last))
    needed, had = _limits(view, index)
    starts = np.flatnonzero(np.diff(bucket, prepend=-1))
    counts = np.diff(starts, append=len(bucket))
    sizes = np.diff(index.bucket_at)
    is_large = counts * sizes[bucket[starts]] >= WORTH_A_MATRIX
    chosen_people, chosen_roles = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    small = np.flatnonzero(~np.repeat(is_large, counts))
    cells = np.cumsum(sizes[bucket[small]])
    for some in np.split(small, np.flatnonzero(np.diff(cells // CELLS)) + 1):
        candidate = np.repeat(person[some], sizes[bucket[some]])
        role = slices(index.bucket_at[bucket[some]], sizes[bucket[some]])
        is_open = (needed[:, role] <= had[:, candidate]).all(axis=0)
        chosen_people.append(candidate[is_open])
        chosen_roles.append(role[is_open])
    for start, end in zip(starts[is_large], (starts + counts)[is_large], strict=True):
        roles = slice(*index.bucket_at[bucket[start] : bucket[start] + 2])
        width = roles.stop - roles.start
        step = max(1, CELLS // width)
        for place in range(start, end, step):
            people = person[place : min(end, place + step)]
            is_open = (needed[:, None, roles] <= had[:, people, None]).all(axis=0)
            row, column = np.divmod(np.flatnonzero(is_open), width)
            chosen_people.append(people[row])
            chosen_roles.append(column + roles.start)
    candidate, role = np.concatenate(chosen_people), np.concatenate(chosen_roles)
    if view.is_choosy[first:last].any():
        is_open = _in_open_fields(view, index, candidate, role)
        candidate, role = candidate[is_open], role[is_open]
    order = np.argsort(narrow(candidate, len(view)), kind="stable")
    pairs, fits = place_pairs(view, index, candidate[order], role[order])
    return pairs if fits.all() else pairs.keep(fits)


def open_buckets(view: CandidateView, index: RoleIndex, people: Longs) -> tuple[Longs, Longs]:
    """Return the buckets that modes, rights and regions leave open, as pairs by bucket.

    Empty buckets are left out.
    """
    modes = view.candidates.modes
    countries, places = len(index.countries), len(index.place_country)

    def willing(mode: str, some: Longs) -> Flags:
        accepted: Flags = (modes[some] >> MODES.index(mode) & 1) > 0
        return accepted

    worker, right = _slices_of(view.right_at, view.right, people)
    resident, place = _open_places(view, index, people, worker, right)
    anywhere, home = people[willing("remote", people)], willing("remote", worker)
    near, there = willing("hybrid", resident), willing("onsite", resident)
    person = np.concatenate([anywhere, worker[home], resident[near], resident[there]])
    bucket = np.concatenate(
        [
            np.zeros_like(anywhere),
            right[home],
            countries + place[near],
            countries + places + place[there],
        ]
    )
    filled = np.diff(index.bucket_at)[bucket] > 0
    person, bucket = person[filled], bucket[filled]
    order = np.lexsort((person, bucket))
    return person[order], bucket[order]


def _open_places(
    view: CandidateView, index: RoleIndex, people: Longs, worker: Longs, right: Longs
) -> tuple[Longs, Longs]:
    """Return the places in the candidates' regions that their rights allow, with their owners."""
    resident, region = _slices_of(view.region_at, view.region, people)
    counts = np.diff(index.place_at)[region]
    owner = np.repeat(resident, counts)
    place = slices(index.place_at[:-1][region], counts)
    countries = len(index.countries)
    country = index.place_country[place]
    allowed = np.isin(owner * countries + country, worker * countries + right)
    allowed |= country == 0
    return owner[allowed], place[allowed]


def _in_open_fields(view: CandidateView, index: RoleIndex, candidate: Longs, role: Longs) -> Flags:
    """Return which pairs are of a field that the candidate left open."""
    fields = len(index.fields)
    owner, field = _slices_of(view.only_at, view.only, np.arange(len(view)))
    named = np.isin(candidate * fields + index.field[role], owner * fields + field)
    is_open: Flags = named | ~view.is_choosy[candidate]
    return is_open


def _slices_of(at: Longs, column: Ints, people: Longs) -> tuple[Longs, Longs]:
    """Return the owners and the entries of a ragged column for some candidates."""
    counts = np.diff(at)[people]
    return np.repeat(people, counts), column[slices(at[:-1][people], counts)].astype(np.int64)


def _limits(view: CandidateView, index: RoleIndex) -> tuple[Ints, Ints]:
    """Return the plain gates as limits: what roles need (rows: gates) and candidates have.

    A role is open where it needs no more of anything than the candidate has.
    """
    roles, people = index.opportunities, view.candidates
    needed = (
        index.load_rank,
        -index.rate_rank,
        -index.latest,
        index.days_rank,
        index.ends_rank,
        roles.min_age,
        *(index.flags & bit for bit in (NEEDS_ENROLMENT, LACKS_CREDIT)),
    )
    had = (
        view.load_rank,
        -view.rate_rank,
        -people.available_from,
        view.days_rank,
        view.ends_rank,
        people.age_ok,
        *(~view.forbidden & bit for bit in (NEEDS_ENROLMENT, LACKS_CREDIT)),
    )
    return np.array(needed, np.int32), np.array(had, np.int32)
