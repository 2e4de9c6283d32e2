"""One at a time over all processes: a lock of the database's session, let go even by a crash."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

NAMED: Final = 0x666F6F74
"""The family of the work that has a name and no number."""


@contextmanager
def alone(work: str | int, *, family: int = NAMED) -> Iterator[bool]:
    """Say whether nobody else is at this work; it is ours until the block ends.

    Families keep numbers apart: the same number in another one is other work.
    """
    key = zlib.crc32(work.encode()) - 2**31 if isinstance(work, str) else work
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [family, key])
        [is_ours] = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [family, key])
