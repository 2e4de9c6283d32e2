"""Completed work: what both sides sign, the skills shown, and two-way feedback."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from opportunities.applications.models import Application
from opportunities.core import identifiers
from opportunities.core.ranges import in_range, once
from opportunities.core.tables import Numbered, optional_text

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from opportunities.accounts.models import User

BLIND_DAYS = 14
"""Feedback shows when both sides have given it, or after this many days."""


class CompletionQuerySet(models.QuerySet["Completion"]):
    """The named questions we ask of completed work."""

    def shown_to(self, user: "User | AnonymousUser") -> Self:
        """Keep signed work that its candidate shows, or that is one of the viewer's own."""
        own = Q(application__in=Application.objects.visible_to(user))
        return self.filter(own | Q(is_public=True)).signed()

    def signed(self) -> Self:
        """Keep work that both sides have signed."""
        return self.filter(employer_signed_at__isnull=False, candidate_signed_at__isnull=False)

    def counted(self) -> Self:
        """Keep signed work whose credential stands: only this counts."""
        return self.signed().filter(revoked_at__isnull=True)


class Completion(Numbered):
    """What was done, as both sides sign it; only then does it count and show."""

    public_id = identifiers.column(identifiers.completion_id)
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="completion"
    )
    hours = models.FloatField()
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    summary = models.CharField(max_length=1000)
    deliverables = models.JSONField(
        default=list, help_text='[{"title": text, "url": address or ""}], at most 20.'
    )
    paid_minor = models.BigIntegerField(null=True, blank=True)
    paid_currency = models.CharField(max_length=3, blank=True)
    converted = models.BooleanField(
        default=False, help_text="A longer engagement or a job was offered."
    )
    proposed_at = models.DateTimeField(editable=False)
    employer_signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    candidate_signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_public = models.BooleanField(default=False, help_text="The candidate shows it.")
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_because = optional_text(
        1000, "Why the credential was revoked, as both sides read it.", editable=False
    )

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = "completed work"
        verbose_name_plural = "completed work"
        constraints = [
            in_range("completion", "hours", 0.5, 4000),
            in_range("completion", "paid_minor", 0, 10_000_000_000),
            models.CheckConstraint(
                name="completion_starts_before_it_ends",
                condition=Q(started_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(ended_on__gte=models.F("started_on")),
            ),
            models.CheckConstraint(
                name="completion_paid_has_currency",
                condition=Q(paid_minor__isnull=True) | ~Q(paid_currency=""),
            ),
        ]

    @property
    def is_signed(self) -> bool:
        """Say whether both sides have signed."""
        return self.employer_signed_at is not None and self.candidate_signed_at is not None


class CompletionSkill(Numbered):
    """A skill shown in the work, at a level the employer vouches for."""

    completion = models.ForeignKey(Completion, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey("skills.Skill", on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "skill shown in work"
        verbose_name_plural = "skills shown in work"
        constraints = [
            once("completion_skill_once", "completion", "skill"),
            in_range("completion_skill", "level", 1, 4),
        ]


class Review(Numbered):
    """One side's feedback on the other, double-blind."""

    completion = models.ForeignKey(Completion, on_delete=models.CASCADE, related_name="reviews")
    by_employer = models.BooleanField()
    stars = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(editable=False)
    told_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The other side was told of it."
    )

    class Meta:
        constraints = [
            once("review_once", "completion", "by_employer"),
            in_range("review", "stars", 1, 5),
        ]

    def is_visible(self, *, other_is_in: bool, at: datetime) -> bool:
        """Say whether the other side may read it now."""
        return other_is_in or at >= self.at + timedelta(days=BLIND_DAYS)
