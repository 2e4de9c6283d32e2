"""Merge the lists of some of a run's roles over the candidates of all its parts."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine import Lists
from matching.engine.topk import EMPTY, lists_of
from matching.jobs.runs.cells import merge
from matching.models import RunCell, RunPart
from matching.models.market import KEPT
from matching.store.binary_cursor import binary_cursor

type Longs = NDArray[np.int64]

ROW_BYTES: Final = 8 * KEPT

_LISTS: Final = f"""
    SELECT substring(cell.role_lists
            FROM 1 + {ROW_BYTES} * (%(begin)s - cell.begin) FOR {ROW_BYTES} * %(count)s),
        substring(part.thresholds FROM 1 FOR 8 * part.count)
    FROM {RunPart._meta.db_table} AS part JOIN {RunCell._meta.db_table} AS cell
        ON cell.part_id = part.id AND cell.begin <= %(begin)s
        AND cell.begin + cell.count >= %(end)s
    WHERE part.id = %(part)s LIMIT 1
"""  # noqa: S608


def merge_parts(run_id: int, *, begin: int, count: int) -> Lists:
    """Return the lists, over all parts, of ``count`` of the run's roles from place ``begin`` on.

    The roles are those of one range. Of each part only these lists and its candidates' ids are
    read, so that memory grows with neither side of the market but for eight bytes a candidate.
    Raises ``LookupError`` where a part has no lists of them.
    """
    best = np.full((count, KEPT), EMPTY, np.int64)
    ids, first = [np.zeros(0, np.int64)], 0
    parts = RunPart.objects.filter(run=run_id).order_by("number").values_list("pk", flat=True)
    for part in list(parts):
        with binary_cursor() as cursor:
            # Added up here: the server takes each small number for two bytes and adds within them.
            wanted = {"begin": begin, "end": begin + count, "count": count, "part": part}
            found = cursor.execute(_LISTS, wanted, binary=True).fetchone()
        if found is None:
            raise LookupError(f"Part #{part} has no lists of the roles from place {begin} on.")
        content, people = found
        mine = np.frombuffer(content, np.int64).reshape(count, KEPT)
        best = merge(best, mine, first=first)
        ids.append(np.frombuffer(people, np.int64))
        first += len(ids[-1])
    return lists_of(best, np.concatenate(ids), np.arange(first, dtype=np.int32))
