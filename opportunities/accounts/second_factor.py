"""Whose accounts open only with a second factor, and whether this session has used one.

Passkeys, authenticator apps and recovery codes all count; a password or a mailed code alone does
not. What counts is the session: a factor that is set up and was not asked for protects nobody.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.dispatch import receiver
from django.http import HttpRequest

from opportunities.accounts.factor_secrets import CIPHER
from opportunities.accounts.models import User
from opportunities.accounts.permissions import MODERATE
from opportunities.core.models import Site
from opportunities.core.rows import asked_once


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped library
    """Names this site to the devices that keep passkeys, and keeps secrets unreadable."""

    def encrypt(self, text: str) -> str:
        """Return a secret as the database keeps it."""
        return CIPHER.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret from what the database keeps."""
        return CIPHER.decrypt(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the host that a passkey is bound to, and the name that the device shows."""
        bound: dict[str, str] = super().get_public_key_credential_rp_entity()
        return bound | {"name": settings.SITE_NAME}


class Demand(NamedTuple):
    """Whether an account needs a second factor for what it may do, and whether one is set up."""

    is_needed: bool
    is_set_up: bool


def with_demand(accounts: QuerySet[User]) -> QuerySet[User]:
    """Read with each account, in the same query, what is demanded of it."""
    app, codename = MODERATE.split(".")
    moderate = Permission.objects.filter(content_type__app_label=app, codename=codename)
    alone: Any = User.user_permissions.through
    grouped: Any = User.groups.through
    account = OuterRef("pk")
    powers = (
        Q(is_staff=True)
        | Q(is_superuser=True)
        | Q(Exists(alone.objects.filter(user_id=account, permission__in=moderate)))
        | Q(Exists(grouped.objects.filter(user_id=account, group__permissions__in=moderate)))
        | Q(Exists(Site.objects.filter(pk=1, owners_need_second_factor=True)))
        & Q(Exists(User.objects.filter(pk=account, memberships__role="owner")))
    )
    factors = Authenticator.objects.filter(user=account).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return accounts.annotate(
        second_factor_needed=ExpressionWrapper(powers, output_field=BooleanField()),
        second_factor_set_up=Exists(factors),
    )


def demand_on(account: User) -> Demand:
    """Say what is demanded of an account; one that a session loaded knows it already."""
    if settings.DEMO:
        return Demand(is_needed=False, is_set_up=False)
    asked: Any = account
    if not hasattr(account, "second_factor_needed"):
        asked = _question()(account.pk)
    return Demand(asked.second_factor_needed, asked.second_factor_set_up)


@cache
def _question() -> Callable[[object], User | None]:
    return asked_once(with_demand(User.objects.only("pk")))


def stands_before_owners(request: HttpRequest) -> bool:
    """Say whether who founds an organization now has to use a second factor before going on."""
    return not settings.DEMO and Site.load().owners_need_second_factor and not is_used_in(request)


def is_used_in(request: HttpRequest) -> bool:
    """Say whether the person signed in has used a second factor in this session."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


@receiver(authenticator_added)
def count_the_first(
    sender: object, *, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Count setting up an account's first factor as using it: the person has just shown it.

    Later ones do not count, so that a password alone cannot add a factor of its own and pass.
    """
    kinds = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    is_first = list(kinds.values_list("pk", flat=True)) == [authenticator.pk]
    if is_first and request.user.pk == user.pk:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
