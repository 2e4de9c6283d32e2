"""How often one may do something: fixed windows, counted in the cache and in this process.

The shared count holds for all processes. The process counts for itself as well, so that a cache
that is away widens a limit to its share of the processes and never opens it altogether.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from opportunities.core.errors import LimitReached

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
        if max(_count("default", key, self.seconds), _count("limits", key, self.seconds)) > (
            self.most
        ):
            wait = max(1, math.ceil((window + 1) * self.seconds - moment))
            raise LimitReached(str(self.refusal), wait=wait)


def _count(alias: str, key: str, seconds: int) -> int:
    cache = caches[alias]
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it lapsed between the two
        return 1


def own_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return an address, or raise ``ValueError``.

    A server that listens on IPv6 sees everybody's IPv4 address inside one network of IPv6, which
    would count as one customer: it is taken out of there.
    """
    address = ipaddress.ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


def address_of(request: HttpRequest | Request) -> str:
    """Return a name for the address that a request comes from; only a digest is ever kept."""
    asked: Any = request  # DRF's own type is narrower than what it reads, which is META
    given = str(BaseThrottle().get_ident(asked))
    try:
        address = own_address(given.partition("%")[0])
    except ValueError:
        return _digest(given)
    if isinstance(address, ipaddress.IPv6Address):
        network = ipaddress.ip_network((address, IPV6_PREFIX), strict=False)
        return _digest(str(network.network_address))
    return _digest(str(address))


def _digest(text: str) -> str:
    return salted_hmac("opportunities.core.limiting", text, algorithm="sha256").hexdigest()[:32]
