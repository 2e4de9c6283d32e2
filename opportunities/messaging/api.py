"""Notices over HTTP."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import Operation, operation, paged, undated
from opportunities.accounts.current import actor
from opportunities.accounts.models import User
from opportunities.accounts.time_zones import zone_of
from opportunities.core import clock
from opportunities.core.api import OneOf
from opportunities.messaging import kinds, notices, quiet
from opportunities.messaging.models import MOST_KINDS, Notice, NoticeRhythm


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """One thing the reader was told; ``url`` is a path on this site."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Notice
        fields = ["id", "kind", "subject", "body", "url", "is_decision", "created_at", "read_at"]


class RhythmSerializer(serializers.Serializer[dict[str, str]]):
    """How often the reader wants email that is not a decision."""

    rhythm = OneOf(choices=NoticeRhythm.choices)


class QuietSerializer(serializers.Serializer[Any]):
    """When no news is mailed, by the clock of a time zone; the same hour twice is never."""

    time_zone = serializers.CharField(max_length=64)
    quiet_from = serializers.IntegerField(min_value=0, max_value=23)
    quiet_until = serializers.IntegerField(min_value=0, max_value=23)


class KindsSerializer(serializers.Serializer[Any]):
    """Which kinds of news are mailed; those that have a rhythm of their own are chosen there."""

    mailed = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=MOST_KINDS
    )


chosen = partial(operation, by="reader")
"""What a reader does with their notices."""


def _kinds_of(reader: User) -> Response:
    mailed = [
        kind
        for kind, switch, is_mailed in kinds.choices_of(reader)
        if switch.can_start and is_mailed
    ]
    return Response({"mailed": mailed})


class Notices(APIView):
    @paged("notices_list", NoticeSerializer, order=("-id",))
    def get(self, request: Request) -> QuerySet[Any]:
        """List what the reader was told, the last thing first."""
        return Notice.objects.filter(recipient=actor(request))


class NoticeRead(APIView):
    @chosen("notices_read", gives=NoticeSerializer)
    def post(self, request: Request, public_id: str) -> Operation:
        """Mark a notice as read."""
        return partial(notices.read, notice_id=public_id)


class NoticesRead(APIView):
    @chosen("notices_read_all", code=204)
    def post(self, request: Request) -> Operation:
        """Mark every notice as read."""
        return notices.read_all


class NoticesRhythm(APIView):
    @extend_schema(operation_id="notices_rhythm", responses=RhythmSerializer)
    def get(self, request: Request) -> Response:
        """Return how often the reader wants email that is not a decision."""
        return Response({"rhythm": quiet.preference_of(actor(request)).rhythm})

    @chosen("notices_rhythm_choose", takes=RhythmSerializer, gives=RhythmSerializer)
    def put(self, request: Request) -> Operation:
        """Choose how often the reader wants email that is not a decision."""
        return undated(notices.choose_rhythm)


class NoticesKinds(APIView):
    @extend_schema(operation_id="notices_kinds", responses=KindsSerializer)
    def get(self, request: Request) -> Response:
        """Return which kinds of news are mailed to the reader, of those that may be left out."""
        return _kinds_of(actor(request))

    @chosen("notices_kinds_choose", takes=KindsSerializer, gives=KindsSerializer, answer=_kinds_of)
    def put(self, request: Request) -> Operation:
        """Choose which kinds of news are mailed; the others stand under Notices alone."""
        return undated(kinds.choose)


class NoticesQuiet(APIView):
    @extend_schema(operation_id="notices_quiet", responses=QuietSerializer)
    def get(self, request: Request) -> Response:
        """Return the reader's time zone and the hours in which no news is mailed."""
        return Response(_quiet_of(actor(request)))

    @chosen(
        "notices_quiet_choose",
        takes=QuietSerializer,
        gives=QuietSerializer,
        answer=lambda kept: Response(_quiet_of(kept.user)),
    )
    def put(self, request: Request) -> Operation:
        """Choose the reader's time zone and the hours in which no news is mailed."""
        return undated(notices.choose_quiet)


def _quiet_of(reader: User) -> dict[str, Any]:
    preference = quiet.preference_of(reader)
    hours = {"quiet_from": preference.quiet_from, "quiet_until": preference.quiet_until}
    return {"time_zone": clock.name_of(zone_of(reader)), **hours}
