"""Roles for everybody to read and for employers to write.

They draft, submit, amend, keep alive, close, and answer questions.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import Operation, operation, paged
from opportunities.accounts.current import actor
from opportunities.accounts.permissions import is_moderator
from opportunities.core import page_cache, pay
from opportunities.core.api import MOST_FAULTS, stated
from opportunities.core.errors import Fault, Invalid, NotFound
from opportunities.core.models import Site
from opportunities.core.page_cache import Basis
from opportunities.core.paging import link_header, page_of
from opportunities.core.rows import require_row
from opportunities.employers.api.lookup import own_employer_of
from opportunities.employers.models import Employer
from opportunities.roles import search
from opportunities.roles.api import serializers as shapes
from opportunities.roles.api.catalogue import (
    OpportunityPageSerializer,
    OpportunitySerializer,
    role_context,
)
from opportunities.roles.api.filters import filter_parameters
from opportunities.roles.api.listing import COLUMNS, prepared
from opportunities.roles.api.lookup import role_of
from opportunities.roles.models import Opportunity, RolePost
from opportunities.roles.permissions import can_manage
from opportunities.roles.publishing import drafting, living, questions, sourcing, submitting
from opportunities.roles.review import findings_of


def shown(role: Opportunity, *, code: int = 200) -> Response:
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


class Opportunities(APIView):
    """The open roles; employers add drafts."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(
        operation_id="opportunities_list",
        parameters=[
            *filter_parameters(),
            OpenApiParameter("sort", str, enum=list(search.SORTS)),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=OpportunityPageSerializer,
    )
    def get(self, request: Request) -> HttpResponse:
        """List the open roles that pass the filters."""
        if request.query_params.get("cursor"):
            return self._listed(request, Basis())
        asked = request._request  # noqa: SLF001  (the page is kept by what Django read)
        return page_cache.page(asked, partial(self._listed, request))

    def _listed(self, request: Request, basis: Basis) -> HttpResponse:
        basis.add_of(Site, id=1)
        basis.ask()
        roles, order = search.search(
            request.query_params, at=timezone.now(), also_known=["cursor", "limit"]
        )
        rows, cursor = page_of(
            roles.annotate(row_version=page_cache.RowVersion(*search.SHOWN_IN_LIST)).values(
                *dict.fromkeys([*COLUMNS, order.removeprefix("-"), "row_version"])
            ),
            request,
            order=(order, "-id"),
            limit=25,
        )
        limit = cursor.size
        basis.add_read(roles.order_by(order, "-id")[:limit], *search.SHOWN_IN_LIST, read=rows)
        basis.keep_for(search.SECONDS_IN_LIST)
        answer = {
            "data": prepared(rows, currency=Site.load().currency),
            "page": cursor.links | {"limit": limit},
        }
        return HttpResponse(
            JSONRenderer().render(answer),
            content_type=JSONRenderer.media_type,
            headers=link_header(cursor.links),
        )

    @extend_schema(
        operation_id="opportunities_create",
        request=shapes.NewRoleInput,
        responses={201: OpportunitySerializer},
    )
    def post(self, request: Request) -> Response:
        """Begin a draft for an employer that one acts for."""
        employer_id, values = for_employer(request)
        role = drafting.create_draft(
            employer_id=employer_id,
            actor=actor(request),
            values=values,
            at=timezone.now(),
        )
        return shown(role, code=201)


class OpportunityDetail(APIView):
    """One role; its employer edits or deletes the draft."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(operation_id="opportunities_read", responses=OpportunitySerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one role that the viewer may see."""
        role = get_object_or_404(
            Opportunity.objects.visible_to(request.user).whole(), public_id=public_id
        )
        return Response(OpportunitySerializer(role, context=role_context()).data)

    @operation(
        "opportunities_update",
        values={"application/json": shapes.RoleInput},
        gives=OpportunitySerializer,
        answer=shown,
    )
    def patch(self, request: Request, public_id: str) -> Operation:
        """Change some answers of a draft; roles on the market are amended."""
        return partial(drafting.update_draft, opportunity_id=role_of(request, public_id).pk)

    @operation("opportunities_delete", code=204)
    def delete(self, request: Request, public_id: str) -> Operation:
        """Throw a draft away that was never submitted."""
        return partial(drafting.delete_draft, opportunity_id=role_of(request, public_id).pk)


def role_operation(
    name: str, carry_out: Operation, takes: Any = None, *, values: Any = None, code: int = 200
) -> type[APIView]:
    """Return the view that carries out one operation of an employer on a role."""

    class RoleOperation(APIView):
        @operation(
            f"opportunities_{name}",
            takes=takes,
            values=values,
            gives=OpportunitySerializer,
            code=code,
            answer=partial(shown, code=code),
            description=carry_out.__doc__,
        )
        def post(self, request: Request, public_id: str) -> Operation:
            return partial(carry_out, opportunity_id=role_of(request, public_id).pk)

    RoleOperation.__doc__ = carry_out.__doc__
    return RoleOperation


OPERATIONS: Final[Mapping[str, type[APIView]]] = {
    "submit": role_operation("submit", submitting.submit, shapes.VersionInput),
    "withdraw": role_operation("withdraw", submitting.withdraw),
    "pause": role_operation("pause", living.pause),
    "resume": role_operation("resume", living.resume),
    "confirm": role_operation("confirm", living.confirm),
    "extend": role_operation("extend", living.extend, shapes.ApplyByInput),
    "close": role_operation("close", living.close, shapes.OutcomeInput),
    "outcome": role_operation("outcome", living.state_outcome, shapes.OutcomeInput),
    "copy": role_operation("copy", drafting.copy, code=201),
    "amend": role_operation("amend", submitting.amend, values=shapes.RoleInput),
}
"""Name in the address to the view: what a member does to a role of the employer."""


class BySource(APIView):
    """One role under the key that an employer's own system gave it."""

    @extend_schema(
        operation_id="opportunities_by_source",
        request=shapes.NewRoleInput,
        responses={200: OpportunitySerializer, 201: OpportunitySerializer},
    )
    def put(self, request: Request, source: str, external_id: str) -> Response:
        """Create the role under this key, or amend it, and hand it in for review."""
        employer_id, values = for_employer(request)
        role, is_new = sourcing.keep_from_source(
            employer_id=employer_id,
            actor=actor(request),
            source=source,
            external_id=external_id,
            values=values,
            at=timezone.now(),
        )
        return shown(role, code=201 if is_new else 200)


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
        result = drafting.assess(
            values=values, employer=employer, poster_email=email, at=timezone.now()
        )
        answer = {
            "faults": [fault._asdict() for fault in result.faults[:MOST_FAULTS]],
            "findings": shapes.ResultOutput(result.results, many=True).data,
            "pay_hour": pay.amount_json(result.role.hourly_minor, Site.load().currency),
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

    @paged(
        "employers_opportunities",
        OpportunitySerializer,
        page="OwnOpportunityPage",
        order=("-created_at", "-id"),
        context=lambda _request: role_context(),
    )
    def get(self, request: Request, public_id: str) -> QuerySet[Any]:
        """List the employer's roles, newest first."""
        return own_employer_of(request, public_id).opportunities.whole()


class Questions(APIView):
    """Public questions about a role."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @paged("questions_list", shapes.RolePostOutput, page="QuestionPage", order=("-asked_at", "-id"))
    def get(self, request: Request, public_id: str) -> QuerySet[Any]:
        """List the questions with their answers, newest first."""
        return role_of(request, public_id).posts.filter(hidden_at__isnull=True)

    @operation(
        "questions_ask",
        takes=shapes.QuestionTextInput,
        gives=shapes.RolePostOutput,
        code=201,
        by="author",
    )
    def post(self, request: Request, public_id: str) -> Operation:
        """Ask the employer something in public."""
        return partial(questions.ask, opportunity_id=role_of(request, public_id).pk)


class QuestionDetail(APIView):
    """One's own question."""

    @operation("questions_take_back", code=204, by="author")
    def delete(self, request: Request, public_id: str, post_id: int) -> Operation:
        """Take back one's own question before it is answered."""
        post = post_of(request, public_id, post_id)
        return partial(questions.hide_own_question, post_id=post.pk)


class QuestionAnswer(APIView):
    """The employer's answer to a question."""

    @operation("questions_answer", takes=shapes.AnswerTextInput, gives=shapes.RolePostOutput)
    def post(self, request: Request, public_id: str, post_id: int) -> Operation:
        """Answer a question on one's own role in public."""
        return partial(questions.answer, post_id=post_of(request, public_id, post_id).pk)


def post_of(request: Request, public_id: str, post_id: int) -> RolePost:
    """Return a question on a role that the viewer may see, or raise ``NotFound``."""
    posts = role_of(request, public_id).posts.filter(pk=min(post_id, 2**62))
    return require_row(posts, "There is no such question.")
