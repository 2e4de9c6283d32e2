"""What people keep and what is theirs: saved roles and searches, notices, their data, a resume."""

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities import heeding, privacy, profiling, resumes, saving
from opportunities.alerting import reasons
from opportunities.api.acting import actor, listed, read
from opportunities.models import (
    BlockedEmployer,
    CandidateProfile,
    Notice,
    SavedRole,
    SavedSearch,
)
from opportunities.models.outbox import NoticeRhythm
from opportunities.models.saved import Rhythm


def own_profile(request: Request) -> CandidateProfile:
    """Return the reader's own profile, or raise ``NotFound``."""
    return profiling.find(keeper=actor(request))


# --- Saved roles ---


class SavedRoleSerializer(serializers.ModelSerializer[SavedRole]):
    """A role that the reader keeps an eye on."""

    opportunity = serializers.CharField(source="opportunity.public_id")
    title = serializers.CharField(source="opportunity.title")
    employer = serializers.CharField(source="opportunity.employer.name")
    status = serializers.CharField(source="opportunity.status")
    apply_by = serializers.DateField(source="opportunity.apply_by", allow_null=True)

    class Meta:
        model = SavedRole
        fields = ["opportunity", "title", "employer", "status", "apply_by", "saved_at"]


class SavedRoleInput(serializers.Serializer[dict[str, Any]]):
    opportunity = serializers.CharField(max_length=40)


class SavedRoles(APIView):
    @extend_schema(operation_id="saved_list", responses=SavedRoleSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the roles that the reader keeps, the last one first."""
        rows = SavedRole.objects.filter(profile=own_profile(request))
        return listed(
            rows.select_related("opportunity__employer"),
            request,
            order=("-saved_at", "-id"),
            shape=SavedRoleSerializer,
        )

    @extend_schema(
        operation_id="saved_add", request=SavedRoleInput, responses={201: SavedRoleSerializer}
    )
    def post(self, request: Request) -> Response:
        """Keep an eye on a role; keeping it again changes nothing."""
        values = read(SavedRoleInput, request)
        kept = saving.save_role(
            keeper=actor(request), opportunity_id=values["opportunity"], at=timezone.now()
        )
        return Response(SavedRoleSerializer(kept).data, status=201)


class SavedRoleDetail(APIView):
    @extend_schema(operation_id="saved_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Let a saved role go."""
        saving.forget_role(keeper=actor(request), opportunity_id=public_id)
        return Response(status=204)


# --- Saved searches ---


class AlertSerializer(serializers.ModelSerializer[SavedSearch]):
    """A saved search and how often it tells of new roles."""

    id = serializers.CharField(source="public_id")
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = SavedSearch
        fields = ["id", "name", "query", "reasons", "rhythm", "created_at", "looked_at"]

    def get_reasons(self, search: SavedSearch) -> str:
        """Return the filters in words: why a role is told."""
        return reasons(search)


class AlertInput(serializers.Serializer[dict[str, Any]]):
    """The list's own query string, a name, and how often to tell."""

    query = serializers.CharField(max_length=saving.MAX_QUERY, allow_blank=True)
    name = serializers.CharField(max_length=saving.MAX_NAME)
    rhythm = serializers.ChoiceField(choices=Rhythm.choices, default=Rhythm.DAILY)


class AlertChange(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=saving.MAX_NAME, required=False)
    rhythm = serializers.ChoiceField(choices=Rhythm.choices, required=False)


class Alerts(APIView):
    @extend_schema(operation_id="alerts_list", responses=AlertSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the reader's saved searches, the last one first."""
        rows = SavedSearch.objects.filter(profile=own_profile(request))
        return listed(rows, request, order=("-created_at", "-id"), shape=AlertSerializer)

    @extend_schema(operation_id="alerts_add", request=AlertInput, responses={201: AlertSerializer})
    def post(self, request: Request) -> Response:
        """Keep a search; the same filters again take the new name and rhythm."""
        kept = saving.save_search(
            keeper=actor(request), at=timezone.now(), **read(AlertInput, request)
        )
        headers = {"Location": f"/api/v1/alerts/{kept.public_id}"}
        return Response(AlertSerializer(kept).data, status=201, headers=headers)


class AlertDetail(APIView):
    @extend_schema(operation_id="alerts_read", responses=AlertSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one of the reader's saved searches."""
        rows = SavedSearch.objects.filter(profile=own_profile(request))
        return Response(AlertSerializer(get_object_or_404(rows, public_id=public_id)).data)

    @extend_schema(operation_id="alerts_change", request=AlertChange, responses=AlertSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Rename a saved search, or choose how often it tells."""
        kept = saving.change_search(
            keeper=actor(request),
            search_id=public_id,
            **read(AlertChange, request, partial=True),
        )
        return Response(AlertSerializer(kept).data)

    @extend_schema(operation_id="alerts_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Let a saved search go."""
        saving.forget_search(keeper=actor(request), search_id=public_id)
        return Response(status=204)


# --- Notices ---


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """One thing the reader was told; ``url`` is a path on this site."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Notice
        fields = ["id", "kind", "subject", "body", "url", "is_decision", "created_at", "read_at"]


class RhythmSerializer(serializers.Serializer[dict[str, str]]):
    """How often the reader wants e-mail that is not a decision."""

    rhythm = serializers.ChoiceField(choices=NoticeRhythm.choices)


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
        notice = heeding.read(notice_id=public_id, reader=actor(request), at=timezone.now())
        return Response(NoticeSerializer(notice).data)


class NoticesRead(APIView):
    @extend_schema(operation_id="notices_read_all", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Mark every notice as read."""
        heeding.read_all(reader=actor(request), at=timezone.now())
        return Response(status=204)


class NoticesRhythm(APIView):
    @extend_schema(operation_id="notices_rhythm", responses=RhythmSerializer)
    def get(self, request: Request) -> Response:
        """Return how often the reader wants e-mail that is not a decision."""
        return Response({"rhythm": heeding.rhythm_of(actor(request))})

    @extend_schema(
        operation_id="notices_rhythm_choose", request=RhythmSerializer, responses=RhythmSerializer
    )
    def put(self, request: Request) -> Response:
        """Choose how often the reader wants e-mail that is not a decision."""
        kept = heeding.choose_rhythm(reader=actor(request), **read(RhythmSerializer, request))
        return Response({"rhythm": kept.rhythm})


# --- Blocked employers ---


class BlockedSerializer(serializers.ModelSerializer[BlockedEmployer]):
    """An employer that is never shown to the reader, nor she to it."""

    employer = serializers.CharField(source="employer.public_id")
    name = serializers.CharField(source="employer.name")

    class Meta:
        model = BlockedEmployer
        fields = ["employer", "name", "blocked_at"]


class BlockedInput(serializers.Serializer[dict[str, Any]]):
    employer = serializers.CharField(max_length=140)


class BlockedEmployers(APIView):
    @extend_schema(operation_id="blocked_list", responses=BlockedSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the employers that the reader has blocked."""
        rows = BlockedEmployer.objects.filter(profile=own_profile(request))
        return listed(
            rows.select_related("employer"),
            request,
            order=("-blocked_at", "-id"),
            shape=BlockedSerializer,
        )

    @extend_schema(
        operation_id="blocked_add", request=BlockedInput, responses={201: BlockedSerializer}
    )
    def post(self, request: Request) -> Response:
        """Block an employer; blocking it again changes nothing."""
        blocked = privacy.block_employer(
            keeper=actor(request), at=timezone.now(), **read(BlockedInput, request)
        )
        return Response(BlockedSerializer(blocked).data, status=201)


class BlockedEmployerDetail(APIView):
    @extend_schema(operation_id="blocked_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Let an employer back."""
        privacy.unblock_employer(keeper=actor(request), employer=public_id)
        return Response(status=204)


# --- All of a person's data ---


class Export(APIView):
    @extend_schema(
        operation_id="profile_export",
        request=None,
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def post(self, request: Request) -> FileResponse:
        """Return everything kept about the reader as one archive."""
        return FileResponse(
            privacy.archive(keeper=actor(request), at=timezone.now()),
            as_attachment=True,
            filename="my-data.zip",
            headers={"Cache-Control": "private, no-store"},
            content_type="application/zip",
        )


class EraseInput(serializers.Serializer[dict[str, Any]]):
    """The reader's own address, so that nobody erases an account by mistake."""

    confirm = serializers.EmailField(max_length=254)

    def validate_confirm(self, value: str) -> str:
        """Refuse any other address."""
        if value.casefold() != self.context["email"].casefold():
            raise serializers.ValidationError("This is not your address.", code="not-yours")
        return value


class Erase(APIView):
    @extend_schema(operation_id="profile_erase", request=EraseInput, responses={204: None})
    def post(self, request: Request) -> Response:
        """Erase the reader: her account, her profile and every word about her."""
        person = actor(request)
        read(EraseInput, request, email=person.email)
        privacy.erase(keeper=person, at=timezone.now())
        return Response(status=204)


# --- JSON Resume ---


class KnownSkillSerializer(serializers.Serializer[resumes.KnownSkill]):
    """A skill of the vocabulary that the resume names."""

    text = serializers.CharField()
    name = serializers.CharField(source="slug")
    label = serializers.CharField(source="name")  # type: ignore[assignment]
    level = serializers.IntegerField()


class PreviewSerializer(serializers.Serializer[resumes.Preview]):
    """What keeping a resume changes; the lists are JSON pointers into it."""

    name = serializers.CharField()
    facts = serializers.DictField()
    skills = KnownSkillSerializer(many=True)
    unmapped = serializers.ListField(child=serializers.CharField())
    never_kept = serializers.ListField(child=serializers.CharField())


def resume_of(request: Request) -> bytes:
    """Return the resume that was sent, read and bounded by its own rules."""
    media, _, parameters = (request.content_type or "").partition(";")
    charset = parameters.strip().casefold().removeprefix("charset=").strip('"')
    if media.strip() != "application/json" or charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise UnsupportedMediaType(request.content_type or "", "Send JSON in UTF-8.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > resumes.MAX_SIZE:
        raise RequestDataTooBig("A JSON Resume has at most 256 kB.")
    content: bytes = request.body
    return content


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


class JsonResume(APIView):
    @extend_schema(operation_id="json_resume_read", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """Return the reader's profile as a JSON Resume 1.0.0."""
        return Response(resumes.write(keeper=actor(request)))

    @extend_schema(
        operation_id="json_resume_keep",
        request=OpenApiTypes.OBJECT,
        responses=PreviewSerializer,
        examples=[RESUME],
    )
    def put(self, request: Request) -> Response:
        """Add what a JSON Resume says to the reader's profile."""
        person = actor(request)
        kept = resumes.keep(keeper=person, content=resume_of(request), at=timezone.now())
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
        return Response(PreviewSerializer(resumes.preview(resume_of(request))).data)
