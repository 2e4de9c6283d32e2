"""The one way in by password: a single hash for every attempt, whoever the address belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from opportunities.accounts import second_factor
from opportunities.accounts.models import User


class OneHash(AuthenticationBackend):  # type: ignore[misc]  # untyped library
    """allauth's backend alone; Django's own beside it would hash every failure a second time."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session, with what is demanded of it before it may act."""
        found = second_factor.with_demand(User.objects.filter(pk=user_id)).first()
        return found if found is not None and self.user_can_authenticate(found) else None
