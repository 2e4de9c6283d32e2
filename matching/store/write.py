"""Store packed rows: one statement writes and numbers what differs, and settles what was owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from matching.engine import Candidates, Opportunities
from matching.models import Market, OwedWork, PackedCandidate, PackedRole, Subject
from matching.store.binary_cursor import Blobs, binary_cursor
from matching.store.encode import FIXED
from matching.store.read import CANDIDATE_COLUMNS, ROLE_COLUMNS, UNKNOWN


@dataclass(frozen=True, slots=True)
class Packed:
    """What is to be stored of some subjects."""

    rows: Mapping[int, Mapping[str, Any] | None]
    """The packed row of every subject, or None where it is not in the market."""
    columns: Candidates | Opportunities
    """Those that are in the market, by ascending id, as the engine reads them."""


_COLUMNS: Final[Mapping[type[PackedCandidate | PackedRole], dict[str, str]]] = {
    PackedCandidate: {
        "source_version": "integer",
        "is_shown": "boolean",
        **dict.fromkeys(CANDIDATE_COLUMNS, "bytea"),
    },
    PackedRole: {"source_version": "integer", **dict.fromkeys(ROLE_COLUMNS, "bytea")},
}
"""The columns that a row is compared by, with their types."""
_KINDS: Final = {PackedCandidate: Subject.CANDIDATE.value, PackedRole: Subject.ROLE.value}
"""What each is called in owed work."""
_CARRIED: Final[Mapping[type[PackedCandidate | PackedRole], dict[str, str]]] = {
    PackedCandidate: {"threshold": "integer"},
    PackedRole: {},
}
"""Columns that are written with a row that differs, and are no reason to write it."""


def _statement(model: type[PackedCandidate | PackedRole]) -> str:
    columns = _COLUMNS[model]
    written = {**columns, **_CARRIED[model]}
    names, table = ", ".join(written), model._meta.db_table
    given = ", ".join(f"%({name})b::{kind}[]" for name, kind in written.items())
    emptied = ", ".join(
        f"{name} = {'false' if kind == 'boolean' else repr('')}"
        for name, kind in columns.items()
        if name not in {"source_version", FIXED}
    )
    return f"""
        WITH arriving AS (
            SELECT row.* FROM unnest(%(here)b::bigint[], {given}) AS row (subject_id, {names})
            LEFT JOIN {table} AS known USING (subject_id)
            WHERE known.subject_id IS NULL
                OR ({", ".join(f"known.{name}" for name in columns)})
                IS DISTINCT FROM ({", ".join(f"row.{name}" for name in columns)})
        ), leaving AS (
            SELECT subject_id FROM {table}
            WHERE subject_id = ANY(%(away)b::bigint[]) AND {FIXED} IS NOT NULL
        ), owed AS (
            SELECT row.id, asked.version
            FROM unnest(%(owed)b::bigint[], %(versions)b::bigint[]) AS asked (subject_id, version)
            JOIN {OwedWork._meta.db_table} AS row USING (subject_id)
            WHERE row.kind = '{_KINDS[model]}' AND row.done < asked.version
            ORDER BY row.id FOR UPDATE OF row SKIP LOCKED
        ), settled AS (
            UPDATE {OwedWork._meta.db_table} AS row
            SET done = owed.version, attempts = 0, last_error = '', sent_at = NULL
            FROM owed WHERE row.id = owed.id
            RETURNING row.raised_at
        ), numbered AS (
            INSERT INTO {Market._meta.db_table} AS market (id, seq) SELECT 1, 1
            WHERE (EXISTS (SELECT FROM arriving) OR EXISTS (SELECT FROM leaving))
                -- What is owed is locked before the market.
                AND (SELECT count(*) FROM settled) >= 0
            ON CONFLICT (id) DO UPDATE SET seq = market.seq + 1
            RETURNING seq, run_id
        ), arrived AS (
            INSERT INTO {table} (subject_id, seq, {names})
            SELECT arriving.subject_id, numbered.seq, {names} FROM arriving, numbered
            ON CONFLICT (subject_id) DO UPDATE
            SET seq = excluded.seq, {", ".join(f"{name} = excluded.{name}" for name in written)}
            RETURNING subject_id
        ), removed AS (
            UPDATE {table} AS known SET seq = numbered.seq, {FIXED} = NULL, {emptied}
            FROM leaving, numbered WHERE known.subject_id = leaving.subject_id
            RETURNING known.subject_id
        )
        SELECT
            ARRAY(SELECT * FROM arrived UNION ALL SELECT * FROM removed ORDER BY 1),
            (SELECT run_id FROM numbered),
            ARRAY(SELECT raised_at FROM settled)
    """  # noqa: S608


_STATEMENTS: Final = {model: _statement(model) for model in _COLUMNS}


@dataclass(frozen=True, slots=True)
class Stored:
    """What one statement wrote."""

    subject_ids: list[int]
    """Whose rows differed and were written, ascending."""
    version: int | None
    """Which version was shown then, if any row was written."""
    owed_since: list[datetime]
    """Since when each subject was owed whose work is settled."""


def store(
    model: type[PackedCandidate | PackedRole],
    packed: Packed,
    *,
    settles: Mapping[int, int] | None = None,
) -> Stored:
    """Write the rows that differ from the stored ones, as the market's next commit.

    ``settles`` are the versions of owed work that this does, by subject. A row of owed work that an
    editor holds at the moment is left: it will want a newer version anyway.

    The number of the commit is taken by the statement that writes, after everything has been
    compared, and is held until the commit. The caller holds the locks of the subjects, and takes no
    other lock after this.
    """
    rows = {subject: row for subject, row in sorted(packed.rows.items()) if row is not None}
    columns = {
        name: Blobs(row[name] for row in rows.values())
        if kind == "bytea"
        else np.array([row.get(name, UNKNOWN) for row in rows.values()], np.int32)
        for name, kind in (_COLUMNS[model] | _CARRIED[model]).items()
    }
    done = settles or {}
    with binary_cursor(prepares=True) as cursor:
        cursor.execute(
            _STATEMENTS[model],
            {
                **columns,
                "here": np.array(list(rows), np.int64),
                "away": np.array(sorted(packed.rows.keys() - rows.keys()), np.int64),
                "owed": np.fromiter(done.keys(), np.int64),
                "versions": np.fromiter(done.values(), np.int64),
            },
        )
        return Stored(*cursor.fetchall()[0])
