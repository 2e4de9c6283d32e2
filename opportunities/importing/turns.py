"""Rows of a file written in turns: a few at a time, together with the count of them.

Both commit under the lock of the row that counts. A worker that is killed loses the rows of its
last transaction and their count alike, so that the next one goes on where it stood, and nothing is
written or counted twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop

from opportunities.core import outbox
from opportunities.importing.models import ImportJob, SourceReading
from opportunities.importing.rows import BadRow, Record, Written
from opportunities.importing.writing import Writer, count

AT_ONCE: Final = 100
"""Rows of one transaction."""

TURN: Final = timedelta(seconds=60)
"""How long one message keeps a worker."""

MAX_ATTEMPTS: Final = 5

type Row = Record | BadRow
type Clock = Callable[[], datetime]


def stopped(counting: ImportJob | SourceReading) -> str:
    """Return, in English, where workers stopped that never came to the end."""
    return gettext_noop("It stopped %(most)s times after row %(done)s.") % {
        "most": MAX_ATTEMPTS,
        "done": counting.done,
    }


def write_in_turn[Counting: ImportJob | SourceReading](
    kind: outbox.Kind[Counting],
    counting: Counting,
    writer: Writer,
    rows: list[Row],
    *,
    keep: Callable[[Counting, list[Written]], None],
    is_preview: bool = False,
    until: datetime,
    clock: Clock,
) -> int | None:
    """Write rows until all are done or the turn is over; return how many are done.

    None is returned if another worker goes on. ``keep`` keeps what became of the rows that were
    just counted; of a preview that is all that stays.
    """
    writer.recall(rows[: counting.done])
    done: int = counting.done
    while done < counting.total and clock() < until:
        with transaction.atomic():
            mine = kind.rows().filter(pk=counting.pk, done=done).defer("content")
            row = outbox.lock(mine).first()
            if row is None:
                return None
            known = len(writer.log)
            with transaction.atomic():
                writer.write(rows[done : done + AT_ONCE])
                if is_preview:
                    transaction.set_rollback(True)
            written = writer.log[known:]
            count(written, row)
            done = row.done = done + len(written)
            row.attempts, row.due_at = 0, clock() + kind.lease(1)
            row.save()
            keep(row, written)
    return done
