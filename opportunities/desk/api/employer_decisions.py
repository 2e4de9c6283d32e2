"""Decisions as the employer concerned reads them."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.core.api import listed, page_of_kind
from opportunities.desk.api.serializers import DecisionOutput
from opportunities.employers.api.lookup import own_employer_of
from opportunities.moderation.outcomes import INTERNAL


class Decisions(APIView):
    """What moderators decided about one's organization and its roles."""

    @extend_schema(
        operation_id="employers_decisions",
        responses=page_of_kind("DecisionPage", DecisionOutput),
    )
    def get(self, request: Request, public_id: str) -> Response:
        """List the decisions, newest first."""
        rows = (
            own_employer_of(request, public_id)
            .decisions.exclude(action__in=INTERNAL)
            .select_related("opportunity", "employer")
        )
        return listed(rows, request, shape=DecisionOutput, order=("-decided_at", "-id"))
