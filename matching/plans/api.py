"""Plans over HTTP: those that fit the reader best now, and those that they took on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from matching.models import CandidatePlan, PlanKind
from matching.onboarding.visitors import hidden_from
from matching.plans import keeping, showing
from matching.recommending.paths import KINDS, Comparison, Leg, Path, compare_paths
from matching.store import live
from matching.store.profiles import read_person
from opportunities.accounts.current import actor
from opportunities.candidates.api.profiles import own_profile
from opportunities.candidates.models import CandidateProfile
from opportunities.core.api import OneOf, one_of, read, refuse_unknown
from opportunities.core.errors import Conflict
from opportunities.core.fields_of_work import Field
from opportunities.core.paging import bad_cursor, link_header, page_of
from opportunities.roles.api.catalogue import (
    ChanceSerializer,
    OpportunityBriefSerializer,
    role_context,
)

STATES: Final = ("suggested", "kept")


class PlanStepSerializer(serializers.Serializer[Any]):
    """A role with its days."""

    opportunity = OpportunityBriefSerializer(source="role")
    starts = serializers.DateField()
    ends = serializers.DateField()
    apply_until = serializers.DateField(
        allow_null=True,
        help_text="Last day on which an application leads to this start; null once it is sent or "
        "too late.",
    )
    answer_due = serializers.DateField(
        source="timeline.answered", help_text="By when the employer promises an answer."
    )
    decision_expected = serializers.DateField(
        source="timeline.decided",
        help_text="When the decision may be expected: an estimate. No start is before it.",
    )
    chance = ChanceSerializer()


class ApplicationField(serializers.CharField):
    """The reader's application to the role of a leg, of those that the context has by role."""

    def get_attribute(self, instance: Leg) -> str | None:
        return self.context["applications"].get(instance.role.pk) or None


class PlanLegSerializer(PlanStepSerializer):
    """A role of a plan, and what is free at its time should it come to nothing."""

    fallback = PlanStepSerializer(allow_null=True)
    application = ApplicationField(
        allow_null=True, help_text="The reader's application to the role, if there is one."
    )


class LikelihoodSerializer(serializers.Serializer[Any]):
    """How likely the whole plan is to come about, fallbacks included; no promise.

    Numbers are ends of ranges from 0 to 1, null where too little is known of one of its roles.
    """

    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    at_least_one_low = serializers.FloatField(source="any_low", allow_null=True)
    at_least_one_high = serializers.FloatField(source="any_high", allow_null=True)
    unknown = serializers.IntegerField(help_text="Roles of which too little is known.")


class LikelyRoleSerializer(serializers.Serializer[Comparison]):
    """A role that is not open and likely to come; the plan does not count on it."""

    field = OneOf(source="likely.season.field", choices=Field.choices)
    hours = serializers.FloatField(
        source="likely.season.hours", help_text="The median of those that opened a year before."
    )
    month = serializers.DateField(
        source="likely.season.month", help_text="First day of the month in which it may open."
    )
    opened_last_year = serializers.IntegerField(
        source="likely.season.opened",
        help_text="Roles like it that opened in the same month of the year before.",
    )
    starts = serializers.DateField(source="likely.starts", help_text="When the work could begin.")
    score = serializers.IntegerField(
        source="with_likely.score", help_text="What the plan would be worth with it."
    )
    search = serializers.CharField(
        source="likely.search",
        help_text="Filters of the list of roles, to save: an alert tells when one opens.",
    )


class PlanSerializer(serializers.Serializer[Any]):
    """One internship, a stack of short roles or a mix, placed in the reader's weeks."""

    id = serializers.CharField(allow_null=True, help_text="Null until the plan is taken on.")
    state = OneOf(choices=STATES)
    kind = OneOf(choices=PlanKind.choices)
    key = serializers.CharField(help_text="The same for plans of the same roles.")
    score = serializers.IntegerField(
        help_text="What the plan is worth, from 0 to 100; once it is taken on, what it was then."
    )
    low = serializers.IntegerField(
        allow_null=True,
        help_text="The least that it can be worth, whatever is true of what its roles leave out; "
        "null for a plan that was taken on before ranges were kept.",
    )
    high = serializers.IntegerField(allow_null=True, help_text="The most that it can be worth.")
    made_at = serializers.DateTimeField(allow_null=True)
    likelihood = LikelihoodSerializer()
    legs = PlanLegSerializer(many=True)
    likely = LikelyRoleSerializer(allow_null=True)
    calendar = serializers.URLField(help_text="Its days as a calendar file, for the browser.")


class PlanInput(serializers.Serializer[Any]):
    """Which of the suggested plans to take on."""

    kind = OneOf(choices=PlanKind.choices)
    key = serializers.CharField(
        max_length=32,
        required=False,
        help_text="Of the plan that was seen: another one is not taken on in its stead.",
    )


class Plans(APIView):
    throttle_scope = "match-runs"

    @extend_schema(
        operation_id="plans_list",
        parameters=[
            OpenApiParameter(
                "state",
                OpenApiTypes.STR,
                enum=STATES,
                description="suggested (if left out): the plans that fit the reader best now, one "
                "of each kind; kept: those that they took on, the last one first.",
            ),
            OpenApiParameter("kind", OpenApiTypes.STR, enum=KINDS, description="Of this kind."),
        ],
        responses=PlanSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List plans: those that fit the reader best now, or those that they took on."""
        refuse_unknown(request, known={"state", "kind", "limit", "cursor"})
        state = one_of(request, "state", known=STATES, usual=STATES[0])
        kind = one_of(request, "kind", known=KINDS)
        profile, now = own_profile(request), timezone.now()
        rows = CandidatePlan.objects.filter(profile=profile).select_related("profile__user")
        if state == "suggested" and request.query_params.get("cursor"):
            raise bad_cursor()
        kept, cursor = page_of(
            rows.filter(kind=kind) if kind else rows, request, order=("-id",), limit=25
        )
        links = cursor.links
        if state == "suggested":
            links = dict.fromkeys(links)
            data = _suggested(profile, kind, at=now)[: cursor.size]
        else:
            data = _kept(showing.show_all(kept, at=now))
        return Response(
            {"data": data, "page": links | {"limit": cursor.size}}, headers=link_header(links)
        )

    @extend_schema(operation_id="plans_add", request=PlanInput, responses={201: PlanSerializer})
    def post(self, request: Request) -> Response:
        """Take a suggested plan on: save its roles, draft its letters, be reminded in time.

        Taking the same roles on again returns the plan that there is.
        """
        given, now = read(PlanInput, request), timezone.now()
        profile = own_profile(request)
        path: Path = getattr(_paths(profile, at=now), given["kind"])
        if given.get("key", path.key) != path.key:
            raise Conflict("Roles have changed since: list the plans again.")
        plan = keeping.plan_this(owner=actor(request), path=path, at=now)
        headers = {"Location": f"/api/v1/plans/{plan.public_id}"}
        [kept] = _kept([showing.show(plan, at=now)])
        return Response(kept, status=201, headers=headers)


class PlanDetail(APIView):
    @extend_schema(operation_id="plans_read", responses=PlanSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one of the reader's plans as it stands."""
        plan = keeping.own_plan(actor(request), public_id)
        [kept] = _kept([showing.show(plan, at=timezone.now())])
        return Response(kept)

    @extend_schema(operation_id="plans_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Let a plan go, with the roles that it saved and the letters that nobody has changed."""
        keeping.drop(owner=actor(request), plan_id=public_id)
        return Response(status=204)


def _paths(profile: CandidateProfile, *, at: datetime) -> Comparison:
    return compare_paths(
        live.rank_roles(read_person(profile, at=at), at=at),
        at=at,
        hidden=frozenset(hidden_from(profile)),
        profile=profile,
    )


def _suggested(profile: CandidateProfile, kind: str, *, at: datetime) -> list[dict[str, Any]]:
    paths = _paths(profile, at=at)
    found: list[Path] = [getattr(paths, each) for each in KINDS if kind in ("", each)]
    own = CandidatePlan.objects.filter(profile=profile)
    kept = dict(own.values_list("key", "public_id"))
    return _as_json(
        {
            "id": kept.get(path.key),
            "state": "suggested",
            "kind": path.kind,
            "key": path.key,
            "score": path.score,
            "low": path.worth.low,
            "high": path.worth.high,
            "made_at": None,
            "likelihood": path.likelihood,
            "legs": path.legs,
            "likely": paths if path is paths.stack and paths.likely else None,
            "calendar": _there("matching:plan_calendar", path.kind),
        }
        for path in found
        if path.legs
    )


def _kept(plans: Sequence[showing.KeptPlan]) -> list[dict[str, Any]]:
    return _as_json(
        (
            {
                "id": kept.plan.public_id,
                "state": "kept",
                "kind": kept.plan.kind,
                "key": kept.plan.key,
                "score": kept.plan.score,
                "low": kept.plan.low,
                "high": kept.plan.high,
                "made_at": kept.plan.made_at,
                "likelihood": kept.likelihood,
                "legs": kept.legs,
                "likely": None,
                "calendar": _there("matching:kept_calendar", kept.plan.public_id),
            }
            for kept in plans
        ),
        applications={
            leg.role.pk: standing.own.application for kept in plans for leg, standing in kept.rows
        },
    )


def _as_json(
    plans: Iterable[dict[str, Any]], *, applications: Mapping[int, str] | None = None
) -> list[dict[str, Any]]:
    """Return plans as the API has them; what their roles need is read once for all of them."""
    rows = list(plans)
    roles = keeping.roles_of([leg for row in rows for leg in row["legs"]])
    prefetch_related_objects(roles, "skills__skill")
    context = role_context() | {"applications": applications or {}}
    return list(PlanSerializer(rows, many=True, context=context).data)


def _there(name: str, which: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[which])}"
