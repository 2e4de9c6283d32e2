"""Organizations: their page, their team, their verification."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import Operation, operation, paged
from opportunities.core.errors import NotFound
from opportunities.employers import operations as employing
from opportunities.employers.api import serializers as shapes
from opportunities.employers.api.lookup import employer_of, own_employer_of
from opportunities.employers.logos import MAX_BYTES
from opportunities.employers.models import Employer
from opportunities.employers.permissions import can_view_employer


def _founded(employer: Employer) -> Response:
    headers = {"Location": f"/api/v1/employers/{employer.public_id}"}
    return Response(shapes.EmployerOutput(employer).data, status=201, headers=headers)


class Employers(APIView):
    """Organizations that post roles."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @paged("employers_list", shapes.EmployerOutput, page="EmployerPage", order=("name", "id"))
    def get(self, request: Request) -> QuerySet[Any]:
        """List the organizations, by name."""
        return Employer.objects.active()

    @operation(
        "employers_create",
        values=shapes.EmployerInput,
        gives=shapes.EmployerOutput,
        code=201,
        answer=_founded,
    )
    def post(self, request: Request) -> Operation:
        """Found an organization; whoever founds it owns it."""
        return employing.create_employer


class EmployerDetail(APIView):
    """One organization."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(operation_id="employers_read", responses=shapes.EmployerOutput)
    def get(self, request: Request, public_id: str) -> Response:
        """Return an organization as everybody sees it."""
        employer = employer_of(public_id)
        if not can_view_employer(request.user, employer):
            raise NotFound("There is no such employer.")
        return Response(shapes.EmployerOutput(employer).data)

    @operation(
        "employers_update",
        values={"application/json": shapes.EmployerInput},
        gives=shapes.EmployerOutput,
    )
    def patch(self, request: Request, public_id: str) -> Operation:
        """Change what one's organization says of itself."""
        own = own_employer_of(request, public_id)
        return partial(employing.update_employer, employer_id=own.pk)


class Logo(APIView):
    """The logo of an organization."""

    parser_classes = [MultiPartParser]

    @operation("employers_logo", takes=shapes.LogoInput, gives=shapes.EmployerOutput)
    def put(self, request: Request, public_id: str) -> Operation:
        """Show a logo: PNG, JPEG, WebP or GIF of at most 2 MB."""
        own = own_employer_of(request, public_id)
        return lambda logo, **call: employing.set_logo(
            employer_id=own.pk, content=logo.read(MAX_BYTES + 1), **call
        )

    @operation("employers_remove_logo", code=204)
    def delete(self, request: Request, public_id: str) -> Operation:
        """Show no logo any more."""
        own = own_employer_of(request, public_id)
        return partial(employing.remove_logo, employer_id=own.pk)


class Members(APIView):
    """The team."""

    @paged("members_list", shapes.MemberOutput, page="MemberPage", order=("joined_at", "id"))
    def get(self, request: Request, public_id: str) -> QuerySet[Any]:
        """List the people who act for one's organization."""
        return own_employer_of(request, public_id).memberships.select_related("user")


class Member(APIView):
    """One person of the team."""

    @operation("members_set_role", takes=shapes.RoleOfMemberInput, gives=shapes.MemberOutput)
    def post(self, request: Request, public_id: str, member_id: int) -> Operation:
        """Make a member an owner or an owner a member; the last owner stays."""
        _require_member(request, public_id, member_id)
        return partial(employing.set_role, membership_id=member_id)

    @operation("members_remove", code=204)
    def delete(self, request: Request, public_id: str, member_id: int) -> Operation:
        """Take somebody out of the team, or leave it."""
        _require_member(request, public_id, member_id)
        return partial(employing.remove_member, membership_id=member_id)


class Invitations(APIView):
    """People asked to join."""

    @paged(
        "team_invitations_list",
        shapes.InvitationOutput,
        page="InvitationPage",
        order=("-created_at", "-id"),
    )
    def get(self, request: Request, public_id: str) -> QuerySet[Any]:
        """List the invitations that wait."""
        return own_employer_of(request, public_id).invitations.filter(accepted_at__isnull=True)

    @operation(
        "invitations_create", takes=shapes.InvitationInput, gives=shapes.InvitationOutput, code=201
    )
    def post(self, request: Request, public_id: str) -> Operation:
        """Ask an address to join the team."""
        return partial(employing.invite, employer_id=own_employer_of(request, public_id).pk)


class Invitation(APIView):
    """One invitation."""

    @operation("invitations_revoke", code=204)
    def delete(self, request: Request, public_id: str, invitation_id: int) -> Operation:
        """Take an invitation back."""
        employer = own_employer_of(request, public_id)
        if not employer.invitations.filter(pk=invitation_id).exists():
            raise NotFound("There is no such invitation.")
        return partial(employing.revoke_invitation, invitation_id=invitation_id)


class InvitationAcceptance(APIView):
    """Joining a team by the link in a letter."""

    @operation("invitations_accept", takes=shapes.SecretInput, gives=shapes.MemberOutput)
    def post(self, request: Request) -> Operation:
        """Join the team that the secret of an invitation belongs to."""
        return employing.accept_invitation


class Verifications(APIView):
    """Verification by an address at the organization's domain."""

    @operation(
        "verifications_ask", takes=shapes.EmailInput, gives=shapes.VerificationOutput, code=202
    )
    def post(self, request: Request, public_id: str) -> Operation:
        """Send a link to an address at the domain."""
        own = own_employer_of(request, public_id)
        return partial(employing.ask_verification, employer_id=own.pk)


class VerificationConfirmation(APIView):
    """Following the link."""

    @operation("verifications_confirm", takes=shapes.SecretInput, gives=shapes.EmployerOutput)
    def post(self, request: Request) -> Operation:
        """Verify the organization that the secret belongs to."""
        return employing.confirm_verification


def _require_member(request: Request, public_id: str, member_id: int) -> None:
    members = own_employer_of(request, public_id).memberships
    if not members.filter(pk=member_id).exists():
        raise NotFound("There is no such member.")
