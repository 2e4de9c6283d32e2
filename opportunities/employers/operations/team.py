"""The team of an organization: owners invite and change roles; the last owner stays."""

from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core.errors import (
    Conflict,
    Fault,
    Invalid,
    LimitReached,
    NotAllowed,
    NotFound,
    WrongState,
)
from opportunities.employers.locking import lock_employer
from opportunities.employers.models import Employer, MemberRole, Membership, TeamInvitation
from opportunities.employers.operations.rows import (
    digest,
    new_secret,
    own,
    require_owner,
)
from opportunities.employers.permissions import is_member
from opportunities.messaging.letters import write_letter
from opportunities.messaging.notify import notify

VALID_FOR: Final = timedelta(days=7)
MAX_PENDING: Final = 50


@transaction.atomic
def invite(*, employer_id: int, actor: User, email: str, role: str, at: datetime) -> TeamInvitation:
    """Ask an address to join the team by a letter; inviting it again replaces the link."""
    employer = own(employer_id, actor, at=at)
    require_owner(employer, actor)
    address = read_address(email)
    _require_role(role)
    if employer.memberships.filter(user__email=address).exists():
        raise Conflict(_("This person is in the team already."))
    pending = employer.invitations.filter(accepted_at__isnull=True)
    if pending.exclude(email=address).count() >= MAX_PENDING:
        raise LimitReached(
            _("At most %(most)s invitations wait at a time.") % {"most": MAX_PENDING}
        )
    secret, stored = new_secret()
    invitation, _is_new = TeamInvitation.objects.update_or_create(
        employer=employer,
        email=address,
        accepted_at=None,
        defaults={
            "role": role,
            "secret_digest": stored,
            "invited_by": actor,
            "created_at": at,
            "expires_at": at + VALID_FOR,
        },
    )
    write_letter(
        address=address,
        sender=actor,
        subject=lambda: (
            _("Join %(employer)s on %(site_name)s")
            % {"employer": employer.name, "site_name": settings.SITE_NAME}
        ),
        body=lambda: (
            _(
                "%(owner)s asks you to act for %(employer)s on %(site_name)s. Sign in or "
                "sign up with "
                "this address and follow this link within seven days:\n\n%(link)s\n\n"
                "If you do not know them, ignore this email."
            )
            % {
                "owner": actor.name or actor.email,
                "employer": employer.name,
                "site_name": settings.SITE_NAME,
                "link": f"{settings.SITE_URL}/employer/join/{secret}/",
            }
        ),
        button=lambda: _("Join the team"),
        at=at,
    )
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation_id: int, actor: User, at: datetime) -> None:
    """Take an invitation back before it is accepted."""
    invitation = TeamInvitation.objects.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound(_("There is no such invitation."))
    employer = own(invitation.employer_id, actor, at=at)
    require_owner(employer, actor)
    deleted, _of = TeamInvitation.objects.filter(pk=invitation_id, accepted_at=None).delete()
    if not deleted:
        raise WrongState(_("The invitation has been accepted."))


@transaction.atomic
def accept_invitation(*, secret: str, actor: User, at: datetime) -> Membership:
    """Join a team by the link in a letter; only the invited address opens it."""
    found = TeamInvitation.objects.filter(secret_digest=digest(secret)).first()
    if found is None:
        raise NotFound(_("There is no such invitation."))
    employer = lock_employer(found.employer_id)
    invitation = TeamInvitation.objects.select_for_update(no_key=True).get(pk=found.pk)
    if not _has_address(actor, invitation.email):
        raise NotAllowed(_("This invitation is for another email address."))
    if not invitation.is_open(at=at):
        raise WrongState(_("The invitation has run out or was used."))
    membership = Membership.objects.get_or_create(
        employer=employer, user=actor, defaults={"role": invitation.role, "joined_at": at}
    )[0]
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    _tell_owners(employer, membership, at=at)
    return membership


@transaction.atomic
def set_role(*, membership_id: int, actor: User, role: str, at: datetime) -> Membership:
    """Make a member an owner or an owner a member; the last owner stays."""
    membership = _lock_membership(membership_id, actor, at=at)
    require_owner(membership.employer, actor)
    _require_role(role)
    if role != MemberRole.OWNER:
        _require_other_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, membership_id: int, actor: User, at: datetime) -> None:
    """Take somebody out of the team, or leave it oneself; the last owner stays."""
    membership = _lock_membership(membership_id, actor, at=at)
    if membership.user_id != actor.pk:
        require_owner(membership.employer, actor)
    _require_other_owner(membership)
    membership.delete()


def _lock_membership(membership_id: int, actor: User, *, at: datetime) -> Membership:
    """Lock the organization, so that two owners cannot both leave, and return the membership."""
    found = Membership.objects.filter(pk=membership_id).first()
    if found is None or not is_member(actor, found.employer_id):
        raise NotFound(_("There is no such member."))
    employer = own(found.employer_id, actor, at=at)
    membership = employer.memberships.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound(_("There is no such member."))
    membership.employer = employer
    return membership


def _require_other_owner(membership: Membership) -> None:
    others = membership.employer.memberships.filter(role=MemberRole.OWNER).exclude(pk=membership.pk)
    if membership.role == MemberRole.OWNER and not others.exists():
        raise Conflict(_("The last owner stays; make somebody else an owner first."))


def _require_role(role: str) -> None:
    if role not in MemberRole.values:
        detail = _("One of: %(values)s.") % {"values": ", ".join(MemberRole.values)}
        raise Invalid(Fault("role", "unknown_choice", detail))


def read_address(email: str) -> str:
    """Return an email address in lower case, or raise ``Invalid``."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as refusal:
        raise Invalid(Fault("email", "malformed", _("This is not an email address."))) from refusal
    if len(address) > 254:
        raise Invalid(Fault("email", "too_long", _("At most 254 characters.")))
    return address


def _has_address(user: User, address: str) -> bool:
    return (
        user.email.lower() == address.lower()
        or EmailAddress.objects.filter(user=user, email__iexact=address, verified=True).exists()
    )


def _tell_owners(employer: Employer, membership: Membership, *, at: datetime) -> None:
    person = membership.user.name or membership.user.email
    owners = User.objects.filter(
        memberships__employer=employer, memberships__role=MemberRole.OWNER
    ).exclude(pk=membership.user_id)
    notify(
        recipients=owners,
        kind="team_joined",
        key=f"team_joined:{membership.pk}",
        subject=lambda: _("%(employer)s: someone joined the team") % {"employer": employer.name},
        body=lambda: _("%(person)s joined the team.") % {"person": person},
        at=at,
        url="/employer/team/",
    )
