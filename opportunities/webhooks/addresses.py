"""Where a webhook may point, and how a message is sent there."""

from typing import Final

from opportunities.core.errors import Fault, Invalid
from opportunities.core.outbound import Unreachable, connected, resolve

DEADLINE: Final = 10.0
"""Seconds for the whole of a delivery, however the other side spends them."""


def check(url: str) -> str:
    """Return an address that a webhook may have, or raise ``Invalid``."""
    try:
        resolve(url)
    except Unreachable as refusal:
        raise Invalid(Fault("url", "unsafe_address", str(refusal))) from refusal
    return url


def post(url: str, body: str, headers: dict[str, str]) -> int:
    """Send a body to the checked address and return the status; redirects are not followed."""
    with connected(url, seconds=DEADLINE) as (connection, target):
        connection.request("POST", target, body=body.encode(), headers=headers)
        return connection.getresponse().status
