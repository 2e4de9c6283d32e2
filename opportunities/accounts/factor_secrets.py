"""Secrets of authenticator apps and recovery codes, unreadable in a copy of the database."""

from typing import Any, Final

from allauth.mfa.models import Authenticator

from opportunities.core import encryption

CIPHER: Final = encryption.Cipher(b"opportunities.accounts.factor_secrets")
SECRETS: Final = ("secret", "seed", "migrated_codes")
"""Names in the data of a factor under which allauth keeps what it hands to ``encrypt``."""


def encrypt_all() -> int:
    """Encrypt what is not encrypted under the present ``SECRET_KEY``; return how many rows."""
    rows = Authenticator.objects.filter(data__has_any_keys=SECRETS)
    return encryption.renew(rows, ["data"], _renewed)


def _renewed(data: dict[str, Any]) -> dict[str, Any]:
    return data | {name: _anew(data[name]) for name in SECRETS if name in data}


def _anew(kept: Any) -> Any:
    """Return a secret, or a list of some, under the present key."""
    return [_anew(each) for each in kept] if isinstance(kept, list) else CIPHER.renewed(kept)
