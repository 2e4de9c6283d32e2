"""Applications over HTTP: one operation each, named after it."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.applications import applying, selecting
from opportunities.applications.api.serializers import (
    ApplicationBriefSerializer,
    ApplicationSerializer,
    ApplyInput,
    BulkInput,
    BulkOutcomeSerializer,
    InterviewInput,
    InvitationSerializer,
    InviteInput,
    MessageSerializer,
    NoShowInput,
    NoteSerializer,
    OfferInput,
    RejectInput,
    SlotSerializer,
    TextInput,
)
from opportunities.applications.models import Application, ApplicationNote, Message, RoleInvitation
from opportunities.applications.pseudonyms import dossier
from opportunities.applications.selecting import Proposal
from opportunities.candidates.uploads import attachment
from opportunities.core.api import listed, read
from opportunities.core.errors import Fault, Invalid, NotAllowed, NotFound
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.employers.permissions import is_member
from opportunities.roles.api.lookup import role_id_of

WHOLE = ("answers", "slots", "events")


def application_of(request: Request, public_id: str) -> Application:
    """Return an application that the reader may see, with all that its page shows."""
    rows = Application.objects.visible_to(actor(request)).select_related(
        "opportunity__employer", "profile__user", "resume", "completion"
    )
    return get_object_or_404(rows.prefetch_related(*WHOLE), public_id=public_id)


def application_id_of(request: Request, public_id: str) -> int:
    """Return the key of an application that the reader may see: what an operation asks for."""
    rows = Application.objects.visible_to(actor(request)).only("pk")
    return get_object_or_404(rows, public_id=public_id).pk


def whole(request: Request, public_id: str, *, status: int = 200) -> Response:
    """Answer an application as it stands now."""
    shape = ApplicationSerializer(
        application_of(request, public_id), context={"reader": actor(request)}
    )
    headers = {"Location": f"/api/v1/applications/{public_id}"} if status == 201 else {}
    return Response(shape.data, status=status, headers=headers)


class Applications(APIView):
    """The reader's own applications, and those to the employers that the reader acts for."""

    @extend_schema(
        operation_id="applications_list",
        parameters=[
            OpenApiParameter("opportunity", str),
            OpenApiParameter("status", str, enum=ApplicationStatus.values),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=ApplicationBriefSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List applications, newest first."""
        rows = Application.objects.visible_to(actor(request)).select_related(
            "opportunity__employer", "profile"
        )
        if role := request.query_params.get("opportunity"):
            rows = rows.filter(opportunity__public_id=_text("opportunity", role))
        if status := request.query_params.get("status"):
            rows = rows.filter(status=_text("status", status))
        return listed(
            rows.fetch_mode(models.FETCH_RAISE),
            request,
            order=("-submitted_at", "-id"),
            shape=ApplicationBriefSerializer,
            also_known=("opportunity", "status"),
            reader=actor(request),
        )

    @extend_schema(
        operation_id="applications_apply",
        request=ApplyInput,
        responses={201: ApplicationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Apply to an open role; asking again returns the same application."""
        papers = read(ApplyInput, request)
        application = applying.apply(
            opportunity_id=role_id_of(request, papers.pop("opportunity")),
            candidate=actor(request),
            papers=applying.Papers(resume_id=papers.pop("resume"), **papers),
            at=timezone.now(),
        )
        return whole(request, application.public_id, status=201)


class ApplicationDetail(APIView):
    @extend_schema(operation_id="applications_read", responses=ApplicationSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one application with its dated track."""
        return whole(request, public_id)


def _act(
    name: str,
    operation: Callable[..., object],
    who: str,
    input_class: type[serializers.Serializer[Any]] | None = None,
) -> type[APIView]:
    """Return the view of an operation on one application; ``who`` names its parameter for us."""

    @extend_schema(
        operation_id=f"applications_{name}",
        request=input_class,
        responses=ApplicationSerializer,
        description=operation.__doc__,
    )
    def post(self: APIView, request: Request, public_id: str) -> Response:
        values = read(input_class, request) if input_class else {}
        values |= {who: actor(request), "at": timezone.now()}
        operation(application_id=application_id_of(request, public_id), **values)
        return whole(request, public_id)

    contents = {"post": post, "__doc__": operation.__doc__}
    return type(name.title().replace("_", ""), (APIView,), contents)


def _propose_interview(*, slots: list[dict[str, Any]], **rest: Any) -> object:
    """Propose times to talk; a new proposal replaces the one before it."""
    return selecting.propose_interview(proposals=[Proposal(**slot) for slot in slots], **rest)


Withdraw = _act("withdraw", applying.withdraw, "candidate")
Accept = _act("accept", applying.accept, "candidate")
Decline = _act("decline", applying.decline, "candidate")
Shortlist = _act("shortlist", selecting.shortlist, "actor")
Interview = _act("interview", _propose_interview, "actor", InterviewInput)
Offer = _act("offer", selecting.offer, "actor", OfferInput)
Reject = _act("reject", selecting.reject, "actor", RejectInput)
NoShow = _act("no_show", selecting.no_show, "actor", NoShowInput)


class ChooseSlot(APIView):
    @extend_schema(operation_id="applications_choose_slot", request=None, responses=SlotSerializer)
    def post(self, request: Request, public_id: str, slot_id: int) -> Response:
        """Choose one of the proposed times."""
        slot = applying.choose_slot(
            application_id=application_id_of(request, public_id),
            slot_id=slot_id,
            candidate=actor(request),
            at=timezone.now(),
        )
        return Response(SlotSerializer(slot).data)


class Bulk(APIView):
    @extend_schema(
        operation_id="applications_bulk",
        request=BulkInput,
        responses=BulkOutcomeSerializer(many=True),
    )
    def post(self, request: Request) -> Response:
        """Shortlist or reject many applications; each is done or refused on its own."""
        values = read(BulkInput, request)
        person = actor(request)
        rows = Application.objects.visible_to(person)
        names = dict(
            rows.filter(public_id__in=values["applications"]).values_list("pk", "public_id")
        )
        if not names:
            raise NotFound("There are no such applications.")
        act = selecting.bulk_act(
            values["action"],
            actor=person,
            at=timezone.now(),
            reason=values["reason"],
            message=values["message"],
        )
        outcomes = selecting.in_bulk(names, act)
        return Response(
            [
                {
                    "id": names[outcome.application_id],
                    "code": outcome.refusal and outcome.refusal.code,
                    "detail": outcome.refusal and str(outcome.refusal),
                }
                for outcome in outcomes
            ]
        )


class Messages(APIView):
    @extend_schema(
        operation_id="applications_messages_list", responses=MessageSerializer(many=True)
    )
    def get(self, request: Request, public_id: str) -> Response:
        """List what both sides wrote, newest first."""
        rows = Message.objects.filter(application=application_id_of(request, public_id))
        return listed(rows, request, order=("-at", "-id"), shape=MessageSerializer)

    @extend_schema(
        operation_id="applications_message",
        request=TextInput,
        responses={201: MessageSerializer},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Write to the other side."""
        values = read(TextInput, request)
        message = applying.converse(
            application_id=application_id_of(request, public_id),
            sender=actor(request),
            at=timezone.now(),
            **values,
        )
        return Response(MessageSerializer(message).data, status=201)


class Notes(APIView):
    @extend_schema(operation_id="applications_notes_list", responses=NoteSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """List the team's own notes, newest first."""
        application = application_of(request, public_id)
        if not is_member(actor(request), application.opportunity.employer_id):
            raise NotAllowed("Notes are the employer's own.")
        rows = ApplicationNote.objects.filter(application=application)
        return listed(rows, request, order=("-at", "-id"), shape=NoteSerializer)

    @extend_schema(
        operation_id="applications_note", request=TextInput, responses={201: NoteSerializer}
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Keep a note for the team."""
        values = read(TextInput, request)
        note = selecting.note(
            application_id=application_id_of(request, public_id),
            actor=actor(request),
            at=timezone.now(),
            **values,
        )
        return Response(NoteSerializer(note).data, status=201)


class ApplicationResume(APIView):
    @extend_schema(
        operation_id="applications_resume",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, public_id: str) -> FileResponse:
        """Download the resume that came with an application, if the reader may see it yet."""
        application = application_of(request, public_id)
        own = application.profile.user_id == actor(request).pk
        resume = dossier(application, for_applicant=own).resume
        if resume is None:
            raise NotFound("There is no resume to read here.")
        return attachment(resume)


class Invitations(APIView):
    @extend_schema(operation_id="invitations_list", responses=InvitationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the invitations to apply that the reader received, newest first."""
        rows = RoleInvitation.objects.filter(profile__user=actor(request)).select_related(
            "opportunity__employer"
        )
        return listed(rows, request, order=("-invited_at", "-id"), shape=InvitationSerializer)


class DeclineInvitation(APIView):
    @extend_schema(operation_id="invitations_decline", request=None, responses=InvitationSerializer)
    def post(self, request: Request, invitation_id: int) -> Response:
        """Decline an invitation."""
        invitation = applying.decline_invitation(
            invitation_id=invitation_id, candidate=actor(request), at=timezone.now()
        )
        return Response(InvitationSerializer(invitation).data)


class Invite(APIView):
    @extend_schema(
        operation_id="opportunities_invite",
        request=InviteInput,
        responses={201: InvitationSerializer},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Invite a matched candidate, by their handle, to apply."""
        values = read(InviteInput, request)
        invitation = selecting.invite(
            opportunity_id=role_id_of(request, public_id),
            candidate_handle=values["candidate"],
            message=values["message"],
            actor=actor(request),
            at=timezone.now(),
        )
        return Response(InvitationSerializer(invitation).data, status=201)


def _text(name: str, value: str) -> str:
    """Return a query parameter that the database can compare, or refuse it."""
    if len(value) > 40 or not value.isascii() or "\x00" in value:
        raise Invalid(Fault(name, "unknown_choice", f"{name} is not one that we know."))
    return value
