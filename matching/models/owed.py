"""Owed work: what must be computed again. The rows are the truth; messages only nudge a worker."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from opportunities.core.ranges import once


class Subject(models.TextChoices):
    CANDIDATE = "candidate", "Candidate"
    ROLE = "role", "Role"


class OwedWorkQuerySet(models.QuerySet["OwedWork"]):
    """The named questions we ask of owed work."""

    def outstanding(self) -> Self:
        """Keep what is not done, parked or not."""
        return self.filter(done__lt=F("wanted"))

    def waiting(self) -> Self:
        """Keep what some worker still has to do."""
        return self.outstanding().filter(parked_at__isnull=True)

    def parked(self) -> Self:
        """Keep what failed too often and waits for a person."""
        return self.outstanding().filter(parked_at__isnull=False)

    def due(self, *, at: datetime, sent_before: datetime) -> Self:
        """Keep what may be sent now: not in its pause, and not sent a moment ago."""
        return self.waiting().filter(
            Q(sent_at__isnull=True) | Q(sent_at__lt=sent_before), next_at__lte=at
        )


class OwedWork(models.Model):
    """One candidate or role whose features must follow a change, by version.

    ``wanted`` rises in the transaction that changes the subject; ``done`` follows in the one that
    writes its features. The work is owed while ``done < wanted``.
    """

    kind = models.CharField(max_length=10, choices=Subject)
    subject_id = models.BigIntegerField()
    wanted = models.BigIntegerField(default=1)
    done = models.BigIntegerField(default=0)
    raised_at = models.DateTimeField(help_text="When the oldest change not yet done was made.")
    next_at = models.DateTimeField(help_text="Not before.")
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = OwedWorkQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "owed work"
        constraints = [
            once("owed_work_once", "kind", "subject_id"),
            models.CheckConstraint(
                name="owed_work_done_is_wanted", condition=Q(done__lte=F("wanted"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["raised_at"], condition=Q(done__lt=F("wanted")), name="owed_work_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.subject_id} ({self.done} of {self.wanted})"
