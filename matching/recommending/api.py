"""Matches as JSON: rank the open roles for a profile, explain one, answer one."""

from typing import Any, Final

from django.db.models import prefetch_related_objects
from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.fields import SkipField, empty
from rest_framework.generics import get_object_or_404
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from matching.jobs import run_events
from matching.models import DismissalReason, Run
from matching.onboarding.visitors import hidden_from
from matching.recommending import feedback, queries
from matching.recommending.match_number import order_of
from matching.recommending.odds import chances_of
from matching.recommending.profile_input import read_profile
from matching.recommending.serializers import ExplanationSerializer, explained
from matching.store import live, read_roles
from matching.store.profiles import read_person
from opportunities.accounts.current import actor
from opportunities.candidates import saving
from opportunities.candidates.api.profiles import own_profile
from opportunities.candidates.models import CandidateProfile
from opportunities.core.api import OneOf, read
from opportunities.core.errors import Fault, Invalid
from opportunities.roles.api.catalogue import (
    ChanceSerializer,
    OpportunityBriefSerializer,
    role_context,
)
from opportunities.roles.api.lookup import role_of

MOST_MATCHES: Final = 50
USUAL_MATCHES: Final = 10


class ProfileField(serializers.DictField):
    """A profile as it was sent: ``read_profile`` reads it."""

    def run_validation(self, data: Any = empty) -> Any:
        if data is empty:
            raise SkipField
        return data


class MatchRunRequestSerializer(serializers.Serializer[dict[str, Any]]):
    """A profile with the fields of the matching model, or none for one's own stored profile."""

    profile = ProfileField(required=False)
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_MATCHES, default=USUAL_MATCHES, required=False
    )
    order = OneOf(
        choices=["mutual", "fit"],
        required=False,
        help_text="As on the site, if it is left out: fit alone until the profile names skills.",
    )


class MatchSerializer(serializers.Serializer[dict[str, Any]]):
    rank = serializers.IntegerField()
    match = serializers.IntegerField(help_text="The number that orders the list, from 0 to 100.")
    opportunity = OpportunityBriefSerializer()
    chance = ChanceSerializer()
    explanation = ExplanationSerializer()


class MatchRunSerializer(serializers.Serializer[dict[str, Any]]):
    """The best open roles for the profile; roles that miss a must are in no list."""

    state = serializers.CharField()
    eligible = serializers.IntegerField(help_text="Open roles that pass every must.")
    matches = MatchSerializer(many=True)


class RunSerializer(serializers.ModelSerializer[Run]):
    """How far a full computation is."""

    id = serializers.CharField(source="public_id")
    total = serializers.IntegerField(source="candidate_count")

    class Meta:
        model = Run
        fields = [
            "id", "state", "done", "total", "role_count", "engine_version", "kernel",
            "parameters", "input_digest", "created_at", "frozen_at", "priced_at", "ranked_at",
            "finished_at",
        ]  # fmt: skip


class FeedbackSerializer(serializers.Serializer[dict[str, Any]]):
    """What the candidate makes of a match: keep it, or hide it with the reason."""

    saved = serializers.BooleanField(required=False)
    hidden = OneOf(choices=DismissalReason.choices, required=False, allow_null=True)


class MatchRuns(APIView):
    """Rank the open roles."""

    permission_classes = [AllowAny]
    throttle_scope = "match-runs"

    @extend_schema(
        operation_id="match_runs_create",
        request=MatchRunRequestSerializer,
        responses={200: MatchRunSerializer},
    )
    def post(self, request: Request) -> Response:
        """Return the best roles for a profile, each with its explanation; nothing is stored."""
        now = timezone.now()
        wanted = read(MatchRunRequestSerializer, request)
        profile = CandidateProfile.objects.of(request.user).first()
        if (sent := wanted.get("profile")) is not None:
            person, hidden = read_profile(sent, at=now), set()
        elif profile is not None:
            person, hidden = read_person(profile, at=now), hidden_from(profile)
        else:
            raise Invalid(Fault("profile", "required", "Send a profile, or sign in with one."))
        found = live.rank_roles(person, at=now, order=wanted.get("order") or order_of(person))
        shown = queries.best(found, at=now, limit=wanted["limit"], hidden=hidden)
        known = chances_of((row.role for row in shown), at=now)
        facts = read_roles([row.role.pk for row in shown], at=now, listed=False)
        matches = [
            {
                "rank": place,
                "match": row.number,
                "opportunity": row.role,
                "chance": known[row.role.pk],
                "explanation": explained(row, facts[row.role.pk].opportunity),
            }
            for place, row in enumerate(shown, start=1)
        ]
        answer = {"state": "done", "eligible": len(found), "matches": matches}
        return Response(MatchRunSerializer(answer, context=role_context()).data)


class MatchRunDetail(APIView):
    """A full computation."""

    @extend_schema(operation_id="match_runs_read", responses=RunSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return the progress and the record of a run that the viewer may see."""
        return Response(RunSerializer(_visible_run(request, public_id)).data)


class AnyForm(BaseContentNegotiation):
    """Take whatever form of answer is asked for: a stream has one, and refusals are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next(iter(parsers), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class MatchRunEvents(APIView):
    """A full computation as it goes on."""

    content_negotiation_class = AnyForm

    @extend_schema(
        operation_id="match_runs_events",
        parameters=[
            OpenApiParameter(
                "Last-Event-ID",
                str,
                OpenApiParameter.HEADER,
                description="The last event that was seen; it is not sent again.",
            )
        ],
        responses={(200, "text/event-stream"): OpenApiTypes.STR, 204: None},
    )
    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        """Send an event whenever the run gets further: ``state``, ``done``, ``total``, ``seconds``.

        The stream ends with the run, whose last event is named ``end``, or after a minute; browsers
        then ask again. Who has seen the end is answered 204 and stops asking.
        """
        run = _visible_run(request, public_id)
        seen = request.headers.get("Last-Event-ID", "")
        if run.is_finished and seen == run_events.mark_of(run):
            return Response(status=204)
        if run_events.is_full():
            raise Throttled(run_events.COME_BACK_SECONDS)
        return StreamingHttpResponse(
            run_events.follow(run.pk, seen=seen, clock=timezone.now),
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


class MatchExplanation(APIView):
    """Why one role fits, or why it does not."""

    @extend_schema(operation_id="matches_explanation_read", responses=ExplanationSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return the explanation of a role for one's own profile, missed musts included."""
        now = timezone.now()
        profile, role = own_profile(request), role_of(request, public_id)
        prefetch_related_objects([role], "employer", "skills__skill")
        person = read_person(profile, at=now)
        is_late = bool(queries.late_among([role.pk], at=now))
        state = live.roles(at=now)
        shown, facts = queries.show_any(role, person, state=state, at=now, is_late=is_late)
        return Response(ExplanationSerializer(explained(shown, facts)).data)


class MatchFeedback(APIView):
    """What a candidate makes of a match."""

    @extend_schema(
        operation_id="matches_feedback_update",
        request=FeedbackSerializer,
        responses=FeedbackSerializer,
    )
    def put(self, request: Request, public_id: str) -> Response:
        """Save a role or hide it with a reason; a null reason shows it again."""
        now = timezone.now()
        given = read(FeedbackSerializer, request)
        profile, role = own_profile(request), role_of(request, public_id)
        owner = actor(request)
        if given.get("saved"):  # first, as it may be refused
            saving.save_role(owner=owner, opportunity_id=role.public_id, at=now)
        elif "saved" in given:
            saving.forget_role(owner=owner, opportunity_id=role.public_id)
        pair = {"profile_id": profile.pk, "opportunity_id": role.pk}
        if reason := given.get("hidden"):
            feedback.dismiss(**pair, reason=reason, at=now)
        elif "hidden" in given:
            feedback.recall(**pair)
        dismissal = profile.dismissals.filter(opportunity=role).first()
        return Response(
            {
                "saved": profile.saved_roles.filter(opportunity=role).exists(),
                "hidden": dismissal.reason if dismissal else None,
            }
        )


def _visible_run(request: Request, public_id: str) -> Run:
    """Return a run to who may ask for runs."""
    if not request.user.has_perm("matching.rebuild_matches"):
        raise Http404
    return get_object_or_404(Run, public_id=public_id)
