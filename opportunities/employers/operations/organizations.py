"""Organizations: founded by anybody with an account, described by their members."""

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_suspended
from opportunities.core.errors import Fault, Invalid, LimitReached, NotAllowed, NotFound, RuleBroken
from opportunities.core.fields_of_work import Field
from opportunities.core.mail_domains import why_shared
from opportunities.core.validation import COUNTRY, Address, Choice, Refused, Text, labelled
from opportunities.employers.models import Employer, MemberRole, Membership
from opportunities.employers.operations.logos import safe_logo
from opportunities.employers.operations.rows import own, require_owner
from opportunities.employers.operations.verification import verify_by_own_address
from opportunities.employers.permissions import is_member

MAX_EMPLOYERS: Final = 10
"""Organizations that one account may act for."""
HOST: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


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
    if is_suspended(actor, at=at):
        raise NotAllowed(_("A sanction keeps you from acting at present."))
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
    for name, value in columns.items():
        setattr(employer, name, value)
    if changed:
        employer.save(update_fields=list(columns))
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
    employer.logo = name
    employer.save(update_fields=["logo"])
    if former:
        transaction.on_commit(partial(default_storage.delete, former))
    return employer


def _with_free_slug(columns: Mapping[str, Any], *, at: datetime) -> Employer:
    """Create the row under the first slug that is free."""
    stem = slugify(columns["name"])[:120].strip("-") or "organization"
    slug = stem
    for _attempt in range(5):
        try:
            with transaction.atomic():
                return Employer.objects.create(**columns, slug=slug, created_at=at)
        except IntegrityError:
            slug = f"{stem}-{secrets.token_hex(4)}"
    raise LimitReached(_("No address is free for this name; try again."))
