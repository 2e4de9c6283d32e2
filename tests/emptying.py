"""Empty the database after a test that commits, for a fraction of what TRUNCATE costs.

Django's flush truncates every table and then writes content types and permissions anew: for that
PostgreSQL makes new files for each of some hundred tables and all of their indexes.
"""

from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg import sql

Contents = list[tuple[str, int, int]]


class Emptying:
    """How tests that commit leave the database: as Django leaves it, which is done once."""

    def __init__(self) -> None:
        self.flush = TransactionTestCase._fixture_teardown
        self.kept: Contents = []
        self.deletes: sql.Composable = sql.SQL("")

    def after(self, case: TransactionTestCase) -> None:
        """Delete all rows but what a flush leaves; where that would not do, flush."""
        if self.kept and is_superuser() and contents(table for table, *_ in self.kept) == self.kept:
            # Records to which rows are only added refuse deletion, as a trigger.
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(self.deletes)
            return
        self.flush(case)
        tables = connection.introspection.django_table_names(include_views=False)
        self.kept = [each for each in contents(tables) if each[1]]
        self.deletes = sql.SQL("; ").join(
            sql.SQL("DELETE FROM {}").format(sql.Identifier(table))
            for table in sorted(set(tables) - {table for table, *_ in self.kept})
        )


def is_superuser() -> bool:
    """Say whether the account may pass triggers by."""
    connection.ensure_connection()
    return bool(connection.connection.info.parameter_status("is_superuser") == "on")


def contents(tables: Any) -> Contents:
    """Return the tables, each with its count of rows and the latest transaction that wrote one."""
    each = sql.SQL("SELECT {}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {}")
    query = sql.SQL(" UNION ALL ").join(
        each.format(sql.Literal(table), sql.Identifier(table)) for table in sorted(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(cursor.fetchall())
