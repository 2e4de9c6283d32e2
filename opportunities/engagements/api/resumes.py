"""JSON Resume over HTTP: bring one, preview it, take one along."""

from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.candidates.resumes.keep import keep
from opportunities.candidates.resumes.read import MAX_SIZE, Preview, preview
from opportunities.engagements import json_resume
from opportunities.skills.lookup import Mentioned

RESUME: Final = OpenApiExample(
    "A short resume",
    value={
        "basics": {"name": "Ada Example", "label": "Second year, statistics"},
        "education": [{"institution": "Leeds", "startDate": "2025-09"}],
        "skills": [{"name": "SQL", "level": "intermediate"}],
        "interests": [{"name": "data"}],
    },
    request_only=True,
)


class KnownSkillSerializer(serializers.Serializer[Mentioned]):
    """A skill of the vocabulary that the resume names."""

    text = serializers.CharField(source="said")
    name = serializers.CharField(source="slug")
    label = serializers.CharField(source="name")  # type: ignore[assignment]
    level = serializers.IntegerField()


class PreviewSerializer(serializers.Serializer[Preview]):
    """What keeping a resume changes; the lists are JSON pointers into it."""

    name = serializers.CharField()
    facts = serializers.DictField()
    skills = KnownSkillSerializer(many=True)
    unmapped = serializers.ListField(child=serializers.CharField())
    never_kept = serializers.ListField(child=serializers.CharField())
    unread = serializers.ListField(child=serializers.CharField())


def resume_of(request: Request) -> bytes:
    """Return the resume that was sent, read and bounded by its own rules."""
    media, _, parameters = (request.content_type or "").partition(";")
    charset = parameters.strip().casefold().removeprefix("charset=").strip('"')
    if media.strip() != "application/json" or charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise UnsupportedMediaType(request.content_type or "", "Send JSON in UTF-8.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_SIZE:
        raise RequestDataTooBig("A JSON Resume has at most 256 kB.")
    content: bytes = request.body
    return content


class JsonResume(APIView):
    @extend_schema(operation_id="json_resume_read", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """Return the reader's profile as a JSON Resume 1.0.0."""
        return Response(json_resume.write(owner=actor(request)))

    @extend_schema(
        operation_id="json_resume_keep",
        request=OpenApiTypes.OBJECT,
        responses=PreviewSerializer,
        examples=[RESUME],
    )
    def put(self, request: Request) -> Response:
        """Add what a JSON Resume says to the reader's profile."""
        person = actor(request)
        kept = keep(owner=person, content=resume_of(request), at=timezone.now())
        return Response(PreviewSerializer(kept).data)


class JsonResumePreview(APIView):
    @extend_schema(
        operation_id="json_resume_preview",
        request=OpenApiTypes.OBJECT,
        responses=PreviewSerializer,
        examples=[RESUME],
    )
    def post(self, request: Request) -> Response:
        """Say what keeping a JSON Resume would change, and change nothing."""
        actor(request)
        return Response(PreviewSerializer(preview(resume_of(request))).data)
