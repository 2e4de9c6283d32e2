"""Where a webhook may point: HTTPS on the open internet, at an address that was checked.

The name is resolved once, every address of it must be public, and the connection goes to that
very address, so that a name that changes its mind in between reaches nothing inside.

Developers may let webhooks reach a program of their own machine, without HTTPS
(``WEBHOOKS_TO_LOOPBACK``, which only counts with ``DEBUG``).
"""

import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from opportunities.core.errors import Fault, Invalid

PORTS: Final = frozenset({443, 8443})
MAX_LENGTH: Final = 300
TIMEOUT: Final = 5.0
"""Seconds for connecting, and again for each wait."""
DEADLINE: Final = 10.0
"""Seconds for the whole of a delivery, however the other side spends them."""

NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
NAT64_LOCAL: Final = ipaddress.ip_network("64:ff9b:1::/48")

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Exception):
    """The request could not be made; the text says why."""


class TimedOut(Unreachable):
    """The other side took too long."""


def check(url: str) -> str:
    """Return an address that a webhook may have, or raise ``Invalid``."""
    try:
        resolve(url)
    except Unreachable as refusal:
        raise Invalid(Fault("url", "unsafe_address", str(refusal))) from refusal
    return url


def split_address(url: str) -> tuple[str, int, str]:
    """Return host, port and target of an HTTPS address, or raise ``Unreachable``."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError as error:
        raise Unreachable("This is not an address.") from error
    is_own = is_for_developers(url)
    if not host or not (parts.scheme == "https" or is_own):
        raise Unreachable("A webhook's address begins with https://.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Unreachable("The address holds no name, password or fragment.")
    if port not in PORTS and not is_own:
        raise Unreachable("The port is 443 or 8443.")
    if (
        len(url) > MAX_LENGTH
        or not url.isascii()
        or any(character <= " " for character in url)
        or "\\" in url
    ):
        raise Unreachable("The address is too long, or holds characters that no address has.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, port, target


def resolve(url: str) -> str:
    """Return the one address to connect to, or raise ``Unreachable`` if any is not public."""
    host, port, _ = split_address(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("The name cannot be resolved.") from error
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    passes = (lambda each: each.is_loopback) if is_for_developers(url) else is_public
    if not addresses or not all(passes(address) for address in addresses):
        raise Unreachable("The address leads into a private or reserved network.")
    return str(addresses[0])


def is_for_developers(url: str) -> bool:
    """Say whether an address is a program of a developer's own machine, where that is allowed."""
    return settings.WEBHOOKS_TO_LOOPBACK and url.startswith("http://")


def is_public(address: Address) -> bool:
    """Say whether an address is on the open internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        inner = [each for each in wrapped if each is not None]
        if inner:
            return all(is_public(each) for each in inner)
        if address in NAT64_LOCAL or address.is_site_local or int(address) >> 32 == 0:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def post(url: str, body: str, headers: dict[str, str]) -> int:
    """Send a body to the checked address and return the status; redirects are not followed."""
    ends_at = time.monotonic() + DEADLINE
    host, port, target = split_address(url)
    kind = _Plain if is_for_developers(url) else _Pinned
    connection = kind(host, port, resolve(url))
    # A side that sends a byte now and then never runs into the time-out of a single wait.
    alarm = threading.Timer(max(0.0, ends_at - time.monotonic()), connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request("POST", target, body=body.encode(), headers=headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        if isinstance(error, TimeoutError) or connection.is_cut:
            raise TimedOut("It did not answer in time.") from error
        raise Unreachable(type(error).__name__) from error
    else:
        if connection.is_cut:  # a head that ends too early is read as if it were whole
            raise TimedOut("It did not answer in time.")
        return status
    finally:
        alarm.cancel()
        connection.close()


class _Plain(HTTPConnection):
    """A connection to an address already resolved."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address = address
        self.is_cut = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), timeout=TIMEOUT)

    def cut(self) -> None:
        """End the connection under whoever waits for it; called from another thread."""
        self.is_cut = True
        with suppress(OSError):
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _Pinned(_Plain):
    """The same over TLS; the certificate must be the name's."""

    default_port = HTTPSConnection.default_port

    def connect(self) -> None:
        super().connect()
        # The handshake may be drawn out as well: what can be cut is known before it begins.
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        if self.is_cut:
            raise TimeoutError
        self.sock.do_handshake()
