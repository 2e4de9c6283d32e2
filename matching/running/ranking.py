"""Rank one range of a run's candidates against all of its roles."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
from django.db import connection, transaction
from django.db.models import F
from numpy.typing import NDArray

from matching.engine import POINT, Candidates, Lists, Opportunities, Ranker, Vocabulary
from matching.list_copying import copy_lists
from matching.list_rows import CANDIDATES
from matching.models import Run, RunInput, RunPart, RunState
from matching.models.lists import KEPT
from matching.running.working import PART_LOCKS, working_on
from matching.snapshot.state import candidates_of_part, read_prices, roles_of
from matching.snapshot.taxonomy import thaw_vocabulary


@dataclass(frozen=True, slots=True)
class Prepared:
    """What all parts of a run share."""

    roles: Opportunities
    vocabulary: Vocabulary
    points: NDArray[np.float64]


@lru_cache(maxsize=1)
def prepare(run_id: int) -> Prepared:
    """Read what all parts share; kept, because a worker ranks several parts of one run."""
    kept = RunInput.objects.get(run=run_id)
    roles = roles_of(kept)
    prices = read_prices(run_id)
    return Prepared(
        roles=roles,
        vocabulary=thaw_vocabulary(kept.vocabulary),
        points=np.array([prices[int(role)] / POINT for role in roles.ids], np.float64),
    )


def rank_candidates(
    prepared: Prepared, candidates: Candidates, shown: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int32], Lists]:
    """Return every candidate's list as ids and scores, and the roles' lists over those shown."""
    ids = np.full((len(candidates), KEPT), -1, np.int64)
    scores = np.zeros((len(candidates), KEPT), np.int32)
    role_lists: list[Lists] = []
    for chosen in (np.flatnonzero(shown), np.flatnonzero(~shown)):
        if role_lists and not len(chosen):
            continue
        ranker = Ranker(
            prepared.roles, k=KEPT, vocabulary=prepared.vocabulary, prices=prepared.points
        )
        lists = ranker.rank(candidates.take(chosen))
        ids[chosen], scores[chosen] = lists.ids, lists.scores
        role_lists.append(ranker.opportunity_lists())
    return ids, scores, role_lists[0]


def rank_part(part_id: int, *, clock: Callable[[], datetime]) -> int | None:
    """Rank one part; return its run if this was the last one, so that it may be published."""
    with working_on(PART_LOCKS, part_id) as alone:
        return _rank_part(part_id, clock) if alone else None


def _rank_part(part_id: int, clock: Callable[[], datetime]) -> int | None:
    part = RunPart.objects.select_related("run").filter(pk=part_id).first()
    if part is None or part.finished_at or part.run.state != RunState.RANKING:
        return None
    RunPart.objects.filter(pk=part_id).update(attempts=F("attempts") + 1)
    if part.run.cancel_asked_at:
        return part.run_id
    candidates, shown = candidates_of_part(part)
    ids, scores, role_lists = rank_candidates(prepare(part.run_id), candidates, shown)
    archive = io.BytesIO()
    np.savez(archive, ids=role_lists.ids, scores=role_lists.scores)
    with transaction.atomic():
        if RunPart.objects.select_for_update().get(pk=part_id).finished_at:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '110s'")
            cursor.execute(
                f"DELETE FROM {CANDIDATES.name} WHERE version = %s"  # noqa: S608
                " AND profile_id BETWEEN %s AND %s",
                [part.run_id, part.first_id, part.last_id],
            )
        copy_lists(
            CANDIDATES, candidates.ids, ids, scores, version=part.run_id, seq=part.run.seq or 0
        )
        RunPart.objects.filter(pk=part_id).update(
            finished_at=clock(),
            role_lists=archive.getvalue(),
            digest=digest_of(ids, scores),
        )
        Run.objects.filter(pk=part.run_id).update(done=F("done") + part.count)
    unfinished = RunPart.objects.filter(run=part.run_id, finished_at__isnull=True)
    return None if unfinished.exists() else part.run_id


def digest_of(ids: NDArray[np.int64], scores: NDArray[np.int32]) -> str:
    """Return the digest of candidates' lists, the same wherever and whenever they are computed."""
    kept = np.where(ids >= 0, scores, 0).astype("<i4")
    return hashlib.sha256(ids.astype("<i8").tobytes() + kept.tobytes()).hexdigest()
