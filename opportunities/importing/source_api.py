"""Sources over HTTP: set one up, see what a reading would do and what it did, begin and pause."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.core.api import listed, read
from opportunities.core.errors import Fault, Invalid
from opportunities.employers.api.lookup import own_employer_of
from opportunities.importing import sources
from opportunities.importing.models import (
    MAX_NAME,
    MAX_URL,
    Leaving,
    ReadingKind,
    ReadingRhythm,
    ReadRow,
    Source,
    SourceReading,
    SourceState,
)
from opportunities.importing.rows import Fate
from opportunities.roles.models import RoleOutcome


class SourceSerializer(serializers.ModelSerializer[Source]):
    """An address that is read again and again, or a place that files are sent to."""

    id = serializers.CharField(source="public_id", read_only=True)
    employer = serializers.CharField(source="employer.public_id", read_only=True)
    mapping = serializers.JSONField(read_only=True)
    outcome = serializers.ChoiceField(
        [("", "Not said"), *RoleOutcome.choices],
        read_only=True,
        help_text="What became of roles that leave, said beforehand.",
    )

    class Meta:
        model = Source
        fields = [
            "id", "employer", "name", "url", "state", "rhythm", "leaving", "outcome", "mapping",
            "shape", "failures", "failing_since", "read_at", "next_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class SourceSettings(serializers.Serializer[dict[str, Any]]):
    """``rhythm`` is hours between readings; ``mapping`` has columns, constants and conditions."""

    url = serializers.CharField(max_length=MAX_URL, required=False)
    rhythm = serializers.IntegerField(
        required=False, min_value=min(ReadingRhythm.values), max_value=max(ReadingRhythm.values)
    )
    leaving = serializers.ChoiceField(Leaving.choices, required=False)
    outcome = serializers.ChoiceField(RoleOutcome.choices, required=False, allow_blank=True)
    mapping = serializers.DictField(required=False)


class SourceInput(SourceSettings):
    """A new source; it is read only after ``state`` was set to ``on``."""

    employer = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=MAX_NAME, required=False, allow_blank=True)
    url = serializers.CharField(max_length=MAX_URL)


class SourceChange(SourceSettings):
    """Settings to change; ``state`` begins, goes on or pauses."""

    state = serializers.ChoiceField([SourceState.ON, SourceState.PAUSED], required=False)


class ReadingSerializer(serializers.ModelSerializer[SourceReading]):
    """What a reading did, or a preview would do: how many rows had each fate."""

    id = serializers.CharField(source="public_id", read_only=True)
    note = serializers.CharField(source="last_error", read_only=True)

    class Meta:
        model = SourceReading
        fields = [
            "id", "kind", "state", "is_same", "total", "done", "added", "changed", "unchanged",
            "left_out", "closed", "asked", "gone", "note", "created_at", "started_at",
            "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class ReadingInput(serializers.Serializer[dict[str, Any]]):
    """What to do: show a preview, or read now."""

    kind = serializers.ChoiceField(ReadingKind.choices)


class ReadRowSerializer(serializers.ModelSerializer[ReadRow]):
    """One row, or a role that the file has no more (without a line), and what became of it."""

    opportunity = serializers.CharField(
        source="opportunity.public_id", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = ReadRow
        fields = ["position", "line", "number", "title", "fate", "detail", "opportunity"]
        read_only_fields = fields


def source_of(request: Request, public_id: str) -> Source:
    """Return a source of an employer that the reader acts for, or raise ``Http404``."""
    return get_object_or_404(Source.objects.of(actor(request)), public_id=public_id[:40])


class Sources(APIView):
    """Sources of roles."""

    @extend_schema(operation_id="sources_list", responses=SourceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the sources of the employers that one acts for."""
        rows = Source.objects.of(actor(request)).defer("columns")
        return listed(rows, request, order=("-created_at", "-id"), shape=SourceSerializer)

    @extend_schema(
        operation_id="sources_create", request=SourceInput, responses={201: SourceSerializer}
    )
    def post(self, request: Request) -> Response:
        """Set a source up; its preview is the first of its readings, and nothing comes in yet."""
        values = read(SourceInput, request)
        source = sources.create(
            employer_id=own_employer_of(request, values.pop("employer")).pk,
            actor=actor(request),
            name=values.pop("name", ""),
            values=values,
            at=timezone.now(),
        )
        headers = {"Location": f"/api/v1/sources/{source.public_id}"}
        return Response(SourceSerializer(source).data, status=201, headers=headers)


class SourceDetail(APIView):
    """One source."""

    @extend_schema(operation_id="sources_read", responses=SourceSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one source."""
        return Response(SourceSerializer(source_of(request, public_id)).data)

    @extend_schema(operation_id="sources_change", request=SourceChange, responses=SourceSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change how a source is read; begin to read it, or pause it."""
        source = source_of(request, public_id)
        values = read(SourceChange, request, partial=True)
        state = values.pop("state", "")
        who: dict[str, Any] = {"source_id": source.pk, "actor": actor(request)}
        who["at"] = timezone.now()
        if values:
            sources.change(values=values, **who)
        if state and state != source.state:
            (sources.begin if state == SourceState.ON else sources.pause)(**who)
        return Response(SourceSerializer(source_of(request, public_id)).data)

    @extend_schema(operation_id="sources_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Forget a source and its log; the roles that came from it stay."""
        source = source_of(request, public_id)
        sources.remove(source_id=source.pk, actor=actor(request), at=timezone.now())
        return Response(status=204)


class SourceReadings(APIView):
    """Readings of a source."""

    @extend_schema(operation_id="sources_readings_list", responses=ReadingSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """List the readings of the last 30 days, newest first, previews among them."""
        rows = source_of(request, public_id).readings.defer("content")
        return listed(rows, request, order=("-created_at", "-id"), shape=ReadingSerializer)

    @extend_schema(
        operation_id="sources_readings_create",
        request=ReadingInput,
        responses={202: ReadingSerializer},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Show what a reading would do, or read now."""
        source = source_of(request, public_id)
        kind = read(ReadingInput, request)["kind"]
        ask = sources.preview if kind == ReadingKind.PREVIEW else sources.read_now
        reading = ask(source_id=source.pk, actor=actor(request), at=timezone.now())
        return Response(ReadingSerializer(reading).data, status=202)


class ReadingRows(APIView):
    """The log of a reading."""

    @extend_schema(
        operation_id="sources_readings_rows",
        parameters=[OpenApiParameter("fate", enum=Fate.values)],
        responses=ReadRowSerializer(many=True),
    )
    def get(self, request: Request, public_id: str, reading_id: str) -> Response:
        """List what became of each row, in the order of the file, then what is gone from it."""
        rows = ReadRow.objects.filter(
            reading=get_object_or_404(
                source_of(request, public_id).readings.only("pk"), public_id=reading_id[:40]
            )
        ).select_related("opportunity")
        fate = request.query_params.get("fate", "")
        if fate and fate not in Fate.values:
            raise Invalid(Fault("fate", "unknown_choice", f"A fate is: {', '.join(Fate.values)}."))
        if fate:
            rows = rows.filter(fate=fate)
        order = ("position", "id")
        return listed(rows, request, order=order, shape=ReadRowSerializer, also_known={"fate"})
