"""Notices over HTTP."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.accounts.models import User
from opportunities.accounts.time_zones import zone_of
from opportunities.core import clock
from opportunities.core.api import listed, read
from opportunities.messaging import notices, quiet
from opportunities.messaging.models import Notice, NoticeRhythm


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """One thing the reader was told; ``url`` is a path on this site."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Notice
        fields = ["id", "kind", "subject", "body", "url", "is_decision", "created_at", "read_at"]


class RhythmSerializer(serializers.Serializer[dict[str, str]]):
    """How often the reader wants email that is not a decision."""

    rhythm = serializers.ChoiceField(choices=NoticeRhythm.choices)


class QuietSerializer(serializers.Serializer[Any]):
    """When no news is mailed, by the clock of a time zone; the same hour twice is never."""

    time_zone = serializers.CharField(max_length=64)
    quiet_from = serializers.IntegerField(min_value=0, max_value=23)
    quiet_until = serializers.IntegerField(min_value=0, max_value=23)


class Notices(APIView):
    @extend_schema(operation_id="notices_list", responses=NoticeSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List what the reader was told, the last thing first."""
        rows = Notice.objects.filter(recipient=actor(request))
        return listed(rows, request, order=("-id",), shape=NoticeSerializer)


class NoticeRead(APIView):
    @extend_schema(operation_id="notices_read", request=None, responses=NoticeSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Mark a notice as read."""
        notice = notices.read(notice_id=public_id, reader=actor(request), at=timezone.now())
        return Response(NoticeSerializer(notice).data)


class NoticesRead(APIView):
    @extend_schema(operation_id="notices_read_all", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Mark every notice as read."""
        notices.read_all(reader=actor(request), at=timezone.now())
        return Response(status=204)


class NoticesRhythm(APIView):
    @extend_schema(operation_id="notices_rhythm", responses=RhythmSerializer)
    def get(self, request: Request) -> Response:
        """Return how often the reader wants email that is not a decision."""
        return Response({"rhythm": quiet.preference_of(actor(request)).rhythm})

    @extend_schema(
        operation_id="notices_rhythm_choose", request=RhythmSerializer, responses=RhythmSerializer
    )
    def put(self, request: Request) -> Response:
        """Choose how often the reader wants email that is not a decision."""
        kept = notices.choose_rhythm(reader=actor(request), **read(RhythmSerializer, request))
        return Response({"rhythm": kept.rhythm})


class NoticesQuiet(APIView):
    @extend_schema(operation_id="notices_quiet", responses=QuietSerializer)
    def get(self, request: Request) -> Response:
        """Return the reader's time zone and the hours in which no news is mailed."""
        return Response(_quiet_of(actor(request)))

    @extend_schema(
        operation_id="notices_quiet_choose", request=QuietSerializer, responses=QuietSerializer
    )
    def put(self, request: Request) -> Response:
        """Choose the reader's time zone and the hours in which no news is mailed."""
        kept = notices.choose_quiet(reader=actor(request), **read(QuietSerializer, request))
        return Response(_quiet_of(kept.user))


def _quiet_of(reader: User) -> dict[str, Any]:
    preference = quiet.preference_of(reader)
    hours = {"quiet_from": preference.quiet_from, "quiet_until": preference.quiet_until}
    return {"time_zone": clock.name_of(zone_of(reader)), **hours}
