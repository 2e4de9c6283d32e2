"""Follows every address of our own that a text publishes, and says which do not answer."""

import html
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+")


def own_links(*texts: str) -> set[str]:
    """Return the addresses of this site in the texts of a page, feed, calendar or mail."""
    found = set()
    for text in texts:
        # Calendars fold long lines; JSON escapes slashes and signs of HTML.
        plain = text.replace("\r\n ", "").replace("\\/", "/").replace("\\u0026", "&")
        for address in ADDRESS.findall(html.unescape(plain)):
            link = address.rstrip(".,;:)]")
            if link == settings.SITE_URL or link.startswith(f"{settings.SITE_URL}/"):
                found.add(link)
    return found


def links_of(value: Any) -> set[str]:
    """Return the addresses of this site anywhere in a value of JSON."""
    if isinstance(value, dict):
        return set().union(*map(links_of, value.values()), set())
    if isinstance(value, list):
        return set().union(*map(links_of, value), set())
    return own_links(value) if isinstance(value, str) else set()


def dead(client: Any, links: Iterable[str]) -> dict[str, int]:
    """Return the links that this reader gets no answer from, with the status."""
    found = {}
    for link in sorted(links):
        parts = urlsplit(link)
        path = parts.path or "/"
        answer = client.get(f"{path}?{parts.query}" if parts.query else path, follow=True)
        if answer.status_code != 200:
            found[link] = answer.status_code
        if answer.streaming:
            list(answer.streaming_content)  # the client closes the file with its last part
    return found
