"""How often anybody may ask: fixed windows of a minute, told in ``RateLimit`` headers.

The headers are those of the IETF draft "RateLimit header fields for HTTP". While the cache is
away each process counts for itself (``config.cache``).
"""

import math
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from config.contract.asking import named
from opportunities.core.limiting import count

if TYPE_CHECKING:
    from rest_framework.views import APIView

WINDOW: Final = 60
"""Seconds."""


class Policy(NamedTuple):
    """How many requests a window allows."""

    name: str
    quota: int


class Use(NamedTuple):
    """What is left of a policy for one asker, until the window ends."""

    policy: Policy
    remaining: int
    reset: int
    key: str


ANONYMOUS: Final = Policy("anonymous", 60)
ACCOUNT: Final = Policy("account", 600)
SCOPED: Final = {"match-runs": Policy("match-runs", 10)}


class Quota(BaseThrottle):
    """Count a request against each policy that it falls under."""

    def __init__(self) -> None:
        self.reset = WINDOW

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Count it, remember what is left for the headers, and say whether it may pass."""
        raw: Any = request._request  # noqa: SLF001  (the headers are written outside of DRF)
        if getattr(raw, "is_inquiry", False):
            return True
        asker = named(request.user, request.auth, request)
        policies = [ACCOUNT if asker.is_known else ANONYMOUS]
        scope = getattr(view, "throttle_scope", None)
        if scope in SCOPED and request.method == "POST":
            policies.append(SCOPED[scope])
        raw.quotas = [_count(policy, asker.name) for policy in policies]
        self.reset = max(use.reset for use in raw.quotas)
        return all(use.remaining >= 0 for use in raw.quotas)

    def wait(self) -> float:
        """Return the seconds until the window ends."""
        return self.reset


def write_headers(request: HttpRequest, response: HttpResponse) -> None:
    """Say in the answer what the policies are and what is left."""
    uses: list[Use] = getattr(request, "quotas", [])
    if not uses:
        return
    response["RateLimit-Policy"] = ", ".join(
        f'"{use.policy.name}";q={_quota(use.policy)};w={WINDOW}' for use in uses
    )
    response["RateLimit"] = ", ".join(
        f'"{use.policy.name}";r={max(0, use.remaining)};t={use.reset}' for use in uses
    )


def give_back(request: HttpRequest) -> None:
    """Take back the count of a request that was answered with "not modified"."""
    given_back = []
    for use in getattr(request, "quotas", []):
        cache.decr(use.key)
        given_back.append(use._replace(remaining=use.remaining + 1))
    request.quotas = given_back  # type: ignore[attr-defined]


def _quota(policy: Policy) -> int:
    return policy.quota * int(settings.API_QUOTA_FACTOR)


def _count(policy: Policy, asker: str) -> Use:
    now = time.time()
    window = int(now // WINDOW)
    key = f"quota:{policy.name}:{asker}:{window}"
    used = count("default", key, seconds=WINDOW)
    reset = max(1, math.ceil((window + 1) * WINDOW - now))
    return Use(policy, _quota(policy) - used, reset, key)
