"""Organizations that post roles, and the people who act for them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from opportunities.core import identifiers
from opportunities.core.fields_of_work import Field
from opportunities.core.ranges import once
from opportunities.core.tables import Numbered


class EmployerStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    BLOCKED = "blocked", _("Blocked")


class VerifiedBy(models.TextChoices):
    DOMAIN = "domain", _("Confirmed email at the employer's domain")
    MODERATOR = "moderator", _("Checked by a moderator")


class EmployerQuerySet(models.QuerySet["Employer"]):
    """The named questions we ask of employers."""

    def active(self) -> Self:
        """Keep those that may show roles."""
        return self.filter(status=EmployerStatus.ACTIVE)


class Employer(models.Model):
    """An organization that posts roles."""

    public_id = identifiers.column(identifiers.employer_id)
    slug = models.SlugField(max_length=140, unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=4000, blank=True, help_text="Markdown.")
    website = models.URLField(max_length=300, blank=True)
    domain = models.CharField(max_length=253, blank=True, help_text="example.org, lower case.")
    field = models.CharField(max_length=20, choices=Field, blank=True)
    place = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    logo = models.ImageField(upload_to="logos/", null=True, blank=True, editable=False)
    status = models.CharField(
        max_length=10, choices=EmployerStatus, default=EmployerStatus.ACTIVE, editable=False
    )
    verified_by = models.CharField(
        max_length=10, choices=VerifiedBy, blank=True, default="", editable=False
    )
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_until = models.DateTimeField(null=True, blank=True, editable=False)
    answered_count = models.PositiveIntegerField(default=0, editable=False)
    due_count = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="Applications whose answer fell due; with answered_count the reply rate.",
    )
    created_at = models.DateTimeField(editable=False)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="employer_verified_has_at_and_by",
                condition=Q(verified_at__isnull=True, verified_by="")
                | (Q(verified_at__isnull=False) & ~Q(verified_by="")),
            ),
            models.CheckConstraint(
                name="employer_answers_at_most_what_is_due",
                condition=Q(answered_count__lte=models.F("due_count")),
            ),
        ]
        indexes = [models.Index(fields=["domain"], name="employer_domain")]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"

    @property
    def is_verified(self) -> bool:
        """Say whether the employer passed rule 1.1."""
        return self.verified_at is not None


class MemberRole(models.TextChoices):
    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")


class Membership(Numbered):
    """A person's right to act for an employer."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=MemberRole, default=MemberRole.MEMBER)
    joined_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = "team member"
        verbose_name_plural = "team members"
        constraints = [once("membership_once", "employer", "user")]


class TeamInvitation(Numbered):
    """An email address asked to join an employer's team; the secret is stored as a digest."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=MemberRole, default=MemberRole.MEMBER)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "email"],
                condition=Q(accepted_at__isnull=True),
                name="team_invitation_pending_once",
            ),
        ]

    def is_open(self, *, at: datetime) -> bool:
        """Say whether the invitation can still be accepted."""
        return self.accepted_at is None and at < self.expires_at


class EmailVerification(Numbered):
    """A link mailed to an address at the employer's domain; following it verifies the employer."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="verifications")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "email verification"
        verbose_name_plural = "email verifications"
