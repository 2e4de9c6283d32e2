"""Keep the stored lists equal to what the engine says of the tables.

One writer at a time, by the lock of the market's row, held from before reading to the commit: what
is written was computed from everything committed before, and both sides' lists change together.
Refreshing anything twice, late, or beside itself changes nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

import numpy as np
import structlog
from django.db import transaction
from numpy.typing import NDArray

from matching import list_rows, owing
from matching.carrying import Touched, carry, mend
from matching.engine import POINT, pack_candidates, pack_opportunities
from matching.engine.allocating import MIN_SAMPLE, price_of_new_role
from matching.models import Market, PackedCandidate, PackedRole, Price, RunInput, Subject
from matching.packed_rows import encode
from matching.pairing import Scored, nobody
from matching.priors import PRIORS
from matching.snapshot import State, advance, load_published, read_profiles, read_roles, share
from matching.snapshot.storing import Packed, later_of, store

logger = structlog.get_logger(__name__)

BATCH: Final = 100
"""Subjects refreshed in one transaction: the others wait for it."""


@dataclass(slots=True)
class _Memory:
    """The state that this process knows; None until it is first asked for."""

    state: State | None = None
    shared: tuple[int, int] = (0, -1)
    """Version and commit of the many that were last put into shared memory."""


_memory = _Memory()


def refresh_candidates(profile_ids: Collection[int], *, at: datetime) -> Touched:
    """Bring the lists of these candidates, and of the roles they meet, up to date."""
    return refresh({Subject.CANDIDATE: profile_ids}, at=at)


def refresh_candidate(profile_id: int, *, at: datetime) -> Touched:
    """Bring one candidate's list up to date."""
    return refresh_candidates([profile_id], at=at)


def refresh_opportunity(opportunity_id: int, *, at: datetime) -> Touched:
    """Bring every list that this role enters or leaves up to date."""
    return refresh({Subject.ROLE: [opportunity_id]}, at=at)


@transaction.atomic
def refresh(subjects: Mapping[Subject, Collection[int]], *, at: datetime) -> Touched:
    """Bring everything that follows from these subjects up to date, in one transaction.

    A role that a changed candidate leaves may need somebody else in its list's last place. To find
    out takes all candidates: the list is left cut, the role is owed, and refreshing it mends the
    list.
    """
    market = Market.locked()
    versions = {kind: owing.wanted(kind, ids) for kind, ids in subjects.items()}
    people = pack_profiles(subjects.get(Subject.CANDIDATE, ()), at=at)
    roles = pack_roles(subjects.get(Subject.ROLE, ()), at=at)
    touched = apply(market, people, roles)
    if touched.cut:
        owing.owe_free(Subject.ROLE, touched.cut, at=at)
    for kind, done in versions.items():
        touched.owed_since += owing.settle(kind, done)
    logger.info(
        "lists refreshed",
        candidates=len(people),
        roles=len(roles),
        written=touched.written,
        dropped=touched.dropped,
    )
    return touched


def apply(market: Market, people: "Packed", roles: "Packed") -> Touched:
    """Store packed rows and carry the published lists along; the caller holds the market's lock."""
    seq = market.seq + 1
    state = _state_of(market)
    changed_people = store(PackedCandidate, people, seq=seq)
    changed_roles = store(PackedRole, roles, seq=seq)
    touched = Touched()
    if state is None:
        return touched
    if changed_people or changed_roles:
        before = state
        later = later_of(
            {subject: people[subject] for subject in changed_people},
            {subject: roles[subject] for subject in changed_roles},
        )
        state, met = meet_priced(before.later(later, seq=seq, prices=before.prices), changed_roles)
        after = state
        transaction.on_commit(lambda: remember(after))
        touched = carry(
            before,
            after,
            candidate_ids=changed_people,
            role_ids=changed_roles,
            of_roles=met,
            seq=seq,
            may_cut=True,
        )
    if roles:
        cut = list_rows.read_cut(state.version, np.array(sorted(roles), np.int64))
        touched.written += mend(state, cut)
        touched.cut = sorted({*touched.cut} - {*cut.tolist()})
    return touched


def pack_profiles(profile_ids: Iterable[int], *, at: datetime) -> Packed:
    """Read profiles and return the rows to store."""
    if not (ids := list(profile_ids)):
        return {}
    facts = read_profiles(ids, at=at)
    found = sorted(facts)
    rows = encode(pack_candidates(facts[profile].candidate for profile in found))
    return dict.fromkeys(ids) | {
        profile: {
            **row,
            "source_version": facts[profile].version,
            "is_shown": facts[profile].is_shown,
        }
        for profile, row in zip(found, rows, strict=True)
    }


def pack_roles(opportunity_ids: Iterable[int], *, at: datetime) -> Packed:
    """Read roles and return the rows to store."""
    if not (ids := list(opportunity_ids)):
        return {}
    facts = read_roles(ids, at=at)
    found = sorted(facts)
    rows = encode(pack_opportunities((facts[role].opportunity for role in found), priors=PRIORS))
    return dict.fromkeys(ids) | {
        role: {**row, "source_version": facts[role].version}
        for role, row in zip(found, rows, strict=True)
    }


def _state_of(market: Market) -> State | None:
    """Return the published version as of the market's last commit; None before the first run."""
    if market.run_id is None:
        return None
    known = _memory.state
    if known is None or known.version != market.run_id or known.seq > market.seq:
        _memory.state = load_published(market.run_id, market.seq)
    else:
        _memory.state = advance(known, market.seq)
    return _memory.state


def remember(state: State) -> None:
    """Keep this as the state that this process knows, with its many in shared memory."""
    version, base = _memory.shared
    if (state.version, state.base) != (version, base):
        state = share(state, after=base if state.version == version else -1)
        _memory.shared = state.version, state.base
    _memory.state = state


def current() -> State | None:
    """Return the state that this process knows."""
    return _memory.state


def forget() -> None:
    """Drop what this process knows, so that it reads the market anew."""
    _memory.state, _memory.shared = None, (0, -1)
    duals_of.cache_clear()


def meet_priced(state: State, opportunity_ids: Sequence[int]) -> tuple[State, Scored]:
    """Meet roles with all candidates, and price those that this version has not priced.

    Prices follow from the mutual scores and the duals that the version's run kept.
    """
    if not opportunity_ids:
        return state, nobody()
    roles = state.pick_roles(opportunity_ids)
    met = state.meet(roles)
    new = np.flatnonzero([role not in state.prices for role in roles.ids.tolist()])
    if not len(new):
        return state, met
    sample, duals = duals_of(state.version)
    present = state.has(sample)
    sample, duals = sample[present], duals[present]
    # A market that outgrew a small sample is priced as if it were the sample, until the next run.
    population = state.population if len(sample) >= MIN_SAMPLE else len(sample)
    sampled = met.keep(np.isin(met.candidate, sample))
    prices: dict[int, int] = {}
    for role, places in zip(roles.ids[new].tolist(), roles.capacity[new].tolist(), strict=True):
        mutual = np.full(len(sample), -np.inf)
        mine = sampled.role == role
        mutual[np.searchsorted(sample, sampled.candidate[mine])] = sampled.mutual[mine] / POINT
        points = price_of_new_role(mutual, duals, population=population, places=places)
        prices[role] = round(points * POINT)
    Price.objects.bulk_create(
        Price(version=state.version, opportunity_id=role, price=price, by_run=False)
        for role, price in prices.items()
    )
    rank = met.rank.copy()
    for role, price in prices.items():
        rank[met.role == role] -= price
    return state.priced(prices), replace(met, rank=rank)


@lru_cache(maxsize=1)
def duals_of(version: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the candidates of a run's sample and their duals, which never change."""
    kept = RunInput.objects.only("dual_ids", "duals").get(run=version)
    return np.frombuffer(kept.dual_ids, np.int64), np.frombuffer(kept.duals, np.float64)
