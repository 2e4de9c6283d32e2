"""Merge the roles' lists of a run's parts.

A part keeps them as the engine's keys, score above and tie number below, the tie being where a
candidate stands in the part. Keys merge by sorting whole numbers, and need no ids beside them.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine import Lists
from matching.engine.topk import EMPTY, lists_of, pack_keys
from matching.models import RunPart
from matching.models.market import KEPT
from matching.store.binary_cursor import binary_cursor

type Longs = NDArray[np.int64]

ROW_BYTES: Final = 8 * KEPT

_LISTS: Final = f"""
    SELECT substring(role_lists FROM %s::integer FOR %s::integer),
        substring(thresholds FROM 1 FOR 8 * count)
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


def merge_parts(run_id: int, *, begin: int, count: int) -> Lists:
    """Return the lists, over all parts, of ``count`` of the run's roles from place ``begin`` on.

    Of each part only these lists and its candidates' ids are read, so that memory grows with
    neither side of the market but for eight bytes a candidate.
    """
    best = np.full((count, KEPT), EMPTY, np.int64)
    ids, first = [np.zeros(0, np.int64)], 0
    parts = RunPart.objects.filter(run=run_id).order_by("number").values_list("pk", flat=True)
    for part in list(parts):
        with binary_cursor() as cursor:
            cursor.execute(_LISTS, [1 + begin * ROW_BYTES, count * ROW_BYTES, part], binary=True)
            content, people = cursor.fetchone() or (b"", b"")
        mine = np.frombuffer(content, np.int64).reshape(count, KEPT)
        best = merge(best, mine, first=first)
        ids.append(np.frombuffer(people, np.int64))
        first += len(ids[-1])
    return lists_of(best, np.concatenate(ids), np.arange(first, dtype=np.int32))
