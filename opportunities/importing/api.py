"""Files of roles, sources that are read again, and adverts over HTTP."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import IO, Any, Final

from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import Operation, operation, paged
from opportunities.accounts.current import actor
from opportunities.core.api import OneOf, one_of, read, unspoken
from opportunities.core.errors import Fault, Invalid
from opportunities.core.pay import CURRENCIES
from opportunities.employers.api.lookup import own_employer_of
from opportunities.importing import jobs, models, pasting, sources
from opportunities.importing.adverts.advert import REASONS, Advert, Span
from opportunities.importing.adverts.read import MAX_ADVERT
from opportunities.importing.models import (
    MAX_BYTES,
    ImportJob,
    Leaving,
    ReadingKind,
    ReadingRhythm,
    ReadRow,
    Source,
    SourceReading,
    SourceState,
)  # fmt: skip
from opportunities.importing.parsing.places import country_code
from opportunities.importing.rows import Fate
from opportunities.roles.models import RoleOutcome

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

    @paged("imports_list", ImportJobSerializer, order=("-created_at", "-id"))
    def get(self, request: Request) -> QuerySet[Any]:
        """List the imports of the last 30 days of the employers that one acts for."""
        return ImportJob.objects.of(actor(request)).defer("faults")

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


# --- Sources ---


class SourceSerializer(serializers.ModelSerializer[Source]):
    """An address that is read again and again, or a place that files are sent to."""

    id = serializers.CharField(source="public_id", read_only=True)
    employer = serializers.CharField(source="employer.public_id", read_only=True)
    mapping = serializers.JSONField(read_only=True)
    outcome = OneOf(
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

    url = serializers.CharField(max_length=models.MAX_URL, required=False)
    rhythm = serializers.IntegerField(
        required=False, min_value=min(ReadingRhythm.values), max_value=max(ReadingRhythm.values)
    )
    leaving = OneOf(Leaving.choices, required=False)
    outcome = OneOf(RoleOutcome.choices, required=False, allow_blank=True)
    mapping = serializers.DictField(required=False)


class SourceInput(SourceSettings):
    """A new source; it is read only after ``state`` was set to ``on``."""

    employer = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=models.MAX_NAME, required=False, allow_blank=True)
    url = serializers.CharField(max_length=models.MAX_URL)


class SourceChange(SourceSettings):
    """Settings to change; ``state`` begins, goes on or pauses."""

    state = OneOf([SourceState.ON, SourceState.PAUSED], required=False)


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

    kind = OneOf(ReadingKind.choices)


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

    @paged("sources_list", SourceSerializer, order=("-created_at", "-id"))
    def get(self, request: Request) -> QuerySet[Any]:
        """List the sources of the employers that one acts for."""
        return Source.objects.of(actor(request)).defer("columns")

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

    @operation("sources_remove", code=204)
    def delete(self, request: Request, public_id: str) -> Operation:
        """Forget a source and its log; the roles that came from it stay."""
        return partial(sources.remove, source_id=source_of(request, public_id).pk)


class SourceReadings(APIView):
    """Readings of a source."""

    @paged("sources_readings_list", ReadingSerializer, order=("-created_at", "-id"))
    def get(self, request: Request, public_id: str) -> QuerySet[Any]:
        """List the readings of the last 30 days, newest first, previews among them."""
        return source_of(request, public_id).readings.defer("content")

    @operation("sources_readings_create", takes=ReadingInput, gives=ReadingSerializer, code=202)
    def post(self, request: Request, public_id: str) -> Operation:
        """Show what a reading would do, or read now."""
        asks = {ReadingKind.PREVIEW: sources.preview, ReadingKind.READ: sources.read_now}
        source = source_of(request, public_id).pk
        return lambda kind, **call: asks[kind](source_id=source, **call)


class ReadingRows(APIView):
    """The log of a reading."""

    @paged(
        "sources_readings_rows",
        ReadRowSerializer,
        order=("position", "id"),
        filters=[OpenApiParameter("fate", enum=Fate.values)],
    )
    def get(self, request: Request, public_id: str, reading_id: str) -> QuerySet[Any]:
        """List what became of each row, in the order of the file, then what is gone from it."""
        readings = source_of(request, public_id).readings.only("pk")
        reading = get_object_or_404(readings, public_id=reading_id[:40])
        rows = reading.rows.select_related("opportunity")
        fate = one_of(request, "fate", known=Fate.values)
        return rows.filter(fate=fate) if fate else rows


# --- Adverts ---


class AdvertInput(serializers.Serializer[dict[str, Any]]):
    """The text of an advert; ``currency`` is that of amounts without a sign."""

    text = serializers.CharField(max_length=MAX_ADVERT, trim_whitespace=False)
    currency = serializers.CharField(max_length=3, required=False, allow_blank=True)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True)


class WordsOutput(serializers.Serializer[dict[str, Any]]):
    """Words of the text: the characters from ``start`` up to, but not including, ``end``."""

    words = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class FoundOutput(serializers.Serializer[dict[str, Any]]):
    """A field, its value as a draft takes it, and all places that say it."""

    field = serializers.CharField()
    value = serializers.JSONField()
    said = WordsOutput(many=True)


class UnreadOutput(WordsOutput):
    """Words that may be read in two ways, or in none."""

    field = serializers.CharField()
    code = OneOf(sorted(REASONS))
    reason = serializers.CharField()
    suggested = serializers.ListField(
        child=serializers.CharField(),
        help_text="Skills that an unknown name may mean, for a person to choose from.",
    )


class ProposalOutput(serializers.Serializer[dict[str, Any]]):
    """The format that is proposed, empty where the advert does not tell, and why."""

    format = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class AdvertOutput(serializers.Serializer[dict[str, Any]]):
    """What was read; positions count characters of ``text``, whose line ends are one character."""

    text = serializers.CharField()
    language = OneOf(["en", "de", "fr"])
    fields = FoundOutput(many=True)  # type: ignore[assignment]  # the name of the answer
    unread = UnreadOutput(many=True)
    proposed = ProposalOutput()
    description = serializers.CharField(allow_blank=True)


class AdvertReading(APIView):
    """An advert read, with or without an account; nothing is kept."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="opportunities_read_advert", request=AdvertInput, responses=AdvertOutput
    )
    def post(self, request: Request) -> Response:
        """Say what an advert surely states, field by field, with the words that state it."""
        sent = read(AdvertInput, request)
        currency, country = sent.get("currency", ""), sent.get("country", "")
        if currency and currency not in CURRENCIES:
            raise Invalid(Fault("currency", "unknown_choice", "A currency is a code such as EUR."))
        if country and not country_code(country):
            raise Invalid(Fault("country", "malformed", "A country is a code such as GB."))
        text = pasting.given_text(sent["text"])
        advert = pasting.read(
            text, today=timezone.localdate(), currency=currency, country=country_code(country)
        )
        proposed, meant = pasting.proposal(advert), pasting.suggestions(advert)
        answer = {
            "text": advert.text,
            "language": advert.language,
            "fields": [
                {
                    "field": found.name,
                    "value": _plain(found.value),
                    "said": [_words(advert, span) for span in found.spans],
                }
                for found in advert.fields
            ],
            "unread": [
                {
                    "field": one.name,
                    "code": one.why,
                    "reason": REASONS[one.why],
                    "suggested": [skill.slug for skill in meant.get(one.span, ())],
                    **_words(advert, one.span),
                }
                for one in advert.unread
            ],
            "proposed": {"format": proposed.format, "reason": proposed.reason},
            "description": advert.description,
        }
        return Response(answer)


def _words(advert: Advert, span: Span) -> dict[str, Any]:
    return {"words": advert.words(span), "start": span.start, "end": span.end}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value
