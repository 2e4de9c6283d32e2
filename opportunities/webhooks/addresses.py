"""Where a webhook may point, and how a message is sent there.

Developers may let webhooks reach a program of their own machine, without HTTPS
(``WEBHOOKS_TO_LOOPBACK``, which only counts with ``DEBUG`` or ``DEMO``).
"""

from typing import Final

from django.conf import settings

from opportunities.core.errors import Fault, Invalid
from opportunities.core.outbound import Unreachable, connected, resolve

DEADLINE: Final = 10.0
"""Seconds for the whole of a delivery, however the other side spends them."""


def check(url: str) -> str:
    """Return an address that a webhook may have, or raise ``Invalid``."""
    try:
        resolve(url, to_own=is_for_developers(url))
    except Unreachable as refusal:
        raise Invalid(Fault("url", "unsafe_address", str(refusal))) from refusal
    return url


def post(url: str, body: str, headers: dict[str, str]) -> int:
    """Send a body to the checked address and return the status; redirects are not followed."""
    to_own = is_for_developers(url)
    with connected(url, seconds=DEADLINE, to_own=to_own) as (connection, target):
        connection.request("POST", target, body=body.encode(), headers=headers)
        return connection.getresponse().status


def is_for_developers(url: str) -> bool:
    """Say whether an address is a program of a developer's own machine, where that is allowed."""
    return settings.WEBHOOKS_TO_LOOPBACK and url.startswith("http://")
