"""Rank one range of a run's candidates against all of its roles."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db import connection, transaction
from django.db.models import F

from matching.engine import Candidates, Lists
from matching.engine.columns import Ints, Longs
from matching.jobs.runs import cells, entering
from matching.jobs.runs.cells import Best
from matching.jobs.runs.locks import PART_LOCKS
from matching.models import Run, RunCell, RunPart, RunState
from matching.store.binary_cursor import binary_cursor
from matching.store.firsts import FirstLists
from matching.store.frozen import candidates_of_part, role_ids
from matching.store.read import CANDIDATE_COLUMNS
from opportunities.core.alone import alone

DIGEST_BYTES: Final = 16
PATIENCE: Final = timedelta(seconds=40)
"""How long one task begins with further roles before it lets another continue."""

_STORE_CELL: Final = f"""
    INSERT INTO {RunCell._meta.db_table} (part_id, number, begin, count, role_lists)
    VALUES (%s, %s, %s, %s, %b) ON CONFLICT (part_id, number)
    DO UPDATE SET count = excluded.count, role_lists = excluded.role_lists
"""  # noqa: S608
_PAUSE: Final = f"""
    UPDATE {RunPart._meta.db_table} SET ranked = %s, best = %b, attempts = 0, sent_at = NULL
    WHERE id = %s AND finished_at IS NULL
"""  # noqa: S608
_FINISH: Final = f"""
    UPDATE {RunPart._meta.db_table} SET finished_at = %s, digests = %b, thresholds = %b,
        entered = %b, best = NULL
    WHERE id = %s
"""  # noqa: S608


def lists_of_run(run_id: int, candidates: Candidates) -> Lists:
    """Return the lists of candidates of a run among all of its roles."""
    arranged = (some.index() for some in cells.stretches_of(run_id))
    return cells.best_of(candidates, arranged).listed(role_ids(run_id))


def rank_part(part_id: int, *, clock: Callable[[], datetime]) -> int | None:
    """Rank one part, for as long as there is time.

    Returns its run if this was the last one, so that it may be published.
    """
    with alone(part_id, family=PART_LOCKS) as is_ours:
        return _rank_part(part_id, clock) if is_ours else None


def _rank_part(part_id: int, clock: Callable[[], datetime]) -> int | None:
    part = (
        RunPart.objects.select_related("run")
        .defer(*CANDIDATE_COLUMNS, "shown")
        .filter(pk=part_id)
        .first()
    )
    if part is None or part.finished_at or part.run.state != RunState.RANKING:
        return None
    RunPart.objects.filter(pk=part_id).update(attempts=F("attempts") + 1)
    if part.run.cancel_asked_at:
        return part.run_id
    until = clock() + PATIENCE
    candidates, shown = candidates_of_part(part_id)
    best = Best.nothing(candidates) if part.best is None else Best.from_bytes(part.best, candidates)
    for some in cells.stretches_of(part.run_id, after=part.ranked):
        found, keys = cells.rank_cell(some.index(), candidates, shown)
        _write(_STORE_CELL, [part_id, some.number, some.begin, some.count, keys.tobytes()])
        best = best.merge(found, begin=some.begin)
        if not some.is_last and clock() >= until:  # the sweep sends the part again
            _write(_PAUSE, [some.number + len(some.ranges), best.to_bytes(), part_id])
            return None
    ids = role_ids(part.run_id)
    lists = best.listed(ids)
    if not _finish(part, candidates, lists, best.first(lists, candidates, ids), at=clock()):
        return None
    unfinished = RunPart.objects.filter(run=part.run_id, finished_at__isnull=True)
    return None if unfinished.exists() else part.run_id


@transaction.atomic
def _write(statement: str, row: Sequence[object]) -> None:
    """Carry out a statement that carries megabytes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '110s'")
    with binary_cursor() as binary:
        binary.execute(statement, row)


@transaction.atomic
def _finish(
    part: RunPart, candidates: Candidates, lists: Lists, first: FirstLists, *, at: datetime
) -> bool:
    """Store what follows from the candidates' lists; say whether nobody had."""
    entered = entering.entered(candidates, first, run_id=part.run_id)
    if RunPart.objects.select_for_update().only("finished_at").get(pk=part.pk).finished_at:
        return False
    _write(
        _FINISH,
        [
            at,
            digests_of(candidates.ids, lists.ids, lists.scores),
            candidates.ids.tobytes() + first.thresholds.astype(np.int32).tobytes(),
            entered,
            part.pk,
        ],
    )
    Run.objects.filter(pk=part.run_id).update(done=F("done") + part.count)
    return True


def digests_of(owners: Longs, ids: Longs, scores: Ints) -> bytes:
    """Return a digest of each candidate's list, the same wherever and whenever it is computed."""
    kept = np.where(ids >= 0, scores, 0)
    lists = np.hstack([owners[:, None], ids, kept]).astype("<i8")
    return b"".join(hashlib.blake2b(row, digest_size=DIGEST_BYTES).digest() for row in lists)
