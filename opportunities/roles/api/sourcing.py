"""Roles by the key of an employer's own system."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.roles import publishing
from opportunities.roles.api import serializers as shapes
from opportunities.roles.api.catalogue import OpportunitySerializer
from opportunities.roles.api.views import for_employer, shown


class BySource(APIView):
    """One role under the key that an employer's own system gave it."""

    @extend_schema(
        operation_id="opportunities_by_source",
        request=shapes.NewRoleInput,
        responses={200: OpportunitySerializer, 201: OpportunitySerializer},
    )
    def put(self, request: Request, source: str, external_id: str) -> Response:
        """Create the role under this key, or amend it, and hand it in for review."""
        employer_id, values = for_employer(request)
        role, is_new = publishing.keep_from_source(
            employer_id=employer_id,
            actor=actor(request),
            source=source,
            external_id=external_id,
            values=values,
            at=timezone.now(),
        )
        return shown(role, code=201 if is_new else 200)
