"""Exchange whole columns with PostgreSQL in its binary formats, without Python per value.

Parameters may be NumPy arrays of int64 and int32.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

INT8: Final = (20, 1016)
INT4: Final = (23, 1007)
"""The types' own numbers and those of their arrays."""

_HEAD: Final = np.dtype(
    [(name, ">i4") for name in ("dimensions", "nulls", "oid", "length", "first")]
)


def _entry(size: int) -> np.dtype[Any]:
    return np.dtype([("bytes", ">i4"), ("value", f">i{size}")])


class _ArrayDumper(Dumper):
    """One-dimensional arrays of integers, without NULLs."""

    format = Format.BINARY

    def get_key(self, obj: NDArray[Any], format: Any) -> Any:  # noqa: A002
        """Let the size of the integers decide."""
        return (self.cls, obj.dtype.itemsize)

    def upgrade(self, obj: NDArray[Any], format: Any) -> "_ArrayDumper":  # noqa: A002
        """Return the dumper of this size."""
        return (_LongsDumper if obj.dtype.itemsize == 8 else _IntsDumper)(self.cls, None)

    def dump(self, obj: NDArray[Any]) -> Buffer | None:
        """Return the array as PostgreSQL sends it."""
        size = obj.dtype.itemsize
        if not len(obj):
            return np.array([0, 0, (INT8 if size == 8 else INT4)[0]], ">i4").tobytes()
        head = np.zeros(1, _HEAD)
        head["dimensions"], head["length"], head["first"] = 1, len(obj), 1
        head["oid"] = (INT8 if size == 8 else INT4)[0]
        entries = np.empty(len(obj), _entry(size))
        entries["bytes"], entries["value"] = size, obj
        return head.tobytes() + entries.tobytes()


class _LongsDumper(_ArrayDumper):
    oid = INT8[1]


class _IntsDumper(_ArrayDumper):
    oid = INT4[1]


@contextmanager
def binary_cursor(*, prepares: bool = False) -> Iterator[psycopg.Cursor[Any]]:
    """Open a cursor on Django's connection; fetch with ``execute(…, binary=True)``.

    ``prepares`` lets the server parse and plan a statement once a connection: of a statement that
    finds a few rows by their keys, planning is most of the work.
    """
    connection.ensure_connection()
    own = connection.connection
    own.adapters.register_dumper(np.ndarray, _ArrayDumper)
    with connection.wrap_database_errors, psycopg.Cursor(own) as cursor:
        # Django prepares nothing: its cursors write the values into the statement.
        own.prepare_threshold = 0 if prepares else None
        try:
            yield cursor
        finally:
            own.prepare_threshold = None
