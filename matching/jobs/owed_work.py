"""Keep account of what is owed: raise it, take it up, and at last park it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import F, Q

from matching.models import OwedWork, Subject
from opportunities.core import outbox

OWED: Final = outbox.Kind(
    name="owed work",
    model=OwedWork,
    most_attempts=5,
    lease=outbox.doubling(timedelta(seconds=10), timedelta(seconds=60)),
    pause=outbox.doubling(timedelta(seconds=2), timedelta(seconds=60)),
    waiting=Q(done__lt=F("wanted"), dead_at__isnull=True),
    done="",
)
"""What failed so often is parked. The statement that stores the features settles the work."""

RAISE: Final = f"""
    INSERT INTO {OwedWork._meta.db_table} AS owed
        (kind, subject_id, wanted, done, raised_at, next_at, attempts, last_error)
    SELECT %(kind)s, subject, 1, 0, %(at)s, %(at)s, 0, ''
    FROM unnest(%(ids)s::bigint[]) AS subject ORDER BY subject
    ON CONFLICT (kind, subject_id) DO UPDATE SET
        wanted = owed.wanted + 1,
        raised_at = CASE WHEN owed.done = owed.wanted THEN %(at)s ELSE owed.raised_at END,
        next_at = %(at)s, attempts = 0, parked_at = NULL, last_error = ''
"""  # noqa: S608


def owe(kind: Subject, subject_ids: Iterable[int], *, at: datetime) -> None:
    """Raise what is owed for these, inside the transaction that changes them."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE, {"kind": kind.value, "ids": sorted(subject_ids), "at": at})


def begin(kind: Subject, subject_ids: Sequence[int], *, at: datetime) -> list[OwedWork]:
    """Take up what is owed for these, whether or not it is due; what failed too often is parked."""
    rows = OWED.rows().filter(kind=kind, subject_id__in=subject_ids)
    return outbox.claim(OWED, rows.order_by("id"), limit=len(subject_ids), at=at)
