"""See to it that owed work is done, whatever became of its message."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, F, OuterRef, Q

from matching.jobs import owed_work
from matching.jobs.refresh import BATCH
from matching.models import PackedCandidate, PackedRole, Subject
from opportunities.candidates.models import CandidateProfile
from opportunities.engagements.models import BLIND_DAYS, Review
from opportunities.roles.models import Opportunity

MOST_CLAIMED: Final = 2000
"""Subjects that one sweep sends."""
MOST_RECONCILED: Final = 10_000
RECONCILED_EVERY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Work:
    """A batch of subjects for one message."""

    kind: Subject
    subject_ids: list[int]


def claim(*, at: datetime) -> list[Work]:
    """Return batches of what is owed and not being done.

    What failed before travels alone, so that it cannot take others with it again.
    """
    together: dict[Subject, list[int]] = {Subject.ROLE: [], Subject.CANDIDATE: []}
    alone: list[Work] = []
    for row in owed_work.claim_due(at=at, limit=MOST_CLAIMED):
        kind = Subject(row.kind)
        if row.attempts:
            alone.append(Work(kind, [row.subject_id]))
        else:
            together[kind].append(row.subject_id)
    batches = [
        Work(kind, ids[first : first + BATCH])
        for kind, ids in together.items()
        for first in range(0, len(ids), BATCH)
    ]
    return batches + alone


def reconcile(*, at: datetime) -> int:
    """Owe every subject whose packed row is missing, outdated or no longer in the market."""
    packed_role = PackedRole.objects.filter(
        subject_id=OuterRef("pk"), fixed__isnull=False, source_version=OuterRef("version")
    )
    unpacked = (
        Opportunity.objects.listed(at=at).filter(~Exists(packed_role)).values_list("pk", flat=True)
    )
    listed = Opportunity.objects.listed(at=at).filter(pk=OuterRef("subject_id"))
    left = PackedRole.objects.filter(~Exists(listed), fixed__isnull=False).values_list(
        "subject_id", flat=True
    )
    packed_profile = PackedCandidate.objects.filter(
        subject_id=OuterRef("pk"), fixed__isnull=False, source_version=OuterRef("version")
    )
    counted = CandidateProfile.objects.counted()
    profiles = counted.filter(~Exists(packed_profile)).values_list("pk", flat=True)
    present = counted.filter(pk=OuterRef("subject_id"))
    gone = PackedCandidate.objects.filter(~Exists(present), fixed__isnull=False).values_list(
        "subject_id", flat=True
    )
    opened = at - timedelta(days=BLIND_DAYS)
    rated = Review.objects.filter(
        Q(at__lte=opened), Q(at__gt=opened - 2 * RECONCILED_EVERY), by_employer=True
    ).values_list(F("completion__application__profile_id"), flat=True)
    count = 0
    for kind, sources in (
        (Subject.ROLE, (unpacked, left)),
        (Subject.CANDIDATE, (profiles, gone, rated)),
    ):
        ids = {subject for source in sources for subject in source[:MOST_RECONCILED]}
        owed_work.owe(kind, ids, at=at)
        count += len(ids)
    return count
