"""Moderation: the queue, decisions, reports, appeals, sanctions, and the public rules."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import IsModerator, Operation, operation, paged
from opportunities.accounts.current import actor
from opportunities.core import limiting
from opportunities.core.api import read
from opportunities.core.errors import Fault, Invalid
from opportunities.core.rows import require_row
from opportunities.core.text import clean_line
from opportunities.desk import operations as moderating
from opportunities.desk.api import serializers as shapes
from opportunities.desk.operations.record import MAX_SEARCH
from opportunities.desk.operations.reports import Subject
from opportunities.employers.api.lookup import employer_of, own_employer_of
from opportunities.employers.api.serializers import EmployerOutput
from opportunities.moderation import rules
from opportunities.moderation.models import Appeal, Report, Sanction
from opportunities.moderation.outcomes import INTERNAL, Need, On, Outcome, chosen_on
from opportunities.roles.api.catalogue import role_context
from opportunities.roles.api.lookup import role_of
from opportunities.roles.models import Opportunity

decided = partial(operation, by="moderator")
"""An operation that a moderator carries out."""


class Desk(APIView):
    """What only moderators use."""

    permission_classes = [IsModerator]


def item(role: Opportunity) -> Response:
    """Answer a role with everything a moderator looks at."""
    row = Opportunity.objects.whole().get(pk=role.pk)
    return Response(shapes.ItemOutput(row, context=role_context()).data)


class Items(Desk):
    """The queue."""

    @paged(
        "moderation_items", shapes.ItemBriefOutput, page="ItemPage", order=("submitted_at", "id")
    )
    def get(self, request: Request) -> QuerySet[Any]:
        """List the roles that this moderator may decide on, oldest first."""
        rows = moderating.waiting(moderator=actor(request), at=timezone.now())
        return rows.select_related("employer")


class NextItem(Desk):
    """The oldest item that nobody holds."""

    @extend_schema(
        operation_id="moderation_next", request=None, responses={200: shapes.ItemOutput, 204: None}
    )
    def post(self, request: Request) -> Response:
        """Claim the oldest role that waits; 204 if none does."""
        role = moderating.claim_next(moderator=actor(request), at=timezone.now())
        return Response(status=204) if role is None else item(role)


class Item(Desk):
    """One role under review."""

    @extend_schema(operation_id="moderation_item", responses=shapes.ItemOutput)
    def get(self, request: Request, public_id: str) -> Response:
        """Return a role with findings and past decisions."""
        return item(role_of(request, public_id))


def item_operation(name: str, carry_out: Operation, takes: Any, meaning: str) -> type[APIView]:
    """Return the view that carries out one operation of a moderator on a role."""

    class ItemOperation(Desk):
        @decided(
            f"moderation_{name}",
            takes=takes,
            gives=shapes.ItemOutput,
            answer=item,
            description=meaning,
        )
        def post(self, request: Request, public_id: str) -> Operation:
            return partial(carry_out, opportunity_id=role_of(request, public_id).pk)

    ItemOperation.__doc__ = meaning
    return ItemOperation


ITEM_OPERATIONS: Final[Mapping[str, type[APIView]]] = {
    name: item_operation(name, carry_out, None, carry_out.__doc__ or "")
    for name, carry_out in (("claim", moderating.claim), ("release", moderating.release_claim))
} | {
    outcome.slug: item_operation(
        outcome.name,
        partial(moderating.decide, outcome),
        shapes.decision_input(outcome),
        outcome.meaning,
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
        public = {"rules": rules.RULES.values(), "ladder": rules.LADDER}
        return Response(shapes.RulesOutput(public).data)


class Log(Desk):
    """The record of decisions."""

    @paged(
        "moderation_decisions",
        shapes.LogOutput,
        page="LogPage",
        order=("-decided_at", "-id"),
        filters=[
            OpenApiParameter(
                "q", str, description="Words of an employer, a person or the title of a role."
            ),
            OpenApiParameter("employer", str, description="Id of the only employer to list."),
        ],
    )
    def get(self, request: Request) -> QuerySet[Any]:
        """List all decisions, or those about what is searched for, newest first."""
        words = clean_line(request.query_params.get("q", ""))[:MAX_SEARCH]
        named = request.query_params.get("employer")
        rows = moderating.recorded(words, employer=employer_of(named) if named else None)
        return rows.select_related("opportunity", "employer", "moderator")


class OwnDecisions(APIView):
    """What moderators decided about one's organization and its roles."""

    @paged(
        "employers_decisions",
        shapes.DecisionOutput,
        page="DecisionPage",
        order=("-decided_at", "-id"),
    )
    def get(self, request: Request, public_id: str) -> QuerySet[Any]:
        """List the decisions, newest first."""
        rows = own_employer_of(request, public_id).decisions.exclude(action__in=INTERNAL)
        return rows.select_related("opportunity", "employer")


class EmployerCheck(Desk):
    """Verification of an employer by hand."""

    @decided("moderation_verify_employer", takes=shapes.ReasonInput, gives=EmployerOutput)
    def post(self, request: Request, public_id: str) -> Operation:
        """Say that one has checked who an employer is, and how."""
        return partial(moderating.verify_employer, employer_id=employer_of(public_id).pk)


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
            subject = Subject("opportunity", role_of(request, words.pop("opportunity")).pk)
        elif "employer" in words:
            subject = Subject("employer", employer_of(words.pop("employer")).pk)
        elif "message" in words:
            subject = Subject("message", words.pop("message"))
        else:
            subject = Subject("post", words.pop("post"))
        row = moderating.report(subject=subject, reporter=reporter, at=timezone.now(), **words)
        return Response(shapes.ReportReceipt(row).data, status=201)


class Reports(Desk):
    """Reports that wait."""

    @paged(
        "moderation_reports", shapes.ReportOutput, page="ReportPage", order=("reported_at", "id")
    )
    def get(self, request: Request) -> QuerySet[Any]:
        """List the reports that this moderator may answer, oldest first."""
        rows = moderating.reports_waiting(moderator=actor(request))
        return rows.select_related("opportunity", "employer", "message", "post")


class ReportAnswer(Desk):
    """The answer to a report."""

    @decided("moderation_answer_report", takes=shapes.AnswerReportInput, gives=shapes.ReportOutput)
    def post(self, request: Request, public_id: str) -> Operation:
        """Answer a report, and hide a message or question if need be."""
        found = Report.objects.filter(public_id=public_id[:40])
        report = require_row(found, "There is no such report.")
        return partial(moderating.answer_report, report_id=report.pk)


class NewAppeal(APIView):
    """Appeals of those whom a decision concerns."""

    @operation(
        "appeals_create", takes=shapes.AppealInput, gives=shapes.AppealOutput, code=201, by="author"
    )
    def post(self, request: Request) -> Operation:
        """Ask somebody else to look at a decision, once."""
        return lambda decision, **call: moderating.appeal(decision_id=decision, **call)


class Appeals(Desk):
    """Appeals that wait."""

    @paged("moderation_appeals", shapes.AppealOutput, page="AppealPage", order=("made_at", "id"))
    def get(self, request: Request) -> QuerySet[Any]:
        """List the appeals that this moderator may hear, oldest first."""
        rows = moderating.appeals_waiting(moderator=actor(request))
        return rows.select_related("decision__opportunity", "decision__employer")


class Hearing(Desk):
    """The decision on an appeal."""

    @decided("moderation_hear_appeal", takes=shapes.HearingInput, gives=shapes.AppealOutput)
    def post(self, request: Request, public_id: str) -> Operation:
        """Grant an appeal or let the decision stand."""
        found = Appeal.objects.filter(public_id=public_id[:40])
        appeal = require_row(found, "There is no such appeal.")
        return partial(moderating.hear_appeal, appeal_id=appeal.pk)


class Sanctions(Desk):
    """The ladder of sanctions at work."""

    @paged(
        "moderation_sanctions",
        shapes.SanctionOutput,
        page="SanctionPage",
        order=("proposed_at", "id"),
        filters=[OpenApiParameter("state", str, enum=["proposed", "in_force"], default="proposed")],
    )
    def get(self, request: Request) -> QuerySet[Any]:
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
        return rows.select_related("employer")

    @decided(
        "moderation_sanction", takes=shapes.SanctionInput, gives=shapes.SanctionOutput, code=201
    )
    def post(self, request: Request) -> Operation:
        """Warn, suspend or propose to block an employer or a person."""
        return _sanction


def _sanction(
    *, level: str, employer: str | None = None, account: int | None = None, **call: Any
) -> Sanction:
    outcome = next(row for row in chosen_on(On.SIDE) if row.sanction == level)
    employer_id = employer_of(employer).pk if employer is not None else None
    return moderating.sanction(outcome, employer_id=employer_id, account_id=account, **call)


def sanction_operation(outcome: Outcome) -> type[APIView]:
    """Return the view that carries out one outcome that is decided on a sanction."""

    class SanctionOperation(Desk):
        @decided(
            f"moderation_{outcome.name}",
            takes=None if outcome.reason == Need.NO else shapes.ReasonInput,
            gives=shapes.SanctionOutput,
            description=outcome.meaning,
        )
        def post(self, request: Request, sanction_id: int) -> Operation:
            return partial(moderating.settle_sanction, outcome, sanction_id=sanction_id)

    SanctionOperation.__doc__ = outcome.meaning
    return SanctionOperation


SANCTION_OPERATIONS: Final[Mapping[str, type[APIView]]] = {
    outcome.slug: sanction_operation(outcome) for outcome in chosen_on(On.SANCTION)
}
"""Name in the address to the view: what a moderator does to a sanction."""
