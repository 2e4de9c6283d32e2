"""What people do for an organization: found it, describe it, verify it, keep its team.

Anybody with an account founds one, its members describe it, and its owners invite and change
roles; the last owner stays. A confirmed email address at its domain verifies it (rule 1.1).
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.accounts.permissions import require_active
from opportunities.core.errors import (
    Conflict,
    Fault,
    Invalid,
    LimitReached,
    NotAllowed,
    NotFound,
    RuleBroken,
    WrongState,
)
from opportunities.core.fields_of_work import Field
from opportunities.core.mail_domains import registered_part, why_shared
from opportunities.core.rows import require_row, update_row
from opportunities.core.signals import employer_changed
from opportunities.core.validation import COUNTRY, Address, Choice, Refused, Text, labelled
from opportunities.employers.locking import lock_employer
from opportunities.employers.logos import safe_logo
from opportunities.employers.models import (
    EmailVerification,
    Employer,
    EmployerStatus,
    MemberRole,
    Membership,
    TeamInvitation,
    VerifiedBy,
)
from opportunities.employers.permissions import is_member, is_owner, members_of
from opportunities.employers.team_notices import tell_of_removal, tell_of_role, tell_owners
from opportunities.messaging.letters import write_letter
from opportunities.messaging.notify import notify
from opportunities.places.folding import UMLAUTS

MAX_EMPLOYERS: Final = 10
"""Organizations that one account may act for."""
HOST: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
INVITATION_VALID_FOR: Final = timedelta(days=7)
MAX_PENDING: Final = 50
LINK_VALID_FOR: Final = timedelta(days=1)
MAX_A_DAY: Final = 5


def own(employer_id: int, actor: User, *, at: datetime) -> Employer:
    """Lock an employer and return it to one of its members, or raise ``NotFound``."""
    employer = lock_employer(employer_id)
    if not is_member(actor, employer.pk):
        raise NotFound(_("There is no such employer of yours."))
    require_active(actor, at=at)
    return employer


def require_owner(employer: Employer, actor: User) -> None:
    """Refuse members who do not own the employer."""
    if not is_owner(actor, employer.pk):
        raise NotAllowed(_("Only an owner of the organization may do this."))


def new_secret() -> tuple[str, str]:
    """Return a secret for a link, and the digest that is stored."""
    secret = secrets.token_urlsafe(32)
    return secret, digest(secret)


def digest(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _domain(raw: object) -> str:
    if raw is None or raw == "":
        return ""
    if not isinstance(raw, str) or not HOST.fullmatch(raw.strip().lower()):
        raise Refused("malformed", _("A domain looks like example.org."))
    domain = raw.strip().lower()
    if shared := why_shared(domain):
        raise Refused("not_an_employers", shared)
    return domain


def domain_of(address: str) -> str:
    """Return the domain of an address, or nothing where anybody can have an address at it."""
    try:
        return _domain(address.rpartition("@")[2])
    except Refused:
        return ""


FIELDS: Final[Mapping[str, Callable[[object], Any]]] = {
    "name": Text(120),
    "about": Text(4000, lines=True),
    "website": Address(),
    "domain": _domain,
    "field": Choice(labelled(Field.values), empty=""),
    "place": Text(120),
    "country": COUNTRY,
}
"""What an organization says of itself, and what reads it."""
_WRITTEN_GERMAN: Final = frozenset({"AT", "CH", "DE", "LI"})
"""Countries where a letter with dots is written as two where there is none: Köln, koeln."""
IDENTITY: Final = frozenset({"name", "domain"})
"""Owners change these alone, and a change takes the verification away (rule 1.1)."""


def read_organization(values: Mapping[str, object]) -> dict[str, Any]:
    """Return the columns that the values state, or raise ``Invalid`` naming each fault."""
    columns: dict[str, Any] = {}
    faults = []
    for name, raw in values.items():
        try:
            columns[name] = FIELDS[name](raw)
        except KeyError:
            faults.append(
                Fault(
                    name[:40],
                    "unknown_field",
                    _("There is no field %(name)s.") % {"name": name[:40]},
                )
            )
        except Refused as refusal:
            faults.append(Fault(name, refusal.code, str(refusal)))
    if columns.get("name") == "":
        faults.append(Fault("name", "required", _("Enter the name of the organization.")))
    if faults:
        raise Invalid(*faults)
    return columns


@transaction.atomic
def create_employer(*, actor: User, values: Mapping[str, object], at: datetime) -> Employer:
    """Found an organization; whoever founds it owns it.

    An address at its domain that the founder has confirmed verifies it.
    """
    require_active(actor, at=at)
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if actor.memberships.count() >= MAX_EMPLOYERS:
        raise LimitReached(
            _("One account acts for at most %(most)s organizations.") % {"most": MAX_EMPLOYERS}
        )
    columns = read_organization({"name": "", **values})
    employer = _with_free_slug(columns, at=at)
    Membership.objects.create(employer=employer, user=actor, role=MemberRole.OWNER, joined_at=at)
    verify_by_own_address(employer, actor, at=at)
    return employer


@transaction.atomic
def update_employer(
    *, employer_id: int, actor: User, values: Mapping[str, object], at: datetime
) -> Employer:
    """Change what an organization says of itself; another name or domain is verified anew.

    A domain that is stated later is verified as at the founding. Whoever renames what was verified
    follows a link once more.
    """
    employer = own(employer_id, actor, at=at)
    columns, was_verified = read_organization(values), employer.is_verified
    changed = {name for name, value in columns.items() if getattr(employer, name) != value}
    if changed & IDENTITY:
        require_owner(employer, actor)
        if employer.is_verified:
            columns |= {"verified_at": None, "verified_by": ""}
    if changed:
        update_row(employer, **columns)
    if "domain" in changed and not was_verified:
        verify_by_own_address(employer, actor, at=at)
    return employer


def set_logo(*, employer_id: int, actor: User, content: bytes, at: datetime) -> Employer:
    """Show a logo: decoded within bounds, written anew under a random name."""
    if not is_member(actor, employer_id):
        raise NotFound(_("There is no such employer of yours."))
    picture = ContentFile(safe_logo(content))
    name = default_storage.save(f"logos/{secrets.token_hex(16)}.png", picture)
    try:
        return _replace_logo(employer_id, actor, name, at=at)
    except RuleBroken:
        default_storage.delete(name)
        raise


def remove_logo(*, employer_id: int, actor: User, at: datetime) -> Employer:
    """Show no logo any more."""
    return _replace_logo(employer_id, actor, "", at=at)


@transaction.atomic
def _replace_logo(employer_id: int, actor: User, name: str, *, at: datetime) -> Employer:
    employer = own(employer_id, actor, at=at)
    former = employer.logo.name if employer.logo else ""
    update_row(employer, logo=name)
    if former:
        transaction.on_commit(partial(default_storage.delete, former))
    return employer


def _with_free_slug(columns: Mapping[str, Any], *, at: datetime) -> Employer:
    """Create the row under the first slug that is free."""
    name = columns["name"].casefold()
    if columns.get("country") in _WRITTEN_GERMAN:
        name = name.translate(UMLAUTS)
    stem = slugify(name)[:120].strip("-") or "organization"
    slug = stem
    for _attempt in range(5):
        try:
            with transaction.atomic():
                return Employer.objects.create(**columns, slug=slug, created_at=at)
        except IntegrityError:
            slug = f"{stem}-{secrets.token_hex(4)}"
    raise LimitReached(_("No address is free for this name; try again."))


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
            "expires_at": at + INVITATION_VALID_FOR,
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
    rows = TeamInvitation.objects.filter(pk=invitation_id)
    invitation = require_row(rows, _("There is no such invitation."))
    employer = own(invitation.employer_id, actor, at=at)
    require_owner(employer, actor)
    deleted, _of = rows.filter(accepted_at=None).delete()
    if not deleted:
        raise WrongState(_("The invitation has been accepted."))


@transaction.atomic
def accept_invitation(*, secret: str, actor: User, at: datetime) -> Membership:
    """Join a team by the link in a letter; only the invited address opens it."""
    found = _invitation_of(secret)
    employer = lock_employer(found.employer_id)
    invitation = TeamInvitation.objects.select_for_update(no_key=True).get(pk=found.pk)
    _require_invited(actor, invitation, at=at)
    membership = Membership.objects.get_or_create(
        employer=employer, user=actor, defaults={"role": invitation.role, "joined_at": at}
    )[0]
    update_row(invitation, accepted_at=at)
    tell_owners(employer, membership, at=at)
    return membership


def invitation_for(*, secret: str, actor: User, at: datetime) -> TeamInvitation:
    """Return the invitation that a link opens to somebody, or raise why it opens nothing."""
    invitation = _invitation_of(secret)
    _require_invited(actor, invitation, at=at)
    return invitation


def _invitation_of(secret: str) -> TeamInvitation:
    rows = TeamInvitation.objects.select_related("employer").filter(secret_digest=digest(secret))
    return require_row(rows, _("There is no such invitation."))


def _require_invited(actor: User, invitation: TeamInvitation, *, at: datetime) -> None:
    if not _has_address(actor, invitation.email):
        raise NotAllowed(_("This invitation is for another email address."))
    if invitation.is_open(at=at):
        return
    if invitation.employer.memberships.filter(user=actor).exists():
        raise Conflict(_("You are in this team already."))
    if invitation.accepted_at is None:
        raise WrongState(_("The invitation has run out."))
    raise WrongState(_("The invitation was used already."))


@transaction.atomic
def set_role(*, membership_id: int, actor: User, role: str, at: datetime) -> Membership:
    """Make a member an owner or an owner a member; the last owner stays."""
    membership = _lock_membership(membership_id, actor, at=at)
    require_owner(membership.employer, actor)
    _require_role(role)
    if role != MemberRole.OWNER:
        _require_other_owner(membership)
    if role != membership.role:
        update_row(membership, role=role)
        tell_of_role(membership, actor, at=at)
    return membership


@transaction.atomic
def remove_member(*, membership_id: int, actor: User, at: datetime) -> None:
    """Take somebody out of the team, or leave it oneself; the last owner stays."""
    membership = _lock_membership(membership_id, actor, at=at)
    if membership.user_id != actor.pk:
        require_owner(membership.employer, actor)
    _require_other_owner(membership)
    tell_of_removal(membership, actor, at=at)
    membership.delete()


def _lock_membership(membership_id: int, actor: User, *, at: datetime) -> Membership:
    """Lock the organization, so that two owners cannot both leave, and return the membership."""
    found = Membership.objects.filter(pk=membership_id).first()
    if found is None or not is_member(actor, found.employer_id):
        raise NotFound(_("There is no such member."))
    employer = own(found.employer_id, actor, at=at)
    rows = employer.memberships.filter(pk=membership_id)
    membership = require_row(rows, _("There is no such member."))
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


@transaction.atomic
def ask_verification(
    *, employer_id: int, actor: User, email: str, at: datetime
) -> EmailVerification:
    """Send a link to an address at the organization's domain; following it verifies it.

    An address that the account has confirmed before verifies at once.
    """
    employer = own(employer_id, actor, at=at)
    if employer.is_verified:
        raise Conflict(_("%(employer)s is verified already.") % {"employer": employer.name})
    address = read_address(email)
    _require_domain(employer, address)
    recent = employer.verifications.filter(created_at__gt=at - timedelta(days=1))
    if recent.count() >= MAX_A_DAY:
        raise LimitReached(_("At most %(most)s links a day.") % {"most": MAX_A_DAY})
    verification, secret = _new_verification(employer, actor, address, at=at)
    if EmailAddress.objects.filter(user=actor, email__iexact=address, verified=True).exists():
        _confirm(employer, verification, at=at)
        return verification
    write_letter(
        address=address,
        sender=actor,
        subject=lambda: (
            _("Verify %(employer)s on %(site_name)s")
            % {"employer": employer.name, "site_name": settings.SITE_NAME}
        ),
        body=lambda: (
            _(
                "%(person)s posts roles for %(employer)s on %(site_name)s. If that is "
                "right, follow "
                "this link within a day:\n\n%(link)s\n\nIf you do not know them, ignore this "
                "email and nothing happens."
            )
            % {
                "person": actor.name or actor.email,
                "employer": employer.name,
                "site_name": settings.SITE_NAME,
                "link": f"{settings.SITE_URL}/employer/verify/{secret}/",
            }
        ),
        button=lambda: _("Verify the organization"),
        at=at,
    )
    return verification


@transaction.atomic
def confirm_verification(*, secret: str, actor: User, at: datetime) -> Employer:
    """Verify the organization by the link in the letter; a member of it follows the link."""
    rows = EmailVerification.objects.filter(secret_digest=digest(secret))
    found = require_row(rows, _("There is no such link."))
    employer = lock_employer(found.employer_id)
    if not is_member(actor, employer.pk):
        raise NotAllowed(
            _("Only somebody who acts for %(employer)s may follow this link.")
            % {"employer": employer.name}
        )
    verification = EmailVerification.objects.select_for_update(no_key=True).get(pk=found.pk)
    if verification.confirmed_at is not None or at >= verification.expires_at:
        raise WrongState(_("The link has run out or was used."))
    _require_domain(employer, verification.email)
    _confirm(employer, verification, at=at)
    return employer


def verify_by_own_address(employer: Employer, actor: User, *, at: datetime) -> bool:
    """Verify a locked organization by an address that its founder has confirmed; say whether.

    The address is at its very domain, so no other mail is needed. Where another organization is
    verified at that domain, or under a sanction, a link or a moderator has to say who they are.
    """
    own_addresses = EmailAddress.objects.filter(user=actor, verified=True)
    found = own_addresses.filter(email__iendswith=f"@{employer.domain}").first()
    if employer.is_verified or not employer.domain or found is None:
        return False
    address = found.email.lower()
    try:
        _require_domain(employer, address)
    except Invalid:
        return False
    others = Employer.objects.filter(domain=employer.domain).exclude(pk=employer.pk)
    if others.filter(Q(verified_at__isnull=False) | ~Q(status=EmployerStatus.ACTIVE)).exists():
        return False
    _verify(employer, _new_verification(employer, actor, address, at=at)[0], at=at)
    return True


def _new_verification(
    employer: Employer, actor: User, address: str, *, at: datetime
) -> tuple[EmailVerification, str]:
    """Store that an address is to be confirmed; return the row, and the secret of its link."""
    secret, stored = new_secret()
    verification = EmailVerification.objects.create(
        employer=employer,
        user=actor,
        email=address,
        secret_digest=stored,
        created_at=at,
        expires_at=at + LINK_VALID_FOR,
    )
    return verification, secret


def _verify(employer: Employer, verification: EmailVerification, *, at: datetime) -> None:
    update_row(verification, confirmed_at=at)
    if employer.is_verified:
        return
    update_row(employer, verified_at=at, verified_by=VerifiedBy.DOMAIN)
    employer_changed.send(sender=Employer, employer_id=employer.pk)


def _confirm(employer: Employer, verification: EmailVerification, *, at: datetime) -> None:
    is_news = not employer.is_verified
    _verify(employer, verification, at=at)
    if not is_news:
        return
    notify(
        recipients=members_of(employer),
        kind="employer_verified",
        key=f"employer_verified:{verification.pk}",
        subject=lambda: _("%(employer)s is verified") % {"employer": employer.name},
        body=lambda: (
            _("An address at %(domain)s was confirmed. Your roles show it.")
            % {"domain": employer.domain}
        ),
        at=at,
        url="/employer/",
        is_decision=True,
    )


def _require_domain(employer: Employer, address: str) -> None:
    """Refuse addresses that prove nothing about this organization."""
    host = address.rpartition("@")[2]
    if not employer.domain:
        detail = _("Say first which domain is the organization's.")
        raise Invalid(Fault("email", "no_domain", detail))
    if shared := why_shared(employer.domain):
        raise Invalid(Fault("email", "not_an_employers", shared))
    is_below = host.endswith("." + employer.domain)
    # Below some domains lie public suffixes: whoever registered there speaks for themselves.
    is_of_one_holder = registered_part(host) == registered_part(employer.domain)
    if host != employer.domain and not (is_below and is_of_one_holder):
        detail = _("The address ends with @%(domain)s.") % {"domain": employer.domain}
        raise Invalid(Fault("email", "other_domain", detail))
