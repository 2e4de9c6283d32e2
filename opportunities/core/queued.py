"""What every table has whose rows wait for a worker; ``opportunities.core.outbox`` moves them."""

from typing import Final

from django.db import models
from django.db.models import Q

from opportunities.core.ranges import exactly_one, in_range
from opportunities.core.tables import Numbered

MOST_ATTEMPTS: Final = 20
"""More than any kind of work is tried."""


class Queued(Numbered):
    """Work that is owed: its row is written in the transaction that decides it.

    ``due_at`` is when it is taken up next: a claim moves it to when the claim lapses, a failure to
    the end of the pause. What is over, done or given up, is not due at all.
    """

    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    dead_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [in_range("%(class)s", "attempts", 0, MOST_ATTEMPTS)]


class Outgoing(Queued):
    """Something to be sent, until it is sent or given up."""

    sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Queued.Meta):
        abstract = True
        constraints = [
            *Queued.Meta.constraints,
            exactly_one("%(class)s_is_due_sent_or_dead", "due_at", "sent_at", "dead_at"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="%(class)s_due", condition=Q(due_at__isnull=False)
            ),
        ]
