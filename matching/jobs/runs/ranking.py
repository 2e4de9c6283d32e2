"""Rank one range of a run's candidates against all of its roles."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

import numpy as np
from django.db import connection, transaction
from django.db.models import F
from numpy.typing import NDArray

from matching.engine import POINT, Candidates, Opportunities, Ranker, Vocabulary
from matching.engine.role_index import build_index
from matching.jobs.runs import entering
from matching.jobs.runs.locks import PART_LOCKS, working_on
from matching.jobs.runs.merging import keys_of
from matching.models import Run, RunPart, RunState
from matching.models.market import KEPT
from matching.store.binary_cursor import binary_cursor
from matching.store.firsts import (
    FIRST,
    NOT_FULL,
    FirstLists,
    first_lists_in,
    names_skills,
)
from matching.store.frozen import candidates_of_part, roles_of
from matching.store.loading import read_frozen_vocabulary, read_prices
from matching.store.read import CANDIDATE_COLUMNS

DIGEST_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Prepared:
    """What all parts of a run share."""

    roles: Opportunities
    vocabulary: Vocabulary
    points: NDArray[np.float64]


@lru_cache(maxsize=1)
def prepare(run_id: int) -> Prepared:
    """Read what all parts share; kept, because a worker ranks several parts of one run."""
    roles = roles_of(run_id)
    prices = read_prices(run_id)
    return Prepared(
        roles=roles,
        vocabulary=read_frozen_vocabulary(run_id),
        points=np.array([prices[int(role)] / POINT for role in roles.ids], np.float64),
    )


def rank_candidates(
    prepared: Prepared, candidates: Candidates, shown: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Return every candidate's list as ids and scores, and the roles' over those shown as keys."""
    ids = np.full((len(candidates), KEPT), -1, np.int64)
    scores = np.zeros((len(candidates), KEPT), np.int32)
    keys: list[NDArray[np.int64]] = []
    for chosen in (np.flatnonzero(shown), np.flatnonzero(~shown)):
        if keys and not len(chosen):
            continue
        ranker = Ranker(
            prepared.roles, k=KEPT, vocabulary=prepared.vocabulary, prices=prepared.points
        )
        lists = ranker.rank(candidates.take(chosen))
        ids[chosen], scores[chosen] = lists.ids, lists.scores
        keys.append(keys_of(ranker.opportunity_lists(), chosen))
    return ids, scores, keys[0]


def first_of(
    prepared: Prepared,
    candidates: Candidates,
    ids: NDArray[np.int64],
    scores: NDArray[np.int32],
) -> FirstLists:
    """Return everybody's first roles, each in the order in which they are shown roles."""
    best = ids[:, :FIRST].copy()
    ranks = np.where(best >= 0, scores[:, :FIRST].astype(np.int64), NOT_FULL)
    by_fit = np.flatnonzero(~names_skills(candidates))
    if len(by_fit):
        index = build_index(prepared.roles, vocabulary=prepared.vocabulary, prices=prepared.points)
        theirs = first_lists_in(index, candidates.take(by_fit))
        best[by_fit], ranks[by_fit] = theirs.ids, theirs.ranks
    return FirstLists(best, ranks)


def rank_part(part_id: int, *, clock: Callable[[], datetime]) -> int | None:
    """Rank one part; return its run if this was the last one, so that it may be published."""
    with working_on(PART_LOCKS, part_id) as alone:
        return _rank_part(part_id, clock) if alone else None


def _rank_part(part_id: int, clock: Callable[[], datetime]) -> int | None:
    parts = RunPart.objects.select_related("run").defer(*CANDIDATE_COLUMNS, "shown", "role_lists")
    part = parts.filter(pk=part_id).first()
    if part is None or part.finished_at or part.run.state != RunState.RANKING:
        return None
    RunPart.objects.filter(pk=part_id).update(attempts=F("attempts") + 1)
    if part.run.cancel_asked_at:
        return part.run_id
    candidates, shown = candidates_of_part(part_id)
    prepared = prepare(part.run_id)
    ids, scores, keys = rank_candidates(prepared, candidates, shown)
    first = first_of(prepared, candidates, ids, scores)
    entered = entering.entered(prepared, candidates, first, run_id=part.run_id)
    with transaction.atomic():
        if RunPart.objects.select_for_update().only("finished_at").get(pk=part_id).finished_at:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '110s'")
        with binary_cursor() as binary:
            binary.execute(
                f"UPDATE {RunPart._meta.db_table}"  # noqa: S608
                " SET finished_at = %s, digests = %b, role_lists = %b, thresholds = %b,"
                " entered = %b WHERE id = %s",
                [
                    clock(),
                    digests_of(candidates.ids, ids, scores),
                    keys.tobytes(),
                    entering.thresholds_as_bytes(candidates.ids, first.thresholds),
                    entered,
                    part_id,
                ],
            )
        Run.objects.filter(pk=part.run_id).update(done=F("done") + part.count)
    unfinished = RunPart.objects.filter(run=part.run_id, finished_at__isnull=True)
    return None if unfinished.exists() else part.run_id


def digests_of(
    owners: NDArray[np.int64], ids: NDArray[np.int64], scores: NDArray[np.int32]
) -> bytes:
    """Return a digest of each candidate's list, the same wherever and whenever it is computed."""
    kept = np.where(ids >= 0, scores, 0)
    lists = np.hstack([owners[:, None], ids, kept]).astype("<i8")
    return b"".join(hashlib.blake2b(row, digest_size=DIGEST_BYTES).digest() for row in lists)
