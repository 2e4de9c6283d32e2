"""Read and write stored lists, many at once and as arrays: one statement, no Python per entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from matching.binary_cursor import binary_cursor
from matching.models import CandidateList, OpportunityList
from matching.models.lists import KEPT

type Longs = NDArray[np.int64]


type Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """One side's lists."""

    name: str
    owner: str
    may_be_cut: bool


CANDIDATES: Final = Table(CandidateList._meta.db_table, "profile_id", may_be_cut=False)
ROLES: Final = Table(OpportunityList._meta.db_table, "opportunity_id", may_be_cut=True)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Lists of some owners, who stand in ascending order, one list after the other."""

    owners: Longs
    lengths: Longs
    ids: Longs
    scores: Longs
    cut: Flags
    """Whether more stands behind the last entry although fewer than ``KEPT`` are kept."""

    def __len__(self) -> int:
        return len(self.owners)

    @property
    def ends(self) -> Longs:
        """Where each list ends."""
        return np.cumsum(self.lengths, dtype=np.int64)

    @property
    def places(self) -> Longs:
        """The place of each entry's owner."""
        return np.repeat(np.arange(len(self.owners)), self.lengths)

    def keep(self, chosen: Flags) -> Self:
        """Return the lists of the chosen owners."""
        entries = chosen[self.places]
        return type(self)(
            self.owners[chosen],
            self.lengths[chosen],
            self.ids[entries],
            self.scores[entries],
            self.cut[chosen],
        )

    def without(self, others: Longs) -> Self:
        """Return the lists without these entries."""
        stay = ~np.isin(self.ids, others)
        lengths = np.bincount(self.places[stay], minlength=len(self))
        return type(self)(self.owners, lengths, self.ids[stay], self.scores[stay], self.cut)


def best(
    owners: Longs, others: Longs, scores: Longs, *, k: int, everyone: Longs | None = None
) -> Rows:
    """Return for every owner the best ``k`` others; ties go to the lower id.

    ``everyone`` names the owners, ascending, who have a list even if it is empty.
    """
    order = np.lexsort((others, -scores, owners))
    owners, others, scores = owners[order], others[order], scores[order]
    names = np.unique(owners) if everyone is None else everyone
    starts = np.searchsorted(owners, names)
    counts = np.searchsorted(owners, names, side="right") - starts
    place = np.arange(len(owners)) - np.repeat(starts, counts)
    within = place < k
    whole = np.zeros(len(names), np.bool_)
    return Rows(names, np.minimum(counts, k), others[within], scores[within], whole)


def enter(rows: Rows, places: Longs, others: Longs, scores: Longs) -> Rows:
    """Return the lists with one more entry in some: at most one for each place, all of ``KEPT``."""
    other, score = np.full(len(rows), -1, np.int64), np.full(len(rows), 0, np.int64)
    other[places], score[places] = others, scores
    enters = other >= 0
    owner = rows.places
    before = (rows.scores > score[owner]) | (
        (rows.scores == score[owner]) & (rows.ids < other[owner])
    )
    ahead = np.bincount(owner[before], minlength=len(rows))
    lengths = rows.lengths + enters
    starts = np.cumsum(lengths) - lengths
    within = np.arange(len(owner)) - np.repeat(rows.ends - rows.lengths, rows.lengths)
    stood = starts[owner] + within + (enters[owner] & ~before)
    entered = (starts + ahead)[enters]
    ids, kept = np.empty(lengths.sum(), np.int64), np.empty(lengths.sum(), np.int64)
    ids[stood], kept[stood] = rows.ids, rows.scores
    ids[entered], kept[entered] = other[enters], score[enters]
    best = np.arange(len(ids)) - np.repeat(starts, lengths) < KEPT
    return Rows(rows.owners, np.minimum(lengths, KEPT), ids[best], kept[best], rows.cut)


def together(parts: Sequence[Rows]) -> Rows:
    """Return the lists of all parts, no owner being in two."""
    owners, lengths, ids, scores, cut = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("owners", "lengths", "ids", "scores", "cut")
    )
    order = np.argsort(owners)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    entries = np.argsort(np.repeat(place, lengths), kind="stable")
    return Rows(owners[order], lengths[order], ids[entries], scores[entries], cut[order])


def read_reached(table: Table, version: int, owners: Longs, scores: Longs) -> Rows:
    """Return the stored lists of those owners in which such a score would have a place.

    Each is looked up by itself (``OFFSET 0`` keeps it so): of a version just published the planner
    knows nothing, takes it to be small, and would read all of its lists.
    """
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            SELECT list.owner, list.ids, list.scores, list.is_cut
            FROM unnest(%s::bigint[], %s::bigint[]) AS asked (owner, score)
            CROSS JOIN LATERAL (
                SELECT {table.owner} AS owner, ids, scores,
                    {"is_cut" if table.may_be_cut else "false AS is_cut"}
                FROM {table.name} WHERE version = %s AND {table.owner} = asked.owner OFFSET 0
            ) AS list
            WHERE cardinality(list.ids) < {KEPT} OR asked.score >= list.scores[{KEPT}]
            ORDER BY list.owner
            """,  # noqa: S608
            [owners, scores, version],
            binary=True,
        )
        found = cursor.fetchall()
    nothing = [np.zeros(0, np.int64)]
    return Rows(
        np.array([owner for owner, _, _, _ in found], np.int64),
        np.array([len(ids) for _, ids, _, _ in found], np.int64),
        np.concatenate([ids for _, ids, _, _ in found] or nothing).astype(np.int64),
        np.concatenate([scores for _, _, scores, _ in found] or nothing).astype(np.int64),
        np.array([is_cut for _, _, _, is_cut in found], np.bool_),
    )


def read_cut(version: int, owners: Longs) -> Longs:
    """Return those of the roles whose stored lists are cut."""
    with binary_cursor() as cursor:
        cursor.execute(
            f"SELECT {ROLES.owner} FROM {ROLES.name}"  # noqa: S608
            f" WHERE version = %s AND is_cut AND {ROLES.owner} = ANY(%s) ORDER BY 1",
            [version, owners],
        )
        return np.array([owner for (owner,) in cursor.fetchall()], np.int64)


def write(table: Table, version: int, rows: Rows, *, seq: int) -> None:
    """Store these lists, in one statement, unless newer ones stand there."""
    if not len(rows):
        return
    extra, value, anew = (
        (", is_cut", ", row.owner = ANY(%(cut)s::bigint[])", ", is_cut = excluded.is_cut")
        if table.may_be_cut
        else ("", "", "")
    )
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table.name} AS list (version, {table.owner}, ids, scores, seq{extra})
            SELECT %(version)s, row.owner, (%(ids)s::bigint[])[row.first:row.last],
                (%(scores)s::integer[])[row.first:row.last], %(seq)s{value}
            FROM unnest(%(owners)s::bigint[], %(firsts)s::bigint[], %(lasts)s::bigint[])
                AS row (owner, first, last)
            ON CONFLICT (version, {table.owner}) DO UPDATE
            SET ids = excluded.ids, scores = excluded.scores, seq = excluded.seq{anew}
            WHERE list.seq <= excluded.seq
            """,  # noqa: S608
            {
                "version": version,
                "ids": rows.ids,
                "scores": rows.scores.astype(np.int32),
                "seq": seq,
                "owners": rows.owners,
                "firsts": rows.ends - rows.lengths + 1,
                "lasts": rows.ends,
                "cut": rows.owners[rows.cut],
            },
        )


def drop(table: Table, version: int, owners: Longs) -> int:
    """Delete the lists of these owners; return how many there were."""
    if not len(owners):
        return 0
    with binary_cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table.name} WHERE version = %s AND {table.owner} = ANY(%s)",  # noqa: S608
            [version, owners],
        )
        return cursor.rowcount
