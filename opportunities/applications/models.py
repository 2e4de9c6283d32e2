"""Applications: what a candidate sent, where it stands, and everything said about it."""

from datetime import tzinfo
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from opportunities.core import clock, identifiers
from opportunities.core.lifecycle import LIVE, SEATED, ApplicationStatus
from opportunities.core.ranges import in_range, once, state_has_date
from opportunities.core.tables import Numbered, optional_text

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from opportunities.accounts.models import User


class RejectionReason(models.TextChoices):
    SKILLS = "skills", _("Other applicants show more of the skills asked")
    AVAILABILITY = "availability", _("The times do not fit")
    APPLICATION = "application", _("The answers do not show what was asked")
    FILLED = "filled", _("The places are taken")
    CANCELLED = "cancelled", _("The role is no longer needed")
    REQUIREMENT = "requirement", _("A stated requirement is not met")
    UNSTATED = "unstated", _("No reason given")


class ApplicationQuerySet(models.QuerySet["Application"]):
    """The named questions we ask of applications."""

    def live(self) -> Self:
        """Keep those that wait for the employer."""
        return self.filter(status__in=LIVE)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the account's own and those to its employers; others do not exist for it."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(profile__user=user) | Q(opportunity__employer__in=user.memberships.values("employer"))
        )

    def given_reasons(self) -> dict[str, int]:
        """Count refusals, and those of which the applicant was told why.

        A reason need not be given: an obligatory one keeps employers from answering at all. That
        they give one, or do not, is public instead.
        """
        return self.filter(status=ApplicationStatus.REJECTED).aggregate(
            given=Count("pk", filter=~Q(rejection_reason=RejectionReason.UNSTATED)),
            refusals=Count("pk"),
        )


class Application(models.Model):
    """A candidate's application to a role; one of each."""

    public_id = identifiers.column(identifiers.application_id)
    opportunity = models.ForeignKey(
        "roles.Opportunity", on_delete=models.PROTECT, related_name="applications"
    )
    profile = models.ForeignKey(
        "candidates.CandidateProfile", on_delete=models.PROTECT, related_name="applications"
    )
    status = models.CharField(
        max_length=14,
        choices=ApplicationStatus,
        default=ApplicationStatus.SUBMITTED,
        editable=False,
    )
    name = models.CharField(max_length=120, help_text="As the employer may see it.")
    cover_letter = models.TextField(max_length=6000, blank=True)
    work_sample_url = models.URLField(max_length=300, blank=True)
    resume = models.ForeignKey(
        "candidates.Resume", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(editable=False)
    answer_due_on = models.DateField(editable=False, help_text="The employer's promise.")
    release_on = models.DateField(editable=False, help_text="Promise plus grace.")
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    overdue_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="First answer of the employer."
    )
    shortlisted_at = models.DateTimeField(null=True, blank=True, editable=False)
    offered_at = models.DateTimeField(null=True, blank=True, editable=False)
    offer_lapses_at = models.DateTimeField(null=True, blank=True, editable=False)
    offer_message = models.CharField(max_length=2000, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    rejection_reason = models.CharField(max_length=14, choices=RejectionReason, blank=True)
    rejection_message = models.CharField(max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "profile"],
                condition=~Q(status=ApplicationStatus.WITHDRAWN),
                name="application_once",
            ),
            state_has_date("application", [ApplicationStatus.SHORTLISTED], "shortlisted_at"),
            state_has_date("application", [ApplicationStatus.OFFERED], "offered_at"),
            state_has_date("application", [ApplicationStatus.OFFERED], "offer_lapses_at"),
            state_has_date(
                "application",
                [ApplicationStatus.ACCEPTED, ApplicationStatus.COMPLETED],
                "accepted_at",
            ),
            state_has_date(
                "application",
                sorted(set(ApplicationStatus) - LIVE - SEATED | {ApplicationStatus.COMPLETED}),
                "ended_at",
            ),
            models.CheckConstraint(
                name="application_rejection_has_reason",
                condition=~Q(status=ApplicationStatus.REJECTED) | ~Q(rejection_reason=""),
            ),
            models.CheckConstraint(
                name="application_release_is_after_promise",
                condition=Q(release_on__gte=models.F("answer_due_on")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_due_on"],
                condition=Q(status__in=sorted(LIVE)),
                name="application_waiting",
            ),
            models.Index(
                fields=["offer_lapses_at"],
                condition=Q(status=ApplicationStatus.OFFERED),
                name="application_offers",
            ),
            models.Index(fields=["opportunity", "status"], name="application_board"),
        ]

    def __str__(self) -> str:
        return f"application {self.public_id} (#{self.pk})"


class Answer(Numbered):
    """An applicant's answer to one of the role's questions, with the question as it was put."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    position = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=300)
    text = models.TextField(max_length=3000)

    class Meta:
        verbose_name = "answer of an applicant"
        verbose_name_plural = "answers of applicants"
        constraints = [once("answer_position_once", "application", "position")]


class ApplicationEvent(models.Model):
    """One dated step of an application; rows are only ever added."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=14)
    status = models.CharField(max_length=14, choices=ApplicationStatus)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty where a promise or a date decided.",
    )
    at = models.DateTimeField()
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["application", "id"], name="application_event_track")]

    def __str__(self) -> str:
        return f"{self.action} of application #{self.application_id}"


class ApplicationNote(Numbered):
    """The employer's own note on an applicant, who reads it only in their export of data."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = "note on an application"
        verbose_name_plural = "notes on applications"


class InterviewSlot(Numbered):
    """A time the employer proposes; the candidate chooses one."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    where = models.CharField(max_length=300, blank=True, help_text="Place or link.")
    time_zone = optional_text(
        clock.LONGEST_NAME, "By whose clock it was proposed; empty where that was not said."
    )
    proposed_at = models.DateTimeField(editable=False)
    chosen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            once("slot_once", "application", "starts_at"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(chosen_at__isnull=False),
                name="slot_chosen_once",
            ),
            in_range("slot", "minutes", 10, 480),
        ]

    def said(self, zone: tzinfo | None) -> str:
        """Say the time by a reader's clock and by that of whoever proposed it."""
        other = clock.zone_of(self.time_zone) if self.time_zone else zone or clock.here()
        return clock.said_beside(self.starts_at, other, zone)


class Message(Numbered):
    """A message between the applicant and the employer, inside the application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="messages")
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    from_employer = models.BooleanField()
    text = models.TextField(max_length=4000)
    at = models.DateTimeField(editable=False)
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)


class RoleInvitation(Numbered):
    """An employer asks a matched candidate to apply, who stays pseudonymous until they answer."""

    opportunity = models.ForeignKey(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="invitations"
    )
    profile = models.ForeignKey(
        "candidates.CandidateProfile", on_delete=models.CASCADE, related_name="invitations"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    message = models.CharField(max_length=1000, blank=True)
    invited_at = models.DateTimeField(editable=False)
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [once("role_invitation_once", "opportunity", "profile")]


class ExternalApplication(Numbered):
    """A candidate says that they applied on the employer's own site; nobody else is told."""

    profile = models.ForeignKey(
        "candidates.CandidateProfile",
        on_delete=models.CASCADE,
        related_name="external_applications",
    )
    opportunity = models.ForeignKey(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="external_applications"
    )
    stated_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [once("external_application_once", "profile", "opportunity")]
