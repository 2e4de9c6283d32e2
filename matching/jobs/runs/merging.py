"""Merge the roles' lists of a run's parts.

A part keeps them as the engine's keys, score above and tie number below, the tie being where a
candidate stands in the part. Keys merge by sorting whole numbers, and need no ids beside them.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine import Lists
from matching.engine.topk import EMPTY, lists_of, pack_keys
from matching.models import RunPart
from matching.models.market import KEPT
from matching.store.binary_cursor import binary_cursor

type Longs = NDArray[np.int64]

ROLES_AT_ONCE: Final = 25_000
"""Roles whose lists are merged at once: 12 MB of each part."""
ROW_BYTES: Final = 8 * KEPT

_LISTS: Final = f"""
    SELECT count, substring(role_lists FROM %s::integer FOR %s::integer)
    FROM {RunPart._meta.db_table} WHERE id = %s
"""  # noqa: S608


def keys_of(lists: Lists, places: Longs) -> Longs:
    """Return the roles' lists as keys; ``places`` says where each ranked candidate stands."""
    ties = np.append(places, 0)[lists.positions]
    keys: Longs = np.where(lists.positions >= 0, pack_keys(lists.scores, ties), EMPTY)
    return keys


def merge(best: Longs, keys: Longs, *, first: int) -> Longs:
    """Return the best keys of both, ascending; the candidates of ``keys`` stand from ``first`` on.

    Both have the width of a list. In which order parts are merged changes nothing.
    """
    # A place among all is a higher tie, and a higher tie a lower key.
    later = np.where(keys == EMPTY, EMPTY, keys - first)
    merged: Longs = np.sort(np.concatenate([best, later], axis=1), axis=1)[:, keys.shape[1] :]
    return merged


def merge_parts(run_id: int, *, roles: int, ids: Longs) -> Iterator[tuple[slice, Lists]]:
    """Yield the roles' lists over all parts, a range of the roles at a time.

    ``ids`` are those of all the run's candidates. Of each part only the range is read,
    so that memory grows with neither side of the market.
    """
    positions = np.arange(len(ids), dtype=np.int32)
    parts = RunPart.objects.filter(run=run_id).order_by("number")
    keys = list(parts.values_list("pk", flat=True))
    for begin in range(0, roles, ROLES_AT_ONCE):
        count = min(ROLES_AT_ONCE, roles - begin)
        best, first = np.full((count, KEPT), EMPTY, np.int64), 0
        for part in keys:
            with binary_cursor() as cursor:
                cursor.execute(
                    _LISTS, [1 + begin * ROW_BYTES, count * ROW_BYTES, part], binary=True
                )
                people, content = cursor.fetchone() or (0, b"")
            mine = np.frombuffer(content, np.int64).reshape(count, KEPT)
            best = merge(best, mine, first=first)
            first += people
        yield slice(begin, begin + count), lists_of(best, ids, positions)
