"""Who a token or a session speaks for, so that a client finds its own organizations."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.accounts.models import SCOPES, User
from opportunities.accounts.permissions import is_moderator
from opportunities.core.api import OneOf, refuse_unknown
from opportunities.employers.models import MemberRole, Membership


class OwnEmployerSerializer(serializers.ModelSerializer[Membership]):
    """An organization of the account, and its role there."""

    id = serializers.CharField(source="employer.public_id")
    name = serializers.CharField(source="employer.name")
    role = OneOf(choices=MemberRole.choices)

    class Meta:
        model = Membership
        fields = ["id", "name", "role"]


class MeSerializer(serializers.Serializer[Any]):
    """The account that asks."""

    email = serializers.EmailField()
    is_moderator = serializers.BooleanField()
    employers = OwnEmployerSerializer(many=True)
    scopes = serializers.ListField(
        child=OneOf(choices=SCOPES),
        allow_null=True,
        help_text="What the token may do; null for a session, which may do what the account may.",
    )


class Me(APIView):
    @extend_schema(operation_id="me_retrieve", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Return the account that asks, with its organizations."""
        refuse_unknown(request, known=())
        person: User = actor(request)
        grant = getattr(request.auth, "grant", None)
        rows = Membership.objects.filter(user=person).select_related("employer").order_by("id")
        found = {
            "email": person.email,
            "is_moderator": is_moderator(person),
            "employers": list(rows[:100]),
            "scopes": grant.scopes if grant else None,
        }
        return Response(MeSerializer(found).data)
