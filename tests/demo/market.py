"""The demo market for every test that stands on it: made once by a process, then copied in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import connection
from psycopg import sql

from opportunities.demo.seeding import Seeded, seed, tell_the_planner
from opportunities.skills import loading
from tests.emptying import contents, is_superuser

AT: Final = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """What seeding wrote: every row of every table, as PostgreSQL copies it."""

    seeded: Seeded
    rows: dict[str, bytes]


_kept: dict[tuple[object, ...], Kept] = {}
"""By what stood in the database before: kept rows point at it."""


def demo_market() -> Seeded:
    """Fill the database with the demo market of ``AT``, inside a transaction."""
    tables = connection.introspection.django_table_names(include_views=False)
    before = [each for each in contents(tables) if each[1]]
    if is_superuser() and (kept := _kept.get((*before,))):
        _copy_in(kept.rows)
        return kept.seeded
    loading.load_own_skills()
    seeded = seed(at=AT)
    after = [each for each in contents(tables) if each[1]]
    assert set(before) <= set(after), "seeding changed rows that stood before"
    written = {table for table, *_ in after} - {table for table, *_ in before}
    _kept[*before] = Kept(seeded, {table: _copied(table) for table in written})
    return seeded


def _copied(table: str) -> bytes:
    command = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        return b"".join(copy)


def _copy_in(rows: dict[str, bytes]) -> None:
    with connection.cursor() as cursor:
        # No row is checked again: each was written under every rule.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, written in rows.items():
            command = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
            with cursor.copy(command) as copy:
                copy.write(written)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    tell_the_planner()
