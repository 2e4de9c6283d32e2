"""The market in memory: what the engine reads at one version and one commit.

A state never changes; ``advance`` returns a newer one, which shares what is unchanged. Each process
keeps the state of the published version and brings it up to date by the packed rows of later
commits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine import POINT, Candidates, Opportunities, Vocabulary, pack_candidates
from matching.engine.role_index import RoleIndex, build_index
from matching.engine.scored_pairs import Met, Scored, meet, nobody, open_to, score_market, together
from matching.store.read import Later

type Longs = NDArray[np.int64]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Shelf:
    """Roles of a state with their index, which is built when first needed and then shared."""

    roles: Opportunities
    vocabulary: Vocabulary
    points: NDArray[np.float64]

    @cached_property
    def index(self) -> RoleIndex:
        """The roles arranged for ranking."""
        return build_index(self.roles, vocabulary=self.vocabulary, prices=self.points)


@dataclass(frozen=True, eq=False)
class Crowd:
    """Candidates of a state, by id, and which of them are still as they stand here."""

    candidates: Candidates
    shown: Flags
    """Whether employers may be shown each."""
    present: Flags

    def without(self, ids: Longs) -> "Crowd":
        """Return the crowd with these gone; their rows stay and are passed over."""
        places = pick(self.candidates.ids, ids)
        if not len(places):
            return self
        present = self.present.copy()
        present[places] = False
        return replace(self, present=present)


def crowd(candidates: Candidates, shown: Flags) -> Crowd:
    """Return a crowd in which all are present."""
    return Crowd(candidates, shown, np.ones(len(candidates), np.bool_))


MOST_LATE: Final = 2_000
"""Changed subjects beside the many unchanged before all are put together again."""


@dataclass(frozen=True, eq=False)
class State:
    """The market at one version, as of one commit: the many as read, and the few changed since.

    Roles that changed are gone from ``shelf`` and stand in ``late``; candidates likewise.
    """

    version: int
    seq: int
    base: int
    """The commit as of which the many stand together."""
    vocabulary: Vocabulary
    prices: Mapping[int, int]
    """Price of every role of this version, in ten-thousandths of a point."""
    shelf: Shelf
    gone: Longs
    """Roles of the shelf that are no longer as they stand there, ascending."""
    late: Shelf
    crowd: Crowd
    newcomers: Crowd

    def points(self, roles: Opportunities) -> NDArray[np.float64]:
        """Return the price of each of these roles in points."""
        return _points(self.prices, roles)

    def score(self, candidates: Candidates) -> Scored:
        """Return the eligible pairs of these candidates and every role in the market."""
        if not len(candidates):
            return nobody()
        early = score_market(candidates, self.shelf.index)
        if len(self.gone):
            early = early.keep(~np.isin(early.role, self.gone))
        if not len(self.late.roles):
            return early
        return together([early, score_market(candidates, self.late.index)])

    def open_to(self, candidates: Candidates) -> NDArray[np.int64]:
        """Return how many roles in the market pass every gate of each of these candidates."""
        people, roles = open_to(candidates, self.shelf.index)
        if len(self.gone):
            people = people[~np.isin(roles, self.gone)]
        late, _ = open_to(candidates, self.late.index)
        owners = np.concatenate([people, late])
        order = np.argsort(candidates.ids)
        places = order[np.searchsorted(candidates.ids, owners, sorter=order)]
        return np.bincount(places, minlength=len(candidates))

    def meet(self, roles: Opportunities) -> Met:
        """Return the eligible pairs of these few roles and every candidate in the market."""
        return Met.together(
            [
                meet(some.candidates, some.present, some.shown, roles, vocabulary=self.vocabulary)
                for some in (self.crowd, self.newcomers)
            ]
        )

    def pick_roles(self, ids: Iterable[int]) -> Opportunities:
        """Return those of the roles that are in the market, by id."""
        wanted = _ascending(ids)
        early = np.setdiff1d(wanted, self.gone)
        return _by_id(
            [
                self.shelf.roles.take(pick(self.shelf.roles.ids, early)),
                self.late.roles.take(pick(self.late.roles.ids, wanted)),
            ]
        )

    def has(self, ids: Longs) -> Flags:
        """Return whether each of these candidates is in the market."""
        held = np.zeros(len(ids), np.bool_)
        for some in (self.crowd, self.newcomers):
            known = some.candidates.ids
            if len(known):
                places = np.minimum(np.searchsorted(known, ids), len(known) - 1)
                held |= (known[places] == ids) & some.present[places]
        return held

    @property
    def role_count(self) -> int:
        """Return how many roles are in the market."""
        return len(self.shelf.roles) - len(self.gone) + len(self.late.roles)

    @property
    def population(self) -> int:
        """Return how many candidates are in the market."""
        return int(self.crowd.present.sum() + self.newcomers.present.sum())

    def later(self, changes: Later, *, seq: int, prices: Mapping[int, int]) -> "State":
        """Return the state after these changes."""
        fresh = replace(self, seq=seq, prices=prices)
        if len(changes.role_ids):
            kept = np.flatnonzero(~np.isin(self.late.roles.ids, changes.role_ids))
            late = _by_id([self.late.roles.take(kept), changes.roles])
            known = self.shelf.roles.ids
            gone = np.union1d(self.gone, known[pick(known, changes.role_ids)])
            fresh = replace(fresh, late=fresh.shelf_of(late), gone=gone)
        if len(changes.candidate_ids):
            some = self.newcomers.candidates
            stay = np.flatnonzero(~np.isin(some.ids, changes.candidate_ids))
            staying = some if len(stay) == len(some) else some.take(stay)
            people = Candidates.concatenate([staying, changes.candidates])
            order = np.argsort(people.ids)
            shown = np.concatenate([self.newcomers.shown[stay], changes.shown])[order]
            fresh = replace(
                fresh,
                crowd=self.crowd.without(changes.candidate_ids),
                newcomers=crowd(people.take(order), shown),
            )
        return fresh.together(most=MOST_LATE)

    def together(self, *, most: int = 0) -> "State":
        """Return the state with the late ones among the many, where they are more than so many."""
        state = self
        if len(self.late.roles) + len(self.gone) > most:
            rest = np.flatnonzero(~np.isin(self.shelf.roles.ids, self.gone))
            roles = _by_id([self.shelf.roles.take(rest), self.late.roles])
            state = replace(
                state,
                base=self.seq,
                shelf=self.shelf_of(roles),
                gone=np.zeros(0, np.int64),
                late=self.shelf_of(roles.take(np.zeros(0, np.int64))),
            )
        if len(self.newcomers.present) > most or (not most and not self.crowd.present.all()):
            here = np.flatnonzero(self.crowd.present)
            people = Candidates.concatenate(
                [self.crowd.candidates.take(here), self.newcomers.candidates]
            )
            order = np.argsort(people.ids)
            shown = np.concatenate([self.crowd.shown[here], self.newcomers.shown])[order]
            nobody = self.newcomers.candidates.take(np.zeros(0, np.int64))
            state = replace(
                state,
                base=self.seq,
                crowd=crowd(people.take(order), shown),
                newcomers=crowd(nobody, np.zeros(0, np.bool_)),
            )
        return state

    def priced(self, prices: Mapping[int, int]) -> "State":
        """Return the state with the prices of some new roles."""
        dearer = replace(self, prices={**self.prices, **prices})
        dearer = replace(dearer, late=dearer.shelf_of(self.late.roles))
        if len(pick(self.shelf.roles.ids, _ascending(prices))):
            return replace(dearer, shelf=dearer.shelf_of(self.shelf.roles))
        return dearer

    def shelf_of(self, roles: Opportunities) -> Shelf:
        """Return roles on a shelf with this version's prices and rarities."""
        return Shelf(roles, self.vocabulary, self.points(roles))


def new_state(
    *,
    version: int,
    seq: int,
    vocabulary: Vocabulary,
    prices: Mapping[int, int],
    roles: Opportunities,
    candidates: Candidates | None = None,
    shown: Flags | None = None,
) -> State:
    """Return a state in which nothing has changed yet; roles and candidates stand by id."""
    people = pack_candidates([]) if candidates is None else candidates
    nobody = pack_candidates([])
    no_roles = roles.take(np.zeros(0, np.int64))
    return State(
        version=version,
        seq=seq,
        base=seq,
        vocabulary=vocabulary,
        prices=prices,
        shelf=Shelf(roles, vocabulary, _points(prices, roles)),
        gone=np.zeros(0, np.int64),
        late=Shelf(no_roles, vocabulary, np.zeros(0)),
        crowd=crowd(people, np.zeros(len(people), np.bool_) if shown is None else shown),
        newcomers=crowd(nobody, np.zeros(0, np.bool_)),
    )


def _points(prices: Mapping[int, int], roles: Opportunities) -> NDArray[np.float64]:
    return np.array([prices.get(role, 0) / POINT for role in roles.ids.tolist()], np.float64)


def _ascending(ids: Iterable[int]) -> Longs:
    return np.unique(np.fromiter(ids, np.int64))


def _by_id(parts: Sequence[Opportunities]) -> Opportunities:
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else parts[0]
    roles = Opportunities.concatenate(filled)
    return roles.take(np.argsort(roles.ids))


def pick(ids: Longs, wanted: Longs) -> Longs:
    """Return where the wanted ids, ascending, stand among ascending ids."""
    if not len(ids):
        return np.zeros(0, np.int64)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    found: Longs = places[ids[places] == wanted].astype(np.int64)
    return found
