"""Rank with NumPy: gates over bucket ranges, then scores of the eligible pairs.

This kernel always works and is what the compiled one is held against, bit for bit.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from matching.engine.candidate_view import CandidateView, view_candidates
from matching.engine.columns import Candidates, Flags, Ints, Longs, slices
from matching.engine.pairs import Scores, eligible_scores
from matching.engine.placing import Pairs, place_pairs
from matching.engine.records import MODES
from matching.engine.role_index import RoleIndex
from matching.engine.topk import EMPTY, keep_best, narrow, pack_keys

BLOCK: Final = 2048
"""Candidates ranked at once."""

_NONE: Final = np.zeros(0, np.int64)

CELLS: Final = 1 << 17
"""Pairs that are gated at once: few enough to stay in the processor's cache."""

WORTH_A_MATRIX: Final = 1024
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
        for pairs, scores in eligible_scores(
            view, index, eligible_pairs(view, index, np.arange(first, last))
        ):
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
    for pairs, found in scored(view, index):
        passing.append(rows[pairs.candidate])
        scores.append(found.fit if by_fit else found.mutual)
    return np.concatenate(passing), np.concatenate(scores)


def scored(view: CandidateView, index: RoleIndex) -> Iterator[tuple[Pairs, Scores]]:
    """Yield, by portions, all pairs that pass every gate, and their scores."""
    for first in range(0, len(view), BLOCK):
        people = np.arange(first, min(len(view), first + BLOCK))
        yield from eligible_scores(view, index, eligible_pairs(view, index, people))


def eligible_pairs(view: CandidateView, index: RoleIndex, people: Longs) -> Pairs:
    """Return the pairs of some candidates, ascending, that pass every gate but must-have skills."""
    pairs, fits = place_pairs(view, index, *gated_pairs(view, index, people))
    return pairs if fits.all() else pairs.keep(fits)


def gated_pairs(view: CandidateView, index: RoleIndex, people: Longs) -> tuple[Longs, Longs]:
    """Return the pairs of some candidates that pass all gates but must-have skills and calendar.

    They are ordered by candidate.
    """
    person, begins, ends = _open_ranges(view, index, people)
    needed, had = index.needed, view.had
    starts = np.flatnonzero(np.diff(begins, prepend=-1))
    counts = np.diff(starts, append=len(person))
    sizes = ends - begins
    is_large = counts * sizes[starts] >= WORTH_A_MATRIX
    chosen_people, chosen_roles = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    small = np.flatnonzero(~np.repeat(is_large, counts))
    cells = np.cumsum(sizes[small])
    for some in np.split(small, np.flatnonzero(np.diff(cells // CELLS)) + 1):
        candidate = np.repeat(person[some], sizes[some])
        role = slices(begins[some], sizes[some])
        is_open = (needed[:, role] <= had[:, candidate]).all(axis=0)
        chosen_people.append(candidate[is_open])
        chosen_roles.append(role[is_open])
    for start, count in zip(starts[is_large], counts[is_large], strict=True):
        roles = slice(begins[start], ends[start])
        width = roles.stop - roles.start
        step = max(1, CELLS // width)
        for place in range(start, start + count, step):
            some = person[place : min(start + count, place + step)]
            is_open = (needed[:, None, roles] <= had[:, some, None]).all(axis=0)
            row, column = np.divmod(np.flatnonzero(is_open), width)
            chosen_people.append(some[row])
            chosen_roles.append(column + roles.start)
    candidate, role = np.concatenate(chosen_people), np.concatenate(chosen_roles)
    if view.is_choosy[people].any():
        is_open = _in_open_fields(view, index, candidate, role)
        candidate, role = candidate[is_open], role[is_open]
    order = np.argsort(narrow(candidate, len(view)), kind="stable")
    return candidate[order], role[order]


def _open_ranges(
    view: CandidateView, index: RoleIndex, people: Longs
) -> tuple[Longs, Longs, Longs]:
    """Return the ranges of roles in buckets that modes, rights and regions leave open.

    Each stands once for everybody to whom it is open: their positions, where the range begins and
    where it ends. Neighboring buckets that the same people read are one range.
    """
    person, bucket = _open_buckets(view, index, people)
    starts = np.flatnonzero(np.diff(bucket, prepend=-1))
    counts = np.diff(starts, append=len(bucket))
    begins, ends = index.bucket_at[bucket[starts]], index.bucket_at[bucket[starts] + 1]
    before = np.append(0, counts)[:-1]
    alike = person == person[np.arange(len(person)) - np.repeat(before, counts)]
    goes_on = np.logical_and.reduceat(alike, starts) & (counts == before)
    goes_on[1:] &= begins[1:] == ends[:-1]
    first, last = np.flatnonzero(~goes_on), np.flatnonzero(~np.append(goes_on, False)[1:])
    kept = ~np.repeat(goes_on, counts)
    begins, ends = (np.repeat(at, counts[first]) for at in (begins[first], ends[last]))
    return person[kept], begins, ends


def _open_buckets(view: CandidateView, index: RoleIndex, people: Longs) -> tuple[Longs, Longs]:
    """Return the buckets that modes, rights and regions leave open, as pairs by bucket.

    Empty buckets are left out.
    """
    modes = view.candidates.modes
    countries = len(index.countries)

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
            countries + 2 * place[near],
            countries + 2 * place[there] + 1,
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
