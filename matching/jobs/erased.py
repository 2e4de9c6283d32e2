"""Take the features of erased candidates out of what past runs keep for replay.

A run's frozen input is the only copy of features beside the market's own. Whoever leaves the market
is blanked in it: all else stays byte for byte, so that every other list can still be replayed.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from matching.engine import Candidates
from matching.models import PackedCandidate, RunPart
from matching.models.runs import UNFINISHED
from matching.store.encode import blank
from matching.store.read import CANDIDATE_COLUMNS

MOST_PARTS: Final = 100
"""Parts looked at in one go: each holds up to 100,000 candidates."""


def blank_erased(*, clock: Callable[[], datetime], until: datetime) -> int:
    """Blank those who left since, in the input of finished runs; return how many were.

    A run on its way keeps what it was given until it ends. No lock of the market is needed.
    """
    blanked = 0
    parts = RunPart.objects.filter(fixed__isnull=False).exclude(run__state__in=UNFINISHED)
    for part_id in parts.order_by("-pk").values_list("pk", flat=True)[:MOST_PARTS]:
        if clock() >= until:
            break
        blanked += _blank_part(part_id)
    return blanked


@transaction.atomic
def _blank_part(part_id: int) -> int:
    known = RunPart.objects.select_for_update(of=("self",)).select_related("run")
    part = known.only("run__seq", "first_id", "last_id", "erased").get(pk=part_id)
    left = PackedCandidate.objects.filter(
        fixed__isnull=True,
        seq__gt=part.run.seq or 0,
        subject_id__range=(part.first_id, part.last_id),
    ).exclude(subject_id__in=part.erased)
    ids = sorted(left.values_list("subject_id", flat=True))
    if not ids:
        return 0
    content = RunPart.objects.values(*CANDIDATE_COLUMNS).get(pk=part_id)
    if content["fixed"] is None:
        return 0
    RunPart.objects.filter(pk=part_id).update(
        erased=[*part.erased, *ids], **blank(Candidates, content, ids)
    )
    return len(ids)
