"""Requests to addresses that other people gave: HTTPS on the open internet, to a checked address.

The name is resolved once, every address of it must be public, and the connection goes to that
very address, so that a name that changes its mind in between reaches nothing inside.

Developers may have a program of their own machine reached, without HTTPS (``to_own``).
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext, gettext_noop

PORTS: Final = frozenset({443, 8443})
MAX_LENGTH: Final = 300
TIMEOUT: Final = 5.0
"""Seconds for connecting, and again for each wait."""

NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
NAT64_LOCAL: Final = ipaddress.ip_network("64:ff9b:1::/48")

BROKEN: Final = (
    (ssl.SSLCertVerificationError, gettext_noop("Its certificate is not valid for this address.")),
    (ssl.SSLError, gettext_noop("No secure connection came about.")),
    (ConnectionRefusedError, gettext_noop("It refused the connection.")),
    (ConnectionError, gettext_noop("It broke off the connection.")),
    (HTTPException, gettext_noop("Its answer cannot be read.")),
    (OSError, gettext_noop("It cannot be reached.")),
)
"""What a connection that failed means to whoever gave the address; the first that fits."""

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Exception):
    """The request could not be made; the text says why."""


class TimedOut(Unreachable):
    """The other side took too long."""


def split_address(url: str, *, to_own: bool = False) -> tuple[str, int, str]:
    """Return host, port and target of an HTTPS address, or raise ``Unreachable``."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (80 if to_own else 443)
    except ValueError as error:
        raise Unreachable(gettext("This is not an address.")) from error
    if not host or parts.scheme != ("http" if to_own else "https"):
        raise Unreachable(gettext("The address must begin with https://."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Unreachable(gettext("The address must not hold a name, a password or a fragment."))
    if port not in PORTS and not to_own:
        raise Unreachable(gettext("The port must be 443 or 8443."))
    if (
        len(url) > MAX_LENGTH
        or not url.isascii()
        or any(character <= " " for character in url)
        or "\\" in url
    ):
        raise Unreachable(
            gettext("The address is too long, or holds characters that no address has.")
        )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, port, target


def resolve(url: str, *, to_own: bool = False) -> str:
    """Return the one address to connect to, or raise ``Unreachable`` if any is not public.

    With ``to_own`` each must be of this very machine instead.
    """
    host, port, _ = split_address(url, to_own=to_own)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(gettext("No server has this name. Is it spelled right?")) from error
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    passes = (lambda each: each.is_loopback) if to_own else is_public
    if not addresses or not all(passes(address) for address in addresses):
        raise Unreachable(gettext("The address leads into a private or reserved network."))
    return str(addresses[0])


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


@contextmanager
def connected(url: str, *, seconds: float, to_own: bool = False) -> Iterator[tuple["Plain", str]]:
    """Give a connection to the checked address and the target to ask it for, for so long at most.

    Raises ``TimedOut`` or ``Unreachable`` for whatever goes wrong inside of the block.
    """
    ends_at = time.monotonic() + seconds
    host, port, target = split_address(url, to_own=to_own)
    connection = (Plain if to_own else Pinned)(host, port, resolve(url, to_own=to_own))
    # A side that sends a byte now and then never runs into the time-out of a single wait.
    alarm = threading.Timer(max(0.0, ends_at - time.monotonic()), connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        yield connection, target
    except (OSError, HTTPException) as error:
        if isinstance(error, TimeoutError) or connection.is_cut:
            raise TimedOut(gettext("It did not answer in time.")) from error
        said = next(words for kind, words in BROKEN if isinstance(error, kind))
        raise Unreachable(gettext(said)) from error
    else:
        if connection.is_cut:  # a head that ends too early is read as if it were whole
            raise TimedOut(gettext("It did not answer in time."))
    finally:
        alarm.cancel()
        connection.close()


class Plain(HTTPConnection):
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


class Pinned(Plain):
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
