"""Owed work: what must be computed again. The rows are the truth; messages only nudge a worker."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from opportunities.core.queued import Queued
from opportunities.core.ranges import once


class Subject(models.TextChoices):
    CANDIDATE = "candidate", "Candidate"
    ROLE = "role", "Role"


class OwedWorkQuerySet(models.QuerySet["OwedWork"]):
    """The named questions we ask of owed work."""

    def outstanding(self) -> Self:
        """Keep what is not done, parked or not."""
        return self.filter(done__lt=F("wanted"))


class OwedWork(Queued):
    """One candidate or role whose features must follow a change, by version.

    ``wanted`` rises in the transaction that changes the subject; ``done`` follows in the one that
    writes its features. The work is owed while ``done < wanted``.
    """

    kind = models.CharField(max_length=10, choices=Subject)
    subject_id = models.BigIntegerField()
    wanted = models.BigIntegerField(default=1)
    done = models.BigIntegerField(default=0)
    raised_at = models.DateTimeField(help_text="When the oldest change not yet done was made.")
    due_at = models.DateTimeField(null=True, blank=True, editable=False, db_column="next_at")
    dead_at = models.DateTimeField(null=True, blank=True, editable=False, db_column="parked_at")

    objects = OwedWorkQuerySet.as_manager()

    class Meta(Queued.Meta):
        verbose_name_plural = "owed work"
        constraints = [
            *Queued.Meta.constraints,
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
