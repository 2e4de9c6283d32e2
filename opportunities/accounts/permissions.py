"""What an account may do by itself."""

from datetime import UTC, datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core import clock
from opportunities.core.errors import NotAllowed

MODERATE = "roles.moderate_opportunity"
FOREVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""When the suspension of a blocked account ends."""


type Viewer = User | AnonymousUser


def is_moderator(user: Viewer) -> bool:
    """Say whether this account moderates at all."""
    return user.has_perm(MODERATE)


def require_active(user: User, *, at: datetime) -> None:
    """Refuse an account that a sanction keeps from posting, applying and writing."""
    require_unblocked(user)
    until = user.suspended_until
    if until is None or until <= at:
        return
    raise NotAllowed(_("Your account is suspended until %(when)s.") % {"when": clock.said(until)})


def is_blocked(user: User) -> bool:
    """Say whether an account may only read and appeal."""
    return user.suspended_until == FOREVER


def require_unblocked(user: User) -> None:
    """Refuse an account that may only read and appeal."""
    if is_blocked(user):
        raise NotAllowed(_("Your account is blocked: you can read, but not act."))
