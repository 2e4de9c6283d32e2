"""Plans that candidates took on: the roles, when each begins, and what was done for them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from opportunities.core import identifiers
from opportunities.core.ranges import in_range, once, one_of
from opportunities.core.tables import Numbered


class PlanKind(models.TextChoices):
    ONE = "one", _("One internship")
    STACK = "stack", _("Stack of short roles")
    MIX = "mix", _("Mix")


class CandidatePlan(Numbered):
    """A path that a candidate took on; the same roles are one plan."""

    public_id = identifiers.column(identifiers.plan_id)
    profile = models.ForeignKey(
        "candidates.CandidateProfile", on_delete=models.CASCADE, related_name="plans"
    )
    kind = models.CharField(max_length=5, choices=PlanKind)
    score = models.PositiveSmallIntegerField(
        help_text="What the plan was worth to the candidate when it was made, from 0 to 100."
    )
    low = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The least that it could be worth then."
    )
    high = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The most that it could be worth then."
    )
    key = models.CharField(max_length=32, editable=False, help_text="Of its roles.")
    made_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = "plan"
        constraints = [
            once("plan_once", "profile", "key"),
            one_of("candidate_plan", "kind", PlanKind.values),
            in_range("candidate_plan", "score", 0, 100),
            in_range("candidate_plan", "low", 0, 100),
            in_range("candidate_plan", "high", 0, 100),
        ]
        indexes = [models.Index(fields=["profile", "-id"], name="plan_newest")]


class PlannedRole(Numbered):
    """One role of a plan, or the fallback of one: when it begins, and until when to apply.

    The letter that was drafted stands here, so that letting the plan go takes back just that.
    """

    plan = models.ForeignKey(CandidatePlan, on_delete=models.CASCADE, related_name="planned_roles")
    role = models.ForeignKey(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="planned_by"
    )
    starts = models.DateField()
    ends = models.DateField()
    apply_until = models.DateField(
        null=True, blank=True, help_text="Last day on which an application leads to this start."
    )
    stands_in_for = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="fallback",
        help_text="The role of the plan whose place this one takes, should it come to nothing.",
    )
    letter = models.TextField(
        max_length=6000, blank=True, help_text="The letter that was drafted for the application."
    )
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "role of a plan"
        verbose_name_plural = "roles of plans"
        constraints = [
            once("planned_role_once", "plan", "role"),
            models.CheckConstraint(
                name="planned_role_ends_after_it_starts", condition=Q(ends__gte=F("starts"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["apply_until"],
                condition=Q(reminded_at__isnull=True),
                name="planned_role_to_remind",
            )
        ]
