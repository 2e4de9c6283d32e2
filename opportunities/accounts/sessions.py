"""Keep sessions in the database, each with the name of the account or address it speaks of.

Django's own table says nothing of whose a session is: to end those of one person, all would have
to be read. And it holds the very keys that browsers send, so that whoever reads a copy of it is
signed in as everybody; here a row bears the digest of its key.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY as APP_SECRET
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone
from django.utils.crypto import salted_hmac

from opportunities.accounts.models import StoredSession, User
from opportunities.core.encryption import Cipher
from opportunities.core.rows import asked_once

CIPHER: Final = Cipher(b"opportunities.accounts.sessions")
FORMER_LENGTH: Final = 32
"""Of the keys that former releases gave out; neither a key nor a digest has it now."""
STEPS = ("account_login", "account_email_verification_code", "account_password_reset_verification")
"""Where a sign-up, a sign-in or a reset that is not done yet keeps the address."""


class SessionStore(DatabaseStore):
    """Django's store in the database, with our rows.

    The secret of an authenticator app that somebody sets up is encrypted in them.
    """

    @classmethod
    def get_model_class(cls) -> type[StoredSession]:
        """Return the table."""
        return StoredSession

    def create_model_instance(self, data: dict[str, Any]) -> StoredSession:
        """Return a row with its owner beside it."""
        row: StoredSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.session_key = digest_of(row.session_key)
        row.whose = whose(data)
        return row

    def load(self) -> dict[str, Any]:
        """Return what is kept under the key; one under which nothing is kept is given up."""
        if self.session_key:
            row = _question()(digest_of(self.session_key))
            if row is not None and row.expire_date > timezone.now():
                return self.decode(row.session_data)
        self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        """Say whether something is kept under a key."""
        return super().exists(digest_of(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """Delete what is kept under a key, by itself that of this session."""
        if key := session_key or self.session_key:
            super().delete(digest_of(key))

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return what the database keeps."""
        if secret := session_dict.get(APP_SECRET):
            session_dict = session_dict | {APP_SECRET: CIPHER.encrypt(secret)}
        return super().encode(session_dict)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return a session from what the database keeps."""
        data = super().decode(session_data)
        if secret := data.get(APP_SECRET):
            data[APP_SECRET] = CIPHER.decrypt(secret)
        return data

    def _get_new_session_key(self) -> str:
        return secrets.token_urlsafe(32)


@cache
def _question() -> Callable[[object], StoredSession | None]:
    return asked_once(StoredSession.objects.only("session_data", "expire_date"))


def digest_of(key: str) -> str:
    """Name the row of a session: by 160 bits of a hash, or by a key of a former release itself.

    Those end within 30 days (``session_ends.LONGEST``).
    """
    is_former = len(key) == FORMER_LENGTH and key.isalnum()
    return key if is_former else hashlib.sha256(key.encode()).hexdigest()[:40]


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
    return [f"account:{user.pk}", *map(of_address, addresses_of(user))]


def addresses_of(user: User) -> list[str]:
    """Return every address of an account."""
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({user.email, *known})
