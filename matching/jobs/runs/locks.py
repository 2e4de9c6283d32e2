"""Which steps of runs somebody works on; whoever does holds the lock of ``core.alone``."""

from typing import Final

from django.db import connection

RUN_LOCKS: Final = 715_001
PART_LOCKS: Final = 715_002
PUBLISH_LOCK: Final = 715_005
"""Families of advisory locks; the second number is the row's."""


def being_worked_on(locks: int) -> set[int]:
    """Return the numbers of the steps that some worker is at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [locks],
        )
        return {number for (number,) in cursor.fetchall()}
