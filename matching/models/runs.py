"""Full computations: what went in, how far it is, what came out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from opportunities.core.identifiers import ulid
from opportunities.core.ranges import once
from opportunities.core.tables import Numbered


def run_id() -> str:
    """Return a new public id of a run."""
    return f"run_{ulid()}"


class RunState(models.TextChoices):
    PACKING = "packing", "Reading profiles and roles"
    PRICING = "pricing", "Pricing crowded roles"
    RANKING = "ranking", "Ranking"
    PUBLISHING = "publishing", "Publishing"
    PUBLISHED = "published", "Published"
    CANCELLED = "cancelled", "Cancelled"
    SUPERSEDED = "superseded", "A newer run was published first"
    FAILED = "failed", "Failed"


UNFINISHED = (RunState.PACKING, RunState.PRICING, RunState.RANKING, RunState.PUBLISHING)


class RunQuerySet(models.QuerySet["Run"]):
    """The named questions we ask of runs."""

    def unfinished(self) -> "RunQuerySet":
        """Keep those on their way."""
        return self.filter(state__in=UNFINISHED)


class Run(models.Model):
    """One full computation; its number is the version of its prices and rarities."""

    public_id = models.CharField(max_length=30, unique=True, default=run_id, editable=False)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.PACKING)
    engine_version = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict, help_text="Everything that shapes the result.")
    kernel = models.CharField(max_length=10, blank=True)
    seq = models.BigIntegerField(null=True, help_text="Commit of the market that was frozen.")
    input_digest = models.CharField(max_length=64, blank=True)
    candidate_count = models.PositiveIntegerField(default=0)
    role_count = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="Candidates ranked so far.")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="When its next step was last sent.")
    attempts = models.PositiveSmallIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True)
    priced_at = models.DateTimeField(null=True)
    ranked_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(
        null=True, help_text="When rankings began to follow it; lists of roles do one by one."
    )
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "matching run"
        verbose_name_plural = "matching runs"
        permissions = [("rebuild_matches", "Can compute all matches anew")]
        constraints = [
            models.CheckConstraint(
                name="run_done_is_part_of_all", condition=Q(done__lte=F("candidate_count"))
            ),
            models.CheckConstraint(
                name="run_finished_has_date",
                condition=Q(state__in=list(UNFINISHED)) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.public_id} (#{self.pk})"

    @property
    def is_finished(self) -> bool:
        """Say whether nothing more happens to it."""
        return self.state not in UNFINISHED


class RunInput(Numbered):
    """What every part of a run shares beside the roles: vocabulary, and duals for later roles."""

    run = models.OneToOneField(
        Run, on_delete=models.CASCADE, primary_key=True, related_name="input"
    )
    vocabulary = models.BinaryField(help_text="Neighbors and rarities, as a NumPy archive.")
    dual_ids = models.BinaryField(default=b"", help_text="Candidates of the sample, int64.")
    duals = models.BinaryField(default=b"", help_text="Their duals, float64.")


class RunRoles(Numbered):
    """The roles of one range, as they were when the run began, and whether their lists stand.

    The ranges of a run lie in the order of their numbers and of the roles' ids.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="role_ranges")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    input_digest = models.CharField(
        max_length=64, blank=True, db_default="", help_text="Of what was frozen."
    )
    fixed = models.BinaryField(null=True)
    place_at = models.BinaryField(null=True)
    skill_at = models.BinaryField(null=True)
    listed_at = models.DateTimeField(
        null=True, help_text="When the lists of its roles were stored."
    )

    class Meta:
        constraints = [once("run_roles_once", "run", "number")]


class RunPart(Numbered):
    """The candidates of one range, as they were when the run began, and the part's result.

    They are ranked among some ranges of the roles after the others. What is known of their lists
    after that stands in ``best`` where a task ends before the part does, and the next goes on.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    finished_at = models.DateTimeField(null=True)
    input_digest = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Of what was frozen."
    )
    shown = models.BinaryField(null=True, help_text="One byte a candidate: may employers see it.")
    fixed = models.BinaryField(null=True)
    skill_at = models.BinaryField(null=True)
    target_at = models.BinaryField(null=True)
    interest_at = models.BinaryField(null=True)
    done_at = models.BinaryField(null=True)
    only_at = models.BinaryField(null=True)
    region_at = models.BinaryField(null=True)
    area_at = models.BinaryField(null=True)
    right_at = models.BinaryField(null=True)
    week_at = models.BinaryField(null=True)
    erased = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=[],
        help_text="Candidates whose features were taken out since.",
    )
    ranked = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Ranges of roles that are in ``best``."
    )
    best = models.BinaryField(
        null=True, help_text="Keys of the candidates' lists over these ranges, int64."
    )
    digests = models.BinaryField(null=True, help_text="16 bytes a candidate, of the list computed.")
    thresholds = models.BinaryField(
        null=True, help_text="Ids of the range's candidates, int64, then their thresholds, int32."
    )
    entered = models.BinaryField(
        null=True,
        help_text="Pairs that entered a first list: candidates, roles, scores; int64 each.",
    )
    introduced_at = models.DateTimeField(
        null=True, help_text="When the pairs became introductions; they are owed until then."
    )

    class Meta:
        constraints = [once("run_part_once", "run", "number")]


class RunCell(Numbered):
    """The lists of some roles over the candidates of one part, until the lists are stored.

    Its roles are those of consecutive ranges, ``count`` of them from place ``begin`` on in the run;
    ``number`` is that of the first range.
    """

    part = models.ForeignKey(RunPart, on_delete=models.CASCADE, related_name="cells")
    number = models.PositiveIntegerField()
    begin = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    role_lists = models.BinaryField(help_text="Keys of the lists, int64.")

    class Meta:
        constraints = [once("run_cell_once", "part", "number")]
