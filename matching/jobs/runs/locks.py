"""Show that somebody works on a step, in a way that ends with the worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

RUN_LOCKS: Final = 715_001
PART_LOCKS: Final = 715_002
PUBLISH_LOCK: Final = 715_005
"""Classes of advisory locks; the second number is the row's."""


@contextmanager
def working_on(locks: int, number: int) -> Iterator[bool]:
    """Hold the step's lock, or say that another worker holds it; a killed worker lets it go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [locks, number])
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [locks, number])


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
