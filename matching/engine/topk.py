"""Keep the best of many: packed keys that sort by score, then by id, and lists made of them.

A key holds a score in its upper 32 bits and the complement of a tie number in the lower, so that
one comparison orders by score and breaks ties by the lower number. A row of keys is filled with
``EMPTY``, whose score is ``LOWEST``, and kept ascending, which is also a heap.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matching.engine.columns import Ints, Longs

EMPTY: Final = -(1 << 63)
"""The key of no entry."""

LOW_BITS: Final = (1 << 32) - 1


def pack_keys(scores: Any, ties: Any) -> Any:
    """Return keys; scores and tie numbers are integers, the latter from 0 to 2**31."""
    return (np.int64(scores) << 32) | (LOW_BITS - np.int64(ties))


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """The best of the other side for each owner, best first.

    All arrays have shape (owners, k). Equal scores are ordered by id. Rows with fewer than ``k``
    entries are padded: id and position -1, score ``LOWEST``.
    """

    ids: Longs
    scores: Ints
    """On the scale ``SCORE``."""
    positions: Ints
    """Where the other side stands in the columns given."""

    def __len__(self) -> int:
        return len(self.ids)


def lists_of(keys: Longs, ids: Longs, positions: Ints) -> Lists:
    """Return the lists that rows of keys stand for; ``ids`` and ``positions`` are by tie number."""
    best_first = ~np.sort(~keys, axis=1)
    # The tie number of an empty key lies beyond all others.
    ties = np.minimum(LOW_BITS - (best_first & LOW_BITS), len(ids))
    return Lists(
        ids=np.append(ids, -1)[ties],
        scores=(best_first >> 32).astype(np.int32),
        positions=np.append(positions, -1).astype(np.int32)[ties],
    )


def keep_best(kept: Longs, owners: Longs, keys: Longs) -> None:
    """Let new keys into the rows of their owners, in place; every row stays ascending."""
    width = kept.shape[1]
    if not width:
        return
    entering = keys > kept[owners, 0]
    owners, keys = owners[entering], keys[entering]
    order = np.lexsort((-keys, owners))
    owners, keys = owners[order], keys[order]
    touched, first, counts = np.unique(owners, return_index=True, return_counts=True)
    place = np.arange(len(owners)) - np.repeat(first, counts)
    fits = place < width
    fresh = np.full((len(touched), width), EMPTY, np.int64)
    fresh[np.repeat(np.arange(len(touched)), counts)[fits], place[fits]] = keys[fits]
    both = np.sort(np.concatenate([kept[touched], fresh], axis=1), axis=1)
    kept[touched] = both[:, width:]
