"""Count what became of applications, and keep what it says of the chance at every open role."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import numpy as np
from django.db import transaction

from matching.engine.calibration import IsotonicMap, fit_isotonic
from matching.engine.hindsight import foresee
from matching.engine.odds import believe, told_of
from matching.models import RoleOdds, SiteOdds
from matching.store.histories import RoleCount, answers_of, count_applications, read_histories
from opportunities.roles.models import Opportunity

NOBODY: Final = 0
"""Stands for an employer that nothing is known of; rows are numbered from 1."""
KEPT_DIGITS: Final = 4
WRITTEN: Final = ("applicants", "waiting", "low", "middle", "high")
BATCH: Final = 2_000


def count_odds(*, at: datetime) -> int:
    """Count anew and store what differs; return how many roles are written."""
    counts = count_applications(at=at)
    listed = Opportunity.objects.open(at=at).order_by("pk")
    open_roles = {
        role: counts.get(role) or RoleCount(role, employer, kind)
        for role, employer, kind in listed.values_list("pk", "employer_id", "format")
    }
    formats = sorted({count.format for count in counts.values()})
    ranges, of_formats = _ranges({**counts, **open_roles}, formats, open_roles)
    learnt = _learn(at=at)
    rows = [
        RoleOdds(
            opportunity_id=role,
            applicants=count.applicants,
            waiting=count.waiting,
            **dict(zip(("low", "middle", "high"), ranges.get(role, (None,) * 3), strict=True)),
        )
        for role, count in open_roles.items()
    ]
    return _store(rows, of_formats, learnt, at=at)


def _ranges(
    counts: Mapping[int, RoleCount], known: Sequence[str], wanted: Mapping[int, RoleCount]
) -> tuple[dict[int, list[float]], dict[str, list[float]]]:
    """Return lower end, middle and upper end by role and by format, where enough was answered."""
    unknown = [RoleCount(NOBODY, NOBODY, kind) for kind in known]
    rows = [*(count for count in counts.values() if count.format in set(known)), *unknown]
    if not rows:
        return {}, {}
    answers = answers_of(rows, known)
    told = np.round(told_of(believe(answers)), KEPT_DIGITS).tolist()
    is_told = dict(zip(known, answers.are_enough().tolist(), strict=True))
    shares = [(row, share) for row, share in zip(rows, told, strict=True) if is_told[row.format]]
    return (
        {row.role: share for row, share in shares if row.role in wanted},
        {row.format: share for row, share in shares if row.role == NOBODY},
    )


def _learn(*, at: datetime) -> IsotonicMap:
    """Return the map from what would have been told to what happened since."""
    read = read_histories(at=at)
    histories, told = read.histories, foresee(read.histories)
    settled = (histories.known <= read.day_of(at)) & ~np.isnan(told)
    return fit_isotonic(told[settled], histories.offered[settled].astype(np.float64))


@transaction.atomic
def _store(
    rows: Sequence[RoleOdds],
    formats: Mapping[str, list[float]],
    learnt: IsotonicMap,
    *,
    at: datetime,
) -> int:
    kept = {row.pk: row for row in RoleOdds.objects.all()}
    changed = [
        row
        for row in rows
        if row.pk not in kept
        or any(getattr(row, name) != getattr(kept[row.pk], name) for name in WRITTEN)
    ]
    RoleOdds.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["opportunity_id"],
        update_fields=list(WRITTEN),
    )
    RoleOdds.objects.filter(pk__in=kept.keys() - {row.pk for row in rows}).delete()
    SiteOdds.objects.update_or_create(
        pk=1,
        defaults={
            "counted_at": at,
            "formats": dict(formats),
            "told": learnt.told.tolist(),
            "happened": learnt.happened.tolist(),
        },
    )
    return len(changed)
