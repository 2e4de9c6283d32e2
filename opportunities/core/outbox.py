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
class Kind[Row: Model]:
    """One kind of work: its table, its patience, and what its columns are called."""

    name: str
    model: type[Row]
    most_attempts: int
    lease: Spans
    """How long whoever began the attempt has before somebody else may."""
    pause: Spans
    """How long a failed attempt is followed by nothing."""
    waiting: Q = field(default_factory=lambda: Q(due_at__isnull=False))
    """What is neither done nor given up."""
    due: str = "due_at"
    done: str = "sent_at"
    """Empty where the work settles its own rows, as that which counts versions."""
    dead: str = "dead_at"
    error: str = "last_error"
    ends_due: bool = True
    """Whether what is over has no moment at which it is due."""
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
        return self.rows().filter(**{f"{self.due}__lte": at}).order_by(self.due, "pk")

    def buried_rows(self) -> QuerySet[Row]:
        """Return what was given up."""
        return self.all().filter(**{f"{self.dead}__isnull": False})

    def over(self) -> dict[str, Any]:
        """Return what changes in a row that is over, whichever way."""
        return {self.due: None} if self.ends_due else {}


@transaction.atomic
def claim[Row: Model](
    kind: Kind[Row], rows: QuerySet[Row] | None = None, *, limit: int, at: datetime
) -> list[Row]:
    """Take up to ``limit`` rows that nobody holds, and keep others away from them for a while."""
    chosen = kind.ready(at=at) if rows is None else rows
    return lease(kind, list(lock(chosen)[:limit]), at=at)


def lock[Row: Model](rows: QuerySet[Row]) -> QuerySet[Row]:
    """Lock rows, passing over those that somebody else holds."""
    return rows.select_for_update(skip_locked=True, no_key=True, of=("self",))


def lease[Row: Model](kind: Kind[Row], rows: Sequence[Row], *, at: datetime) -> list[Row]:
    """Count an attempt at locked rows and return those to try; give up what is spent."""
    for row in rows:
        if _attempts(row) >= kind.most_attempts:
            logger.warning(
                "work was given up", kind=kind.name, id=row.pk, attempts=_attempts(row), error=SPENT
            )
            _bury(kind, row, SPENT, at=at)
    fresh = [row for row in rows if _attempts(row) < kind.most_attempts]
    for before in {_attempts(row) for row in fresh}:
        alike = [row for row in fresh if _attempts(row) == before]
        changes = {"attempts": before + 1, kind.due: at + kind.lease(before + 1)}
        kind.all().filter(pk__in=[row.pk for row in alike]).update(**changes)
        for row in alike:
            _show(row, changes)
    return fresh


def settle[Row: Model](kind: Kind[Row], rows: Iterable[Row], *, at: datetime, **beside: Any) -> int:
    """Mark claimed rows as done; return how many of them were still this worker's."""
    changes = {kind.done: at, kind.error: "", **kind.over(), **beside}
    return _held(kind, rows).update(**changes)


def fail[Row: Model](
    kind: Kind[Row],
    rows: Collection[Row],
    error: str,
    *,
    is_final: bool = False,
    at: datetime,
    **beside: Any,
) -> bool:
    """Plan the next attempt at claimed rows, or give them up together; say which it was."""
    attempt = max(_attempts(row) for row in rows)
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
    changes = {kind.error: error[:300], kind.due: at + kind.pause(attempt), **beside}
    _held(kind, rows).update(**changes)
    return False


def give_back[Row: Model](kind: Kind[Row], rows: Iterable[Row], *, at: datetime) -> int:
    """Let claimed rows that there was no time for be claimed again, as if they had not been."""
    return _held(kind, rows).update(attempts=F("attempts") - 1, **{kind.due: at})


@transaction.atomic
def hand_out[Row: Model](kind: Kind[Row], *, limit: int, at: datetime) -> list[int]:
    """Return the ids of due rows to send to workers, who claim them; none is sent twice at once.

    No attempt is counted: a message that is lost is sent again when this hold has lapsed.
    """
    rows = list(lock(kind.ready(at=at)).values_list("pk", flat=True)[:limit])
    kind.all().filter(pk__in=rows).update(**{kind.due: at + kind.lease(1)})
    return rows


def revive[Row: Model](kind: Kind[Row], ids: Iterable[int], *, at: datetime) -> int:
    """Let staff try again what was given up; return how many rows wait now."""
    return renew(kind, kind.buried_rows().filter(pk__in=list(ids)), at=at)


def renew[Row: Model](kind: Kind[Row], rows: QuerySet[Row], *, at: datetime) -> int:
    """Owe rows anew, whatever became of them, with all their attempts before them."""
    changes = {kind.dead: None, kind.error: "", kind.due: at, "attempts": 0, **kind.revived}
    return rows.update(**changes | ({kind.done: None} if kind.done else {}))


def _bury[Row: Model](
    kind: Kind[Row], row: Row, error: str, *, at: datetime, **beside: Any
) -> bool:
    """Give up a row that nobody else has claimed since; say whether it was."""
    changes = {kind.dead: at, kind.error: error[:300], **kind.over(), **beside}
    is_buried = bool(_held(kind, [row]).update(**changes | kind.buried(row, at)))
    if is_buried:
        kind.tell_given_up(row, at)
    return is_buried


def _held[Row: Model](kind: Kind[Row], rows: Iterable[Row]) -> QuerySet[Row]:
    """Return the rows that wait and whose claim is still the one that was made here."""
    claims = [Q(pk=row.pk, attempts=_attempts(row)) for row in rows]
    return kind.rows().filter(Q(*claims, _connector=Q.OR)) if claims else kind.rows().none()


def _attempts(row: Model) -> int:
    attempts: int = row.attempts  # type: ignore[attr-defined]
    return attempts


def _show(row: Model, changes: dict[str, Any]) -> None:
    """Let a row in memory say what its table says now."""
    for name, value in changes.items():
        setattr(row, name, value)
