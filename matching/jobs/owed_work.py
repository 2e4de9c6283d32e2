"""Keep account of what is owed: raise it, count attempts, settle it, park it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F

from matching.models import OwedWork, Subject

MOST_ATTEMPTS: Final = 5
"""Beginnings without an end after which the work is parked."""
LONGEST_PAUSE_SECONDS: Final = 60

TABLE: Final = OwedWork._meta.db_table
RAISE: Final = f"""
    INSERT INTO {TABLE} AS owed
        (kind, subject_id, wanted, done, raised_at, next_at, attempts, last_error)
    SELECT %(kind)s, subject, 1, 0, %(at)s, %(at)s, 0, ''
    FROM unnest(%(ids)s::bigint[]) AS subject ORDER BY subject
    ON CONFLICT (kind, subject_id) DO UPDATE SET
        wanted = owed.wanted + 1,
        raised_at = CASE WHEN owed.done = owed.wanted THEN %(at)s ELSE owed.raised_at END,
        next_at = %(at)s, sent_at = NULL, attempts = 0, parked_at = NULL, last_error = ''
"""  # noqa: S608


def owe(kind: Subject, subject_ids: Iterable[int], *, at: datetime) -> None:
    """Raise what is owed for these, inside the transaction that changes them."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE, {"kind": kind.value, "ids": sorted(subject_ids), "at": at})


@transaction.atomic
def begin(kind: Subject, subject_ids: Sequence[int], *, at: datetime) -> list[int]:
    """Count an attempt at each and return those to try; one that failed too often is parked.

    The count is committed before the work, so that work which kills its worker counts too.
    """
    rows = list(
        OwedWork.objects.waiting()
        .filter(kind=kind, subject_id__in=list(subject_ids))
        .order_by("id")
        .select_for_update(skip_locked=True)
    )
    for row in rows:
        if row.attempts >= MOST_ATTEMPTS:
            row.parked_at = at
        else:
            row.attempts += 1
            pause = min(LONGEST_PAUSE_SECONDS, 2**row.attempts)
            row.next_at = at + timedelta(seconds=pause)
    OwedWork.objects.bulk_update(rows, ["parked_at", "attempts", "next_at"])
    return [row.subject_id for row in rows if row.parked_at is None]


def give_back(kind: Subject, subject_ids: Sequence[int]) -> None:
    """Take back the count of an attempt that something else brought down."""
    OwedWork.objects.waiting().filter(
        kind=kind, subject_id__in=list(subject_ids), attempts__gt=0
    ).update(attempts=F("attempts") - 1, sent_at=None)


def note_failure(kind: Subject, subject_ids: Sequence[int], error: str) -> None:
    """Keep the reason of a failed attempt for the staff, and let the next one be sent."""
    OwedWork.objects.outstanding().filter(kind=kind, subject_id__in=list(subject_ids)).update(
        last_error=error[:300], sent_at=None
    )


@transaction.atomic
def unpark(owed_ids: Iterable[int], *, at: datetime) -> int:
    """Let parked work be tried again."""
    return (
        OwedWork.objects.parked()
        .filter(pk__in=list(owed_ids))
        .update(parked_at=None, attempts=0, next_at=at, sent_at=None, wanted=F("wanted"))
    )
