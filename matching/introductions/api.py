"""New matches over HTTP: what was introduced to the reader, and how often they are told."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from matching.introductions import preferences
from matching.models import Introduction, IntroductionRhythm
from opportunities.accounts.api import paged
from opportunities.accounts.current import actor
from opportunities.candidates.api.profiles import own_profile
from opportunities.core.api import OneOf, read
from opportunities.roles.api.catalogue import OpportunityBriefSerializer, role_context
from opportunities.roles.models import Opportunity


class IntroductionSerializer(serializers.ModelSerializer[Introduction]):
    """A role that entered the reader's first ten, with the number and reasons that it had then."""

    opportunity = OpportunityBriefSerializer(source="role")
    match = serializers.IntegerField(
        source="score", help_text="The number that stood on the match then, from 0 to 100."
    )
    reasons = serializers.ListField(source="told", child=serializers.CharField())

    class Meta:
        model = Introduction
        fields = [
            "opportunity", "match", "reasons", "at", "told_at", "seen_at", "opened_at",
        ]  # fmt: skip


class IntroductionRhythmSerializer(serializers.Serializer[Any]):
    """How often the reader is told of new matches by notice and email."""

    rhythm = OneOf(choices=IntroductionRhythm.choices)
    at_once_from = serializers.IntegerField(
        min_value=0,
        max_value=100,
        required=False,
        help_text="With the rhythm at_once: the number from which on a match is told at once.",
    )


class Introductions(APIView):
    """New matches."""

    @paged(
        "introductions_list",
        IntroductionSerializer,
        order=("-id",),
        context=lambda _request: role_context(),
    )
    def get(self, request: Request) -> QuerySet[Introduction]:
        """List the roles that were introduced to the reader, the last one first."""
        return (
            Introduction.objects.to_candidates()
            .filter(candidate__user=actor(request), candidate__erased_at=None)
            .filter(role__in=Opportunity.objects.visible_to(request.user))
            .select_related("role__employer")
            .prefetch_related("role__skills__skill")
        )


class IntroductionsRhythm(APIView):
    """How often the reader is told."""

    @extend_schema(operation_id="introductions_rhythm", responses=IntroductionRhythmSerializer)
    def get(self, request: Request) -> Response:
        """Return how often the reader is told of new matches."""
        kept = preferences.preference_of(own_profile(request))
        return Response(IntroductionRhythmSerializer(kept).data)

    @extend_schema(
        operation_id="introductions_rhythm_choose",
        request=IntroductionRhythmSerializer,
        responses=IntroductionRhythmSerializer,
    )
    def put(self, request: Request) -> Response:
        """Choose how often the reader is told of new matches."""
        given = read(IntroductionRhythmSerializer, request)
        kept = preferences.choose(profile=own_profile(request), at=timezone.now(), **given)
        return Response(IntroductionRhythmSerializer(kept).data)
