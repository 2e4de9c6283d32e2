"""Organizations: their page, their team, their verification."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.current import actor
from opportunities.core.api import listed, page_of_kind, read, stated
from opportunities.core.errors import NotFound
from opportunities.employers import operations as employing
from opportunities.employers.api import serializers as shapes
from opportunities.employers.api.lookup import employer_of, own_employer_of
from opportunities.employers.models import Employer
from opportunities.employers.operations.logos import MAX_BYTES
from opportunities.employers.permissions import can_view_employer


class Employers(APIView):
    """Organizations that post roles."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(
        operation_id="employers_list",
        responses=page_of_kind("EmployerPage", shapes.EmployerOutput),
    )
    def get(self, request: Request) -> Response:
        """List the organizations, by name."""
        rows = Employer.objects.active()
        return listed(rows, request, shape=shapes.EmployerOutput, order=("name", "id"))

    @extend_schema(
        operation_id="employers_create",
        request=shapes.EmployerInput,
        responses={201: shapes.EmployerOutput},
    )
    def post(self, request: Request) -> Response:
        """Found an organization; whoever founds it owns it."""
        employer = employing.create_employer(
            actor=actor(request), values=stated(request), at=timezone.now()
        )
        return Response(
            shapes.EmployerOutput(employer).data,
            status=status.HTTP_201_CREATED,
            headers={"Location": f"/api/v1/employers/{employer.public_id}"},
        )


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

    @extend_schema(
        operation_id="employers_update",
        request={"application/json": shapes.EmployerInput},
        responses=shapes.EmployerOutput,
    )
    def patch(self, request: Request, public_id: str) -> Response:
        """Change what one's organization says of itself."""
        employer = employing.update_employer(
            employer_id=own_employer_of(request, public_id).pk,
            actor=actor(request),
            values=stated(request),
            at=timezone.now(),
        )
        return Response(shapes.EmployerOutput(employer).data)


class Logo(APIView):
    """The logo of an organization."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="employers_logo",
        request={"multipart/form-data": shapes.LogoInput},
        responses=shapes.EmployerOutput,
    )
    def put(self, request: Request, public_id: str) -> Response:
        """Show a logo: PNG, JPEG, WebP or GIF of at most 2 MB."""
        own = own_employer_of(request, public_id)
        employer = employing.set_logo(
            employer_id=own.pk,
            actor=actor(request),
            content=read(shapes.LogoInput, request)["logo"].read(MAX_BYTES + 1),
            at=timezone.now(),
        )
        return Response(shapes.EmployerOutput(employer).data)

    @extend_schema(operation_id="employers_remove_logo", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Show no logo any more."""
        employing.remove_logo(
            employer_id=own_employer_of(request, public_id).pk,
            actor=actor(request),
            at=timezone.now(),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class Members(APIView):
    """The team."""

    @extend_schema(
        operation_id="members_list", responses=page_of_kind("MemberPage", shapes.MemberOutput)
    )
    def get(self, request: Request, public_id: str) -> Response:
        """List the people who act for one's organization."""
        rows = own_employer_of(request, public_id).memberships.select_related("user")
        return listed(rows, request, shape=shapes.MemberOutput, order=("joined_at", "id"))


class Member(APIView):
    """One person of the team."""

    @extend_schema(
        operation_id="members_set_role",
        request=shapes.RoleOfMemberInput,
        responses=shapes.MemberOutput,
    )
    def post(self, request: Request, public_id: str, member_id: int) -> Response:
        """Make a member an owner or an owner a member; the last owner stays."""
        membership = employing.set_role(
            membership_id=_member(request, public_id, member_id),
            actor=actor(request),
            at=timezone.now(),
            **read(shapes.RoleOfMemberInput, request),
        )
        return Response(shapes.MemberOutput(membership).data)

    @extend_schema(operation_id="members_remove", responses={204: None})
    def delete(self, request: Request, public_id: str, member_id: int) -> Response:
        """Take somebody out of the team, or leave it."""
        employing.remove_member(
            membership_id=_member(request, public_id, member_id),
            actor=actor(request),
            at=timezone.now(),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class Invitations(APIView):
    """People asked to join."""

    @extend_schema(
        operation_id="team_invitations_list",
        responses=page_of_kind("InvitationPage", shapes.InvitationOutput),
    )
    def get(self, request: Request, public_id: str) -> Response:
        """List the invitations that wait."""
        rows = own_employer_of(request, public_id).invitations.filter(accepted_at__isnull=True)
        return listed(rows, request, shape=shapes.InvitationOutput, order=("-created_at", "-id"))

    @extend_schema(
        operation_id="invitations_create",
        request=shapes.InvitationInput,
        responses={201: shapes.InvitationOutput},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Ask an address to join the team."""
        invitation = employing.invite(
            employer_id=own_employer_of(request, public_id).pk,
            actor=actor(request),
            at=timezone.now(),
            **read(shapes.InvitationInput, request),
        )
        return Response(shapes.InvitationOutput(invitation).data, status=status.HTTP_201_CREATED)


class Invitation(APIView):
    """One invitation."""

    @extend_schema(operation_id="invitations_revoke", responses={204: None})
    def delete(self, request: Request, public_id: str, invitation_id: int) -> Response:
        """Take an invitation back."""
        employer = own_employer_of(request, public_id)
        if not employer.invitations.filter(pk=min(invitation_id, 2**62)).exists():
            raise NotFound("There is no such invitation.")
        employing.revoke_invitation(
            invitation_id=invitation_id, actor=actor(request), at=timezone.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationAcceptance(APIView):
    """Joining a team by the link in a letter."""

    @extend_schema(
        operation_id="invitations_accept",
        request=shapes.SecretInput,
        responses=shapes.MemberOutput,
    )
    def post(self, request: Request) -> Response:
        """Join the team that the secret of an invitation belongs to."""
        membership = employing.accept_invitation(
            actor=actor(request), at=timezone.now(), **read(shapes.SecretInput, request)
        )
        return Response(shapes.MemberOutput(membership).data)


class Verifications(APIView):
    """Verification by an address at the organization's domain."""

    @extend_schema(
        operation_id="verifications_ask",
        request=shapes.EmailInput,
        responses={202: shapes.VerificationOutput},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Send a link to an address at the domain."""
        verification = employing.ask_verification(
            employer_id=own_employer_of(request, public_id).pk,
            actor=actor(request),
            at=timezone.now(),
            **read(shapes.EmailInput, request),
        )
        return Response(
            shapes.VerificationOutput(verification).data, status=status.HTTP_202_ACCEPTED
        )


class VerificationConfirmation(APIView):
    """Following the link."""

    @extend_schema(
        operation_id="verifications_confirm",
        request=shapes.SecretInput,
        responses=shapes.EmployerOutput,
    )
    def post(self, request: Request) -> Response:
        """Verify the organization that the secret belongs to."""
        employer = employing.confirm_verification(
            actor=actor(request), at=timezone.now(), **read(shapes.SecretInput, request)
        )
        return Response(shapes.EmployerOutput(employer).data)


def _member(request: Request, public_id: str, member_id: int) -> int:
    employer = own_employer_of(request, public_id)
    if not employer.memberships.filter(pk=min(member_id, 2**62)).exists():
        raise NotFound("There is no such member.")
    return member_id
