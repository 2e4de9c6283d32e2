"""Verify an organization by a confirmed email address at its domain (rule 1.1)."""

from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q
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
from opportunities.core.mail_domains import registered_part, why_shared
from opportunities.core.signals import employer_changed
from opportunities.employers.locking import lock_employer
from opportunities.employers.models import (
    EmailVerification,
    Employer,
    EmployerStatus,
    VerifiedBy,
)
from opportunities.employers.operations.rows import digest, new_secret, own
from opportunities.employers.operations.team import read_address
from opportunities.employers.permissions import is_member, members_of
from opportunities.messaging.letters import write_letter
from opportunities.messaging.notify import notify

VALID_FOR: Final = timedelta(days=1)
MAX_A_DAY: Final = 5


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
    secret, stored = new_secret()
    verification = EmailVerification.objects.create(
        employer=employer,
        user=actor,
        email=address,
        secret_digest=stored,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
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
    found = EmailVerification.objects.filter(secret_digest=digest(secret)).first()
    if found is None:
        raise NotFound(_("There is no such link."))
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
    address = own_addresses.filter(email__iendswith=f"@{employer.domain}").first()
    if employer.is_verified or not employer.domain or address is None:
        return False
    try:
        _require_domain(employer, address.email.lower())
    except Invalid:
        return False
    others = Employer.objects.filter(domain=employer.domain).exclude(pk=employer.pk)
    if others.filter(Q(verified_at__isnull=False) | ~Q(status=EmployerStatus.ACTIVE)).exists():
        return False
    verification = EmailVerification.objects.create(
        employer=employer,
        user=actor,
        email=address.email.lower(),
        secret_digest=new_secret()[1],
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    _verify(employer, verification, at=at)
    return True


def _verify(employer: Employer, verification: EmailVerification, *, at: datetime) -> None:
    verification.confirmed_at = at
    verification.save(update_fields=["confirmed_at"])
    if employer.is_verified:
        return
    employer.verified_at = at
    employer.verified_by = VerifiedBy.DOMAIN
    employer.save(update_fields=["verified_at", "verified_by"])
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
