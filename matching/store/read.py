"""Read packed rows: the server lays their bytes end to end, NumPy takes them as columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matching.engine import Candidates, Opportunities
from matching.engine.columns import Flags, Longs
from matching.models import PackedCandidate, PackedRole
from matching.store.binary_cursor import binary_cursor
from matching.store.encode import FIXED, decode, groups

PORTION: Final = 50_000
"""Rows aggregated at once: PostgreSQL holds no value above 1 GB."""


@dataclass(frozen=True, slots=True)
class Delta:
    """Packed rows of later commits: whose they are, and those of them that are in the market."""

    role_ids: Longs
    roles: Opportunities
    candidate_ids: Longs
    candidates: Candidates
    shown: Flags
    thresholds: Longs


ROLE_COLUMNS: Final = (FIXED, *groups(Opportunities))
CANDIDATE_COLUMNS: Final = (FIXED, *groups(Candidates))


SHOWN: Final = "CASE WHEN is_shown THEN '\\x01'::bytea ELSE '\\x00'::bytea END"
"""Whether employers may be shown a candidate, as one byte."""
UNKNOWN: Final = 2**31 - 1
"""The threshold of a candidate whom nothing was ranked for yet: no score exceeds it."""
THRESHOLD: Final = (
    f"int4send(CASE WHEN seq > %(frozen)s AND threshold IS NOT NULL THEN threshold"
    f" ELSE {UNKNOWN} END)"
)
"""A candidate's own threshold, if it is of a commit later than the one a run was frozen at."""


def end_to_end(value: str) -> str:
    """Return the SQL that lays the bytes of rows end to end."""
    return f"string_agg({value}, ''::bytea ORDER BY subject_id)"


def joined(columns: Iterable[str]) -> str:
    """Return the SQL that does so column by column."""
    return ", ".join(map(end_to_end, columns))


def _aggregates(columns: Sequence[str], *, shown: bool) -> str:
    """Return the SQL of a portion: its last id, ids, who is shown, thresholds, then the columns.

    Of those who left the market there is nothing but the id.
    """
    own = [f"{end_to_end(value)} FILTER (WHERE fixed IS NOT NULL)" for value in (SHOWN, THRESHOLD)]
    ids = end_to_end("int8send(subject_id)")
    visible = ", ".join(own) if shown else "NULL, NULL"
    return f"max(subject_id), {ids}, {visible}, {joined(columns)}"


def _delta(table: str, columns: Sequence[str], *, shown: bool) -> str:
    return f"SELECT {_aggregates(columns, shown=shown)} FROM {table} WHERE seq > %(seq)s"  # noqa: S608


def _everything(table: str, columns: Sequence[str], *, shown: bool) -> str:
    return f"""
        SELECT {_aggregates(columns, shown=shown)}
        FROM (
            SELECT * FROM {table} WHERE subject_id > %(last)s ORDER BY subject_id LIMIT {PORTION}
        ) AS portion
    """  # noqa: S608


_ROLES: Final = (PackedRole._meta.db_table, ROLE_COLUMNS)
_CANDIDATES: Final = (PackedCandidate._meta.db_table, CANDIDATE_COLUMNS)


def read_delta(seq: int, *, with_candidates: bool = True) -> Delta:
    """Read the packed rows of commits after this one."""
    roles = [_read(_delta(*_ROLES, shown=False), seq=seq)]
    people = (
        [_read(_delta(*_CANDIDATES, shown=True), seq=seq, frozen=seq)] if with_candidates else []
    )
    return _as_columns(roles, people)


def read_everything(*, with_candidates: bool = True, frozen: int = -1) -> Delta:
    """Read all packed rows, a portion at a time; thresholds of commits after ``frozen`` alone.

    What is committed meanwhile may be in it or not; it is read again as a later commit.
    """
    roles = _portions(_everything(*_ROLES, shown=False))
    people = (
        _portions(_everything(*_CANDIDATES, shown=True), frozen=frozen) if with_candidates else []
    )
    return _as_columns(roles, people)


type _Portion = tuple[Any, ...]


def _portions(statement: str, **parameters: int) -> list[_Portion]:
    found, last = [], -1
    while (portion := _read(statement, last=last, **parameters))[0] is not None:
        found.append(portion)
        last = portion[0]
    return found


def _read(statement: str, **parameters: int) -> Any:
    with binary_cursor() as cursor:
        # Bytes travel as they are; as text they would be twice as long.
        cursor.execute(statement, parameters, binary=True)
        return cursor.fetchone()


def _as_columns(roles: Sequence[_Portion], people: Sequence[_Portion]) -> Delta:
    role_ids, _, _, role_columns = _joined(Opportunities, ROLE_COLUMNS, roles)
    candidate_ids, shown, thresholds, candidates = _joined(Candidates, CANDIDATE_COLUMNS, people)
    return Delta(role_ids, role_columns, candidate_ids, candidates, shown, thresholds)


def _joined[Side: (Candidates, Opportunities)](
    kind: type[Side], names: Sequence[str], portions: Sequence[_Portion]
) -> tuple[Longs, Flags, Longs, Side]:
    columns = zip(*(portion[1:] for portion in portions), strict=True)
    whole = [b"".join(filter(None, parts)) for parts in columns] or [b""] * (3 + len(names))
    ids, shown, thresholds, *content = whole
    return (
        np.frombuffer(ids, ">i8").astype(np.int64),
        np.frombuffer(shown, np.uint8).astype(np.bool_),
        np.frombuffer(thresholds, ">i4").astype(np.int64),
        decode(kind, dict(zip(names, content, strict=True))),
    )
