"""What an account may do by itself."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from opportunities.accounts.models import User

MODERATE = "roles.moderate_opportunity"


type Viewer = User | AnonymousUser


def is_moderator(user: Viewer) -> bool:
    """Say whether this account moderates at all."""
    return user.has_perm(MODERATE)


def is_suspended(user: User, *, at: datetime) -> bool:
    """Say whether a sanction keeps this account from posting, applying and writing."""
    return user.suspended_until is not None and user.suspended_until > at
