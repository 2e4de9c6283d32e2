"""Files of roles that employers hand in, and sources of roles that are read again and again."""

from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from opportunities.accounts.models import User
from opportunities.core import identifiers
from opportunities.core.queued import Queued
from opportunities.core.ranges import in_range, once, one_of
from opportunities.importing.rows import Fate
from opportunities.roles.models.listings import RoleOutcome

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ROWS: Final = 2_000
MAX_FAULTS: Final = 200
FORMS: Final = ("ndjson", "json", "csv", "xml", "html", "sheet")


class ImportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")


UNFINISHED: Final = (ImportState.WAITING, ImportState.RUNNING)
_FINISHED: Final = (ImportState.FINISHED, ImportState.FAILED)


class OwnQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Rows of employers, each with a file that is large."""

    def of(self, user: User) -> Self:
        """Keep those of the employers that an account acts for, without their files."""
        rows = self.filter(employer__in=user.memberships.values("employer"))
        return rows.select_related("employer").defer("content")


class ImportJobQuerySet(OwnQuerySet["ImportJob"]):
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

    public_id = identifiers.column(identifiers.import_id)
    employer = models.ForeignKey("employers.Employer", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=100, blank=True, default="", db_default="")
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
                    done=F("added") + F("changed") + F("unchanged") + F("left_out") + F("closed")
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


MAX_NAME: Final = 60
MAX_URL: Final = 300
MAX_SOURCE_ROWS: Final = 10_000
MOST_AT_ONCE: Final = 30
"""Percent of a source's roles that may close at once without a person."""


class SourceState(models.TextChoices):
    NEW = "new", _("Not started")
    ON = "on", _("Read regularly")
    PAUSED = "paused", _("Paused")


class ReadingRhythm(models.IntegerChoices):
    """Hours between two readings."""

    SIX_HOURS = 6, _("Every 6 hours")
    DAY = 24, _("Every day")
    WEEK = 168, _("Every week")


class Leaving(models.TextChoices):
    """What happens to a role that its source offers no more."""

    CLOSE = "close", _("Close it")
    TELL = "tell", _("Keep it and tell us")
    KEEP = "keep", _("Keep it")


class Source(models.Model):
    """Where an employer's roles come from: an address that is read again, or a file sent anew.

    Roles are known by the source's ``name``, the employer and the number that a row states.
    ``etag``, ``last_modified`` and ``digest`` are those of the last file that was read to its end
    with nothing left to do: a file that is still the same changes nothing and is not read again.
    """

    public_id = identifiers.column(identifiers.source_id)
    employer = models.ForeignKey(
        "employers.Employer", on_delete=models.CASCADE, related_name="sources"
    )
    acts_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The member of the team who set it up or last took it over.",
    )
    name = models.CharField(max_length=MAX_NAME)
    url = models.CharField(max_length=MAX_URL, blank=True, help_text="Empty: files are sent.")
    content = models.BinaryField(null=True, editable=False, help_text="The file that was sent.")
    file_name = models.CharField(max_length=100, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    rhythm = models.PositiveSmallIntegerField(choices=ReadingRhythm, default=ReadingRhythm.DAY)
    leaving = models.CharField(max_length=5, choices=Leaving, default=Leaving.CLOSE)
    outcome = models.CharField(
        max_length=16,
        choices=RoleOutcome,
        blank=True,
        help_text="What became of roles that leave, said beforehand.",
    )
    state = models.CharField(max_length=6, choices=SourceState, default=SourceState.NEW)
    next_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    failing_since = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=200, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    shape = models.CharField(max_length=40, blank=True, help_text="The board, if it is known.")
    columns = models.JSONField(
        default=list, blank=True, help_text="Columns of the last file, each with an example."
    )
    created_at = models.DateTimeField(editable=False)
    read_at = models.DateTimeField(null=True, blank=True, help_text="Last read without a failure.")

    objects = OwnQuerySet["Source"].as_manager()

    class Meta:
        constraints = [
            once("source_name_of_employer", "employer", "name"),
            one_of("source", "state", SourceState.values),
            one_of("source", "leaving", Leaving.values),
            in_range("source", "rhythm", min(ReadingRhythm.values), max(ReadingRhythm.values)),
            one_of("source", "outcome", ("", *RoleOutcome.values)),
            models.CheckConstraint(
                name="source_is_due_only_while_on",
                condition=Q(next_at__isnull=True) | Q(state=SourceState.ON),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="source_due", condition=Q(next_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"source {self.public_id} (#{self.pk})"

    @property
    def is_address(self) -> bool:
        return bool(self.url)


class ReadingKind(models.TextChoices):
    PREVIEW = "preview", _("Preview")
    READ = "read", _("Reading")


class ReadingState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    HELD = "held", _("Waits for you")
    FAILED = "failed", _("Failed")


UNFINISHED_READINGS: Final = (ReadingState.WAITING, ReadingState.RUNNING)


class SourceReading(Queued):
    """One reading of a source, or the preview of one, which writes nothing.

    The file is kept only while rows of it are to come, or staff may try it again; ``done``
    commits with the rows that it counts. ``is_same`` says that the source had not changed, so
    that there was nothing to read.
    """

    public_id = identifiers.column(identifiers.reading_id)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="readings")
    kind = models.CharField(max_length=7, choices=ReadingKind)
    state = models.CharField(max_length=8, choices=ReadingState, default=ReadingState.WAITING)
    content = models.BinaryField(null=True, editable=False)
    form = models.CharField(max_length=6, blank=True)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=200, blank=True, editable=False)
    is_same = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(
        default=0, help_text="Roles of the source that the file has no more."
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(Queued.Meta):
        constraints = [
            *Queued.Meta.constraints,
            one_of("source_reading", "kind", ReadingKind.values),
            one_of("source_reading", "state", ReadingState.values),
            in_range("source_reading", "total", 0, MAX_SOURCE_ROWS),
            models.CheckConstraint(
                name="source_reading_counts_what_is_done",
                condition=Q(
                    done=F("added") + F("changed") + F("unchanged") + F("left_out") + F("closed")
                    + F("asked"),
                ),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["source", "-created_at"], name="source_reading_newest"),
            models.Index(
                fields=["due_at"],
                name="source_reading_due",
                condition=Q(state__in=list(UNFINISHED_READINGS)),
            ),
        ]

    def __str__(self) -> str:
        return f"reading {self.public_id} (#{self.pk})"

    @property
    def is_over(self) -> bool:
        """Say whether nothing more happens to it by itself."""
        return self.state not in UNFINISHED_READINGS

    @property
    def is_preview(self) -> bool:
        return self.kind == ReadingKind.PREVIEW


class ReadRow(models.Model):
    """What became of one row of a reading, or of a role that the file has no more."""

    reading = models.ForeignKey(SourceReading, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField(null=True)
    number = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=120, blank=True)
    fate = models.CharField(max_length=9, choices=Fate)
    detail = models.CharField(max_length=300, blank=True)
    opportunity = models.ForeignKey(
        "roles.Opportunity", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "row read"
        verbose_name_plural = "rows read"
        constraints = [one_of("read_row", "fate", Fate.values)]
        indexes = [
            models.Index(fields=["reading", "position"], name="read_row_of_reading"),
            models.Index(fields=["reading", "fate", "position"], name="read_row_by_fate"),
        ]

    def __str__(self) -> str:
        return f"row {self.position} of reading #{self.reading_id}: {self.fate}"


class DoubtAnswer(models.TextChoices):
    SAME = "same", _("The same role")
    DIFFERENT = "different", _("Another role")


class Doubt(models.Model):
    """A question to the team: a row that says nearly what a role of theirs says."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="doubts")
    number = models.CharField(max_length=200)
    title = models.CharField(max_length=120)
    opportunity = models.ForeignKey("roles.Opportunity", on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=9, choices=DoubtAnswer, blank=True)
    asked_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = "duplicate question"
        constraints = [
            once("doubt_once_a_number", "source", "number"),
            one_of("doubt", "answer", ("", *DoubtAnswer.values)),
        ]

    def __str__(self) -> str:
        return f"doubt #{self.pk}: {self.number}"
