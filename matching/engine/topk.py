"""Keep the best of many: packed keys that sort by score, then by id, and lists made of them.

A key holds a score in its upper 32 bits and the complement of a tie number in the lower, so that
one comparison orders by score and breaks ties by the lower number. A row of keys is filled with
``EMPTY``, whose score is ``LOWEST``. The lowest key of a row stands first: what is not above it
need not be looked at.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import Ints, Longs

EMPTY: Final = -(1 << 63)
"""The key of no entry."""

LOW_BITS: Final = (1 << 32) - 1

ROWS: Final = 2048
"""Lists that are made at once: few enough to stay in the processor's cache."""


def pack_keys(scores: Any, ties: Any) -> Any:
    """Return keys; scores and tie numbers are integers, the latter from 0 to 2**31."""
    return (np.int64(scores) << 32) | (LOW_BITS - np.int64(ties))


def best_first(scores: Longs, ids: Longs) -> Longs:
    """Return where the entries stand by falling score, ties by rising id.

    Scores and ids have shape (n,); no id stands twice, and scores have 31 bits. One sort of packed
    keys takes an eighth of what ``numpy.lexsort`` of both columns does.
    """
    by_id = np.argsort(ids)
    # All bits turned round, so that the best come first and the tie numbers show.
    turned: Longs = ~pack_keys(scores[by_id], np.arange(len(ids)))
    turned.sort()
    best: Longs = by_id[turned & LOW_BITS]
    return best


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


def lists_of(
    keys: Longs, ids: Longs, positions: Ints, *, order: NDArray[Any] | None = None
) -> Lists:
    """Return the lists that rows of keys stand for; ``ids`` and ``positions`` are by tie number.

    ``order`` says which row each list is made of; without it they are made of all, in turn.
    """
    lists = Lists(
        ids=np.empty(keys.shape, np.int64),
        scores=np.empty(keys.shape, np.int32),
        positions=np.empty(keys.shape, np.int32),
    )
    for first in range(0, len(keys), ROWS):
        rows = slice(first, first + ROWS)
        # All bits turned round, so that the best come first and the tie numbers show.
        turned = ~keys[rows if order is None else order[rows]]
        turned.sort(axis=1)
        lists.scores[rows] = ~(turned >> 32)
        # The tie number of an empty key lies beyond all others.
        ties = turned & LOW_BITS
        filled = ties < len(ids)
        ties *= filled
        for column, known in ((lists.ids, ids), (lists.positions, positions)):
            column[rows] = np.where(filled, known[ties], -1) if len(known) else -1
    return lists


def keep_best(kept: Longs, owners: Longs, keys: Longs) -> None:
    """Let new keys into the rows of their owners, in place; the lowest key stays first."""
    width = kept.shape[1]
    if not width:
        return
    entering = keys > kept[owners, 0]
    owners, keys = owners[entering], keys[entering]
    order = np.argsort(~keys)
    order = order[np.argsort(narrow(owners[order], len(kept)), kind="stable")]
    owners, keys = owners[order], keys[order]
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    counts = np.diff(starts, append=len(owners))
    place = np.arange(len(owners)) - np.repeat(starts, counts)
    fits = place < width
    fresh = np.full((len(starts), width), EMPTY, np.int64)
    fresh[np.repeat(np.arange(len(starts)), counts)[fits], place[fits]] = keys[fits]
    touched = owners[starts]
    both = np.concatenate([kept[touched], fresh], axis=1)
    kept[touched] = np.partition(both, width, axis=1)[:, width:]


def narrow(owners: NDArray[Any], count: int) -> NDArray[Any]:
    """Return positions below ``count`` in two bytes where they fit: those sort much faster."""
    return owners.astype(np.uint16) if count <= 1 << 16 else owners
