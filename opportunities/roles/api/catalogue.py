"""Roles as JSON, in lists and whole."""

from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opportunities.core import pay
from opportunities.core.models import Site
from opportunities.core.providers import Provider
from opportunities.employers.models import Employer
from opportunities.places.api import LocationSerializer
from opportunities.roles.api.listing import ORDER
from opportunities.roles.fields import FIELDS
from opportunities.roles.models import Deliverable, Opportunity, OpportunitySkill, Question


class EmployerBriefSerializer(serializers.ModelSerializer[Employer]):
    """The employer, as a role names it."""

    id = serializers.CharField(source="public_id")
    verified = serializers.BooleanField(source="is_verified")

    class Meta:
        model = Employer
        fields = ["id", "slug", "name", "verified"]


class RoleSkillSerializer(serializers.ModelSerializer[OpportunitySkill]):
    """A skill that a role uses or teaches; ``name`` is the vocabulary's slug."""

    name = serializers.CharField(source="skill.slug")
    label = serializers.CharField(source="skill.name")  # type: ignore[assignment]

    class Meta:
        model = OpportunitySkill
        fields = ["name", "label", "level", "importance", "must"]


class DeliverableSerializer(serializers.ModelSerializer[Deliverable]):
    class Meta:
        model = Deliverable
        fields = ["title", "done_means", "publishable"]


class QuestionSerializer(serializers.ModelSerializer[Question]):
    class Meta:
        model = Question
        fields = ["text", "minutes"]


class MoneySerializer(serializers.Serializer[dict[str, str]]):
    """An amount in major units, as a decimal string, with its currency."""

    amount = serializers.CharField()
    currency = serializers.CharField()


class OpportunityBriefSerializer(serializers.ModelSerializer[Opportunity]):
    """A role as lists show it: every fact, without the long texts."""

    id = serializers.CharField(source="public_id")
    url = serializers.SerializerMethodField()
    employer = EmployerBriefSerializer()
    pay_amount = serializers.SerializerMethodField()
    pay_max = serializers.SerializerMethodField()
    pay_hour = serializers.SerializerMethodField()
    skills = RoleSkillSerializer(many=True)
    deliverables = DeliverableSerializer(many=True)
    locations = LocationSerializer(source="towns", many=True)
    published_at = serializers.DateTimeField(source="opened_at", allow_null=True)
    updated_at = serializers.DateTimeField(source="changed_at")

    class Meta:
        model = Opportunity
        fields = list(ORDER)

    def get_url(self, role: Opportunity) -> str:
        """Return the address of the role's page."""
        return f"{settings.SITE_URL}{role.path}"

    def get_pay_amount(self, role: Opportunity) -> str | None:
        """Return the amount in major units of ``pay_currency``, or null where not stated."""
        return pay.major_text(role.pay_amount_minor, role.pay_currency)

    def get_pay_max(self, role: Opportunity) -> str | None:
        """Return the upper end of a range of pay."""
        return pay.major_text(role.pay_max_minor, role.pay_currency)

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_pay_hour(self, role: Opportunity) -> dict[str, str] | None:
        """Return the effective hourly pay in the site's currency."""
        return pay.amount_json(role.hourly_minor, self.context["currency"])


class ChanceSerializer(serializers.Serializer[dict[str, Any]]):
    """What is known of the chance at an open role: how it went for others, never a promise."""

    places = serializers.IntegerField()
    applicants = serializers.IntegerField(
        allow_null=True,
        help_text="So far; null below five, where people apply on the employer's own site, and "
        "before anything was counted.",
    )
    decision_due = serializers.DateField(
        allow_null=True, help_text="By when an answer is promised to whoever applies today."
    )
    offers_low = serializers.FloatField(
        source="low",
        allow_null=True,
        help_text="Lower end of the share of applicants who get an offer, from 0 to 1: four in "
        "five roles like this lie in the range. Null: too few were answered to say.",
    )
    offers_high = serializers.FloatField(source="high", allow_null=True, help_text="Its upper end.")
    counted_at = serializers.DateTimeField(
        allow_null=True, help_text="Figures are counted every ten minutes; null: not counted."
    )
    sentences = serializers.ListField(
        child=serializers.CharField(), help_text="The same in words, as pages show it."
    )


chance_of: Final[Provider[..., Any]] = Provider("the chance at a role")
"""What is known of the chance at a role, for ``ChanceSerializer``; a higher room knows it."""


class OpportunitySerializer(OpportunityBriefSerializer):
    """A role whole."""

    questions = QuestionSerializer(many=True)
    chance = serializers.SerializerMethodField(help_text="Null while nobody can apply.")

    class Meta(OpportunityBriefSerializer.Meta):
        fields = [
            *OpportunityBriefSerializer.Meta.fields,
            *(row.name for row in FIELDS.values() if not row.in_lists),
            "closed_at",
            "version",
            "chance",
        ]

    @extend_schema_field(ChanceSerializer(allow_null=True))
    def get_chance(self, role: Opportunity) -> Any:
        """Return places, applicants, when an answer is due, and the range."""
        found = chance_of(role, at=self.context["at"])
        return None if found is None else ChanceSerializer(found).data


class OpportunityPageSerializer(serializers.Serializer[dict[str, Any]]):
    """One page of roles and the way to the next."""

    data = OpportunityBriefSerializer(many=True)  # type: ignore[assignment]
    page = serializers.DictField()


def role_context() -> dict[str, Any]:
    """Return what the serializers of a role need to know of the site and of the time."""
    return {"currency": Site.load().currency, "at": timezone.now()}
