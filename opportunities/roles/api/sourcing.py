"""Roles by the key of an employer's own system."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.core.api import stated
from opportunities.core.errors import Fault, Invalid
from opportunities.employers.api.lookup import own_employer_of
from opportunities.roles import publishing
from opportunities.roles.api import serializers as shapes
from opportunities.roles.api.catalogue import OpportunitySerializer
from opportunities.roles.api.views import shown


class BySource(APIView):
    """One role under the key that an employer's own system gave it."""

    @extend_schema(
        operation_id="opportunities_by_source",
        request=shapes.NewRoleInput,
        responses={200: OpportunitySerializer, 201: OpportunitySerializer},
    )
    def put(self, request: Request, source: str, external_id: str) -> Response:
        """Create the role under this key, or amend it, and hand it in for review."""
        values = stated(request)
        named = values.pop("employer", None)
        if not isinstance(named, str):
            raise Invalid(Fault("employer", "required", "Say which employer it is for."))
        role, is_new = publishing.keep_from_source(
            employer_id=own_employer_of(request, named).pk,
            actor=actor(request),
            source=source,
            external_id=external_id,
            values=values,
            at=timezone.now(),
        )
        return shown(role, code=201 if is_new else 200)
