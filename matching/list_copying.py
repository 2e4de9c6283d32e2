"""Write many lists at once, in PostgreSQL's binary COPY format, built by NumPy.

A list's row is five fields: version, owner, ids, scores, seq. Rows of equal length have equal
layout, so each length is one array of records and no Python runs per row.
"""

from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from matching.list_rows import Table

SIGNATURE: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER: Final = b"\xff\xff"
INT8_OID: Final = 20
INT4_OID: Final = 23
ROWS_AT_ONCE: Final = 8192


def copy_lists(
    table: Table,
    owners: NDArray[np.int64],
    ids: NDArray[np.int64],
    scores: NDArray[np.int32],
    *,
    version: int,
    seq: int,
) -> None:
    """Write the lists of these owners; ``ids`` is padded with -1 as the engine pads."""
    lengths = (ids >= 0).sum(axis=1)
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY {table.name} (version, {table.owner}, ids, scores, seq)"
            " FROM STDIN (FORMAT binary)"
        ) as copy,
    ):
        copy.write(SIGNATURE)
        for length in np.unique(lengths).tolist():
            rows = np.flatnonzero(lengths == length)
            for first in range(0, len(rows), ROWS_AT_ONCE):
                some = rows[first : first + ROWS_AT_ONCE]
                copy.write(
                    _records(
                        owners[some],
                        ids[some, :length],
                        scores[some, :length],
                        version=version,
                        seq=seq,
                    )
                )
        copy.write(TRAILER)


def _array_layout(length: int, size: int) -> np.dtype[Any]:
    head = [("bytes", ">i4"), ("dimensions", ">i4"), ("nulls", ">i4"), ("oid", ">i4")]
    if not length:
        return np.dtype(head)
    entry = np.dtype([("bytes", ">i4"), ("value", f">i{size}")])
    return np.dtype([*head, ("length", ">i4"), ("first", ">i4"), ("entries", entry, (length,))])


def _records(
    owners: NDArray[np.int64],
    ids: NDArray[np.int64],
    scores: NDArray[np.int32],
    *,
    version: int,
    seq: int,
) -> bytes:
    length = ids.shape[1]
    number = np.dtype([("bytes", ">i4"), ("value", ">i8")])
    layout = np.dtype(
        [
            ("fields", ">i2"),
            ("version", number),
            ("owner", number),
            ("ids", _array_layout(length, 8)),
            ("scores", _array_layout(length, 4)),
            ("seq", number),
        ]
    )
    rows = np.zeros(len(owners), layout)
    rows["fields"] = 5
    for name, value in (("version", version), ("owner", owners), ("seq", seq)):
        rows[name]["bytes"] = 8
        rows[name]["value"] = value
    for name, values, oid in (("ids", ids, INT8_OID), ("scores", scores, INT4_OID)):
        array = rows[name]
        array["bytes"] = array.dtype.itemsize - 4
        array["oid"] = oid
        if length:
            array["dimensions"] = 1
            array["length"] = length
            array["first"] = 1
            array["entries"]["bytes"] = values.dtype.itemsize
            array["entries"]["value"] = values
    return rows.tobytes()
