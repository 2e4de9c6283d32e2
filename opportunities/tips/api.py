"""Tips over HTTP."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.core.api import listed
from opportunities.tips.models import Tip


class TipSerializer(serializers.ModelSerializer[Tip]):
    """One tip."""

    class Meta:
        model = Tip
        fields = ["text", "shown_from"]


class Tips(APIView):
    @extend_schema(operation_id="tips_list", responses=TipSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the tips that are shown by now, newest first."""
        rows = Tip.objects.filter(shown_from__lte=timezone.now())
        return listed(rows, request, order=("-shown_from", "-id"), shape=TipSerializer)
