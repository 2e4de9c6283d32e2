"""Shapes of organizations and their teams."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opportunities.core import pay
from opportunities.core.api import OneOf
from opportunities.core.fields_of_work import Field
from opportunities.employers.figures import realised_hourly_pays
from opportunities.employers.models import (
    Employer,
    MemberRole,
    Membership,
    TeamInvitation,
    VerifiedBy,
)
from opportunities.employers.reply_rate import reply_rate


class ReplyRateOutput(serializers.Serializer[Any]):
    """Share of answers given in time, of how many, with its lower 95 % bound."""

    answered = serializers.IntegerField()
    due = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    lower = serializers.FloatField(allow_null=True)


class PaidHourOutput(serializers.Serializer[Any]):
    """What an employer really paid an hour: all money over all hours of its signed completions."""

    amount = serializers.CharField(
        help_text="Major units of the currency for one hour of work, as a decimal string."
    )
    currency = serializers.CharField(help_text="ISO 4217: the currency of the site.")
    completions = serializers.IntegerField(help_text="How many completions it rests on.")


class EmployersOutput(serializers.ListSerializer[Employer]):
    """Many organizations, whose figures are counted together."""

    def to_representation(self, data: Any) -> Any:
        """Count what all of them paid before any is rendered."""
        employers = list(data)
        self.paid = realised_hourly_pays(employers)
        return super().to_representation(employers)


class EmployerOutput(serializers.ModelSerializer[Employer]):
    """An organization as everybody sees it."""

    id = serializers.CharField(source="public_id")
    verified = serializers.BooleanField(source="is_verified")
    logo_url = serializers.SerializerMethodField()
    reply_rate = serializers.SerializerMethodField()
    paid_hour = serializers.SerializerMethodField()

    verified_by = OneOf(choices=VerifiedBy.choices, allow_blank=True)

    class Meta:
        model = Employer
        list_serializer_class = EmployersOutput
        fields = [
            "id", "slug", "name", "about", "website", "domain", "field", "place", "country",
            "verified", "verified_by", "logo_url", "reply_rate", "paid_hour",
            "created_at",
        ]  # fmt: skip

    def get_logo_url(self, employer: Employer) -> str | None:
        """Return where the logo is served, or null."""
        return f"/employers/{employer.slug}/logo.png" if employer.logo else None

    @extend_schema_field(ReplyRateOutput)
    def get_reply_rate(self, employer: Employer) -> dict[str, Any]:
        """Return how often it answers."""
        return reply_rate(employer)._asdict()

    @extend_schema_field(PaidHourOutput(allow_null=True))
    def get_paid_hour(self, employer: Employer) -> dict[str, Any] | None:
        """Return what it really paid an hour, or null before there is a figure."""
        together = self.parent if isinstance(self.parent, EmployersOutput) else None
        known = together.paid if together else realised_hourly_pays([employer])
        paid = known.get(employer.pk)
        if paid is None:
            return None
        amount = pay.to_major(paid.hourly_minor, paid.currency)
        return {
            "amount": str(amount),
            "currency": paid.currency,
            "completions": paid.completions,
        }


class EmployerInput(serializers.Serializer[Any]):
    """What an organization may say; this documents ``employing``, which reads and judges it."""

    name = serializers.CharField(required=False, max_length=120)
    about = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    website = serializers.URLField(required=False, allow_blank=True, max_length=300)
    domain = serializers.CharField(required=False, allow_blank=True, max_length=253)
    field = OneOf(choices=Field.choices, required=False, allow_blank=True)
    place = serializers.CharField(required=False, allow_blank=True, max_length=120)
    country = serializers.CharField(required=False, allow_blank=True, max_length=2)


class LogoInput(serializers.Serializer[Any]):
    logo = serializers.FileField(max_length=200, allow_empty_file=True)


class EmailInput(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)


class SecretInput(serializers.Serializer[Any]):
    secret = serializers.CharField(max_length=100)


class RoleOfMemberInput(serializers.Serializer[Any]):
    role = OneOf(choices=MemberRole.choices)


class InvitationInput(EmailInput, RoleOfMemberInput):
    """Whom to ask, as what."""


class MemberOutput(serializers.ModelSerializer[Membership]):
    name = serializers.CharField(source="user.name")
    email = serializers.CharField(source="user.email")

    class Meta:
        model = Membership
        fields = ["id", "name", "email", "role", "joined_at"]


class InvitationOutput(serializers.ModelSerializer[TeamInvitation]):
    class Meta:
        model = TeamInvitation
        fields = ["id", "email", "role", "created_at", "expires_at", "accepted_at"]


class VerificationOutput(serializers.Serializer[Any]):
    email = serializers.EmailField()
    expires_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
