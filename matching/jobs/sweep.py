"""See to it that owed work is done, whatever became of its message."""

from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from matching.jobs import owed_work
from matching.jobs.owed_work import OWED
from matching.jobs.refresh import BATCH
from matching.models import OwedWork, PackedCandidate, PackedRole, Subject
from opportunities.candidates.models import CandidateProfile
from opportunities.core import outbox
from opportunities.engagements.models import BLIND_DAYS, Review
from opportunities.roles.models import Opportunity

MOST_CLAIMED: Final = 2000
"""Subjects that one sweep sends."""
MOST_RECONCILED: Final = 10_000
RECONCILED_EVERY: Final = timedelta(minutes=10)


def claim(*, at: datetime) -> list[tuple[Subject, list[int]]]:
    """Return what is owed and nobody seems to be doing, in batches; it is not sent twice at once.

    What failed before travels alone, so that it cannot take others with it again.
    """
    sent = outbox.hand_out(OWED, limit=MOST_CLAIMED, at=at)
    rows = list(OwedWork.objects.filter(pk__in=sent).order_by("raised_at", "id"))
    batches = [
        (kind, list(batch))
        for kind in (Subject.ROLE, Subject.CANDIDATE)
        for batch in batched(
            [row.subject_id for row in rows if row.kind == kind and not row.attempts],
            BATCH,
            strict=False,
        )
    ]
    return batches + [(Subject(row.kind), [row.subject_id]) for row in rows if row.attempts]


def reconcile(*, at: datetime) -> int:
    """Owe every subject whose packed row is missing, outdated or no longer in the market."""
    opened = at - timedelta(days=BLIND_DAYS)
    rated = Review.objects.filter(
        Q(at__lte=opened), Q(at__gt=opened - 2 * RECONCILED_EVERY), by_employer=True
    ).values_list(F("completion__application__profile_id"), flat=True)
    roles, profiles = Opportunity.objects.listed(at=at), CandidateProfile.objects.counted()
    count = 0
    for kind, sources in (
        (Subject.ROLE, _differing(roles, PackedRole)),
        (Subject.CANDIDATE, [*_differing(profiles, PackedCandidate), rated]),
    ):
        ids = {subject for source in sources for subject in source[:MOST_RECONCILED]}
        owed_work.owe(kind, ids, at=at)
        count += len(ids)
    return count


def _differing(
    present: QuerySet[Any], model: type[PackedRole | PackedCandidate]
) -> list[QuerySet[Any]]:
    """Return the ids of what is in the market without its packed row, and of what has left it."""
    packed = model.objects.filter(fixed__isnull=False)
    current = packed.filter(subject_id=OuterRef("pk"), source_version=OuterRef("version"))
    left = packed.filter(~Exists(present.filter(pk=OuterRef("subject_id"))))
    return [
        present.filter(~Exists(current)).values_list("pk", flat=True),
        left.values_list("subject_id", flat=True),
    ]
