"""Bring what the engine reads of some subjects up to date, and the lists of changed roles.

Whoever refreshes a subject holds an advisory lock on it: what is written was read after
everything committed before. Different subjects are refreshed side by side; only the number of the
commit is taken in turn, in the last statement. Refreshing anything twice, late, or beside itself
changes nothing.
"""

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import numpy as np
import structlog
from django.db import OperationalError, transaction
from numpy.typing import NDArray

from matching.engine import POINT, pack_candidates, pack_opportunities
from matching.engine.allocating import APPLIED, MARKET, MIN_SAMPLE, price_of_new_role
from matching.engine.columns import Candidates, Opportunities
from matching.engine.scored_pairs import RolePairs
from matching.jobs import introducing, latency, owed_work
from matching.models import (
    Market,
    OwedWork,
    PackedCandidate,
    PackedRole,
    Price,
    RunInput,
    Subject,
)
from matching.priors import PRIORS
from matching.store import State, firsts, live, read_profiles, read_roles, role_lists
from matching.store.binary_cursor import binary_cursor
from matching.store.encode import encode
from matching.store.write import Packed, store

logger = structlog.get_logger(__name__)

BATCH: Final = 100
"""Subjects refreshed in one transaction."""
SUBJECT_LOCKS: Final = {Subject.CANDIDATE: 715_003, Subject.ROLE: 715_004}
"""Classes of advisory locks; the second number is the subject's."""
MOST_TRIES: Final = 5

_MODELS: Final[Mapping[Subject, type[PackedCandidate | PackedRole]]] = {
    Subject.CANDIDATE: PackedCandidate,
    Subject.ROLE: PackedRole,
}

_LOCK: Final = f"""
    SELECT owed.subject_id, owed.wanted
    FROM (
        SELECT subject, pg_advisory_xact_lock(%(locks)s, number)
        FROM unnest(%(ids)s::bigint[], %(numbers)s::integer[]) AS asked (subject, number)
    ) AS locked
    LEFT JOIN {OwedWork._meta.db_table} AS owed ON owed.kind = %(kind)s
        AND owed.subject_id = locked.subject AND owed.done < owed.wanted
"""  # noqa: S608


class VersionMoved(Exception):
    """A run was published while lists and prices of the version before were computed."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Whose packed rows changed, which lists were written, and since when this was owed."""

    changed: list[int]
    listed: list[int]
    owed_since: list[datetime]


def refresh_owed(
    kind: Subject, subject_ids: Iterable[int], *, clock: Callable[[], datetime]
) -> None:
    """Refresh those of the subjects that are owed, in batches, counting the attempt first."""
    ids = sorted(set(subject_ids))
    for first in range(0, len(ids), BATCH):
        batch = owed_work.begin(kind, ids[first : first + BATCH], at=clock())
        if not batch:
            continue
        try:
            done = refresh_subjects(kind, batch, at=clock())
        except OperationalError:
            # The database is away or busy, and the subjects are not to blame.
            with contextlib.suppress(OperationalError):
                owed_work.give_back(kind, batch)
            raise
        except Exception as error:
            owed_work.note_failure(kind, batch, f"{type(error).__name__}: {error}")
            raise
        now = clock()
        latency.record((now - since).total_seconds() for since in done.owed_since)


def refresh_subjects(kind: Subject, subject_ids: Collection[int], *, at: datetime) -> Refreshed:
    """Bring everything that follows from these subjects up to date, in one transaction."""
    for tries in range(1, 1 + MOST_TRIES):
        try:
            done = _refresh(kind, subject_ids, at=at)
        except VersionMoved:
            if tries == MOST_TRIES:
                raise
        else:
            break
    logger.info("refreshed", kind=kind.value, changed=len(done.changed), lists=len(done.listed))
    return done


@transaction.atomic
def _refresh(kind: Subject, subject_ids: Collection[int], *, at: datetime) -> Refreshed:
    versions = lock_subjects(kind, subject_ids)
    packed = (pack_profiles if kind is Subject.CANDIDATE else pack_roles)(subject_ids, at=at)
    return apply(kind, packed, settles=versions, at=at)


def lock_subjects(kind: Subject, subject_ids: Collection[int]) -> dict[int, int]:
    """Lock these subjects until the commit: nobody else refreshes them meanwhile.

    Returns the version wanted of each that is owed, as it was before the lock was waited for: what
    was asked for while another refreshed the subject stays owed.
    """
    ids = np.unique(np.fromiter(subject_ids, np.int64))
    ids = ids[np.argsort(ids % 2**31, kind="stable")]
    with binary_cursor(prepares=True) as cursor:
        cursor.execute(
            _LOCK,
            {
                "locks": SUBJECT_LOCKS[kind],
                "ids": ids,
                "numbers": (ids % 2**31).astype(np.int32),
                "kind": kind.value,
            },
        )
        return {subject: wanted for subject, wanted in cursor.fetchall() if subject is not None}


def apply(
    kind: Subject, packed: Packed, *, at: datetime, settles: Mapping[int, int] | None = None
) -> Refreshed:
    """Store packed rows, and lists and prices of roles; the caller holds the subjects' locks.

    ``settles`` are the versions of owed work that this does. Whoever edits one of its subjects
    waits from the last statement to the commit, and so does whoever commits a number.
    """
    version, listed = None, list[int]()
    if isinstance(packed.columns, Opportunities):
        market = Market.load()
        role_lists.drop(packed.rows.keys() - packed.columns.ids.tolist())
        version, listed = market.run_id, _list_roles(market, packed.columns, at=at)
    else:
        packed = _with_thresholds(packed, packed.columns, at=at)
    stored = store(_MODELS[kind], packed, settles=settles)
    if kind is Subject.ROLE and stored.subject_ids and stored.version != version:
        raise VersionMoved
    return Refreshed(stored.subject_ids, listed, stored.owed_since)


def _list_roles(market: Market, roles: Opportunities, *, at: datetime) -> list[int]:
    """Write the list of each of these roles as they will be stored; return which have one."""
    if not len(roles) or (state := live.everyone(market)) is None:
        return []
    state, pairs = list_roles(state, roles, at=at)
    introducing.introduce_roles(state, roles, pairs, at=at)
    return list(map(int, roles.ids))


def list_roles(state: State, roles: Opportunities, *, at: datetime) -> tuple[State, RolePairs]:
    """Write the lists of these roles, and price those that this version has not priced.

    Returns the state with their prices, and the pairs of the roles and every candidate.
    """
    pairs = state.score_roles(roles)
    rows = role_lists.Rows.of(roles.ids, pairs.keep(pairs.shown))
    role_lists.write(rows, version=state.version, seq=state.seq, at=at)
    return price_new(state, roles, pairs), pairs


def _with_thresholds(packed: Packed, people: Candidates, *, at: datetime) -> Packed:
    """Add to packed candidates what a role must exceed to enter their first ones.

    Candidates who enter the first ones of a role are introduced to its employer.
    """
    if not len(people) or (state := live.known_to_worker()) is None:
        return packed
    here = {person: row for person, row in sorted(packed.rows.items()) if row is not None}
    first = firsts.first_lists(state, people)
    shown = np.array([row["is_shown"] for row in here.values()], np.bool_)
    told = np.flatnonzero(shown & firsts.names_skills(people))
    introducing.introduce_candidates(state, people.ids[told], first.take(told), at=at)
    thresholds = first.thresholds.tolist()
    fresh = {
        person: {**row, "threshold": threshold}
        for (person, row), threshold in zip(here.items(), thresholds, strict=True)
    }
    return replace(packed, rows={**packed.rows, **fresh})


def pack_profiles(profile_ids: Collection[int], *, at: datetime) -> Packed:
    """Read profiles and return the rows to store.

    Only those that count have one: what is frozen, priced, listed and counted is read from here.
    """
    facts = read_profiles(profile_ids, at=at, only_counted=True)
    found = sorted(facts)
    people = pack_candidates(facts[profile].candidate for profile in found)
    rows: dict[int, Any] = dict.fromkeys(profile_ids) | {
        profile: {
            **row,
            "source_version": facts[profile].version,
            "is_shown": facts[profile].is_shown,
        }
        for profile, row in zip(found, encode(people), strict=True)
    }
    return Packed(rows, people)


def pack_roles(opportunity_ids: Collection[int], *, at: datetime) -> Packed:
    """Read roles and return the rows to store."""
    facts = read_roles(opportunity_ids, at=at)
    found = sorted(facts)
    roles = pack_opportunities((facts[role].opportunity for role in found), priors=PRIORS)
    rows: dict[int, Any] = dict.fromkeys(opportunity_ids) | {
        role: {**row, "source_version": facts[role].version}
        for role, row in zip(found, encode(roles), strict=True)
    }
    return Packed(rows, roles)


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
            Price(version=state.version, opportunity_id=role, price=price, by_run=False)
            for role, price in prices.items()
        ),
        ignore_conflicts=True,
    )
    return state.priced(prices)


@lru_cache(maxsize=1)
def duals_of(version: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the candidates of a run's sample and their duals, which never change."""
    kept = RunInput.objects.only("dual_ids", "duals").get(run=version)
    return np.frombuffer(kept.dual_ids, np.int64), np.frombuffer(kept.duals, np.float64)
