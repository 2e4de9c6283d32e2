"""Store packed rows: what changed is written, all of it in one statement, and told."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from matching.binary_cursor import binary_cursor
from matching.engine import Candidates, Opportunities
from matching.models import Market, PackedCandidate, PackedRole
from matching.packed_rows import FIXED, decode
from matching.snapshot.packed import CANDIDATE_COLUMNS, ROLE_COLUMNS, Later

type Packed = Mapping[int, Mapping[str, Any] | None]
"""The packed row of every subject, or None where it is not in the market."""

_COLUMNS: Final[Mapping[type[PackedCandidate | PackedRole], Mapping[str, str]]] = {
    PackedCandidate: {
        "source_version": "integer",
        "is_shown": "boolean",
        **dict.fromkeys(CANDIDATE_COLUMNS, "bytea"),
    },
    PackedRole: {"source_version": "integer", **dict.fromkeys(ROLE_COLUMNS, "bytea")},
}
"""The columns that a row is compared by, with their types."""


def _statement(model: type[PackedCandidate | PackedRole]) -> str:
    columns = _COLUMNS[model]
    names, table = ", ".join(columns), model._meta.db_table
    given = ", ".join(f"%({name})b::{kind}[]" for name, kind in columns.items())
    emptied = ", ".join(
        f"{name} = {'false' if kind == 'boolean' else repr('')}"
        for name, kind in columns.items()
        if name not in {"source_version", FIXED}
    )
    return f"""
        WITH arrived AS (
            INSERT INTO {table} AS known (subject_id, seq, {names})
            SELECT subject, %(seq)s, {names}
            FROM unnest(%(here)b::bigint[], {given}) AS row (subject, {names})
            ON CONFLICT (subject_id) DO UPDATE
            SET seq = excluded.seq, {", ".join(f"{name} = excluded.{name}" for name in columns)}
            WHERE ({", ".join(f"known.{name}" for name in columns)})
                IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in columns)})
            RETURNING subject_id
        ), gone AS (
            UPDATE {table} SET seq = %(seq)s, {FIXED} = NULL, {emptied}
            WHERE subject_id = ANY(%(away)b::bigint[]) AND {FIXED} IS NOT NULL
            RETURNING subject_id
        ), changed AS (
            SELECT subject_id FROM arrived UNION ALL SELECT subject_id FROM gone
        ), counted AS (
            UPDATE {Market._meta.db_table} SET seq = %(seq)s
            WHERE id = 1 AND EXISTS (SELECT FROM changed)
        )
        SELECT subject_id FROM changed ORDER BY subject_id
    """  # noqa: S608


_STATEMENTS: Final = {model: _statement(model) for model in _COLUMNS}


def store(model: type[PackedCandidate | PackedRole], packed: Packed, *, seq: int) -> list[int]:
    """Write the rows that differ from the stored ones as this commit of the market's.

    Returns whose they are, ascending; if there are any, the market is at ``seq`` from now on.
    """
    if not packed:
        return []
    rows = {subject: row for subject, row in sorted(packed.items()) if row is not None}
    columns = {name: [row[name] for row in rows.values()] for name in _COLUMNS[model]}
    with binary_cursor() as cursor:
        cursor.execute(
            _STATEMENTS[model],
            {
                **columns,
                "source_version": np.array(columns["source_version"], np.int32),
                "here": np.array(list(rows), np.int64),
                "away": np.array(sorted(packed.keys() - rows.keys()), np.int64),
                "seq": seq,
            },
        )
        return [subject for (subject,) in cursor.fetchall()]


def later_of(people: Packed, roles: Packed) -> Later:
    """Return what was stored just now as it would be read, without reading it."""
    here = {subject: row for subject, row in sorted(people.items()) if row is not None}
    jobs = {subject: row for subject, row in sorted(roles.items()) if row is not None}
    return Later(
        role_ids=np.array(sorted(roles), np.int64),
        roles=decode(Opportunities, _end_to_end(ROLE_COLUMNS, jobs)),
        candidate_ids=np.array(sorted(people), np.int64),
        candidates=decode(Candidates, _end_to_end(CANDIDATE_COLUMNS, here)),
        shown=np.array([row["is_shown"] for row in here.values()], np.bool_),
    )


def _end_to_end(names: Sequence[str], rows: Mapping[int, Mapping[str, Any]]) -> dict[str, bytes]:
    return {name: b"".join(row[name] for row in rows.values()) for name in names}
