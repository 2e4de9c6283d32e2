"""How often one may do something: fixed windows, counted in the cache and in this process.

The shared count holds for all processes. The process counts for itself as well, so that a cache
that is away widens a limit to its share of the processes and never opens it altogether.
"""

import ipaddress
import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from rest_framework.request import Request

from opportunities.core.errors import LimitReached

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

IPV6_PREFIX: Final = 64
"""An IPv6 network of this length belongs to one customer; the addresses in it count as one."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` uses in ``seconds`` by each account or address."""

    name: str
    most: int
    seconds: int
    refusal: str | Promise

    def use(self, who: str, *, at: datetime) -> None:
        """Count one use, or raise ``LimitReached`` with the seconds until the window ends."""
        moment = at.timestamp()
        window = int(moment // self.seconds)
        key = f"limit:{self.name}:{who}:{window}"
        uses = [count(alias, key, seconds=self.seconds) for alias in ("default", "limits")]
        if max(uses) > self.most:
            wait = max(1, math.ceil((window + 1) * self.seconds - moment))
            raise LimitReached(str(self.refusal), wait=wait)


def count(alias: str, key: str, *, by: int = 1, seconds: int) -> int:
    """Add to a count that a cache keeps for twice its window of ``seconds``, and return it."""
    cache = caches[alias]
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return cache.incr(key, by)
    except ValueError:  # it lapsed between the two
        cache.set(key, by, timeout=2 * seconds)
        return by


def client_address(request: HttpRequest | Request) -> Address | None:
    """Return the address that the nearest trusted proxy saw, or that of the connection.

    ``None`` where there is none to read: whoever sends such requests counts as one.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    hops = [hop for part in forwarded.split(",") if (hop := part.strip())]
    trusted = hops[-settings.TRUSTED_PROXIES :] if settings.TRUSTED_PROXIES > 0 else []
    named = trusted[0] if trusted else ""
    return _read(named) or _read(request.META.get("REMOTE_ADDR", ""))


def _read(text: str) -> Address | None:
    """Read an address as proxies write it: with a port, in brackets, within one of IPv6."""
    for given in (text, text.rpartition(":")[0]):
        with suppress(ValueError):
            address = ipaddress.ip_address(given.strip("[]").partition("%")[0])
            # A server that listens on IPv6 sees everybody's IPv4 address inside one network of
            # IPv6, which would count as one customer.
            return getattr(address, "ipv4_mapped", None) or address
    return None


def address_of(request: HttpRequest | Request) -> str:
    """Return a name for the address that a request comes from; only a digest is ever kept."""
    address = client_address(request)
    if isinstance(address, ipaddress.IPv6Address):
        address = ipaddress.ip_network((address, IPV6_PREFIX), strict=False).network_address
    named = salted_hmac("opportunities.core.limiting", str(address), algorithm="sha256")
    return named.hexdigest()[:32]


def asker_of(request: HttpRequest) -> str:
    """Return a name for who asks: the account that is signed in, else the address."""
    user = request.user
    return f"account:{user.pk}" if user.is_authenticated else address_of(request)
