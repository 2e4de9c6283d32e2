"""One at a time over all processes: a lock of the database's session, let go even by a crash."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

FAMILY: Final = 0x666F6F74
"""The first half of every key, so that no other user of such locks meets ours."""


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Say whether nobody else is at the work of this name; it is ours until the block ends."""
    key = zlib.crc32(name.encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [FAMILY, key])
        [is_ours] = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [FAMILY, key])
