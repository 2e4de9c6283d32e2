"""Files of roles that employers hand in, and how far their import has come."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from opportunities.core import identifiers
from opportunities.core.queued import Queued
from opportunities.core.ranges import in_range, one_of

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ROWS: Final = 2_000
MAX_FAULTS: Final = 200
FORMS: Final = ("ndjson", "json", "csv", "xml", "html", "sheet")


class ImportState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    FAILED = "failed", "Failed"


UNFINISHED: Final = (ImportState.WAITING, ImportState.RUNNING)
_FINISHED: Final = (ImportState.FINISHED, ImportState.FAILED)


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    """The named questions we ask of imports."""

    def unfinished(self) -> "ImportJobQuerySet":
        """Keep those with rows to come."""
        return self.filter(state__in=UNFINISHED)


class ImportJob(Queued):
    """One file of roles; the file itself is kept only while rows of it are to come.

    One that was given up keeps its file, so that staff may try it again while it is kept at all.
    Attempts are those begun since a row was last done.

    Rows count from 1. ``done`` commits together with the rows that it counts, so that whoever
    takes the job up again begins with the next one.
    """

    public_id = models.CharField(
        max_length=30, unique=True, default=identifiers.import_id, editable=False
    )
    employer = models.ForeignKey("employers.Employer", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    source = models.CharField(max_length=60)
    form = models.CharField(max_length=6)
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.WAITING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(
        default=0, help_text="Rows that their source calls closed or hidden."
    )
    faults = models.JSONField(
        default=list, help_text="The first of them: row, line, field and reason."
    )
    created_at = models.DateTimeField(editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta(Queued.Meta):
        constraints = [
            *Queued.Meta.constraints,
            in_range("import_job", "total", 1, MAX_ROWS),
            one_of("import_job", "form", FORMS),
            one_of("import_job", "state", ImportState.values),
            models.CheckConstraint(
                name="import_job_done_is_part_of_all", condition=Q(done__lte=F("total"))
            ),
            models.CheckConstraint(
                name="import_job_counts_what_is_done",
                condition=Q(
                    done=F("added") + F("changed") + F("unchanged") + F("left_out") + F("closed"),
                ),
            ),
            models.CheckConstraint(
                name="import_job_keeps_its_file_while_it_is_needed",
                condition=Q(
                    state__in=list(UNFINISHED),
                    content__isnull=False,
                    due_at__isnull=False,
                    finished_at__isnull=True,
                )
                | Q(
                    Q(content__isnull=True) | Q(dead_at__isnull=False),
                    state__in=list(_FINISHED),
                    due_at__isnull=True,
                    finished_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["employer", "-created_at"], name="import_job_of_employer"),
            models.Index(
                fields=["due_at"], name="import_job_due", condition=Q(state__in=list(UNFINISHED))
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.public_id} (#{self.pk})"

    @property
    def is_over(self) -> bool:
        """Say whether nothing more happens to it."""
        return self.state in _FINISHED

    @property
    def failure(self) -> str:
        """Return why it ended early, in words for whoever asked; nothing while it may go on."""
        return self.last_error if self.is_over else ""
