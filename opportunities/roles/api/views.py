"""Roles as employers write them: draft, submit, amend, keep alive, close, answer questions."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.accounts.permissions import is_moderator
from opportunities.core import pay
from opportunities.core.api import MOST_FAULTS, listed, page_of_kind, read, stated
from opportunities.core.errors import Fault, Invalid, NotFound
from opportunities.employers.api.lookup import own_employer_of
from opportunities.employers.models import Employer
from opportunities.roles import publishing
from opportunities.roles.api import catalogue
from opportunities.roles.api import serializers as shapes
from opportunities.roles.api.catalogue import OpportunitySerializer, role_context
from opportunities.roles.api.lookup import role_id_of, role_of
from opportunities.roles.models import Opportunity, RolePost
from opportunities.roles.permissions import can_manage
from opportunities.roles.review import findings_of

type Operation = Callable[..., Opportunity]
PATCH_TYPES = {"application/json": shapes.RoleInput}


def shown(role: Opportunity, *, code: int = status.HTTP_200_OK) -> Response:
    """Answer a role as its employer reads it."""
    row = Opportunity.objects.whole().get(pk=role.pk)
    headers = {"Location": f"/api/v1/opportunities/{role.public_id}"} if code == 201 else None
    return Response(
        OpportunitySerializer(row, context=role_context()).data,
        status=code,
        headers=headers,
    )


def for_employer(request: Request) -> tuple[int, dict[str, Any]]:
    """Return the employer that a role is sent for, one's own, and what else is said of the role."""
    values = stated(request)
    named = values.pop("employer", None)
    if not isinstance(named, str):
        raise Invalid(Fault("employer", "required", "Say which employer it is for."))
    return own_employer_of(request, named).pk, values


class Opportunities(catalogue.Opportunities):
    """The open roles; employers add drafts."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(
        operation_id="opportunities_create",
        request=shapes.NewRoleInput,
        responses={201: OpportunitySerializer},
    )
    def post(self, request: Request) -> Response:
        """Begin a draft for an employer that one acts for."""
        employer_id, values = for_employer(request)
        role = publishing.create_draft(
            employer_id=employer_id,
            actor=actor(request),
            values=values,
            at=timezone.now(),
        )
        return shown(role, code=status.HTTP_201_CREATED)


class OpportunityDetail(catalogue.OpportunityDetail):
    """One role; its employer edits or deletes the draft."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(
        operation_id="opportunities_update",
        request=PATCH_TYPES,
        responses=OpportunitySerializer,
    )
    def patch(self, request: Request, public_id: str) -> Response:
        """Change some answers of a draft; roles on the market are amended."""
        role = publishing.update_draft(
            opportunity_id=role_id_of(request, public_id),
            actor=actor(request),
            values=stated(request),
            at=timezone.now(),
        )
        return shown(role)

    @extend_schema(operation_id="opportunities_delete", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Throw a draft away that was never submitted."""
        publishing.delete_draft(
            opportunity_id=role_id_of(request, public_id), actor=actor(request), at=timezone.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class Amendment(APIView):
    """A change to a role on the market."""

    @extend_schema(
        operation_id="opportunities_amend",
        request=shapes.RoleInput,
        responses=OpportunitySerializer,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Change a role on the market; a change that matters is reviewed first."""
        role = publishing.amend(
            opportunity_id=role_id_of(request, public_id),
            actor=actor(request),
            values=stated(request),
            at=timezone.now(),
        )
        return shown(role)


def role_operation(
    name: str,
    operation: Operation,
    takes: type[serializers.Serializer[Any]] = shapes.NoInput,
    *,
    code: int = status.HTTP_200_OK,
) -> type[APIView]:
    """Return the view that carries out one operation of an employer on a role."""

    class RoleOperation(APIView):
        @extend_schema(
            operation_id=f"opportunities_{name}",
            description=operation.__doc__,
            request=None if takes is shapes.NoInput else takes,
            responses={code: OpportunitySerializer},
        )
        def post(self, request: Request, public_id: str) -> Response:
            role = operation(
                opportunity_id=role_id_of(request, public_id),
                actor=actor(request),
                at=timezone.now(),
                **read(takes, request),
            )
            return shown(role, code=code)

    RoleOperation.__doc__ = operation.__doc__
    return RoleOperation


OPERATIONS: Final[Mapping[str, type[APIView]]] = {
    "submit": role_operation("submit", publishing.submit, shapes.VersionInput),
    "withdraw": role_operation("withdraw", publishing.withdraw),
    "pause": role_operation("pause", publishing.pause),
    "resume": role_operation("resume", publishing.resume),
    "confirm": role_operation("confirm", publishing.confirm),
    "extend": role_operation("extend", publishing.extend, shapes.ApplyByInput),
    "close": role_operation("close", publishing.close, shapes.OutcomeInput),
    "outcome": role_operation("outcome", publishing.state_outcome, shapes.OutcomeInput),
    "copy": role_operation("copy", publishing.copy, code=status.HTTP_201_CREATED),
}
"""Name in the address to the view: what a member does to a role of the employer."""


class Assessment(APIView):
    """Help while drafting, with or without an account."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="opportunities_assess",
        request=shapes.NewRoleInput,
        responses=shapes.AssessmentOutput,
    )
    def post(self, request: Request) -> Response:
        """Say what is missing, what would be objected to, and the true hourly pay of a draft."""
        values = stated(request)
        named = values.pop("employer", None)
        employer: Employer | None = None
        email = ""
        if isinstance(named, str) and request.user.is_authenticated:
            employer = own_employer_of(request, named)
            email = request.user.email
        result = publishing.assess(
            values=values, employer=employer, poster_email=email, at=timezone.now()
        )
        answer = {
            "faults": [fault._asdict() for fault in result.faults[:MOST_FAULTS]],
            "findings": shapes.ResultOutput(result.results, many=True).data,
            "pay_hour": pay.amount_json(result.hourly_minor, result.currency),
        }
        return Response(answer)


class Findings(APIView):
    """What the checks said of a role."""

    @extend_schema(operation_id="opportunities_findings", responses=shapes.FindingOutput(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """Return the findings of the version last submitted, to its employer and moderators."""
        role = role_of(request, public_id)
        if not (can_manage(request.user, role) or is_moderator(request.user)):
            raise NotFound("There is no such role.")
        return Response(shapes.FindingOutput(findings_of(role), many=True).data)


class EmployerOpportunities(APIView):
    """All roles of an employer, in every state, for its members."""

    @extend_schema(
        operation_id="employers_opportunities",
        responses=page_of_kind("OwnOpportunityPage", OpportunitySerializer),
    )
    def get(self, request: Request, public_id: str) -> Response:
        """List the employer's roles, newest first."""
        employer = own_employer_of(request, public_id)
        return listed(
            employer.opportunities.whole(),
            request,
            order=("-created_at", "-id"),
            shape=OpportunitySerializer,
            **role_context(),
        )


class Questions(APIView):
    """Public questions about a role."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(
        operation_id="questions_list",
        responses=page_of_kind("QuestionPage", shapes.RolePostOutput),
    )
    def get(self, request: Request, public_id: str) -> Response:
        """List the questions with their answers, newest first."""
        rows = RolePost.objects.filter(
            opportunity=role_id_of(request, public_id), hidden_at__isnull=True
        )
        return listed(rows, request, shape=shapes.RolePostOutput, order=("-asked_at", "-id"))

    @extend_schema(
        operation_id="questions_ask",
        request=shapes.QuestionTextInput,
        responses={201: shapes.RolePostOutput},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Ask the employer something in public."""
        post = publishing.ask(
            opportunity_id=role_id_of(request, public_id),
            author=actor(request),
            at=timezone.now(),
            **read(shapes.QuestionTextInput, request),
        )
        return Response(shapes.RolePostOutput(post).data, status=status.HTTP_201_CREATED)


class QuestionDetail(APIView):
    """One's own question."""

    @extend_schema(operation_id="questions_take_back", responses={204: None})
    def delete(self, request: Request, public_id: str, post_id: int) -> Response:
        """Take back one's own question before it is answered."""
        publishing.hide_own_question(
            post_id=post_of(request, public_id, post_id).pk,
            author=actor(request),
            at=timezone.now(),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class QuestionAnswer(APIView):
    """The employer's answer to a question."""

    @extend_schema(
        operation_id="questions_answer",
        request=shapes.AnswerTextInput,
        responses=shapes.RolePostOutput,
    )
    def post(self, request: Request, public_id: str, post_id: int) -> Response:
        """Answer a question on one's own role in public."""
        post = publishing.answer(
            post_id=post_of(request, public_id, post_id).pk,
            actor=actor(request),
            at=timezone.now(),
            **read(shapes.AnswerTextInput, request),
        )
        return Response(shapes.RolePostOutput(post).data)


def post_of(request: Request, public_id: str, post_id: int) -> RolePost:
    """Return a question on a role that the viewer may see, or raise ``NotFound``."""
    posts = RolePost.objects.filter(opportunity=role_id_of(request, public_id))
    post = posts.filter(pk=min(post_id, 2**62)).first()
    if post is None:
        raise NotFound("There is no such question.")
    return post
