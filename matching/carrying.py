"""Carry stored lists from one state of the market to the next, touching only what changes.

A stored list is the exact beginning of its owner's whole ranking: whatever it leaves out stands
behind its last entry. So entries that changed are taken out and the new ones put in; only where
something behind the last entry might have moved up is the owner ranked afresh. The result is
therefore equal, bit for bit, to a full computation of the new state.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from matching.engine import Candidates, Opportunities
from matching.models import CandidateList, OpportunityList
from matching.models.lists import KEPT
from matching.pairing import Scored, best
from matching.snapshot import State

type Longs = NDArray[np.int64]
type Entries = tuple[list[int], list[int]]
"""Ids and scores, best first."""


@dataclass(frozen=True, slots=True)
class Table:
    """One side's lists."""

    name: str
    owner: str


CANDIDATES: Final = Table(CandidateList._meta.db_table, "profile_id")
ROLES: Final = Table(OpportunityList._meta.db_table, "opportunity_id")


@dataclass(slots=True)
class Touched:
    """How many lists were written and dropped, and since when they were owed."""

    written: int = 0
    dropped: int = 0
    owed_since: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class Meetings:
    """What changed others meant to their unchanged owners before, and mean now."""

    before: dict[int, dict[int, int]] = field(default_factory=dict)
    after: dict[int, dict[int, int]] = field(default_factory=dict)

    @property
    def best(self) -> dict[int, int]:
        """Return for every owner the highest score at stake."""
        stakes: dict[int, int] = {}
        for side in (self.before, self.after):
            for owner, scores in side.items():
                stakes[owner] = max(stakes.get(owner, min(scores.values())), *scores.values())
        return stakes


def carry(
    before: State,
    after: State,
    *,
    candidate_ids: Iterable[int],
    role_ids: Iterable[int],
    seq: int,
) -> Touched:
    """Write into the version's lists what the change of these candidates and roles means.

    ``before`` is the state that the stored lists follow from. The caller holds the market's lock.
    """
    people, jobs = sorted(set(candidate_ids)), sorted(set(role_ids))
    touched = Touched()
    _candidate_lists(before, after, people, jobs, seq, touched)
    _role_lists(before, after, people, jobs, seq, touched)
    return touched


def _candidate_lists(
    before: State, after: State, people: list[int], jobs: list[int], seq: int, touched: Touched
) -> None:
    changed, _ = after.pick_candidates(people)
    fresh = _rank_candidates(after, changed)
    gone = sorted(set(people) - set(changed.ids.tolist()))
    if jobs:
        others = np.array(people, np.int64)
        meetings = Meetings(
            before=_by_candidate(after.meet(before.pick_roles(jobs), without=others)),
            after=_by_candidate(after.meet(after.pick_roles(jobs), without=others)),
        )
        merged, unsure = _merge(CANDIDATES, after.version, meetings, set(jobs))
        fresh |= merged
        again, _ = after.pick_candidates(unsure)
        fresh |= _rank_candidates(after, again)
    _write(CANDIDATES, after.version, fresh, gone, seq, touched)


def _role_lists(
    before: State, after: State, people: list[int], jobs: list[int], seq: int, touched: Touched
) -> None:
    changed = after.pick_roles(jobs)
    fresh = _rank_roles(after, changed)
    gone = sorted(set(jobs) - set(changed.ids.tolist()))
    if people:
        meetings = Meetings(
            before=_meetings(before, after, people, jobs),
            after=_meetings(after, after, people, jobs),
        )
        merged, unsure = _merge(ROLES, after.version, meetings, set(people))
        fresh |= merged
        fresh |= _rank_roles(after, after.pick_roles(unsure))
    _write(ROLES, after.version, fresh, gone, seq, touched)


def _meetings(
    state: State, after: State, people: list[int], jobs: list[int]
) -> dict[int, dict[int, int]]:
    """Return what these candidates, as a state has them, mean to the roles that did not change."""
    candidates, shown = state.pick_candidates(people)
    scored = after.score(candidates.take(np.flatnonzero(shown)))
    return _by_role(scored.keep(~np.isin(scored.role, jobs)))


def _rank_candidates(state: State, candidates: Candidates) -> dict[int, Entries]:
    """Return the whole list of each of these candidates, empty ones included."""
    if not len(candidates):
        return {}
    scored = state.score(candidates)
    empty: dict[int, Entries] = {int(owner): ([], []) for owner in candidates.ids}
    return empty | best(scored.candidate, scored.role, scored.rank, k=KEPT)


def _rank_roles(state: State, roles: Opportunities) -> dict[int, Entries]:
    """Return the whole list of each of these roles, empty ones included."""
    scored = state.meet(roles, shown_only=True)
    empty: dict[int, Entries] = {int(owner): ([], []) for owner in roles.ids}
    return empty | best(scored.role, scored.candidate, scored.mutual, k=KEPT)


def _by_candidate(scored: Scored) -> dict[int, dict[int, int]]:
    return _grouped(scored.candidate, scored.role, scored.rank)


def _by_role(scored: Scored) -> dict[int, dict[int, int]]:
    return _grouped(scored.role, scored.candidate, scored.mutual)


def _grouped(owners: Longs, others: Longs, scores: Longs) -> dict[int, dict[int, int]]:
    grouped: dict[int, dict[int, int]] = {}
    for owner, other, score in zip(owners.tolist(), others.tolist(), scores.tolist(), strict=True):
        grouped.setdefault(owner, {})[other] = score
    return grouped


def _merge(
    table: Table, version: int, meetings: Meetings, changed: set[int]
) -> tuple[dict[int, Entries], list[int]]:
    """Return the lists that follow from the stored ones, and the owners to rank afresh."""
    merged: dict[int, Entries] = {}
    unsure: list[int] = []
    for owner, ids, scores in _stored(table, version, meetings.best):
        kept = [
            (-score, other)
            for other, score in zip(ids, scores, strict=True)
            if other not in changed
        ]
        now = [(-score, other) for other, score in meetings.after.get(owner, {}).items()]
        entries = sorted([*kept, *now])
        if len(ids) == KEPT:
            # Nothing is known of what stands behind the last entry, but that it does.
            last = (-scores[-1], ids[-1])
            entries = [entry for entry in entries if entry <= last]
            if len(entries) < KEPT:
                unsure.append(owner)
                continue
        entries = entries[:KEPT]
        result = [other for _, other in entries], [-score for score, _ in entries]
        if result != (ids, scores):
            merged[owner] = result
    return merged, unsure


def _stored(
    table: Table, version: int, stakes: Mapping[int, int]
) -> list[tuple[int, list[int], list[int]]]:
    """Return the stored lists of these owners in which such a score would have a place."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT list.{table.owner}, list.ids, list.scores
            FROM {table.name} AS list
            JOIN unnest(%s::bigint[], %s::int[]) AS asked (owner, score)
                ON list.{table.owner} = asked.owner
            WHERE list.version = %s
                AND (cardinality(list.ids) < {KEPT} OR asked.score >= list.scores[{KEPT}])
            """,  # noqa: S608
            [list(stakes), list(stakes.values()), version],
        )
        found: list[tuple[int, list[int], list[int]]] = cursor.fetchall()
        return found


def _write(
    table: Table,
    version: int,
    lists: Mapping[int, Entries],
    gone: Sequence[int],
    seq: int,
    touched: Touched,
) -> None:
    with connection.cursor() as cursor:
        if gone:
            cursor.execute(
                f"DELETE FROM {table.name} WHERE version = %s AND {table.owner} = ANY(%s)",  # noqa: S608
                [version, list(gone)],
            )
            touched.dropped += cursor.rowcount
        owners = sorted(lists)
        if owners:
            cursor.executemany(
                f"""
                INSERT INTO {table.name} AS list (version, {table.owner}, ids, scores, seq)
                VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (version, {table.owner}) DO UPDATE
                SET ids = excluded.ids, scores = excluded.scores, seq = excluded.seq
                WHERE list.seq <= excluded.seq
                """,  # noqa: S608
                [(version, owner, *lists[owner], seq) for owner in owners],
            )
            touched.written += len(owners)
