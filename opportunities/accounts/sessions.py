"""Keep sessions in the database, each with the name of the account or address it speaks of.

Django's own table says nothing of whose a session is: to end those of one person, all would have
to be read.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import salted_hmac

from opportunities.accounts.models import StoredSession, User

STEPS = ("account_login", "account_email_verification_code", "account_password_reset_verification")
"""Where a sign-up, a sign-in or a reset that is not done yet keeps the address."""


class SessionStore(DatabaseStore):
    """Django's store in the database, with our rows."""

    @classmethod
    def get_model_class(cls) -> type[StoredSession]:
        """Return the table."""
        return StoredSession

    def create_model_instance(self, data: dict[str, Any]) -> StoredSession:
        """Return a row with its owner beside it."""
        row: StoredSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.whose = whose(data)
        return row


def whose(data: Mapping[str, Any]) -> str:
    """Name the account signed in, else the one or the address that is on its way to be."""
    account = data.get(SESSION_KEY) or data.get("account_authentication_methods_user")
    if account:
        return f"account:{account}"
    for step in STEPS:
        state = data.get(step)
        if isinstance(state, Mapping) and state.get("email"):
            return of_address(str(state["email"]))
    return ""


def end_all(user: User) -> int:
    """End every session of an account, wherever it is signed in; return how many there were."""
    return StoredSession.objects.filter(whose__in=names_of(user)).delete()[0]


def of_address(address: str) -> str:
    """Name the sessions that hold an address; it is not readable from the name."""
    digest = salted_hmac(
        "opportunities.accounts.sessions", address.strip().lower(), algorithm="sha256"
    )
    return f"address:{digest.hexdigest()}"


def names_of(user: User) -> list[str]:
    """Return every name under which sessions of an account are kept."""
    addresses = {
        user.email,
        *EmailAddress.objects.filter(user=user).values_list("email", flat=True),
    }
    return [f"account:{user.pk}", *map(of_address, sorted(addresses))]
