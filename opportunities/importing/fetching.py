"""Fetch what a source's address answers: within limits, as ``robots.txt`` allows, or not again.

Every step of the way, redirects and ``robots.txt`` included, goes through the guard of
``opportunities.core.outbound``. Nothing is unpacked: what is asked for is the file as it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Final
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from opportunities.core import outbound
from opportunities.core.outbound import Unreachable

AGENT: Final = "Foothold-Sources/1"
"""How we name ourselves; ``robots.txt`` may address it as ``Foothold-Sources``."""

MAX_FETCHED: Final = 16 * 1024 * 1024
"""Bytes of one file."""
SECONDS: Final = 30.0
"""For one request, however the other side spends them."""
MOST_REDIRECTS: Final = 3
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED: Final = 304

ROBOTS_SECONDS: Final = 10.0
MAX_ROBOTS: Final = 500 * 1024
"""Bytes of ``robots.txt`` that are read, as RFC 9309 asks for."""
ROBOTS_KEPT: Final = 24 * 3600
"""Seconds for which rules are remembered, as RFC 9309 allows."""
LONGEST_MARK: Final = 200


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered; without content it is what it was the last time."""

    content: bytes | None
    etag: str = ""
    last_modified: str = ""
    name: str = ""
    """The last part of the address, which may tell the form of the file."""


def fetch(url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
    """Return what the address answers now, or raise ``Unreachable`` with a sentence for people.

    ``etag`` and ``last_modified`` are those of the last answer that was read to its end.
    """
    marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    stated = {name: mark for name, mark in marks.items() if mark}
    return _followed(url, _taken, seconds=SECONDS, headers=stated, check=_require_allowed)


def _followed[Answer](
    url: str,
    take: Callable[[str, HTTPResponse], Answer],
    *,
    seconds: float,
    headers: Mapping[str, str],
    check: Callable[[str], None] = lambda _: None,
) -> Answer:
    """Ask an address and those that it leads on to; return what ``take`` makes of the answer.

    ``check`` raises ``Unreachable`` for an address that may not be asked.
    """
    for _round in range(MOST_REDIRECTS + 1):
        check(url)
        with outbound.connected(url, seconds=seconds) as (connection, target):
            connection.request("GET", target, headers={**_headers(), **headers})
            answer = connection.getresponse()
            if answer.status not in REDIRECTS:
                return take(url, answer)
            url = urljoin(url, answer.headers.get("Location", ""))
    raise Unreachable(_("It leads on more than %(most)s times.") % {"most": MOST_REDIRECTS})


def _taken(url: str, answer: HTTPResponse) -> Fetched:
    if answer.status == NOT_MODIFIED:
        return Fetched(None)
    if answer.status != 200:
        raise Unreachable(_("It answered %(status)s.") % {"status": answer.status})
    if answer.headers.get("Content-Encoding", "identity").casefold() != "identity":
        raise Unreachable(_("It answered with a packed file, which we did not ask for."))
    content = answer.read(MAX_FETCHED + 1)
    if len(content) > MAX_FETCHED:
        raise Unreachable(_("It is larger than %(most)s MB.") % {"most": MAX_FETCHED // 2**20})
    if answer.length:  # bytes that were promised and did not come
        raise Unreachable(_("It broke off before its end."))
    return Fetched(
        content,
        etag=_mark(answer.headers.get("ETag")),
        last_modified=_mark(answer.headers.get("Last-Modified")),
        name=urlsplit(url).path.rpartition("/")[2][-100:],
    )


def _mark(value: str | None) -> str:
    """Return a header that is sent back the next time, unless it is none that we can send."""
    mark = (value or "").strip()
    return mark if len(mark) <= LONGEST_MARK and mark.isascii() and mark.isprintable() else ""


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"{AGENT} (+{settings.SITE_URL}/)",
        "Accept": "application/json, application/xml, text/csv, text/html;q=0.9, */*;q=0.5",
        "Accept-Encoding": "identity",
    }


# --- robots.txt ---


def _require_allowed(url: str) -> None:
    rules = RobotFileParser()
    rules.parse(_rules_of(urljoin(url, "/robots.txt")).splitlines())
    if not rules.can_fetch(AGENT, url):
        raise Unreachable(_("The robots.txt there asks programs like ours to stay away."))


def _rules_of(url: str) -> str:
    """Return the rules of a host: none where it has none, and a refusal where it cannot say."""
    key = f"robots:{url}"
    kept: str | None = cache.get(key)
    if kept is None:
        kept = _followed(url, _rules_in, seconds=ROBOTS_SECONDS, headers={})
        cache.set(key, kept, ROBOTS_KEPT)
    return kept


def _rules_in(_url: str, answer: HTTPResponse) -> str:
    if 400 <= answer.status < 500:
        return ""
    if answer.status != 200:
        raise Unreachable(_("Its robots.txt answered %(status)s.") % {"status": answer.status})
    return answer.read(MAX_ROBOTS).decode("utf-8", "replace")
