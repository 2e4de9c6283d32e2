"""The one queue: work that a table owes is claimed, leased, tried again, and at last given up.

Each kind of work is a table of its own, so that it keeps its foreign keys and its indexes; how a
row moves is said here alone:

- ``claim`` takes due rows with SKIP LOCKED, counts the attempt and leases them, in one short
  transaction. The count is committed before the work, so that work which kills its worker counts.
- The work is done outside of any transaction, unless it is all in this database.
- ``settle`` or ``fail`` writes down what became of it, but only for whoever holds the claim: a
  worker that comes back after its lease has lapsed finds another attempt counted, and changes
  nothing.
- A row that was tried too often is given up: staff see it in the admin and may ``revive`` it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F, Model, Q, QuerySet

from opportunities.core.queued import Queued

SPENT: Final = "Given up: it was claimed often and never finished."

type Spans = Callable[[int], timedelta]
"""Number of an attempt to a length of time."""

logger = structlog.get_logger(__name__)


def always(span: timedelta) -> Spans:
    """Return the same length of time for every attempt."""
    return lambda _: span


def doubling(first: timedelta, longest: timedelta) -> Spans:
    """Return pauses that double with every attempt until the longest."""
    return lambda attempt: min(first * 2 ** (attempt - 1), longest)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind[Row: Queued]:
    """One kind of work: its table and its patience."""

    name: str
    model: type[Row]
    most_attempts: int
    lease: Spans
    """How long whoever began the attempt has before somebody else may."""
    pause: Spans
    """How long a failed attempt is followed by nothing."""
    waiting: Q = field(default_factory=lambda: Q(due_at__isnull=False))
    """What is neither done nor given up."""
    done: str = "sent_at"
    """Empty where the work settles its own rows."""
    buried: Callable[[Row, datetime], dict[str, Any]] = lambda _, __: {}
    """What else changes in a row that is given up."""
    tell_given_up: Callable[[Row, datetime], None] = lambda _, __: None
    """What else happens when a row was given up, in the same transaction."""
    revived: dict[str, Any] = field(default_factory=dict)
    """What else changes in a row that staff try again."""

    def all(self) -> QuerySet[Row]:
        """Return all that the table has."""
        return self.model._default_manager.all()  # noqa: SLF001  (Django documents it)

    def rows(self) -> QuerySet[Row]:
        """Return what is neither done nor given up."""
        return self.all().filter(self.waiting)

    def ready(self, *, at: datetime) -> QuerySet[Row]:
        """Return what may be taken up now, the longest due first."""
        return self.rows().filter(due_at__lte=at).order_by("due_at", "pk")

    def buried_rows(self) -> QuerySet[Row]:
        """Return what was given up."""
        return self.all().filter(dead_at__isnull=False)


@transaction.atomic
def claim[Row: Queued](
    kind: Kind[Row], rows: QuerySet[Row] | None = None, *, limit: int, at: datetime
) -> list[Row]:
    """Take up to ``limit`` rows that nobody holds, and keep others away from them for a while."""
    chosen = kind.ready(at=at) if rows is None else rows
    return lease(kind, list(lock(chosen)[:limit]), at=at)


def lock[Row: Model](rows: QuerySet[Row]) -> QuerySet[Row]:
    """Lock rows, passing over those that somebody else holds."""
    return rows.select_for_update(skip_locked=True, no_key=True, of=("self",))


def lease[Row: Queued](kind: Kind[Row], rows: Sequence[Row], *, at: datetime) -> list[Row]:
    """Count an attempt at locked rows and return those to try; give up what is spent."""
    fresh = []
    for row in rows:
        if row.attempts < kind.most_attempts:
            fresh.append(row)
        else:
            logger.warning(
                "work was given up", kind=kind.name, id=row.pk, attempts=row.attempts, error=SPENT
            )
            _bury(kind, row, SPENT, at=at)
    for row in fresh:
        row.attempts += 1
        row.due_at = at + kind.lease(row.attempts)
    kind.all().bulk_update(fresh, ["attempts", "due_at"])
    return fresh


def settle[Row: Queued](
    kind: Kind[Row], rows: Iterable[Row], *, at: datetime, **beside: Any
) -> int:
    """Mark claimed rows as done; return how many of them were still this worker's."""
    changes = {kind.done: at, "last_error": "", "due_at": None, **beside}
    return _held(kind, rows).update(**changes)


def fail[Row: Queued](
    kind: Kind[Row],
    rows: Collection[Row],
    error: str,
    *,
    is_final: bool = False,
    at: datetime,
    **beside: Any,
) -> bool:
    """Plan the next attempt at claimed rows, or give them up together; say which it was."""
    attempt = max(row.attempts for row in rows)
    gives_up = is_final or attempt >= kind.most_attempts
    logger.warning(
        "work was not done",
        kind=kind.name,
        ids=[row.pk for row in rows],
        attempts=attempt,
        error=error[:300],
        given_up=gives_up,
    )
    if gives_up:
        buried = [_bury(kind, row, error, at=at, **beside) for row in rows]
        return any(buried)
    pause = kind.pause(attempt)
    _held(kind, rows).update(last_error=error[:300], due_at=at + pause, **beside)
    return False


def give_back[Row: Queued](kind: Kind[Row], rows: Iterable[Row], *, at: datetime) -> int:
    """Let claimed rows that there was no time for be claimed again, as if they had not been."""
    return _held(kind, rows).update(attempts=F("attempts") - 1, due_at=at)


@transaction.atomic
def hand_out[Row: Queued](kind: Kind[Row], *, limit: int, at: datetime) -> list[int]:
    """Return the ids of due rows to send to workers, who claim them; none is sent twice at once.

    No attempt is counted: a message that is lost is sent again when this hold has lapsed.
    """
    rows = list(lock(kind.ready(at=at)).values_list("pk", flat=True)[:limit])
    kind.all().filter(pk__in=rows).update(due_at=at + kind.lease(1))
    return rows


def revive[Row: Queued](kind: Kind[Row], ids: Iterable[int], *, at: datetime) -> int:
    """Let staff try again what was given up; return how many rows wait now."""
    return renew(kind, kind.buried_rows().filter(pk__in=list(ids)), at=at)


def renew[Row: Queued](kind: Kind[Row], rows: QuerySet[Row], *, at: datetime) -> int:
    """Owe rows anew, whatever became of them, with all their attempts before them."""
    changes = {"dead_at": None, "last_error": "", "due_at": at, "attempts": 0, **kind.revived}
    return rows.update(**changes | ({kind.done: None} if kind.done else {}))


def _bury[Row: Queued](
    kind: Kind[Row], row: Row, error: str, *, at: datetime, **beside: Any
) -> bool:
    """Give up a row that nobody else has claimed since; say whether it was."""
    changes = {"dead_at": at, "last_error": error[:300], "due_at": None, **beside}
    is_buried = bool(_held(kind, [row]).update(**changes | kind.buried(row, at)))
    if is_buried:
        kind.tell_given_up(row, at)
    return is_buried


def _held[Row: Queued](kind: Kind[Row], rows: Iterable[Row]) -> QuerySet[Row]:
    """Return the rows that wait and whose claim is still the one that was made here."""
    claims = [Q(pk=row.pk, attempts=row.attempts) for row in rows]
    return kind.rows().filter(Q(*claims, _connector=Q.OR)) if claims else kind.rows().none()
