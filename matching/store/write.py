"""Store packed rows: one statement writes and numbers what differs, and settles what was owed.

Nothing is locked while subjects are read and computed. Instead it is noted where their rows and
their owed work stood, and nothing is written where another refresh has moved either since: an older
reading never overwrites a newer one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple, Self

import numpy as np

from matching.engine import Candidates, Opportunities
from matching.models import Market, OwedWork, PackedCandidate, PackedRole, Subject
from matching.store.binary_cursor import Blobs, binary_cursor, numbered, of_any_length
from matching.store.encode import FIXED
from matching.store.read import CANDIDATE_COLUMNS, ROLE_COLUMNS, UNKNOWN


class Moved(Exception):
    """What a computation follows from was replaced meanwhile: it must begin again."""


class Position(NamedTuple):
    """Where the market stood: the version shown, the last commit, and that of the last role."""

    run_id: int | None = None
    seq: int = 0
    roles_seq: int | None = None


class Standing(NamedTuple):
    """Where a subject's packed row and its owed work stood; 0 where there is none."""

    seq: int
    done: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Standings:
    """Where some subjects and the market stood at one moment."""

    market: Position
    of: Mapping[int, Standing]

    @classmethod
    def in_rows(cls, rows: Iterable[Sequence[Any]]) -> Self:
        """Return what rows of ``select_standings`` say."""
        market, of = Position(), dict[int, Standing]()
        for run_id, seq, roles_seq, subject, *stands in rows:
            market, of[subject] = Position(run_id, seq, roles_seq), Standing(*stands[:3])
        return cls(market, of)


@dataclass(frozen=True, slots=True)
class Packed[Columns: (Candidates, Opportunities)]:
    """What is to be stored of some subjects."""

    standings: Standings
    """Of every subject, as of no later than its facts."""
    rows: Mapping[int, Mapping[str, Any]]
    """The packed row of those that are in the market."""
    columns: Columns
    """The same, by ascending id, as the engine reads them."""

    @property
    def away(self) -> set[int]:
        """The subjects that are not in the market."""
        return self.standings.of.keys() - self.rows.keys()


_COLUMNS: Final[Mapping[type[PackedCandidate | PackedRole], dict[str, str]]] = {
    PackedCandidate: {
        "source_version": "integer",
        "is_shown": "boolean",
        **dict.fromkeys(CANDIDATE_COLUMNS, "bytea"),
        "threshold": "integer",
    },
    PackedRole: {"source_version": "integer", **dict.fromkeys(ROLE_COLUMNS, "bytea")},
}
"""The columns that are written, with their types."""
CARRIED: Final = "threshold"
"""What is written with a row that differs, and is no reason to write it."""
_KINDS: Final = {PackedCandidate: Subject.CANDIDATE.value, PackedRole: Subject.ROLE.value}
"""What each is called in owed work."""


def select_standings(
    model: type[PackedCandidate | PackedRole], facts: str = "", joined: str = ""
) -> str:
    """Return the SQL that reads where subjects and the market stand; the parameter is their ids.

    ``facts`` are further columns, of what is ``joined``. ``Standings.in_rows`` reads the rows.
    """
    return f"""
        SELECT market.run_id, coalesce(market.seq, 0), (
                SELECT seq FROM {PackedRole._meta.db_table} ORDER BY seq DESC LIMIT 1
            ),
            asked.id, coalesce(known.seq, 0), coalesce(owed.done, 0), coalesce(owed.wanted, 0)
            {facts}
        FROM unnest({of_any_length("%b")}) AS asked (id)
        LEFT JOIN {Market._meta.db_table} AS market ON market.id = 1
        LEFT JOIN {model._meta.db_table} AS known ON known.subject_id = asked.id
        LEFT JOIN {OwedWork._meta.db_table} AS owed
            ON owed.kind = '{_KINDS[model]}' AND owed.subject_id = asked.id
        {joined}
    """  # noqa: S608


@dataclass(frozen=True, slots=True)
class Question:
    """What the statement that writes asks first: where it finds something, nothing is written."""

    tables: str
    """SQL of common tables, of which the last is ``found`` and numbers what it holds."""
    parameters: Mapping[str, Any]


NOTHING_ASKED: Final = Question("found AS (SELECT 0 AS number WHERE false)", {})


@cache
def _statement(model: type[PackedCandidate | PackedRole], question: str) -> tuple[str, list[str]]:
    """Return the SQL that compares, numbers, writes and settles, unless a question finds something.

    Its parameters have numbers; their names are returned too.

    What is owed is locked after the rows, hence the count of them. Where there was no row to lock,
    one that another wrote first is not written over: then fewer have arrived than were to, and
    nothing is settled; the others that have are found equal when all begins again.
    """
    written = _COLUMNS[model]
    columns = {name: kind for name, kind in written.items() if name != CARRIED}
    names, table = ", ".join(written), model._meta.db_table
    given = ", ".join(f"%({name})b::{kind}[]" for name, kind in written.items())
    emptied = ", ".join(
        f"{name} = {'false' if kind == 'boolean' else repr('')}"
        for name, kind in columns.items()
        if name not in {"source_version", FIXED}
    )
    return numbered(f"""
        WITH {question}, asked AS (
            SELECT * FROM unnest(
                {of_any_length("%(ids)b")},
                %(seq)b::bigint[], %(done)b::bigint[], %(wanted)b::bigint[]
            ) AS asked (subject_id, seq, done, wanted)
        ), known AS (
            SELECT row.* FROM asked JOIN {table} AS row USING (subject_id)
            ORDER BY row.subject_id FOR NO KEY UPDATE OF row
        ), owed AS (
            SELECT row.id, row.subject_id, row.done, asked.wanted
            FROM asked JOIN {OwedWork._meta.db_table} AS row USING (subject_id)
            WHERE row.kind = '{_KINDS[model]}'
                AND (SELECT count(*) FROM known) >= 0
            ORDER BY row.id FOR UPDATE OF row SKIP LOCKED
        ), stopped AS (
            SELECT FROM asked
            LEFT JOIN known USING (subject_id) LEFT JOIN owed USING (subject_id)
            WHERE coalesce(known.seq, 0) <> asked.seq OR owed.done <> asked.done
            UNION ALL SELECT FROM found
        ), arriving AS (
            SELECT row.*
            FROM unnest({of_any_length("%(here)b")}, {given}) AS row (subject_id, {names})
            LEFT JOIN known USING (subject_id)
            WHERE NOT EXISTS (SELECT FROM stopped) AND (
                known.subject_id IS NULL
                OR ({", ".join(f"known.{name}" for name in columns)})
                IS DISTINCT FROM ({", ".join(f"row.{name}" for name in columns)})
            )
        ), leaving AS (
            SELECT subject_id FROM known
            WHERE NOT EXISTS (SELECT FROM stopped)
                AND subject_id = ANY(%(away)b::bigint[]) AND {FIXED} IS NOT NULL
        ), numbered AS (
            INSERT INTO {Market._meta.db_table} AS market (id, seq) SELECT 1, 1
            WHERE EXISTS (SELECT FROM arriving) OR EXISTS (SELECT FROM leaving)
            ON CONFLICT (id) DO UPDATE SET seq = market.seq + 1
            RETURNING seq, run_id
        ), arrived AS (
            INSERT INTO {table} AS stored (subject_id, seq, {names})
            SELECT arriving.subject_id, numbered.seq, {names} FROM arriving, numbered
            ON CONFLICT (subject_id) DO UPDATE
            SET seq = excluded.seq, {", ".join(f"{name} = excluded.{name}" for name in written)}
            WHERE stored.subject_id IN (SELECT subject_id FROM known)
            RETURNING subject_id
        ), removed AS (
            UPDATE {table} AS known SET seq = numbered.seq, {FIXED} = NULL, {emptied}
            FROM leaving, numbered WHERE known.subject_id = leaving.subject_id
            RETURNING known.subject_id
        ), ended AS (
            SELECT NOT EXISTS (SELECT FROM stopped)
                AND (SELECT count(*) FROM arriving) = (SELECT count(*) FROM arrived) AS well
        ), settled AS (
            UPDATE {OwedWork._meta.db_table} AS row
            SET done = owed.wanted, attempts = 0, last_error = '', parked_at = NULL
            FROM owed, ended WHERE row.id = owed.id AND owed.done < owed.wanted AND ended.well
            RETURNING row.raised_at
        )
        SELECT
            ended.well,
            ARRAY(SELECT * FROM arrived UNION ALL SELECT * FROM removed ORDER BY 1),
            (SELECT run_id FROM numbered),
            ARRAY(SELECT raised_at FROM settled),
            ARRAY(SELECT number FROM found)
        FROM ended
    """)  # noqa: S608


_STANDINGS: Final = {model: select_standings(model) for model in _COLUMNS}


def read_standings(model: type[PackedCandidate | PackedRole], ids: Iterable[int]) -> Standings:
    """Return where these subjects and the market stand."""
    with binary_cursor(prepares=True) as cursor:
        cursor.execute(_STANDINGS[model], [np.fromiter(ids, np.int64)])
        return Standings.in_rows(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Stored:
    """What one statement wrote."""

    subject_ids: list[int]
    """Whose rows differed and were written, ascending."""
    version: int | None
    """Which version was shown then, if any row was written."""
    owed_since: list[datetime]
    """Since when each subject was owed whose work is settled."""
    found: list[int]
    """What the question found, for which nothing was written."""


def store(
    model: type[PackedCandidate | PackedRole],
    packed: Packed[Candidates] | Packed[Opportunities],
    *,
    unless: Question = NOTHING_ASKED,
) -> Stored:
    """Write the rows that differ from the stored ones, as the market's next commit.

    What was owed when the subjects were read is settled. A row of owed work that an editor holds
    at the moment is left: it will want a newer version anyway. Raises ``Moved`` where another
    refresh has written or settled one of the subjects since it was read. Where the question
    ``unless`` finds something, nothing is written, and what it found is returned.

    The number of the commit is taken by the statement that writes, after everything has been
    compared, and is held until the commit. The caller takes no other lock after this.
    """
    asked = [(subject, *stands) for subject, stands in sorted(packed.standings.of.items())]
    ids, *standings = np.array(asked, np.int64).reshape(-1, 4).T
    rows = dict(sorted(packed.rows.items()))
    columns = {
        name: Blobs(row[name] for row in rows.values())
        if kind == "bytea"
        else np.array([row.get(name, UNKNOWN) for row in rows.values()], np.int32)
        for name, kind in _COLUMNS[model].items()
    }
    given = {
        **unless.parameters,
        **columns,
        "ids": ids,
        **dict(zip(Standing._fields, standings, strict=True)),
        "here": np.array(list(rows), np.int64),
        "away": np.array(sorted(packed.away), np.int64),
    }
    statement, names = _statement(model, unless.tables)
    with binary_cursor(prepares=True, numbers=True) as cursor:
        cursor.execute(statement, [given[name] for name in names])
        went_well, *written = cursor.fetchall()[0]
    stored = Stored(*written)
    if not went_well and not stored.found:
        raise Moved
    return stored
