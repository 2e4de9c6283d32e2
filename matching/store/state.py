"""The market in memory: what the engine reads at one version and one commit.

A state never changes. It is a base, as of one commit, and the delta since: what was removed from
the base and what was added to it. ``apply_delta`` returns a newer state, which shares the base.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Self

import numpy as np

from matching.engine import POINT, Candidates, Opportunities, Vocabulary, pack_candidates
from matching.engine.columns import Flags, Floats, Longs
from matching.engine.role_index import RoleIndex, build_index
from matching.engine.scored_pairs import (
    RolePairs,
    ScoredPairs,
    open_to,
    score_candidates,
    score_roles,
)
from matching.store.read import UNKNOWN, Delta

_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class IndexedRoles:
    """Roles with their index, which is built when first needed and then shared."""

    roles: Opportunities
    vocabulary: Vocabulary
    points: Floats

    @cached_property
    def index(self) -> RoleIndex:
        """The roles arranged for ranking."""
        return build_index(self.roles, vocabulary=self.vocabulary, prices=self.points)


@dataclass(frozen=True, eq=False)
class CandidatePool:
    """Candidates by id, and which of them are still as they stand here."""

    candidates: Candidates
    shown: Flags
    """Whether employers may be shown each."""
    present: Flags
    thresholds: Longs
    """What a role must exceed to enter each one's first list; see ``State.first_lists``."""

    @classmethod
    def of(
        cls, candidates: Candidates, shown: Flags | None = None, thresholds: Longs | None = None
    ) -> Self:
        """Return a pool in which all are present; nobody is shown unless it is said who."""
        count = len(candidates)
        return cls(
            candidates,
            np.zeros(count, np.bool_) if shown is None else shown,
            np.ones(count, np.bool_),
            np.full(count, UNKNOWN, np.int64) if thresholds is None else thresholds,
        )

    def take(self, places: Longs) -> "CandidatePool":
        """Return the pool of those at these places, ascending."""
        if len(places) == len(self.present):
            return self
        return CandidatePool(
            self.candidates.take(places),
            self.shown[places],
            self.present[places],
            self.thresholds[places],
        )

    def merge(self, other: "CandidatePool") -> "CandidatePool":
        """Return the candidates of both by id, of whom nobody is in both and all are present."""
        people = Candidates.concatenate([self.candidates, other.candidates])
        order = np.argsort(people.ids)
        return CandidatePool.of(
            people.take(order),
            np.concatenate([self.shown, other.shown])[order],
            np.concatenate([self.thresholds, other.thresholds])[order],
        )

    def find(self, ids: Longs) -> tuple[Longs, Flags]:
        """Return where these candidates stand, and which of them are present."""
        places, here = find(self.candidates.ids, ids)
        known = np.flatnonzero(here)
        here[known] = self.present[places[known]]
        return places, here

    def remove(self, ids: Longs) -> "CandidatePool":
        """Return the pool without these; their rows stay and are passed over."""
        places = pick(self.candidates.ids, ids)
        if not len(places):
            return self
        present = self.present.copy()
        present[places] = False
        return replace(self, present=present)


MOST_ADDED: Final = 2_000
"""Changed subjects that a delta may hold before it is merged into the base."""


@dataclass(frozen=True, eq=False)
class State:
    """The market at one version, as of one commit: the base, and the few changed since."""

    version: int
    seq: int
    base: int
    """The commit that the base is of."""
    vocabulary: Vocabulary
    prices: Mapping[int, int]
    """Price of every role of this version, in ten-thousandths of a point."""
    base_roles: IndexedRoles
    removed_roles: Longs
    """Roles of the base that are no longer as they stand there, ascending."""
    added_roles: IndexedRoles
    base_pool: CandidatePool
    added_pool: CandidatePool

    def points(self, roles: Opportunities) -> Floats:
        """Return the price of each of these roles in points."""
        return _points(self.prices, roles)

    def score_candidates(self, candidates: Candidates) -> ScoredPairs:
        """Return the eligible pairs of these candidates and every role in the market."""
        if not len(candidates):
            return ScoredPairs.none()
        base = score_candidates(candidates, self.base_roles.index)
        if len(self.removed_roles):
            base = base.keep(~np.isin(base.role, self.removed_roles))
        if not len(self.added_roles.roles):
            return base
        return ScoredPairs.concatenate([base, score_candidates(candidates, self.added_roles.index)])

    def open_to(self, candidates: Candidates, *, alike: Longs, without: Longs = _NONE) -> Longs:
        """Return how many roles in the market pass every gate of each of these candidates.

        ``alike`` is that of ``scored_pairs.open_to``; ``without`` names roles that do not count.
        """
        gone = np.concatenate([self.removed_roles, without])
        base = open_to(candidates, self.base_roles.index, alike=alike, without=gone)
        return base + open_to(candidates, self.added_roles.index, alike=alike, without=without)

    def score_roles(self, roles: Opportunities) -> RolePairs:
        """Return the eligible pairs of these few roles and every candidate in the market."""
        return RolePairs.concatenate(
            [
                score_roles(
                    some.candidates, some.present, some.shown, roles, vocabulary=self.vocabulary
                )
                for some in (self.base_pool, self.added_pool)
            ]
        )

    def pick_roles(self, ids: Iterable[int]) -> Opportunities:
        """Return those of the roles that are in the market, by id."""
        wanted = _ascending(ids)
        base = np.setdiff1d(wanted, self.removed_roles)
        return _by_id(
            [
                self.base_roles.roles.take(pick(self.base_roles.roles.ids, base)),
                self.added_roles.roles.take(pick(self.added_roles.roles.ids, wanted)),
            ]
        )

    def fields_of(self, ids: Longs) -> Longs:
        """Return the code of the field of each of these roles, which are in the market."""
        codes = np.zeros(len(ids), np.int64)
        for roles in (self.base_roles.roles, self.added_roles.roles):
            places, here = find(roles.ids, ids)
            codes[here] = roles.field[places[here]]
        return codes

    def has(self, ids: Longs) -> Flags:
        """Return whether each of these candidates is in the market."""
        return self.base_pool.find(ids)[1] | self.added_pool.find(ids)[1]

    @property
    def role_count(self) -> int:
        """Return how many roles are in the market."""
        return len(self.base_roles.roles) - len(self.removed_roles) + len(self.added_roles.roles)

    @cached_property
    def musts(self) -> Mapping[tuple[int, int], int]:
        """How many roles in the market must have a skill at a level, by its code and the level."""
        asked: Counter[tuple[int, int]] = Counter()
        kept = ~np.isin(self.base_roles.roles.ids, self.removed_roles)
        for roles, is_open in (
            (self.base_roles.roles, kept),
            (self.added_roles.roles, np.ones(len(self.added_roles.roles), np.bool_)),
        ):
            chosen = roles.skill_must & np.repeat(is_open, np.diff(roles.skill_at))
            pairs = np.stack([roles.skill[chosen], roles.skill_level[chosen].astype(np.int64)])
            (codes, levels), counts = np.unique(pairs, axis=1, return_counts=True)
            subjects = zip(codes.tolist(), levels.tolist(), strict=True)
            asked.update(dict(zip(subjects, counts.tolist(), strict=True)))
        return asked

    @property
    def population(self) -> int:
        """Return how many candidates are in the market."""
        return int(self.base_pool.present.sum() + self.added_pool.present.sum())

    @property
    def places(self) -> int:
        """Return how many places all roles in the market have together."""
        base, added = self.base_roles.roles, self.added_roles.roles
        stay = ~np.isin(base.ids, self.removed_roles)
        return int(base.capacity[stay].sum() + added.capacity.sum())

    def apply_delta(self, delta: Delta, *, seq: int, prices: Mapping[int, int]) -> "State":
        """Return the state after the changes of later commits."""
        fresh = replace(self, seq=seq, prices=prices)
        if len(delta.role_ids):
            kept = np.flatnonzero(~np.isin(self.added_roles.roles.ids, delta.role_ids))
            added = _by_id([self.added_roles.roles.take(kept), delta.roles])
            known = self.base_roles.roles.ids
            removed = np.union1d(self.removed_roles, known[pick(known, delta.role_ids)])
            fresh = replace(fresh, added_roles=fresh.indexed(added), removed_roles=removed)
        if len(delta.candidate_ids):
            known = self.added_pool.candidates.ids
            stay = np.flatnonzero(~np.isin(known, delta.candidate_ids))
            arriving = CandidatePool.of(delta.candidates, delta.shown, delta.thresholds)
            fresh = replace(
                fresh,
                base_pool=self.base_pool.remove(delta.candidate_ids),
                added_pool=self.added_pool.take(stay).merge(arriving),
            )
        return fresh.compact(most=MOST_ADDED)

    def compact(self, *, most: int = 0) -> "State":
        """Return the state with its delta merged into the base, if that has over ``most`` rows."""
        state = self
        if len(self.added_roles.roles) + len(self.removed_roles) > most:
            rest = np.flatnonzero(~np.isin(self.base_roles.roles.ids, self.removed_roles))
            roles = _by_id([self.base_roles.roles.take(rest), self.added_roles.roles])
            state = replace(
                state,
                base=self.seq,
                base_roles=self.indexed(roles),
                removed_roles=np.zeros(0, np.int64),
                added_roles=self.indexed(roles.take(np.zeros(0, np.int64))),
            )
        if len(self.added_pool.present) > most or (not most and not self.base_pool.present.all()):
            here = np.flatnonzero(self.base_pool.present)
            state = replace(
                state,
                base=self.seq,
                base_pool=self.base_pool.take(here).merge(self.added_pool),
                added_pool=self.added_pool.take(np.zeros(0, np.int64)),
            )
        return state

    def priced(self, prices: Mapping[int, int]) -> "State":
        """Return the state with the prices of some new roles."""
        dearer = replace(self, prices={**self.prices, **prices})
        dearer = replace(dearer, added_roles=dearer.indexed(self.added_roles.roles))
        if len(pick(self.base_roles.roles.ids, _ascending(prices))):
            return replace(dearer, base_roles=dearer.indexed(self.base_roles.roles))
        return dearer

    def indexed(self, roles: Opportunities) -> IndexedRoles:
        """Return roles with this version's prices and rarities."""
        return IndexedRoles(roles, self.vocabulary, self.points(roles))


def new_state(
    *,
    version: int,
    seq: int,
    vocabulary: Vocabulary,
    prices: Mapping[int, int],
    roles: Opportunities,
    candidates: Candidates | None = None,
    shown: Flags | None = None,
    thresholds: Longs | None = None,
) -> State:
    """Return a state in which nothing has changed yet; roles and candidates stand by id."""
    nobody = pack_candidates([])
    no_roles = roles.take(np.zeros(0, np.int64))
    return State(
        version=version,
        seq=seq,
        base=seq,
        vocabulary=vocabulary,
        prices=prices,
        base_roles=IndexedRoles(roles, vocabulary, _points(prices, roles)),
        removed_roles=np.zeros(0, np.int64),
        added_roles=IndexedRoles(no_roles, vocabulary, np.zeros(0)),
        base_pool=CandidatePool.of(nobody if candidates is None else candidates, shown, thresholds),
        added_pool=CandidatePool.of(nobody),
    )


def _points(prices: Mapping[int, int], roles: Opportunities) -> Floats:
    return np.array([prices.get(role, 0) / POINT for role in roles.ids.tolist()], np.float64)


def _ascending(ids: Iterable[int]) -> Longs:
    return np.unique(np.fromiter(ids, np.int64))


def _by_id(parts: Sequence[Opportunities]) -> Opportunities:
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else parts[0]
    roles = Opportunities.concatenate(filled)
    return roles.take(np.argsort(roles.ids))


def find(ids: Longs, wanted: Longs) -> tuple[Longs, Flags]:
    """Return where each wanted id stands among ascending ids, and which of them do at all."""
    if not len(ids):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return places, ids[places] == wanted


def pick(ids: Longs, wanted: Longs) -> Longs:
    """Return where the wanted ids, ascending, stand among ascending ids."""
    places, here = find(ids, wanted)
    return places[here]
