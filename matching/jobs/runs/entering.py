"""What a run brings into the first ten of candidates: found part by part, introduced part by part.

New prices move roles without anybody having changed them. A part compares the first roles that it
ranked with what stood before: the rank that each had at the prices shown until now, and the
candidate's threshold. After the run is published the pairs are introduced in portions, each in a
transaction of its own; a portion that is introduced twice adds nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import numpy as np
from django.db import transaction

from matching.engine import Candidates
from matching.engine.columns import Longs
from matching.jobs import introducing
from matching.jobs.runs.locks import PART_LOCKS
from matching.models import Market, PackedCandidate, RunPart
from matching.store.firsts import Entries, FirstLists, names_skills
from matching.store.loading import frozen_at, read_prices, thresholds_of_run
from matching.store.read import UNKNOWN
from matching.store.state import find
from opportunities.core.alone import alone

MOST_EACH: Final = 3
"""Pairs that a run introduces to one candidate."""
PORTION: Final = 5_000
"""Pairs introduced by one statement."""


def entered(candidates: Candidates, first: FirstLists, *, run_id: int) -> bytes:
    """Return the pairs that a run's prices bring into somebody's first ten, as bytes.

    Candidates without skills are ranked by fit, which no price moves.
    """
    before = Market.load().run_id
    if before is None or before >= run_id or not len(candidates):
        return b""
    listed = first.ids >= 0
    owner = np.repeat(np.arange(len(candidates)), listed.sum(axis=1))
    role, rank = first.ids[listed], first.ranks[listed]
    roles, place = np.unique(role, return_inverse=True)
    old, new = read_prices(before), read_prices(run_id)
    known = np.array([old.get(each, -1) for each in roles.tolist()], np.int64)
    rise = np.array([new[each] for each in roles.tolist()], np.int64) - known
    thresholds = _thresholds_before(before, candidates.ids)[owner]
    enters = (known[place] >= 0) & (thresholds != UNKNOWN) & names_skills(candidates)[owner]
    enters &= rank + rise[place] < thresholds
    owner, role, rank = owner[enters], role[enters], rank[enters]
    nth = np.arange(len(owner)) - np.searchsorted(owner, owner)
    chosen = nth < MOST_EACH
    return (
        np.concatenate([candidates.ids[owner[chosen]], role[chosen], rank[chosen]])
        .astype(np.int64)
        .tobytes()
    )


def _thresholds_before(version: int, ids: Longs) -> Longs:
    """Return the thresholds that these candidates, by id, had in the version shown until now."""
    found = thresholds_of_run(version, ids)
    later = PackedCandidate.objects.filter(
        subject_id__range=(int(ids[0]), int(ids[-1])),
        seq__gt=frozen_at(version),
        fixed__isnull=False,
        threshold__isnull=False,
    ).values_list("subject_id", "threshold")
    owners, thresholds = np.array(list(later), np.int64).reshape(-1, 2).T
    places, here = find(ids, owners)
    found[places[here]] = thresholds[here]
    return found


def waiting_introductions() -> list[int]:
    """Return the parts of the run that is shown whose pairs are not introduced yet."""
    parts = RunPart.objects.filter(
        run=Market.load().run_id, entered__isnull=False, introduced_at__isnull=True
    )
    return list(parts.order_by("pk").values_list("pk", flat=True))


def introduce_part(part_id: int, *, clock: Callable[[], datetime]) -> int:
    """Introduce the pairs of one part, in portions; return how many were new."""
    with alone(part_id, family=PART_LOCKS) as is_ours:
        if not is_ours:
            return 0
        parts = RunPart.objects.filter(pk=part_id, introduced_at__isnull=True)
        content = parts.values_list("entered", flat=True).first()
        if content is None:
            return 0
        count = 0
        pairs = np.frombuffer(content, np.int64).reshape(3, -1)
        for begin in range(0, pairs.shape[1], PORTION):
            some = pairs[:, begin : begin + PORTION]
            with transaction.atomic():
                count += introducing.introduce(Entries(*some), at=clock())
        parts.update(introduced_at=clock(), entered=b"")
        return count
