"""Moderation: what checks found, what people decided, reports, appeals and sanctions."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from opportunities.core import identifiers
from opportunities.core.queued import Queued
from opportunities.core.ranges import all_or_none, any_of, exactly_one
from opportunities.core.retelling import retold
from opportunities.core.tables import Numbered
from opportunities.moderation import outcomes
from opportunities.moderation.rules import APPEAL_DAYS, RULES, SUSPENSION_DAYS, Rule


class Verdict(models.TextChoices):
    STOP = "stop", _("Stop")
    LOOK = "look", _("Look")
    CLEAR = "clear", _("Clear")


class Finding(models.Model):
    """What one named check says of one version of a role, with the exact words it means."""

    opportunity = models.ForeignKey(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="findings"
    )
    check_name = models.CharField(max_length=40)
    rule = models.CharField(max_length=5, help_text="Number of the public rule.")
    verdict = models.CharField(max_length=5, choices=Verdict)
    detail = models.CharField(max_length=500)
    spans = models.JSONField(
        default=list, help_text='[{"field": name, "start": n, "end": n}] in characters.'
    )
    role_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = "finding of a check"
        verbose_name_plural = "findings of checks"
        indexes = [
            models.Index(fields=["opportunity", "role_version"], name="finding_of_version"),
        ]

    def __str__(self) -> str:
        said = self.check_name.replace("_", " ").capitalize()
        return f"{said}: {self.get_verdict_display()} (#{self.pk})"


class Decision(models.Model):
    """One decision of a moderator; rows are only ever added, and a trigger keeps it so."""

    action = models.CharField(max_length=16, choices=outcomes.choices)
    opportunity = models.ForeignKey(
        "roles.Opportunity",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    employer = models.ForeignKey(
        "employers.Employer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions_about",
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions_made",
        help_text="Empty where a published rule decided.",
    )
    sanction = models.ForeignKey(
        "moderation.Sanction",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        help_text="The sanction that this decision concerns.",
    )
    rules = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, size=20,
        help_text="Numbers of the rules concerned.",
    )  # fmt: skip
    reason = models.TextField(max_length=2000, blank=True)
    overruled = models.JSONField(
        default=list, blank=True,
        help_text='Stops overruled: [{"name": of the check, "rule": number, "detail": sentence}].',
    )  # fmt: skip
    overrule_reason = models.TextField(
        max_length=2000, blank=True, help_text="Why; moderators read it."
    )
    role_version = models.PositiveIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            any_of("decision_is_about_something", "opportunity", "employer", "account"),
            models.CheckConstraint(
                name="decision_overrules_with_a_reason",
                condition=Q(overruled=[], overrule_reason="")
                | (~Q(overruled=[]) & ~Q(overrule_reason="")),
            ),
        ]
        indexes = [models.Index(fields=["-decided_at", "-id"], name="decision_newest")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} (#{self.pk})"

    @property
    def cited(self) -> list[Rule]:
        """Return the rules concerned, with their titles."""
        return [RULES[number] for number in self.rules if number in RULES]

    @property
    def reason_said(self) -> str:
        """Return the reason: a moderator's as written, the site's in the reader's language."""
        is_ours = self.moderator_id is None or self.action == outcomes.UNDO.name
        return retold(self.reason) if is_ours else self.reason

    def can_be_appealed(self, *, at: datetime) -> bool:
        """Say whether those whom it concerns may still appeal: once, and not for ever."""
        return (
            outcomes.OUTCOMES[self.action].is_appealable
            and at <= self.decided_at + timedelta(days=APPEAL_DAYS)
            and getattr(self, "appeal", None) is None
        )


class HeldDecision(Queued):
    """A decision on a role in its minute: until it takes effect, nobody is told and it is undone.

    When it has taken effect its row is gone. One that was undone keeps what was said, so that the
    moderator need not say it again.
    """

    opportunity = models.OneToOneField(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="held_decision"
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="held_decisions"
    )
    action = models.CharField(max_length=16, choices=outcomes.choices)
    said = models.JSONField(
        default=dict, help_text="Reason, rules, stops overruled: what the decision is made with."
    )
    role_version = models.PositiveIntegerField()
    decided_at = models.DateTimeField(editable=False)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Queued.Meta):
        verbose_name = "decision in its minute"
        verbose_name_plural = "decisions in their minute"
        constraints = [
            *Queued.Meta.constraints,
            exactly_one("held_decision_is_due_undone_or_dead", "due_at", "undone_at", "dead_at"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="held_decision_due", condition=Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"held decision #{self.pk}"


class ReportReason(models.TextChoices):
    SCAM = "scam", _("It asks for money or data, or looks false")
    MISLEADING = "misleading", _("It is not what it says")
    EXCLUDING = "excluding", _("It excludes people")
    GONE = "gone", _("The role no longer exists")
    CONDUCT = "conduct", _("Somebody's conduct")
    OTHER = "other", _("Something else")


class Report(Numbered):
    """What anyone told us is wrong; answered within the promised time."""

    public_id = identifiers.column(identifiers.report_id)
    opportunity = models.ForeignKey(
        "roles.Opportunity",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
    )
    employer = models.ForeignKey(
        "employers.Employer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
    )
    message = models.ForeignKey(
        "applications.Message",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reports",
    )
    post = models.ForeignKey(
        "roles.RolePost",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reports",
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
    )
    reason = models.CharField(max_length=12, choices=ReportReason)
    text = models.TextField(max_length=2000, blank=True)
    times = models.PositiveIntegerField(
        default=1, editable=False, help_text="How often people without an account said so."
    )
    reported_at = models.DateTimeField(editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    upheld = models.BooleanField(null=True, blank=True, editable=False)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            any_of("report_is_about_something", "opportunity", "employer", "message", "post"),
            all_or_none("report_answer_has_date", "answered_at", "upheld"),
        ]
        indexes = [
            models.Index(
                fields=["reported_at"],
                condition=Q(answered_at__isnull=True),
                name="report_waiting",
            ),
        ]


class Appeal(Numbered):
    """The one appeal against a decision, decided by somebody else."""

    public_id = identifiers.column(identifiers.appeal_id)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals"
    )
    text = models.TextField(max_length=2000)
    made_at = models.DateTimeField(editable=False)
    heard_at = models.DateTimeField(null=True, blank=True, editable=False)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted = models.BooleanField(null=True, blank=True, editable=False)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            all_or_none("appeal_heard_has_all", "heard_at", "granted", "heard_by"),
        ]


class SanctionLevel(models.TextChoices):
    WARNING = "warning", _("Warning")
    SUSPENSION = "suspension", format_lazy(_("Suspension for {days} days"), days=SUSPENSION_DAYS)
    BLOCK = "block", _("Block")


class Sanction(models.Model):
    """A rung of the published ladder, on an employer or on an account.

    A block is proposed by one moderator and stands only when another one confirms it.
    """

    employer = models.ForeignKey(
        "employers.Employer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sanctions",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sanctions",
    )
    level = models.CharField(max_length=10, choices=SanctionLevel)
    reason = models.TextField(max_length=2000)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    in_force_at = models.DateTimeField(null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            exactly_one("sanction_is_on_one_side", "employer", "account"),
            models.CheckConstraint(
                name="sanction_block_needs_two_people",
                condition=~Q(level=SanctionLevel.BLOCK)
                | Q(in_force_at__isnull=True)
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=models.F("proposed_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} (#{self.pk})"

    @property
    def reason_said(self) -> str:
        """Return the reason: a moderator's as they wrote it, a rule's in the reader's language."""
        return self.reason if self.proposed_by_id else retold(self.reason)


class Fingerprint(models.Model):
    """The min-hash signature of a posting's words, which tells how alike two postings are."""

    opportunity = models.OneToOneField(
        "roles.Opportunity",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="fingerprint",
    )
    shingles = ArrayField(models.BigIntegerField(), help_text="Min-hash signature.", size=256)

    def __str__(self) -> str:
        return f"fingerprint of #{self.opportunity_id}"


class FingerprintBand(Numbered):
    """One band of a signature: near-duplicates share at least one, so an index finds them."""

    fingerprint = models.ForeignKey(Fingerprint, on_delete=models.CASCADE, related_name="bands")
    key = models.BigIntegerField()

    class Meta:
        verbose_name = "band of a fingerprint"
        verbose_name_plural = "bands of fingerprints"
        indexes = [models.Index(fields=["key", "fingerprint"], name="fingerprint_band_key")]
