"""Saved roles and searches, and blocked employers, over HTTP."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import Operation, operation, paged, undated
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
from opportunities.core.api import OneOf


def own_profile(request: Request) -> CandidateProfile:
    """Return the reader's own profile, or raise ``NotFound``."""
    return profiles.find(owner=actor(request))


kept = partial(operation, by="owner")
"""An operation on what the reader's own profile keeps."""


def _added(search: SavedSearch) -> Response:
    headers = {"Location": f"/api/v1/alerts/{search.public_id}"}
    return Response(AlertSerializer(search).data, status=201, headers=headers)


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
    @paged("saved_list", SavedRoleSerializer, order=("-saved_at", "-id"))
    def get(self, request: Request) -> QuerySet[Any]:
        """List the roles that the reader keeps, the last one first."""
        rows = SavedRole.objects.filter(profile=own_profile(request))
        return rows.select_related("opportunity__employer")

    @kept("saved_add", takes=SavedRoleInput, gives=SavedRoleSerializer, code=201)
    def post(self, request: Request) -> Operation:
        """Keep an eye on a role; keeping it again changes nothing."""
        return lambda opportunity, **call: saving.save_role(opportunity_id=opportunity, **call)


class SavedRoleDetail(APIView):
    @kept("saved_remove", code=204)
    def delete(self, request: Request, public_id: str) -> Operation:
        """Remove a saved role."""
        return undated(saving.forget_role, opportunity_id=public_id)


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
    rhythm = OneOf(choices=Rhythm.choices, default=Rhythm.DAILY)


class AlertChange(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=saving.MAX_NAME, required=False)
    rhythm = OneOf(choices=Rhythm.choices, required=False)


class Alerts(APIView):
    @paged("alerts_list", AlertSerializer, order=("-created_at", "-id"))
    def get(self, request: Request) -> QuerySet[Any]:
        """List the reader's saved searches, the last one first."""
        return SavedSearch.objects.filter(profile=own_profile(request))

    @kept("alerts_add", takes=AlertInput, gives=AlertSerializer, code=201, answer=_added)
    def post(self, request: Request) -> Operation:
        """Keep a search; the same filters again take the new name and rhythm."""
        return saving.save_search


class AlertDetail(APIView):
    @extend_schema(operation_id="alerts_read", responses=AlertSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one of the reader's saved searches."""
        rows = SavedSearch.objects.filter(profile=own_profile(request))
        return Response(AlertSerializer(get_object_or_404(rows, public_id=public_id)).data)

    @kept("alerts_change", takes=AlertChange, gives=AlertSerializer, partial=True)
    def patch(self, request: Request, public_id: str) -> Operation:
        """Rename a saved search, or choose how often it tells."""
        return undated(saving.change_search, search_id=public_id)

    @kept("alerts_remove", code=204)
    def delete(self, request: Request, public_id: str) -> Operation:
        """Remove a saved search."""
        return undated(saving.forget_search, search_id=public_id)


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
    @paged("blocked_list", BlockedSerializer, order=("-blocked_at", "-id"))
    def get(self, request: Request) -> QuerySet[Any]:
        """List the employers that the reader has blocked."""
        rows = BlockedEmployer.objects.filter(profile=own_profile(request))
        return rows.select_related("employer")

    @kept("blocked_add", takes=BlockedInput, gives=BlockedSerializer, code=201)
    def post(self, request: Request) -> Operation:
        """Block an employer; blocking it again changes nothing."""
        return blocking.block_employer


class BlockedEmployerDetail(APIView):
    @kept("blocked_remove", code=204)
    def delete(self, request: Request, public_id: str) -> Operation:
        """Unblock an employer."""
        return undated(blocking.unblock_employer, employer=public_id)
