"""Open roles as JSON: the list with its filters, and one role."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.core.models import Site
from opportunities.core.paging import page_of
from opportunities.employers.models import Employer
from opportunities.places.api import LocationSerializer
from opportunities.roles import search
from opportunities.roles.api.filters import filter_parameters
from opportunities.roles.api.listing import COLUMNS, ORDER, major, prepared
from opportunities.roles.fields import Seen, seen_in
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
        return f"{settings.SITE_URL}/opportunities/{role.slug}-{role.public_id}/"

    def get_pay_amount(self, role: Opportunity) -> str | None:
        """Return the amount in major units of ``pay_currency``, or null where not stated."""
        return major(role.pay_amount_minor, role.pay_currency)

    def get_pay_max(self, role: Opportunity) -> str | None:
        """Return the upper end of a range of pay."""
        return major(role.pay_max_minor, role.pay_currency)

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_pay_hour(self, role: Opportunity) -> dict[str, str | None] | None:
        """Return the effective hourly pay in the site's currency."""
        if role.hourly_minor is None:
            return None
        currency = self.context["currency"]
        return {"amount": major(role.hourly_minor, currency), "currency": currency}


class OpportunitySerializer(OpportunityBriefSerializer):
    """A role whole."""

    questions = QuestionSerializer(many=True)

    class Meta(OpportunityBriefSerializer.Meta):
        fields = [
            *OpportunityBriefSerializer.Meta.fields,
            *(row.name for row in seen_in(Seen.ON_ROLE)), "closed_at", "version",
        ]  # fmt: skip


class OpportunityPageSerializer(serializers.Serializer[dict[str, Any]]):
    """One page of roles and the way to the next."""

    data = OpportunityBriefSerializer(many=True)  # type: ignore[assignment]
    page = serializers.DictField()


def role_context() -> dict[str, str]:
    """Return what the serializers of a role need to know of the site."""
    return {"currency": Site.load().currency}


class Opportunities(APIView):
    """The open roles."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="opportunities_list",
        parameters=[
            *filter_parameters(),
            OpenApiParameter("sort", str, enum=list(search.SORTS)),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=OpportunityPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """List the open roles that pass the filters."""
        roles, order = search.search(
            request.query_params, at=timezone.now(), also_known=["cursor", "limit"]
        )
        rows, cursor = page_of(
            roles.values(*dict.fromkeys([*COLUMNS, order.removeprefix("-")])),
            request,
            order=(order, "-id"),
            limit=25,
        )
        data = prepared(rows, **role_context())
        page = {"next": cursor.get_next_link(), "prev": cursor.get_previous_link()}
        links = [f'<{href}>; rel="{rel}"' for rel, href in page.items() if href]
        return Response(
            {"data": data, "page": page | {"limit": cursor.get_page_size(request)}},
            headers={"Link": ", ".join(links)} if links else {},
        )


class OpportunityDetail(APIView):
    """One role."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="opportunities_read", responses=OpportunitySerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one role that the viewer may see."""
        role = get_object_or_404(
            Opportunity.objects.visible_to(request.user)
            .select_related("employer")
            .prefetch_related("skills__skill", "deliverables", "questions"),
            public_id=public_id,
        )
        return Response(OpportunitySerializer(role, context=role_context()).data)
