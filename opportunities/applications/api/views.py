"""Applications over HTTP: one operation each, named after it."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db import models
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import Operation, operation, paged
from opportunities.accounts.current import actor
from opportunities.applications import applying, selecting
from opportunities.applications.api import serializers as shapes
from opportunities.applications.models import Application, ApplicationNote, Message, RoleInvitation
from opportunities.applications.pseudonyms import dossier
from opportunities.applications.selecting import Proposal
from opportunities.candidates.uploads import attachment
from opportunities.core.api import one_of, read
from opportunities.core.errors import Fault, Invalid, NotAllowed, NotFound
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.employers.permissions import is_member
from opportunities.roles.api.lookup import role_of

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


class Applications(APIView):
    """The reader's own applications, and those to the employers that the reader acts for."""

    @paged(
        "applications_list",
        shapes.ApplicationBriefSerializer,
        order=("-submitted_at", "-id"),
        filters=[
            OpenApiParameter("opportunity", str),
            OpenApiParameter("status", str, enum=ApplicationStatus.values),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        context=lambda request: {"reader": actor(request)},
    )
    def get(self, request: Request) -> models.QuerySet[Any]:
        """List applications, newest first."""
        rows = Application.objects.visible_to(actor(request)).select_related(
            "opportunity__employer", "profile"
        )
        if role := request.query_params.get("opportunity"):
            rows = rows.filter(opportunity__public_id=_text("opportunity", role))
        if status := one_of(request, "status", known=ApplicationStatus.values):
            rows = rows.filter(status=status)
        return rows.fetch_mode(models.FETCH_RAISE)

    @extend_schema(
        operation_id="applications_apply",
        request=shapes.ApplyInput,
        responses={201: shapes.ApplicationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Apply to an open role; asking again returns the same application."""
        papers = read(shapes.ApplyInput, request)
        application = applying.apply(
            opportunity_id=role_of(request, papers.pop("opportunity")).pk,
            candidate=actor(request),
            papers=applying.Papers(resume_id=papers.pop("resume"), **papers),
            at=timezone.now(),
        )
        shape = shapes.ApplicationSerializer(application, context={"reader": actor(request)})
        headers = {"Location": f"/api/v1/applications/{application.public_id}"}
        return Response(shape.data, status=201, headers=headers)


class ApplicationDetail(APIView):
    @extend_schema(operation_id="applications_read", responses=shapes.ApplicationSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one application with its dated track."""
        found = application_of(request, public_id)
        return Response(
            shapes.ApplicationSerializer(found, context={"reader": actor(request)}).data
        )


def _act(name: str, carry_out: Operation, by: str, takes: Any = None) -> type[APIView]:
    """Return the view of an operation on one application, which it answers as it stands then."""

    class Act(APIView):
        @operation(
            f"applications_{name}",
            takes=takes,
            gives=shapes.ApplicationSerializer,
            by=by,
            description=carry_out.__doc__,
        )
        def post(self, request: Request, public_id: str) -> Operation:
            return partial(carry_out, application_id=application_id_of(request, public_id))

    Act.__doc__ = carry_out.__doc__
    return Act


def _propose_interview(*, slots: list[dict[str, Any]], **rest: Any) -> object:
    """Propose times to talk; a new proposal replaces the one before it."""
    return selecting.propose_interview(proposals=[Proposal(**slot) for slot in slots], **rest)


ACTS: Final[Mapping[str, type[APIView]]] = {
    "withdraw": _act("withdraw", applying.withdraw, "candidate"),
    "accept": _act("accept", applying.accept, "candidate"),
    "decline": _act("decline", applying.decline, "candidate"),
    "shortlist": _act("shortlist", selecting.shortlist, "actor"),
    "interview": _act("interview", _propose_interview, "actor", shapes.InterviewInput),
    "offer": _act("offer", selecting.offer, "actor", shapes.OfferInput),
    "reject": _act("reject", selecting.reject, "actor", shapes.RejectInput),
    "no-show": _act("no_show", selecting.no_show, "actor", shapes.NoShowInput),
}
"""Name in the address to the view: what either side does with an application."""


class ChooseSlot(APIView):
    @operation("applications_choose_slot", gives=shapes.SlotSerializer, by="candidate")
    def post(self, request: Request, public_id: str, slot_id: int) -> Operation:
        """Choose one of the proposed times."""
        application_id = application_id_of(request, public_id)
        return partial(applying.choose_slot, application_id=application_id, slot_id=slot_id)


class Bulk(APIView):
    @extend_schema(
        operation_id="applications_bulk",
        request=shapes.BulkInput,
        responses=shapes.BulkOutcomeSerializer(many=True),
    )
    def post(self, request: Request) -> Response:
        """Shortlist or reject many applications; each is done or refused on its own."""
        values = read(shapes.BulkInput, request)
        person = actor(request)
        rows = Application.objects.visible_to(person)
        names = dict(
            rows.filter(public_id__in=values["applications"]).values_list("pk", "public_id")
        )
        if not names:
            raise NotFound("There are no such applications.")
        refusals = selecting.in_bulk(
            names,
            values["action"],
            actor=person,
            at=timezone.now(),
            reason=values["reason"],
            message=values["message"],
        )
        return Response(
            [
                {
                    "id": names[number],
                    "code": refusal and refusal.code,
                    "detail": refusal and str(refusal),
                }
                for number, refusal in refusals.items()
            ]
        )


class Messages(APIView):
    @paged("applications_messages_list", shapes.MessageSerializer, order=("-at", "-id"))
    def get(self, request: Request, public_id: str) -> models.QuerySet[Any]:
        """List what both sides wrote, newest first."""
        return Message.objects.filter(application=application_id_of(request, public_id))

    @operation(
        "applications_message",
        takes=shapes.TextInput,
        gives=shapes.MessageSerializer,
        code=201,
        by="sender",
    )
    def post(self, request: Request, public_id: str) -> Operation:
        """Write to the other side."""
        return partial(applying.converse, application_id=application_id_of(request, public_id))


class Notes(APIView):
    @paged("applications_notes_list", shapes.NoteSerializer, order=("-at", "-id"))
    def get(self, request: Request, public_id: str) -> models.QuerySet[Any]:
        """List the team's own notes, newest first."""
        application = application_of(request, public_id)
        if not is_member(actor(request), application.opportunity.employer_id):
            raise NotAllowed("Notes are the employer's own.")
        return ApplicationNote.objects.filter(application=application)

    @operation("applications_note", takes=shapes.TextInput, gives=shapes.NoteSerializer, code=201)
    def post(self, request: Request, public_id: str) -> Operation:
        """Keep a note for the team."""
        return partial(selecting.note, application_id=application_id_of(request, public_id))


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
    @paged("invitations_list", shapes.InvitationSerializer, order=("-invited_at", "-id"))
    def get(self, request: Request) -> models.QuerySet[Any]:
        """List the invitations to apply that the reader received, newest first."""
        rows = RoleInvitation.objects.filter(profile__user=actor(request))
        return rows.select_related("opportunity__employer")


class DeclineInvitation(APIView):
    @operation("invitations_decline", gives=shapes.InvitationSerializer, by="candidate")
    def post(self, request: Request, invitation_id: int) -> Operation:
        """Decline an invitation."""
        return partial(applying.decline_invitation, invitation_id=invitation_id)


class Invite(APIView):
    @operation(
        "opportunities_invite",
        takes=shapes.InviteInput,
        gives=shapes.InvitationSerializer,
        code=201,
    )
    def post(self, request: Request, public_id: str) -> Operation:
        """Invite a matched candidate, by their handle, to apply."""
        role = role_of(request, public_id).pk
        return lambda candidate, **call: selecting.invite(
            opportunity_id=role, candidate_handle=candidate, **call
        )


def _text(name: str, value: str) -> str:
    """Return a query parameter that the database can compare, or refuse it."""
    if len(value) > 40 or not value.isascii() or "\x00" in value:
        raise Invalid(Fault(name, "unknown_choice", f"{name} is not one that we know."))
    return value
