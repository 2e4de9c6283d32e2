"""Saved roles and searches, and blocked employers, over HTTP."""

from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.candidates import blocking, profiles, saving
from opportunities.candidates.alerts import reasons
from opportunities.candidates.models import (
    BlockedEmployer,
    CandidateProfile,
    Rhythm,
    SavedRole,
    SavedSearch,
)
from opportunities.core.api import listed, read


def own_profile(request: Request) -> CandidateProfile:
    """Return the reader's own profile, or raise ``NotFound``."""
    return profiles.find(owner=actor(request))


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
            owner=actor(request), opportunity_id=values["opportunity"], at=timezone.now()
        )
        return Response(SavedRoleSerializer(kept).data, status=201)


class SavedRoleDetail(APIView):
    @extend_schema(operation_id="saved_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Remove a saved role."""
        saving.forget_role(owner=actor(request), opportunity_id=public_id)
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
            owner=actor(request), at=timezone.now(), **read(AlertInput, request)
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
            owner=actor(request),
            search_id=public_id,
            **read(AlertChange, request, partial=True),
        )
        return Response(AlertSerializer(kept).data)

    @extend_schema(operation_id="alerts_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Remove a saved search."""
        saving.forget_search(owner=actor(request), search_id=public_id)
        return Response(status=204)


# --- Blocked employers ---


class BlockedSerializer(serializers.ModelSerializer[BlockedEmployer]):
    """An employer and a reader who are never shown to each other."""

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
        blocked = blocking.block_employer(
            owner=actor(request), at=timezone.now(), **read(BlockedInput, request)
        )
        return Response(BlockedSerializer(blocked).data, status=201)


class BlockedEmployerDetail(APIView):
    @extend_schema(operation_id="blocked_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Unblock an employer."""
        blocking.unblock_employer(owner=actor(request), employer=public_id)
        return Response(status=204)


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
