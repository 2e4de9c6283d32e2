"""Compute a past list again from the record of its run, byte for byte."""

from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from matching.engine import POINT
from matching.models import Run, RunPart
from matching.running.ranking import digest_of, prepare, rank_candidates
from matching.snapshot.frozen import candidates_of_part
from matching.snapshot.state import pick
from opportunities.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Replay:
    """One candidate's list as a run computed it."""

    ids: list[int]
    scores: list[int]
    """Mutual score less price, in ten-thousandths of a point."""
    is_same: bool | None
    """Whether the whole part gives the recorded digest; None where that was not asked."""

    @property
    def points(self) -> list[float]:
        """Return the scores in points."""
        return [score / POINT for score in self.scores]


def replay(*, run: Run, profile_id: int, verify: bool = False) -> Replay:
    """Return a candidate's list as the run computed it, before any later change.

    ``verify`` computes the whole part and compares it with the digest that the run recorded.
    Raises ``NotFound`` where the candidate was not in the run or was erased, or where the input is
    no longer kept.
    """
    parts = RunPart.objects.filter(run=run, first_id__lte=profile_id, last_id__gte=profile_id)
    part = parts.only("erased", "digest").annotate(is_kept=Q(fixed__isnull=False)).first()
    if part is None:
        raise NotFound("This candidate was not in that run.")
    if not part.is_kept:
        raise NotFound("The input of that run is no longer kept.")
    if profile_id in part.erased:
        raise NotFound("This candidate was erased; nothing of her is kept to replay.")
    if verify and part.erased:
        raise NotFound(
            "Candidates of that part were erased since: lists can be replayed one by one,"
            " the part as a whole cannot be verified."
        )
    candidates, shown = candidates_of_part(part.pk)
    prepared = prepare(run.pk)
    if verify:
        ids, scores, _ = rank_candidates(prepared, candidates, shown)
        is_same = digest_of(ids, scores) == part.digest
    else:
        is_same = None
    place = pick(candidates.ids, np.array([profile_id]))
    if not len(place):
        raise NotFound("This candidate was not in that run.")
    ids, scores, _ = rank_candidates(prepared, candidates.take(place), shown[place])
    count = int(np.count_nonzero(ids[0] >= 0))
    return Replay(ids[0, :count].tolist(), scores[0, :count].tolist(), is_same)
