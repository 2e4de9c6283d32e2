"""Files of roles over HTTP: hand one in, see how far it is and which rows were left out."""

from collections.abc import Mapping
from typing import IO, Any, Final

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.core.api import listed, read, unspoken
from opportunities.core.errors import Invalid
from opportunities.employers.api.lookup import own_employer_of
from opportunities.importing import jobs
from opportunities.importing.models import MAX_BYTES, ImportJob

NDJSON: Final = "application/x-ndjson"
TOO_LARGE: Final = "A file of roles has at most 2 MB. Send it in parts."


class RowsParser(BaseParser):
    """Take NDJSON in as it is; its rows are read one by one later."""

    media_type = NDJSON

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the body as it is, or answer 413."""
        content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise RequestDataTooBig(TOO_LARGE)
        return content


class ImportFor(serializers.Serializer[dict[str, Any]]):
    """Whose roles they are, and what the system is called that numbers them."""

    employer = serializers.CharField(max_length=40)
    source = serializers.CharField(  # type: ignore[assignment]  # shadows DRF's own option
        max_length=60, required=False, allow_blank=True
    )


class ImportForm(ImportFor):
    """A file of roles (a table, JSON, XML, a web page) of at most 2 MB and 2,000 rows."""

    file = serializers.FileField(max_length=200, allow_empty_file=True)


class ImportFaultSerializer(serializers.Serializer[dict[str, Any]]):
    """A row that was left out; rows and lines count from 1."""

    row = serializers.IntegerField()
    line = serializers.IntegerField()
    field = serializers.CharField()
    code = serializers.CharField(default="malformed")
    reason = serializers.CharField()


class ImportJobSerializer(serializers.ModelSerializer[ImportJob]):
    """How far an import is: ``done`` of ``total`` rows, and what became of them."""

    id = serializers.CharField(source="public_id")
    employer = serializers.CharField(source="employer.public_id")
    failure = serializers.CharField(read_only=True)

    class Meta:
        model = ImportJob
        fields = [
            "id", "employer", "source", "state", "total", "done", "added", "changed", "unchanged",
            "left_out", "closed", "failure", "created_at", "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class ImportDetailSerializer(ImportJobSerializer):
    """An import with the first 200 reasons why rows were left out."""

    faults = ImportFaultSerializer(many=True)

    class Meta(ImportJobSerializer.Meta):
        fields = [*ImportJobSerializer.Meta.fields, "faults"]


class Imports(APIView):
    """Imports of roles."""

    parser_classes = [RowsParser, MultiPartParser]

    @extend_schema(operation_id="imports_list", responses=ImportJobSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the imports of the last 30 days of the employers that one acts for."""
        rows = ImportJob.objects.of(actor(request)).defer("faults")
        return listed(rows, request, order=("-created_at", "-id"), shape=ImportJobSerializer)

    @extend_schema(
        operation_id="imports_create",
        parameters=[
            OpenApiParameter("employer", {"type": "string", "maxLength": 40},
                             description="With NDJSON: whose roles they are."),
            OpenApiParameter("source", {"type": "string", "maxLength": 60},
                             description="With NDJSON: the system that numbers them."),
        ],
        request={NDJSON: OpenApiTypes.STR, "multipart/form-data": ImportForm},
        responses={202: ImportDetailSerializer},
        examples=[
            OpenApiExample(
                "One role a line",
                value='{"id": "2026-117", "title": "Survey analyst", "weeks": 2}\n',
                request_only=True,
                media_type=NDJSON,
            )
        ],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Import a file of roles; they wait for a moderator. See the location for progress."""
        sent: Any = request.data
        if not (request.content_type or "").startswith("multipart/"):
            stated, content, name = _of_query(request), sent or b"", "roles.ndjson"
        else:
            stated = read(ImportForm, request)
            file = stated.pop("file")
            content, name = file.read(MAX_BYTES + 1), file.name
        if len(content) > MAX_BYTES:
            raise RequestDataTooBig(TOO_LARGE)
        job = jobs.ask(
            employer_id=own_employer_of(request, stated["employer"]).pk,
            actor=actor(request),
            content=content,
            name=name,
            source=stated.get("source", ""),
            at=timezone.now(),
        )
        location = f"/api/v1/imports/{job.public_id}"
        return Response(ImportDetailSerializer(job).data, 202, headers={"Location": location})


class ImportDetail(APIView):
    """One import."""

    @extend_schema(operation_id="imports_read", responses=ImportDetailSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return how far an import is, and why rows were left out."""
        job = get_object_or_404(ImportJob.objects.of(actor(request)), public_id=public_id[:40])
        return Response(ImportDetailSerializer(job).data)


def _of_query(request: Request) -> dict[str, Any]:
    """Return what the address says of a file without a form around it."""
    serializer = ImportFor(data=request.query_params)
    serializer.is_valid(raise_exception=True)
    if faults := list(unspoken(serializer, request.query_params, "")):
        raise Invalid(*faults[:20])
    return dict(serializer.validated_data)
