"""Sessions of browsers: whose each one is stands beside it, so that they can be ended."""

from typing import TYPE_CHECKING

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

if TYPE_CHECKING:
    from opportunities.sessions import SessionStore


class StoredSession(AbstractBaseSession):
    """What a browser is known by; ``whose`` names an account or the digest of an address."""

    whose = models.CharField(max_length=80, blank=True, db_index=True)

    def __str__(self) -> str:
        return "session"

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        """Return the store that reads these rows."""
        from opportunities.sessions import SessionStore  # noqa: PLC0415

        return SessionStore
