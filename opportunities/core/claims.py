"""How a sweep reads the ids that are due."""

from collections.abc import Iterator
from itertools import batched
from typing import Any, Final

from django.db.models import QuerySet

BATCH: Final = 500


def each_id(rows: QuerySet[Any], *, field: str = "pk") -> Iterator[int]:
    """Yield the ids that were due when the sweep began, a batch at a time and in order."""
    ids = rows.order_by(field).values_list(field, flat=True).distinct()
    for batch in batched(list(ids), BATCH, strict=False):
        yield from batch
