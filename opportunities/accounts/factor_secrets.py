"""Secrets of authenticator apps and recovery codes, unreadable in a copy of the database.

The site computes with them, so that they cannot be hashed. They are encrypted (Fernet: AES-128-CBC
with HMAC-SHA256) under a key derived from ``SECRET_KEY``, which the database does not hold.
"""

import base64
import hmac
from typing import Any, Final

import structlog
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

TOKEN: Final = "gAAAAA"  # noqa: S105  (how every Fernet token begins, and no secret of allauth's)
SECRETS: Final = ("secret", "seed", "migrated_codes")
"""Names in the data of a factor under which allauth keeps what it hands to ``encrypt``."""

logger = structlog.get_logger(__name__)


def encrypt(text: str) -> str:
    """Return a secret as the database keeps it."""
    return MultiFernet(_keys()).encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """Return a secret from what the database keeps; one that is not encrypted yet is as it is."""
    if not kept.startswith(TOKEN):
        return kept
    try:
        return MultiFernet(_keys()).decrypt(kept).decode()
    except InvalidToken as error:
        raise ImproperlyConfigured(
            "A second factor was encrypted under another SECRET_KEY: put it into"
            " SECRET_KEY_FALLBACKS."
        ) from error


def encrypt_all() -> int:
    """Encrypt what is not encrypted under the present ``SECRET_KEY``; return how many rows it was.

    That is what a former release or a former key has left. What no key opens stays as it is.
    """
    rows = Authenticator.objects.filter(data__has_any_keys=SECRETS).order_by("pk")
    return sum(_encrypt_row(key) for key in rows.values_list("pk", flat=True).iterator())


def _keys() -> list[Fernet]:
    """Return the key that encrypts and those before it, each derived from a secret key."""
    return [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _key(secret: str) -> Fernet:
    derived = hmac.digest(secret.encode(), b"opportunities.accounts.factor_secrets", "sha256")
    return Fernet(base64.urlsafe_b64encode(derived))


@transaction.atomic
def _encrypt_row(key: int) -> bool:
    # Locked, since using up a recovery code writes the same column.
    row = Authenticator.objects.select_for_update(no_key=True).filter(pk=key).first()
    if row is None:
        return False
    try:
        anew = {name: _anew(row.data[name]) for name in SECRETS if name in row.data}
    except ImproperlyConfigured:
        logger.exception("a second factor cannot be read", authenticator=key)
        return False
    data = row.data | anew
    if data == row.data:
        return False
    row.data = data
    row.save(update_fields=["data"])
    return True


def _anew(kept: Any) -> Any:
    """Return a secret, or a list of some, under the present key; what already is stays the same."""
    if isinstance(kept, list):
        return [_anew(each) for each in kept]
    try:
        _keys()[0].decrypt(kept)
    except InvalidToken:
        return encrypt(decrypt(kept))
    return kept
