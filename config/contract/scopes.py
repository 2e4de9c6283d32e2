"""Tokens of the API and what each may do: ``scopes.toml`` says which scope an address needs."""

from typing import Any, Final

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from opportunities.accounts.second_factor import demand_on
from opportunities.accounts.tokens import note_use
from opportunities.core.data import read_beside
from opportunities.core.errors import SecondFactorNeeded

PREFIX: Final = "/api/v1/"
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_TABLE: Final = read_beside(__file__)
PUBLIC: Final = frozenset(_TABLE["public"])


def _by_part(of: str) -> dict[str, str]:
    return {part: scope for scope, parts in _TABLE[of].items() for part in parts}


GROUPS, SINGLE, LAST_PARTS = map(_by_part, ("groups", "single", "last_parts"))
"""Parts of addresses to scopes; a group has two of them, ``…:read`` and ``…:write``."""

MADE_WITHOUT: Final = (
    "This account needs a second factor, and the token was made without one: revoke it and make"
    " another in a session that has used your second factor."
)


UNKNOWN: Final = (
    "No token in use is written like this: it may be mistyped, revoked or past its end, or its"
    " account may be closed."
)


class LacksScope(PermissionDenied):
    """The token reaches other addresses; the answer names the scope as RFC 6750 does."""

    def __init__(self, needed: str) -> None:
        super().__init__(f"This token lacks the scope {needed}.")
        self.auth_header = f'Bearer error="insufficient_scope", scope="{needed}"'


def scope_for(path: str, method: str) -> str | None:
    """Return the scope that a request needs, None for none; unknown addresses need ``nothing``.

    No token is ever granted ``nothing``, so that an address is closed until it is listed.
    """
    parts = path.removeprefix(PREFIX).split("/")
    if parts[0] in PUBLIC:
        return None
    if scope := LAST_PARTS.get(parts[-1]) or SINGLE.get(parts[0]):
        return scope
    invites = parts[0] == "opportunities" and parts[-1] == "invitations"
    group = "applications" if invites else GROUPS.get(parts[0])
    if group is None:
        return "nothing"
    return f"{group}:{'read' if method in READING else 'write'}"


class ScopedToken(TokenAuthentication):  # type: ignore[misc]  # untyped library
    """A bearer token, hashed at rest, that reaches only what its scopes name."""

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Say whether a token has expired; retention deletes it, so that its person sees it end."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the account and the token, or refuse what the token may not do."""
        found = super().authenticate(request)
        if found is None:
            return None
        person, token = found
        needed = scope_for(request.path, request.method or "")
        if grant := getattr(token, "grant", None):
            note_use(grant, at=timezone.now())
        if needed is not None and (grant is None or needed not in grant.scopes):
            raise LacksScope(needed)
        if not getattr(grant, "with_second_factor", False) and demand_on(person).is_needed:
            raise SecondFactorNeeded(MADE_WITHOUT)
        return person, token

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Any]:
        """Look the token up; refuse at once what cannot be one."""
        if not (token.isalnum() and token.isascii() and len(token) <= 200):
            raise AuthenticationFailed("This is not a token.")
        try:
            return super().authenticate_credentials(token)  # type: ignore[no-any-return]
        except AuthenticationFailed as unknown:
            raise AuthenticationFailed(UNKNOWN) from unknown


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes tokens."""

    target_class = "config.contract.scopes.ScopedToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A token made on the site."}
