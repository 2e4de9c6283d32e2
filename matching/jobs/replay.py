"""Compute a past list again from the record of its run, and compare it with what was recorded."""

from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from matching.jobs.runs.ranking import DIGEST_BYTES, digests_of, lists_of_run
from matching.models import Run, RunPart
from matching.store.frozen import candidates_of_part
from matching.store.state import pick
from opportunities.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Replay:
    """One candidate's list as a run computed it."""

    ids: list[int]
    scores: list[int]
    """Mutual score less price, in ten-thousandths of a point."""
    is_same: bool
    """Whether the list has the digest that the run recorded."""


def replay(*, run: Run, profile_id: int) -> Replay:
    """Return a candidate's list as the run computed it, before any later change.

    Raises ``NotFound`` where the candidate was not in the run or was erased, or where the input is
    no longer kept.
    """
    parts = RunPart.objects.filter(run=run, first_id__lte=profile_id, last_id__gte=profile_id)
    part = parts.only("erased", "digests").annotate(is_kept=Q(fixed__isnull=False)).first()
    if part is None:
        raise NotFound("This candidate was not in that run.")
    if not part.is_kept or part.digests is None:
        raise NotFound("The input of that run is no longer kept.")
    if profile_id in part.erased:
        raise NotFound("This candidate was erased; nothing of theirs is kept to replay.")
    candidates, _ = candidates_of_part(part.pk)
    place = pick(candidates.ids, np.array([profile_id]))
    if not len(place):
        raise NotFound("This candidate was not in that run.")
    lists = lists_of_run(run.pk, candidates.take(place))
    first = DIGEST_BYTES * int(place[0])
    recorded = bytes(part.digests[first : first + DIGEST_BYTES])
    count = int(np.count_nonzero(lists.ids[0] >= 0))
    return Replay(
        lists.ids[0, :count].tolist(),
        lists.scores[0, :count].tolist(),
        digests_of(candidates.ids[place], lists.ids, lists.scores) == recorded,
    )
