"""Who might suit a role, as JSON."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from matching.recommending.serializers import PartSerializer
from matching.shortlists import queries
from opportunities.accounts.current import actor
from opportunities.core.errors import NotFound
from opportunities.roles.api.lookup import role_of
from opportunities.roles.permissions import can_manage


class MatchedCandidateSerializer(serializers.Serializer[queries.MatchedCandidate]):
    """A matched candidate under the handle that only this employer knows."""

    handle = serializers.CharField()
    headline = serializers.CharField()
    match = serializers.IntegerField(
        source="suit.match.value", help_text="The number that orders the list, from 0 to 100."
    )
    suit = serializers.FloatField(source="explanation.suit")
    mutual = serializers.FloatField(source="explanation.mutual")
    parts = PartSerializer(source="explanation.parts", many=True)


class MatchedCandidatesSerializer(serializers.Serializer[dict[str, Any]]):
    data = MatchedCandidateSerializer(many=True)  # type: ignore[assignment]


class OpportunityCandidates(APIView):
    """Who might suit a role."""

    @extend_schema(
        operation_id="opportunities_candidates_list", responses=MatchedCandidatesSerializer
    )
    def get(self, request: Request, public_id: str) -> Response:
        """Return the role's best candidates under handles that only this employer knows."""
        role = role_of(request, public_id)
        if not can_manage(actor(request), role):
            raise NotFound("There is no such role of yours.")
        found = queries.candidates_of(role, actor=actor(request), at=timezone.now())
        return Response(MatchedCandidatesSerializer({"data": found}).data)
