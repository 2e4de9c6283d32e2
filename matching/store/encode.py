"""Turn engine columns into bytes, one row per subject, and many rows' bytes back into columns.

The plain columns of a row are one fixed-size record, followed by how many entries it owns of each
ragged group; each group's entries are records of their own. So the bytes of many rows, laid end to
end by the database, are the bytes of the columns: loading is one aggregate and no parsing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine import Candidates, Opportunities, pack_candidates, pack_opportunities

FIXED: Final = "fixed"
COUNT_SUFFIX: Final = "_count"

type Side = Candidates | Opportunities


def groups(kind: type[Side]) -> tuple[str, ...]:
    """Return the names of the ragged groups: the columns of the table beside ``fixed``."""
    return tuple(kind.ragged())


def _layouts(kind: type[Side], empty: Side) -> dict[str, np.dtype[Any]]:
    """Return the record of ``fixed`` and of every group."""
    ragged = kind.ragged()
    inner = {*ragged, *(name for names in ragged.values() for name in names)}

    def layout(names: Iterable[str]) -> list[tuple[str, np.dtype[Any], tuple[int, ...]]]:
        columns = ((name, getattr(empty, name)) for name in names)
        return [(name, each.dtype.newbyteorder("<"), each.shape[1:]) for name, each in columns]

    plain = layout(item.name for item in fields(kind) if item.name not in inner)
    counts = [(f"{name}{COUNT_SUFFIX}", "<u4") for name in ragged]
    fixed = {FIXED: np.dtype([*plain, *counts])}
    return fixed | {group: np.dtype(layout(names)) for group, names in ragged.items()}


LAYOUTS: Final[Mapping[type[Side], Mapping[str, np.dtype[Any]]]] = {
    Candidates: _layouts(Candidates, pack_candidates([])),
    Opportunities: _layouts(Opportunities, pack_opportunities([], priors={})),
}


def encode(columns: Side) -> list[dict[str, bytes]]:
    """Return the bytes of every row: ``fixed`` and one entry for each ragged group."""
    kind = type(columns)
    layout = LAYOUTS[kind][FIXED]
    fixed = np.zeros(len(columns), layout)
    for name in layout.names or ():
        if not name.endswith(COUNT_SUFFIX):
            fixed[name] = getattr(columns, name)
    encoded: list[dict[str, bytes]] = [{} for _ in range(len(columns))]
    for group, names in kind.ragged().items():
        at = getattr(columns, group)
        fixed[f"{group}{COUNT_SUFFIX}"] = at[1:] - at[:-1]
        entries = np.zeros(int(at[-1]), LAYOUTS[kind][group])
        for name in names:
            entries[name] = getattr(columns, name)
        for place, row in enumerate(encoded):
            row[group] = entries[at[place] : at[place + 1]].tobytes()
    for place, row in enumerate(encoded):
        row[FIXED] = fixed[place : place + 1].tobytes()
    return encoded


def blank(
    kind: type[Side], content: Mapping[str, bytes | memoryview | None], ids: Sequence[int]
) -> dict[str, bytes]:
    """Return the bytes of many rows, laid end to end, with nothing but their ids in some."""
    fixed = np.frombuffer(content[FIXED] or b"", LAYOUTS[kind][FIXED]).copy()
    chosen = np.isin(fixed["ids"], ids)
    emptied: dict[str, bytes] = {}
    for group in groups(kind):
        entries = np.frombuffer(content[group] or b"", LAYOUTS[kind][group])
        stay = np.repeat(~chosen, fixed[f"{group}{COUNT_SUFFIX}"])
        emptied[group] = entries[stay].tobytes()
    kept = fixed["ids"][chosen]
    fixed[chosen] = np.zeros(1, fixed.dtype)
    fixed["ids"][chosen] = kept
    return {FIXED: fixed.tobytes(), **emptied}


def decode[Columns: (Candidates, Opportunities)](
    kind: type[Columns], content: Mapping[str, bytes | memoryview | None]
) -> Columns:
    """Return the columns of rows whose bytes were laid end to end, in that order.

    They are arrays of their own, as ``pack_candidates`` makes them: the compiled kernel is compiled
    anew for arrays that cannot be written.
    """
    fixed = np.frombuffer(content[FIXED] or b"", LAYOUTS[kind][FIXED])
    columns: dict[str, NDArray[Any]] = {
        name: fixed[name].copy()
        for name in fixed.dtype.names or ()
        if not name.endswith(COUNT_SUFFIX)
    }
    for group, names in kind.ragged().items():
        counts = fixed[f"{group}{COUNT_SUFFIX}"].astype(np.int64)
        columns[group] = np.append(0, np.cumsum(counts)).astype(np.int64)
        entries = np.frombuffer(content[group] or b"", LAYOUTS[kind][group])
        if len(entries) != columns[group][-1]:
            raise ValueError(f"{group}: {len(entries)} entries for {columns[group][-1]} owned")
        for name in names:
            columns[name] = entries[name].copy()
    return kind(**columns)
