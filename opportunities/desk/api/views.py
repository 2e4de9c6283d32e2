"""Moderation: the queue, decisions, reports, appeals, sanctions, and the public rules."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import IsModerator
from opportunities.accounts.current import actor
from opportunities.core import api, limiting
from opportunities.core.api import listed, read
from opportunities.core.errors import Fault, Invalid, NotFound
from opportunities.desk import operations as moderating
from opportunities.desk.api import serializers as shapes
from opportunities.desk.operations.reports import Subject
from opportunities.employers.api.lookup import employer_of
from opportunities.employers.api.serializers import EmployerOutput
from opportunities.moderation import rules
from opportunities.moderation.models import Appeal, Decision, Report
from opportunities.moderation.outcomes import Need, On, Outcome, chosen_on
from opportunities.roles.api.catalogue import role_context
from opportunities.roles.api.lookup import role_id_of, role_of
from opportunities.roles.api.serializers import NoInput
from opportunities.roles.models import Opportunity

type Operation = Callable[..., Opportunity]


def item(role: Opportunity) -> Response:
    """Answer a role with everything a moderator looks at."""
    row = Opportunity.objects.whole().get(pk=role.pk)
    return Response(shapes.ItemOutput(row, context=role_context()).data)


class Items(APIView):
    """The queue."""

    permission_classes = [IsModerator]

    @extend_schema(
        operation_id="moderation_items",
        responses=api.page_of_kind("ItemPage", shapes.ItemBriefOutput),
    )
    def get(self, request: Request) -> Response:
        """List the roles that this moderator may decide on, oldest first."""
        rows = moderating.waiting(moderator=actor(request), at=timezone.now())
        return listed(
            rows.select_related("employer"),
            request,
            order=("submitted_at", "id"),
            shape=shapes.ItemBriefOutput,
        )


class NextItem(APIView):
    """The oldest item that nobody holds."""

    permission_classes = [IsModerator]

    @extend_schema(
        operation_id="moderation_next", request=None, responses={200: shapes.ItemOutput, 204: None}
    )
    def post(self, request: Request) -> Response:
        """Claim the oldest role that waits; 204 if none does."""
        role = moderating.claim_next(moderator=actor(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT) if role is None else item(role)


class Item(APIView):
    """One role under review."""

    permission_classes = [IsModerator]

    @extend_schema(operation_id="moderation_item", responses=shapes.ItemOutput)
    def get(self, request: Request, public_id: str) -> Response:
        """Return a role with findings and past decisions."""
        return item(role_of(request, public_id))


def item_operation(
    name: str,
    operation: Operation,
    takes: type[serializers.Serializer[Any]] = NoInput,
    *,
    meaning: str = "",
) -> type[APIView]:
    """Return the view that carries out one operation of a moderator on a role."""
    meaning = meaning or operation.__doc__ or ""

    class ItemOperation(APIView):
        permission_classes = [IsModerator]

        @extend_schema(
            operation_id=f"moderation_{name}",
            description=meaning,
            request=None if takes is NoInput else takes,
            responses=shapes.ItemOutput,
        )
        def post(self, request: Request, public_id: str) -> Response:
            role = operation(
                opportunity_id=role_id_of(request, public_id),
                moderator=actor(request),
                at=timezone.now(),
                **read(takes, request),
            )
            return item(role)

    ItemOperation.__doc__ = meaning
    return ItemOperation


ITEM_OPERATIONS: Final[Mapping[str, type[APIView]]] = {
    "claim": item_operation("claim", moderating.claim),
    "release": item_operation("release", moderating.release_claim),
} | {
    outcome.slug: item_operation(
        outcome.name,
        partial(moderating.decide, outcome),
        shapes.decision_input(outcome),
        meaning=outcome.meaning,
    )
    for outcome in chosen_on(On.ROLE)
}
"""Name in the address to the view: what a moderator does to a role."""


class Rules(APIView):
    """The public rules."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="rules", responses=shapes.RulesOutput)
    def get(self, request: Request) -> Response:
        """Return every rule with its number, and the ladder of sanctions."""
        return Response(
            {
                "rules": [rule._asdict() for rule in rules.RULES.values()],
                "ladder": [rung._asdict() for rung in rules.LADDER],
            }
        )


class Log(APIView):
    """The record of decisions."""

    permission_classes = [IsModerator]

    @extend_schema(
        operation_id="moderation_decisions",
        responses=api.page_of_kind("LogPage", shapes.LogOutput),
    )
    def get(self, request: Request) -> Response:
        """List all decisions, newest first."""
        rows = Decision.objects.select_related("opportunity", "employer", "moderator")
        return listed(rows, request, shape=shapes.LogOutput, order=("-decided_at", "-id"))


class EmployerCheck(APIView):
    """Verification of an employer by hand."""

    permission_classes = [IsModerator]

    @extend_schema(
        operation_id="moderation_verify_employer",
        request=shapes.ReasonInput,
        responses=EmployerOutput,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Say that one has checked who an employer is, and how."""
        employer = moderating.verify_employer(
            employer_id=employer_of(public_id).pk,
            moderator=actor(request),
            at=timezone.now(),
            **read(shapes.ReasonInput, request),
        )
        return Response(EmployerOutput(employer).data)


def _key_of(model: type[Report] | type[Appeal], public_id: str, *, missing: str) -> int:
    """Return the key of the row that an address names, or raise ``NotFound`` in these words."""
    row = model.objects.filter(public_id=public_id[:40]).only("pk").first()
    if row is None:
        raise NotFound(missing)
    return row.pk


class NewReport(APIView):
    """Reports of anybody."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="reports_create",
        request=shapes.ReportInput,
        responses={201: shapes.ReportReceipt},
    )
    def post(self, request: Request) -> Response:
        """Tell the moderators what is wrong, with or without an account."""
        words = read(shapes.ReportInput, request) | {"address": limiting.address_of(request)}
        reporter = actor(request) if request.user.is_authenticated else None
        if "opportunity" in words:
            subject = Subject("opportunity", role_id_of(request, words.pop("opportunity")))
        elif "employer" in words:
            subject = Subject("employer", employer_of(words.pop("employer")).pk)
        elif "message" in words:
            subject = Subject("message", words.pop("message"))
        else:
            subject = Subject("post", words.pop("post"))
        row = moderating.report(subject=subject, reporter=reporter, at=timezone.now(), **words)
        return Response(shapes.ReportReceipt(row).data, status=status.HTTP_201_CREATED)


class Reports(APIView):
    """Reports that wait."""

    permission_classes = [IsModerator]

    @extend_schema(
        operation_id="moderation_reports",
        responses=api.page_of_kind("ReportPage", shapes.ReportOutput),
    )
    def get(self, request: Request) -> Response:
        """List the reports that this moderator may answer, oldest first."""
        rows = moderating.reports_waiting(moderator=actor(request)).select_related(
            "opportunity", "employer", "message", "post"
        )
        return listed(rows, request, shape=shapes.ReportOutput, order=("reported_at", "id"))


class ReportAnswer(APIView):
    """The answer to a report."""

    permission_classes = [IsModerator]

    @extend_schema(
        operation_id="moderation_answer_report",
        request=shapes.AnswerReportInput,
        responses=shapes.ReportOutput,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Answer a report, and hide a message or question if need be."""
        row = moderating.answer_report(
            report_id=_key_of(Report, public_id, missing="There is no such report."),
            moderator=actor(request),
            at=timezone.now(),
            **read(shapes.AnswerReportInput, request),
        )
        return Response(shapes.ReportOutput(row).data)


class NewAppeal(APIView):
    """Appeals of those whom a decision concerns."""

    @extend_schema(
        operation_id="appeals_create",
        request=shapes.AppealInput,
        responses={201: shapes.AppealOutput},
    )
    def post(self, request: Request) -> Response:
        """Ask somebody else to look at a decision, once."""
        words = read(shapes.AppealInput, request)
        row = moderating.appeal(
            decision_id=words["decision"],
            author=actor(request),
            text=words["text"],
            at=timezone.now(),
        )
        return Response(shapes.AppealOutput(row).data, status=status.HTTP_201_CREATED)


class Appeals(APIView):
    """Appeals that wait."""

    permission_classes = [IsModerator]

    @extend_schema(
        operation_id="moderation_appeals",
        responses=api.page_of_kind("AppealPage", shapes.AppealOutput),
    )
    def get(self, request: Request) -> Response:
        """List the appeals that this moderator may hear, oldest first."""
        rows = moderating.appeals_waiting(moderator=actor(request)).select_related(
            "decision__opportunity", "decision__employer"
        )
        return listed(rows, request, shape=shapes.AppealOutput, order=("made_at", "id"))


class Hearing(APIView):
    """The decision on an appeal."""

    permission_classes = [IsModerator]

    @extend_schema(
        operation_id="moderation_hear_appeal",
        request=shapes.HearingInput,
        responses=shapes.AppealOutput,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Grant an appeal or let the decision stand."""
        row = moderating.hear_appeal(
            appeal_id=_key_of(Appeal, public_id, missing="There is no such appeal."),
            moderator=actor(request),
            at=timezone.now(),
            **read(shapes.HearingInput, request),
        )
        return Response(shapes.AppealOutput(row).data)


class Sanctions(APIView):
    """The ladder of sanctions at work."""

    permission_classes = [IsModerator]

    @extend_schema(
        operation_id="moderation_sanctions",
        parameters=[
            OpenApiParameter("state", str, enum=["proposed", "in_force"], default="proposed")
        ],
        responses=api.page_of_kind("SanctionPage", shapes.SanctionOutput),
    )
    def get(self, request: Request) -> Response:
        """List the blocks that this moderator may confirm, or the sanctions they may lift.

        The oldest come first. Those that concern the moderator's own team are left to others.
        """
        match request.query_params.get("state", "proposed"):
            case "proposed":
                rows = moderating.blocks_waiting(moderator=actor(request))
            case "in_force":
                rows = moderating.sanctions_in_force(moderator=actor(request), at=timezone.now())
            case _:
                raise Invalid(Fault("state", "choice", "state is proposed or in_force."))
        return listed(
            rows.select_related("employer"),
            request,
            shape=shapes.SanctionOutput,
            order=("proposed_at", "id"),
            also_known=("state",),
        )

    @extend_schema(
        operation_id="moderation_sanction",
        request=shapes.SanctionInput,
        responses={201: shapes.SanctionOutput},
    )
    def post(self, request: Request) -> Response:
        """Warn, suspend or propose to block an employer or a person."""
        words = read(shapes.SanctionInput, request)
        call: dict[str, Any] = {
            "employer_id": employer_of(words["employer"]).pk if "employer" in words else None,
            "account_id": words.get("account"), "moderator": actor(request),
            "reason": words["reason"],
            "at": timezone.now(),
        }  # fmt: skip
        outcome = next(row for row in chosen_on(On.SIDE) if row.sanction == words["level"])
        row = moderating.sanction(outcome, **call, grave=words["grave"])
        return Response(shapes.SanctionOutput(row).data, status=status.HTTP_201_CREATED)


def sanction_operation(outcome: Outcome) -> type[APIView]:
    """Return the view that carries out one outcome that is decided on a sanction."""
    takes = NoInput if outcome.reason == Need.NO else shapes.ReasonInput

    class SanctionOperation(APIView):
        permission_classes = [IsModerator]

        @extend_schema(
            operation_id=f"moderation_{outcome.name}",
            description=outcome.meaning,
            request=None if takes is NoInput else takes,
            responses=shapes.SanctionOutput,
        )
        def post(self, request: Request, sanction_id: int) -> Response:
            row = moderating.settle_sanction(
                outcome,
                sanction_id=min(sanction_id, 2**62),
                moderator=actor(request),
                at=timezone.now(),
                **read(takes, request),
            )
            return Response(shapes.SanctionOutput(row).data)

    SanctionOperation.__doc__ = outcome.meaning
    return SanctionOperation


SANCTION_OPERATIONS: Final[Mapping[str, type[APIView]]] = {
    outcome.slug: sanction_operation(outcome) for outcome in chosen_on(On.SANCTION)
}
"""Name in the address to the view: what a moderator does to a sanction."""
