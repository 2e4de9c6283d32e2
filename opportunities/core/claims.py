"""How a sweep takes what is due: one transaction each, passing over what another sweep holds."""

from collections.abc import Callable, Iterator
from itertools import batched
from typing import Any, Final

from django.db import models, transaction
from django.db.models import QuerySet

BATCH: Final = 500


def each_id(rows: QuerySet[Any], *, field: str = "pk") -> Iterator[int]:
    """Yield the ids that were due when the sweep began, a batch at a time and in order."""
    ids = rows.order_by(field).values_list(field, flat=True).distinct()
    for batch in batched(list(ids), BATCH, strict=False):
        yield from batch


def each_row[Row: models.Model](
    due: QuerySet[Row], act: Callable[[Row], object], *, related: tuple[str, ...] = ()
) -> int:
    """Act on every row that is due, locked and read with ``related``; return how many there were.

    One that is held, or no longer due, is passed over; one on which ``act`` returns False does not
    count.
    """
    free = due.select_for_update(of=("self",), no_key=True, skip_locked=True)
    if related:
        free = free.select_related(*related)
    done = 0
    for number in each_id(due):
        with transaction.atomic():
            row = free.filter(pk=number).first()
            if row is not None:
                done += act(row) is not False
    return done
