"""The live index: the market as this process knows it, and the open roles ranked on it.

One query says whether what a process knows is still current, and only what changed since is read.
Requests know the open roles, workers every candidate too. Before the first run there are no packed
rows: the tables themselves are read.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, cast

import numpy as np
from django.core.cache import caches
from django.db.models import Subquery

from matching.engine import IDENTITY, Candidate, Candidates, pack_candidates, pack_opportunities
from matching.engine.columns import Longs
from matching.engine.skills import code_of
from matching.engine.topk import best_first
from matching.models import Market, PackedRole
from matching.priors import PRIORS
from matching.store import State, advance, load_published, new_state, read_roles, share
from matching.store.encode import encode
from matching.store.write import Position
from opportunities.roles.models import Opportunity

type Order = Literal["mutual", "fit"]

UNRUN: Final = 0
"""The version of a market that no run has published yet."""

ROLES_AT_ONCE: Final = 1_000
"""Roles of a ranking that are looked through before it is asked whether that is enough."""


@dataclass(slots=True)
class _Known:
    """The one state of this process, and the lock under which it is replaced."""

    with_candidates: bool
    state: State | None = None
    file: tuple[int, int] = (0, -1)
    """Version and commit of the file that was last mapped or written."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, version: int, seq: int) -> State:
        """Return the version's state as of a commit, or of a later one that was read already."""
        known = self.state
        if known is not None and (known.version, known.seq) == (version, seq):
            return known
        with self.lock:
            known = self.state
            if known is not None and known.seq > seq:
                # Another thread was quicker, or the database was restored.
                market = Market.load()
                version, seq = market.run_id or UNRUN, market.seq
            if known is None or known.version != version or known.seq > seq:
                known = load_published(version, seq, with_candidates=self.with_candidates)
            else:
                known = advance(known, seq, with_candidates=self.with_candidates)
            return self.keep(known)

    def following_roles(self, version: int, seq: int, roles_seq: int | None) -> State:
        """Return a state whose roles are those of a commit; its candidates may be older."""
        known = self.state
        if known and known.version == version and (roles_seq or 0) <= known.seq <= seq:
            return known
        return self.at(version, seq)

    def keep(self, state: State) -> State:
        """Remember this state; a large market is put into a file that processes share."""
        version, base = self.file
        if self.with_candidates and (state.version, state.base) != (version, base):
            state = share(state, after=base if state.version == version else -1)
            self.file = state.version, state.base
        self.state = state
        return state

    def forget(self) -> None:
        """Forget the market, so that it is read anew."""
        self.state, self.file = None, (0, -1)


_roles = _Known(with_candidates=False)
_everyone = _Known(with_candidates=True)


def roles(*, at: datetime) -> State:
    """Return the open roles, prices and vocabulary as of the last commit that changed a role.

    Other commits are of candidates: what was ranked before them still holds.
    """
    newest = PackedRole.objects.order_by("-seq").values("seq")[:1]
    market = Market.objects.filter(pk=1, run__isnull=False).annotate(roles_seq=Subquery(newest))
    row = market.values_list("run_id", "seq", "roles_seq").first()
    return _from_tables(at) if row is None else _roles.following_roles(*row)


def everyone(market: Market | Position) -> State | None:
    """Return the roles and candidates as of the market's commit; None before the first run."""
    return None if market.run_id is None else _everyone.at(market.run_id, market.seq)


def known_to_worker(market: Position) -> State | None:
    """Return a state whose roles are those of the market's commit; its candidates may be older.

    What one candidate's refresh reads: it need not follow the changes of all the others. None
    before the first run.
    """
    version, seq, roles_seq = market
    return None if version is None else _everyone.following_roles(version, seq, roles_seq)


def keep(state: State) -> None:
    """Remember a state with all candidates, so that it need not be read again."""
    _everyone.keep(state)


def forget() -> None:
    """Forget the market, so that it is read anew."""
    _roles.forget()
    _everyone.forget()


def _from_tables(at: datetime) -> State:
    """Return what stands before the first run, which relates the skills."""
    ids = Opportunity.objects.listed(at=at).order_by("id").values_list("id", flat=True)
    facts = [found.opportunity for found in read_roles(ids, at=at).values()]
    return new_state(
        version=UNRUN,
        seq=0,
        vocabulary=IDENTITY,
        prices={},
        roles=pack_opportunities(
            sorted(facts, key=lambda role: role.id), priors=PRIORS, vocabulary=IDENTITY
        ),
    )


@dataclass(frozen=True, slots=True)
class Ranking:
    """All roles whose gates this person passes, best first, ties by id."""

    state: State
    person: Candidate
    ids: Longs
    ranks: Longs
    """Mutual score less price, or fit, in ten-thousandths of a point."""
    order: Order = "mutual"

    def __len__(self) -> int:
        return len(self.ids)

    def count_in(self, fields: Iterable[str], *, enough: int) -> int:
        """Return how many roles are in some fields; from ``enough`` on they are not counted."""
        codes, found = [code_of(name) for name in fields], 0
        for first in range(0, len(self), ROLES_AT_ONCE):
            some = self.state.fields_of(self.ids[first : first + ROLES_AT_ONCE])
            found += int(np.isin(some, codes).sum())
            if found >= enough:
                break
        return found

    def count(self, *, hidden: Iterable[int] = ()) -> int:
        """Return how many roles are left without the hidden ones."""
        return len(self) - int(np.isin(self.ids, np.fromiter(hidden, np.int64)).sum())


def rank_roles(person: Candidate, *, at: datetime, order: Order = "mutual") -> Ranking:
    """Rank every open role for this person."""
    state = roles(at=at)
    people = columns_of([person], state)

    def ranked() -> tuple[Longs, Longs]:
        scored = state.score_candidates(people)
        ranks = scored.fit if order == "fit" else scored.rank
        best = best_first(ranks, scored.role)
        return scored.role[best], ranks[best]

    ids, ranks = cached(order, people, state, ranked)
    return Ranking(state, person, ids, ranks, order)


def count_open(
    people: Sequence[Candidate], *, at: datetime, state: State | None = None
) -> list[int]:
    """Return, for each of these people, how many open roles pass every gate.

    ``state`` is the market where the caller has asked for it already.
    """
    state = state or roles(at=at)
    columns = columns_of(people, state)

    def counted() -> list[int]:
        counts: list[int] = state.open_to(columns, alike=_alike(people)).tolist()
        return counts

    return cached("count", columns, state, counted)


def count_beyond(found: Ranking, people: Sequence[Candidate]) -> list[int]:
    """Return, for each of these people, how many open roles pass every gate and are not ranked.

    Far quicker than counting all for people who are like the one of the ranking but for a limit.
    """
    columns = columns_of([found.person, *people], found.state)

    def counted() -> list[int]:
        others = columns.take(np.arange(1, len(columns)))
        counts: list[int] = found.state.open_to(
            others, alike=_alike(people), without=found.ids
        ).tolist()
        return counts

    return cached("beyond", columns, found.state, counted)


def _alike(people: Sequence[Candidate]) -> Longs:
    """Return for each the place of the first who differs in nothing but skills."""
    without_skills = [replace(person, skills={}) for person in people]
    return np.array([without_skills.index(person) for person in without_skills], np.int64)


def cached[Result](
    what: str,
    people: Candidates,
    state: State,
    compute: Callable[[], Result],
    *,
    cache: str = "rankings",
) -> Result:
    """Return what follows from these people and one commit of the market, computed once.

    Several pages of one person, and the counts beside the first questions, ask the same.
    """
    if state.version == UNRUN:
        return compute()
    digest = hashlib.sha256()
    for row in encode(people):
        digest.update(b"".join(row.values()))
    name = f"{what}.{state.version}.{state.seq}.{digest.hexdigest()}"
    return cast("Result", caches[cache].get_or_set(name, compute))


def columns_of(people: Iterable[Candidate], state: State) -> Candidates:
    """Return people as columns, numbered from 0."""
    numbered = [replace(person, id=number) for number, person in enumerate(people)]
    return pack_candidates(numbered, vocabulary=state.vocabulary)
