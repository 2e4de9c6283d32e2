"""Let go of the reasons of old introductions; the pair stays, so that it is never told again."""

from datetime import datetime, timedelta
from typing import Final

from matching.models import Introduction
from opportunities.core.retention import REASONS_DAYS

BATCH: Final = 5_000


def empty_reasons(at: datetime) -> int:
    """Empty the reasons of a bounded number of old introductions; return how many."""
    old = Introduction.objects.filter(at__lt=at - timedelta(days=REASONS_DAYS)).exclude(reasons=[])
    chosen = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return Introduction.objects.filter(pk__in=chosen).update(reasons=[], translations={})
