"""Secrets that the site computes with, unreadable in a copy of the database.

What is only compared is kept as a hash. What is computed with is encrypted (Fernet: AES-128-CBC
with HMAC-SHA256) under a key derived from ``SECRET_KEY``, which the database does not hold.
"""

import base64
import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction

from opportunities.core.rows import update_row

TOKEN: Final = "gAAAAA"  # noqa: S105  (how every Fernet token begins, and no secret of ours)

logger = structlog.get_logger(__name__)


class KeyIsLost(ImproperlyConfigured):
    """A secret was encrypted under a key that is not among those of the settings."""

    def __init__(self) -> None:
        super().__init__(
            "A secret was encrypted under another SECRET_KEY: put it into SECRET_KEY_FALLBACKS."
        )


@dataclass(frozen=True, slots=True)
class Cipher:
    """Encrypts the secrets of one purpose; the key of another opens none of them."""

    purpose: bytes

    def encrypt(self, text: str) -> str:
        """Return a secret as the database keeps it."""
        return MultiFernet(self._keys()).encrypt(text.encode()).decode()

    def decrypt(self, kept: str) -> str:
        """Return a secret from what the database keeps, or raise ``KeyIsLost``.

        One that a former release left readable is returned as it is.
        """
        if not kept.startswith(TOKEN):
            return kept
        try:
            return MultiFernet(self._keys()).decrypt(kept).decode()
        except InvalidToken as error:
            raise KeyIsLost from error

    def opens(self, kept: str) -> bool:
        """Say whether the key of a secret is still there."""
        try:
            self.decrypt(kept)
        except KeyIsLost:
            return False
        return True

    def renewed(self, kept: str) -> str:
        """Return the same secret under the present key, or raise ``KeyIsLost``.

        What is under it already stays as it is, and so does nothing.
        """
        if not kept:
            return kept
        try:
            self._keys()[0].decrypt(kept)
        except InvalidToken:
            return self.encrypt(self.decrypt(kept))
        return kept

    def _keys(self) -> list[Fernet]:
        """Return the key that encrypts and those before it, each derived from a secret key."""
        return [
            self._key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ]

    def _key(self, secret: str) -> Fernet:
        derived = hmac.digest(secret.encode(), self.purpose, "sha256")
        return Fernet(base64.urlsafe_b64encode(derived))


def renew[Row: models.Model](
    rows: models.QuerySet[Row], columns: Collection[str], renewed: Callable[[Any], Any]
) -> int:
    """Encrypt what a former release or a former key has left; return how many rows it was.

    ``renewed`` returns the new value of a column. A row that no key opens stays as it is.
    """
    keys = rows.order_by("pk").values_list("pk", flat=True)
    return sum(_renew_row(rows, key, columns, renewed) for key in keys.iterator())


@transaction.atomic
def _renew_row[Row: models.Model](
    rows: models.QuerySet[Row], key: Any, columns: Collection[str], renewed: Callable[[Any], Any]
) -> bool:
    # Locked, since others write these columns as well: who uses up a recovery code, for one.
    row = rows.select_for_update(no_key=True).filter(pk=key).first()
    if row is None:
        return False
    try:
        anew = {column: renewed(getattr(row, column)) for column in columns}
    except KeyIsLost:
        logger.exception("a secret cannot be read", table=row._meta.label, row=key)
        return False
    changed = {column: new for column, new in anew.items() if getattr(row, column) != new}
    if changed:
        update_row(row, **changed)
    return bool(changed)
