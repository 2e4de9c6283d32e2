"""Exchange whole columns with PostgreSQL in its binary formats, without Python per value.

Parameters may be NumPy arrays of int64 and int32, and ``Blobs``.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakSet

import numpy as np
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from numpy.typing import NDArray
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

BYTEA: Final = (17, 1001)
INT8: Final = (20, 1016)
INT4: Final = (23, 1007)
"""The types' own numbers and those of their arrays."""

_PARAMETER: Final = re.compile(r"%\((\w+)\)[bs]")
_SIZE: Final = struct.Struct(">i")
_ENTRIES: Final = {size: np.dtype([("bytes", ">i4"), ("value", f">i{size}")]) for size in (4, 8)}


def of_any_length(ids: str) -> str:
    """Return the SQL of an array of ids that is a parameter, with its length out of sight.

    Where the server sees a short array it finds a plan for that length cheaper than one for all,
    and so plans at every execution, which costs more than the execution.
    """
    return f"(SELECT {ids}::bigint[])"


def numbered(statement: str) -> tuple[str, list[str]]:
    """Return a statement with numbers for its named parameters, and the names in that order.

    For ``binary_cursor(numbers=True)``: of more than 4,096 characters psycopg does not remember
    where the names are, and looks for them each time.
    """
    names = list(dict.fromkeys(_PARAMETER.findall(statement)))
    return _PARAMETER.sub(lambda found: f"${1 + names.index(found[1])}", statement), names


class Blobs(list[bytes]):
    """A column of bytes."""


def _head(oid: int, length: int) -> bytes:
    """Return what precedes the entries of an array: dimensions, NULLs, type, length, first."""
    return struct.pack(">5i", 1, 0, oid, length, 1) if length else struct.pack(">3i", 0, 0, oid)


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
        entries = np.empty(len(obj), _ENTRIES[size])
        entries["bytes"], entries["value"] = size, obj
        return _head((INT8 if size == 8 else INT4)[0], len(obj)) + entries.tobytes()


class _LongsDumper(_ArrayDumper):
    oid = INT8[1]


class _IntsDumper(_ArrayDumper):
    oid = INT4[1]


class _BlobsDumper(Dumper):
    """Psycopg's own dumper of lists asks each entry for its type and dumper."""

    format = Format.BINARY
    oid = BYTEA[1]

    def dump(self, obj: Blobs) -> Buffer | None:
        """Return the column as PostgreSQL takes an array."""
        entries = (part for blob in obj for part in (_SIZE.pack(len(blob)), blob))
        return _head(BYTEA[0], len(obj)) + b"".join(entries)


_taught: Final[WeakSet[psycopg.Connection[Any]]] = WeakSet()
"""The connections that know these dumpers."""


@contextmanager
def binary_cursor(
    *, prepares: bool = False, numbers: bool = False
) -> Iterator[psycopg.Cursor[Any]]:
    """Open a cursor on Django's connection; fetch with ``execute(…, binary=True)``.

    ``prepares`` lets the server parse and plan a statement once a connection: of a statement that
    finds a few rows by their keys, planning is most of the work. ``numbers`` is for parameters that
    have numbers.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    own = database.connection
    if own not in _taught:
        own.adapters.register_dumper(np.ndarray, _ArrayDumper)
        own.adapters.register_dumper(Blobs, _BlobsDumper)
        _taught.add(own)
    kind = psycopg.RawCursor if numbers else psycopg.Cursor
    with database.wrap_database_errors, kind(own) as cursor:
        # Django prepares nothing: its cursors write the values into the statement.
        own.prepare_threshold = 0 if prepares else None
        try:
            yield cursor
        finally:
            own.prepare_threshold = None
