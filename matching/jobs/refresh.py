"""Bring what the engine reads of some subjects up to date, and the lists of changed roles.

A candidate is read by one statement and stored by another, which writes nothing where somebody
else has refreshed the same candidate in between: then all begins again. Who computes a role, which
takes longer, holds an advisory lock on it. Different subjects are refreshed side by side; only the
number of the commit is taken in turn, in the last statement. Refreshing anything twice, late, or
beside itself changes nothing.
"""

import contextlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final

import numpy as np
import structlog
from django.db import OperationalError, transaction

from matching.engine import POINT, pack_candidates, pack_opportunities
from matching.engine.allocating import APPLIED, MARKET, MIN_SAMPLE, price_of_new_role
from matching.engine.columns import Candidates, Floats, Longs, Opportunities
from matching.engine.scored_pairs import RolePairs
from matching.jobs import introducing, latency, owed_work
from matching.jobs.owed_work import OWED
from matching.models import PackedCandidate, PackedRole, Price, RoleList, RunInput, Subject
from matching.priors import PRIORS
from matching.store import State, firsts, live, read_roles, role_lists
from matching.store.binary_cursor import binary_cursor
from matching.store.encode import encode
from matching.store.profiles import read_counted
from matching.store.write import (
    NOTHING_ASKED,
    Moved,
    Packed,
    Question,
    Stored,
    read_standings,
    store,
)
from opportunities.core import outbox

logger = structlog.get_logger(__name__)

BATCH: Final = 100
"""Subjects refreshed in one transaction."""
ROLE_LOCKS: Final = 715_004
"""Class of the advisory locks of roles; the second number is the role's."""
MOST_TRIES: Final = 5


def refresh_owed(
    kind: Subject, subject_ids: Iterable[int], *, clock: Callable[[], datetime]
) -> None:
    """Refresh those of the subjects that are owed, in batches, counting the attempt first."""
    ids = sorted(set(subject_ids))
    for first in range(0, len(ids), BATCH):
        owed = owed_work.begin(kind, ids[first : first + BATCH], at=clock())
        if not owed:
            continue
        try:
            done = refresh_subjects(kind, [row.subject_id for row in owed], at=clock())
        except OperationalError:
            # The database is away or busy, and the subjects are not to blame.
            with contextlib.suppress(OperationalError):
                outbox.give_back(OWED, owed, at=clock())
            raise
        except Exception as error:
            for row in owed:  # one alone: what was tried less often is not parked with others
                outbox.fail(OWED, [row], f"{type(error).__name__}: {error}", at=clock())
            raise
        now = clock()
        latency.record((now - since).total_seconds() for since in done.owed_since)


def refresh_subjects(kind: Subject, subject_ids: Collection[int], *, at: datetime) -> Stored:
    """Bring everything that follows from these subjects up to date, or nothing of it."""
    refresh = _refresh_candidates if kind is Subject.CANDIDATE else _refresh_roles
    for tries in range(1, 1 + MOST_TRIES):
        try:
            done = refresh(subject_ids, at=at)
        except Moved:
            if tries == MOST_TRIES:
                raise
        else:
            break
    logger.info("refreshed", kind=kind.value, changed=len(done.subject_ids))
    return done


def _refresh_candidates(profile_ids: Collection[int], *, at: datetime) -> Stored:
    packed, pairs, entering = _with_thresholds(pack_profiles(profile_ids, at=at), at=at)
    # One statement, which is its own transaction.
    stored = store(PackedCandidate, packed, unless=entering)
    if stored.found:
        with transaction.atomic():
            introducing.introduce_candidates(pairs.keep(np.array(stored.found)), at=at)
            stored = store(PackedCandidate, packed)
    return stored


@transaction.atomic
def _refresh_roles(role_ids: Collection[int], *, at: datetime) -> Stored:
    lock_roles(role_ids)
    return apply_roles(pack_roles(role_ids, at=at), at=at)


def lock_roles(role_ids: Collection[int]) -> None:
    """Lock these roles until the commit: nobody else refreshes them meanwhile."""
    numbers = np.unique(np.fromiter(role_ids, np.int64) % 2**31).astype(np.int32)
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, number) FROM unnest(%s::integer[]) AS number",
            [ROLE_LOCKS, numbers],
        )


def apply_roles(packed: Packed[Opportunities], *, at: datetime) -> Stored:
    """Store packed roles, their lists and prices; the caller holds the roles' locks.

    Whoever edits one of them waits from the last statement to the commit, and so does whoever
    commits a number.
    """
    market = packed.standings.market
    RoleList.objects.filter(pk__in=packed.away).delete()
    roles = packed.columns
    if len(roles) and (state := live.everyone(market)) is not None:
        state, pairs = list_roles(state, roles, at=at)
        introducing.introduce_roles(state, roles, pairs, at=at)
    stored = store(PackedRole, packed)
    if stored.subject_ids and stored.version != market.run_id:
        raise Moved
    return stored


def list_roles(state: State, roles: Opportunities, *, at: datetime) -> tuple[State, RolePairs]:
    """Write the lists of these roles, and price those that this version has not priced.

    Returns the state with their prices, and the pairs of the roles and every candidate.
    """
    pairs = state.score_roles(roles)
    rows = role_lists.Rows.of(roles.ids, pairs.keep(pairs.shown))
    role_lists.write(rows, version=state.version, seq=state.seq, at=at)
    return price_new(state, roles, pairs), pairs


def _with_thresholds(
    packed: Packed[Candidates], *, at: datetime
) -> tuple[Packed[Candidates], firsts.Entries, Question]:
    """Add to packed candidates what a role must exceed to enter their first ones.

    Returns also pairs of them and roles, and the question which are to be introduced to employers.
    """
    people = packed.columns
    if not len(people) or (state := live.known_to_worker(packed.standings.market)) is None:
        return packed, firsts.Entries.none(), NOTHING_ASKED
    first = firsts.first_lists(state, people)
    shown = np.array([packed.rows[person]["is_shown"] for person in people.ids.tolist()], np.bool_)
    told = np.flatnonzero(shown & firsts.names_skills(people))
    rows = {
        person: {**packed.rows[person], "threshold": threshold}
        for person, threshold in zip(people.ids.tolist(), first.thresholds.tolist(), strict=True)
    }
    pairs, entering = introducing.entering(state, people.ids[told], first.keep(told), at=at)
    return replace(packed, rows=rows), pairs, entering


def pack_profiles(profile_ids: Collection[int], *, at: datetime) -> Packed[Candidates]:
    """Read profiles and return the rows to store.

    Only those that count have one: what is frozen, priced, listed and counted is read from here.
    """
    standings, facts = read_counted(profile_ids, at=at)
    found = sorted(facts)
    people = pack_candidates(facts[profile].candidate for profile in found)
    rows = {
        profile: {
            **row,
            "source_version": facts[profile].version,
            "is_shown": facts[profile].is_shown,
        }
        for profile, row in zip(found, encode(people), strict=True)
    }
    return Packed(standings, rows, people)


def pack_roles(role_ids: Collection[int], *, at: datetime) -> Packed[Opportunities]:
    """Read roles and return the rows to store."""
    standings = read_standings(PackedRole, role_ids)
    facts = read_roles(role_ids, at=at)
    found = sorted(facts)
    roles = pack_opportunities((facts[role].opportunity for role in found), priors=PRIORS)
    rows = {
        role: {**row, "source_version": facts[role].version}
        for role, row in zip(found, encode(roles), strict=True)
    }
    return Packed(standings, rows, roles)


def price_new(state: State, roles: Opportunities, pairs: RolePairs) -> State:
    """Price those of the roles that this version has not priced.

    Prices follow from the mutual scores and the duals that the version's run kept.
    """
    new = np.flatnonzero([role not in state.prices for role in roles.ids.tolist()])
    if not len(new):
        return state
    sample, duals = duals_of(state.version)
    present = state.has(sample)
    sample, duals = sample[present], duals[present]
    # A market that outgrew a small sample is priced as if it were the sample, until the next run.
    population = state.population if len(sample) >= MIN_SAMPLE else len(sample)
    sampled = pairs.keep(np.isin(pairs.candidate, sample))
    market = MARKET.shared_by(population, state.places)
    prices: dict[int, int] = {}
    for role, places in zip(roles.ids[new].tolist(), roles.capacity[new].tolist(), strict=True):
        mutual = np.full(len(sample), -np.inf)
        mine = sampled.role == role
        mutual[np.searchsorted(sample, sampled.candidate[mine])] = sampled.mutual[mine] / POINT
        points = price_of_new_role(
            mutual, duals, population=population, places=places, market=market
        )
        prices[role] = round(APPLIED * points * POINT)
    Price.objects.bulk_create(
        (
            Price(version=state.version, opportunity_id=role, price=price)
            for role, price in prices.items()
        ),
        ignore_conflicts=True,
    )
    return state.priced(prices)


@lru_cache(maxsize=1)
def duals_of(version: int) -> tuple[Longs, Floats]:
    """Return the candidates of a run's sample and their duals, which never change."""
    kept = RunInput.objects.only("dual_ids", "duals").get(run=version)
    return np.frombuffer(kept.dual_ids, np.int64), np.frombuffer(kept.duals, np.float64)
