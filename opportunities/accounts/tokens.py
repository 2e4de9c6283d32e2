"""Tokens of the API: made with a name, scopes and an end, shown once, revoked at any time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from knox.models import AuthToken

from opportunities.accounts.models import SCOPES, TokenGrant, User
from opportunities.core.errors import Fault, Invalid, LimitReached, NotFound
from opportunities.core.retention import TOKENS_DAYS

MAX_TOKENS: Final = 20
MAX_NAME: Final = 80
LIVES: Final = (30, 90, 365)
"""Days that a token may live."""
USES_APART: Final = timedelta(hours=1)
"""How far apart the uses of a token are that are written down."""


def make(
    *,
    person: User,
    name: str,
    scopes: Sequence[str],
    days: int,
    at: datetime,
    with_second_factor: bool = False,
) -> tuple[TokenGrant, str]:
    """Make a token; its secret is returned once and never stored.

    ``with_second_factor`` says that the session it is made in has used one: only such a token may
    act for an account that needs a second factor, then or later.
    """
    faults = []
    if not (name.strip() and len(name) <= MAX_NAME and name.isprintable()):
        rule = _("A name has 1 to %(most)s characters.") % {"most": MAX_NAME}
        faults.append(Fault("name", "malformed", rule))
    if not scopes or set(scopes) - set(SCOPES):
        faults.append(Fault("scopes", "unknown_choice", _("Choose what the token may do.")))
    if days not in LIVES:
        faults.append(Fault("days", "unknown_choice", _("Choose how long the token lives.")))
    if faults:
        raise Invalid(*faults)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if grants_of(person, at=at).count() >= MAX_TOKENS:
            raise LimitReached(
                _("You have %(most)s tokens; revoke one first.") % {"most": MAX_TOKENS}
            )
        token, secret = AuthToken.objects.create(user=person, expiry=timedelta(days=days))
        grant = TokenGrant.objects.create(
            token=token,
            name=name.strip(),
            scopes=sorted(set(scopes)),
            made_at=at,
            with_second_factor=with_second_factor,
        )
    return grant, secret


def note_use(grant: TokenGrant, *, at: datetime) -> None:
    """Keep when a token was last used; of the uses within an hour only the first is written."""
    if grant.used_at is None or grant.used_at <= at - USES_APART:
        TokenGrant.objects.filter(pk=grant.pk).update(used_at=at)


def revoke(*, person: User, grant_id: int) -> None:
    """Revoke a token at once."""
    deleted, _rows = AuthToken.objects.filter(user=person, grant=grant_id).delete()
    if not deleted:
        raise NotFound(_("There is no such token of yours."))


def grants_of(person: User, *, at: datetime) -> QuerySet[TokenGrant]:
    """Return a person's tokens that still live, newest first."""
    rows = TokenGrant.objects.filter(token__user=person, token__expiry__gt=at)
    return rows.select_related("token").order_by("-made_at", "-id")


def ended_of(person: User, *, at: datetime) -> QuerySet[TokenGrant]:
    """Return those that expired within as many days as they are kept, the last one first."""
    kept_since = at - timedelta(days=TOKENS_DAYS)
    rows = TokenGrant.objects.filter(
        token__user=person, token__expiry__lte=at, token__expiry__gte=kept_since
    )
    return rows.select_related("token").order_by("-token__expiry", "-id")
