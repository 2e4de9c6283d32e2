"""Score every eligible pair of some candidates and some roles."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final, Self

import numpy as np

from matching.engine import Candidates, Opportunities, Vocabulary
from matching.engine.candidate_view import view_candidates
from matching.engine.columns import Flags, Longs, Table, owning, slices
from matching.engine.numpy_kernel import gated_pairs, scored
from matching.engine.pairs import holding
from matching.engine.places import AREA_COLUMNS, PLACE_COLUMNS, reaches, rows_of
from matching.engine.placing import fitting
from matching.engine.ranking import KernelName, Order, kernel_for, kernel_named
from matching.engine.records import CREDIT_WISHES, MODES
from matching.engine.role_index import RoleIndex, build_index

BLOCK = 4096
_NONE: Final = np.zeros(0, np.int64)
WORTH_COMPILED: Final = 5_000
"""Candidates who might take one role from which on the compiled kernel scores them."""


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPairs(Table):
    """Eligible pairs by id, with what each side's list orders by."""

    candidate: Longs
    role: Longs
    fit: Longs
    mutual: Longs
    rank: Longs
    """Mutual score less the role's price: the order of the candidate's list."""


@dataclass(frozen=True, slots=True, eq=False)
class RolePairs(Table):
    """Eligible pairs by id, with what a role's list orders by."""

    candidate: Longs
    role: Longs
    mutual: Longs
    shown: Flags
    """Whether employers may be shown the candidate."""

    @classmethod
    def none(cls) -> Self:
        """Return no pairs."""
        empty = np.zeros(0, np.int64)
        return cls(empty, empty, empty, empty.astype(np.bool_))


def score_candidates(candidates: Candidates, index: RoleIndex) -> ScoredPairs:
    """Return all pairs that pass every gate, with their scores."""
    found = [ScoredPairs.none()]
    if len(index):
        found += [
            ScoredPairs(
                candidate=candidates.ids[pairs.candidate],
                role=index.opportunities.ids[pairs.role],
                fit=scores.fit,
                mutual=scores.mutual,
                rank=scores.mutual - index.price[pairs.role],
            )
            for pairs, scores in scored(view_candidates(candidates, index), index)
        ]
    return ScoredPairs.concatenate(found)


def open_to(
    candidates: Candidates, index: RoleIndex, *, alike: Longs, without: Longs = _NONE
) -> Longs:
    """Return how many roles pass every gate of each candidate, some left out by their ids.

    ``alike`` has for each candidate the place of one who differs in skills alone, or their own: all
    gates but the must-have skills are asked once for all of these.
    """
    counts = np.zeros(len(candidates), np.int64)
    view = view_candidates(candidates, index)
    stays = ~np.isin(index.opportunities.ids, without)
    has_musts = np.diff(index.must_at) > 0
    asked = np.unique(alike)
    for first in range(0, len(asked), BLOCK):
        some = asked[first : first + BLOCK]
        person, role = gated_pairs(view, index, some)
        asked_of = stays[role]
        person, role = person[asked_of], role[asked_of]
        fits = fitting(view, index, person, role)
        person, role = person[fits], role[fits]
        for one in some:
            own = role[slice(*np.searchsorted(person, [one, one + 1]))]
            picky = own[has_musts[own]]
            for place in np.flatnonzero(alike == one):
                held = holding(view, index, int(place), picky)
                counts[place] = len(own) - len(picky) + np.count_nonzero(held)
    return counts


def may_take(candidates: Candidates, roles: Opportunities, place: int) -> Flags:
    """Return who passes the gates of one role, but for weeks that differ and must-haves."""
    differs = owning(candidates.week_at)
    passing: Flags = (candidates.hours >= roles.weekly[place]) | differs
    passing &= candidates.rate_floor <= roles.gate_rate[place]
    passing &= (candidates.modes >> roles.mode[place] & 1).astype(np.bool_)
    first, days = roles.start_earliest[place], roles.days[place]
    last = roles.start_latest[place]
    over = candidates.available_until.astype(np.float64) + 1
    passing &= (candidates.available_from <= last) & (first <= last)
    passing &= (days <= over - candidates.available_from) & (first + days <= over)
    passing &= candidates.age_ok >= roles.min_age[place]
    if roles.requires_enrolment[place]:
        passing &= candidates.enrolled
    if not roles.credit[place]:
        passing &= candidates.credit != CREDIT_WISHES.index("required")
    if np.diff(candidates.only_at).any():
        is_choosy = owning(candidates.only_at)
        passing &= ~is_choosy | _has(candidates.only_at, candidates.only, roles.field[place])
    if roles.work_rights[place]:
        passing &= _has(candidates.right_at, candidates.right, roles.work_rights[place])
    if roles.mode[place] != MODES.index("remote"):
        rows = np.flatnonzero(passing)
        passing[rows] = _reach(candidates, rows, roles, place)
    return passing


def _reach(candidates: Candidates, rows: Longs, roles: Opportunities, place: int) -> Flags:
    """Return who of these rows reaches a role by the name of its region or by an area."""
    passing = _has(candidates.region_at, candidates.region, roles.region[place])[rows]
    first, last = roles.place_at[place : place + 2]
    if first < last:
        starts = candidates.area_at[rows]
        counts = candidates.area_at[rows + 1] - starts
        near = reaches(
            rows_of(candidates, AREA_COLUMNS, slices(starts, counts)),
            rows_of(roles, PLACE_COLUMNS, slice(first, last)),
        ).any(axis=1)
        passing[np.repeat(np.arange(len(rows)), counts)[near]] = True
    return passing


def _has(at: Longs, codes: Longs, wanted: np.int64) -> Flags:
    """Return which candidates have a code among their own."""
    holders: Flags = np.zeros(len(at) - 1, np.bool_)
    holders[np.searchsorted(at, np.flatnonzero(codes == wanted), side="right") - 1] = True
    return holders


def _kernel_for(pairs: int) -> KernelName:
    """Return the kernel for one role; the compiled one repays being loaded in a large market."""
    return "fast" if pairs >= WORTH_COMPILED and find_spec("numba") else kernel_for(pairs)


def score_roles(
    candidates: Candidates,
    present: Flags,
    shown: Flags,
    roles: Opportunities,
    *,
    vocabulary: Vocabulary,
    order: Order = "mutual",
) -> RolePairs:
    """Return the eligible pairs of a few roles and all candidates that are present, scored.

    With the order ``fit`` the pairs hold the fit in place of the mutual score.
    """
    found = [RolePairs.none()]
    for place in range(len(roles)):
        rows = np.flatnonzero(may_take(candidates, roles, place) & present)
        if not len(rows):
            continue
        passing, scores = kernel_named(_kernel_for(len(rows))).score_role(
            candidates,
            rows,
            build_index(roles.take(np.array([place])), vocabulary=vocabulary),
            by_fit=order == "fit",
        )
        found.append(
            RolePairs(
                candidate=candidates.ids[passing],
                role=np.full(len(passing), roles.ids[place]),
                mutual=scores,
                shown=shown[passing],
            )
        )
    return RolePairs.concatenate(found)
