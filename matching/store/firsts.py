"""The first ten of each candidate: what a role must exceed to be among them, and which roles do.

A list is not kept. One number a candidate is, the *threshold*: the rank of their tenth role when
they were last ranked, by a refresh of their own or by the last run. Ranks are in ten-thousandths of
a point, in the order in which the person is shown roles: mutual score less price, or the fit alone
for who names no skills.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.engine import POINT, Candidates, Opportunities, Ranker
from matching.engine.columns import Flags, Longs, Table, owning
from matching.engine.ranking import Order
from matching.engine.role_index import RoleIndex, build_index
from matching.engine.scored_pairs import RolePairs, score_candidates, score_roles
from matching.engine.topk import best_first
from matching.store.read import UNKNOWN
from matching.store.state import State

FIRST: Final = 10
"""How many roles are a candidate's first ones, and how many candidates a role's."""
NOT_FULL: Final = -(2**31)
"""The threshold of who passes the gates of fewer roles: every further one enters."""
SPARE: Final = 50
"""Further roles that are ranked where some of the best may have left the market."""
MOST_COMPARED: Final = 5_000
"""Of the pairs that a changed role enters, the best are compared with what it was before."""


@dataclass(frozen=True, slots=True, eq=False)
class FirstLists(Table):
    """The first roles of some candidates, best first; a place without one has the id -1."""

    ids: Longs
    ranks: Longs

    @property
    def thresholds(self) -> Longs:
        """What a further role must exceed, for each candidate."""
        return np.where(self.ids[:, FIRST - 1] >= 0, self.ranks[:, FIRST - 1], NOT_FULL)


@dataclass(frozen=True, slots=True, eq=False)
class Entries(Table):
    """Pairs in which a role enters the first ones of a candidate."""

    candidate: Longs
    role: Longs
    rank: Longs


def names_skills(candidates: Candidates) -> Flags:
    """Return who names skills: the others are shown roles in the order of the fit."""
    return owning(candidates.skill_at)


def first_lists(state: State, candidates: Candidates) -> FirstLists:
    """Return the first roles of these candidates in the market as it is."""
    removed = state.removed_roles
    most = FIRST + SPARE if len(removed) else FIRST
    ids, ranks = _best(candidates, state.base_roles.index, most)
    if len(removed):
        was_full = ids[:, -1] >= 0
        left = (ids >= 0) & ~np.isin(ids, removed)
        ids, ranks = np.where(left, ids, -1), np.where(left, ranks, NOT_FULL)
        for row in np.flatnonzero(was_full & (left.sum(axis=1) < FIRST)):
            ids[row], ranks[row] = _best_of_all(state, candidates.take(np.array([row])), most)
    if len(state.added_roles.roles):
        added = _best(candidates, state.added_roles.index, FIRST)
        ids, ranks = np.hstack([ids, added[0]]), np.hstack([ranks, added[1]])
    order = np.lexsort((ids, -ranks), axis=1)[:, :FIRST]
    return FirstLists(np.take_along_axis(ids, order, 1), np.take_along_axis(ranks, order, 1))


def _best(candidates: Candidates, index: RoleIndex, most: int) -> tuple[Longs, Longs]:
    """Return ids and ranks of the best roles of each candidate, in each one's own order."""
    ids = np.full((len(candidates), most), -1, np.int64)
    ranks = np.full((len(candidates), most), NOT_FULL, np.int64)
    named = names_skills(candidates)
    orders: tuple[tuple[Order, Flags], ...] = (("mutual", named), ("fit", ~named))
    for order, chosen in orders:
        rows = np.flatnonzero(chosen)
        if len(rows) and len(index):
            ranker = Ranker(index, k=most, order=order, one_sided=True)
            lists = ranker.rank(candidates if chosen.all() else candidates.take(rows))
            ids[rows] = lists.ids
            ranks[rows] = np.where(lists.ids >= 0, lists.scores, NOT_FULL)
    return ids, ranks


def _best_of_all(state: State, person: Candidates, most: int) -> tuple[Longs, Longs]:
    """Return one candidate's best roles where most of their best have left the market."""
    scored = score_candidates(person, state.base_roles.index)
    scored = scored.keep(~np.isin(scored.role, state.removed_roles))
    own = scored.rank if names_skills(person)[0] else scored.fit
    best = best_first(own, scored.role)[:most]
    ids, ranks = np.full(most, -1, np.int64), np.full(most, NOT_FULL, np.int64)
    ids[: len(best)], ranks[: len(best)] = scored.role[best], own[best]
    return ids, ranks


def entries(state: State, roles: Opportunities, pairs: RolePairs) -> Entries:
    """Return whose first ones these roles, as they will be stored, enter.

    ``pairs`` are those of the roles and every candidate. A role that is in the market already
    enters only where it was not among the first before it changed.
    """
    thresholds, named = _known_of(state, pairs.candidate)
    rank = pairs.mutual - _prices(state, roles, pairs.role)
    enters = named & (rank > thresholds)
    found = [Entries(pairs.candidate[enters], pairs.role[enters], rank[enters])]
    for pool in (state.base_pool, state.added_pool):
        by_fit = pool.present & ~names_skills(pool.candidates)
        if not by_fit.any():
            continue
        fits = score_roles(
            pool.candidates, by_fit, pool.shown, roles, vocabulary=state.vocabulary, order="fit"
        )
        known, _ = _known_of(state, fits.candidate)
        above = fits.mutual > known
        found.append(Entries(fits.candidate[above], fits.role[above], fits.mutual[above]))
    return _new_ones(state, Entries.concatenate(found))


def _new_ones(state: State, found: Entries) -> Entries:
    """Leave out the pairs in which the role was among the first ones before it changed."""
    before = state.pick_roles(np.unique(found.role).tolist())
    if not len(before):
        return found
    known = np.isin(found.role, before.ids)
    changed = found.keep(known)
    changed = changed.keep(np.argsort(-changed.rank, kind="stable")[:MOST_COMPARED])
    people = people_of(state, np.unique(changed.candidate))
    index = build_index(before, vocabulary=state.vocabulary, prices=state.points(before))
    scored = score_candidates(people, index)
    thresholds, named = _known_of(state, scored.candidate)
    was_first = np.where(named, scored.rank, scored.fit) >= thresholds
    keys = _pair_keys(before.ids, scored.candidate[was_first], scored.role[was_first])
    stays = ~np.isin(_pair_keys(before.ids, changed.candidate, changed.role), keys)
    return Entries.concatenate([found.keep(~known), changed.keep(stays)])


def _pair_keys(role_ids: Longs, candidates: Longs, roles: Longs) -> Longs:
    """Return one number for each pair of a candidate and one of a few roles, by id."""
    keys: Longs = candidates * len(role_ids) + np.searchsorted(role_ids, roles)
    return keys


def people_of(state: State, ids: Longs) -> Candidates:
    """Return those of these candidates, by ascending id, who are in the market."""
    parts = []
    for pool in (state.base_pool, state.added_pool):
        places, here = pool.find(ids)
        parts.append(pool.candidates.take(places[here]))
    people = Candidates.concatenate(parts)
    return people.take(np.argsort(people.ids))


def _known_of(state: State, ids: Longs) -> tuple[Longs, Flags]:
    """Return each candidate's threshold, and whether they name skills."""
    thresholds, named = np.full(len(ids), UNKNOWN, np.int64), np.ones(len(ids), np.bool_)
    for pool in (state.base_pool, state.added_pool):
        places, here = pool.find(ids)
        thresholds[here] = pool.thresholds[places[here]]
        named[here] = names_skills(pool.candidates)[places[here]]
    return thresholds, named


def _prices(state: State, roles: Opportunities, of: Longs) -> Longs:
    """Return the price of the role of each pair, in ten-thousandths of a point."""
    order = np.argsort(roles.ids)
    prices = np.rint(state.points(roles)[order] * POINT).astype(np.int64)
    return prices[np.searchsorted(roles.ids, of, sorter=order)]
