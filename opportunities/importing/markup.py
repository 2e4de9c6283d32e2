"""Texts from elsewhere: plain words and Markdown pass, HTML is turned into them.

Words about scripts are words. What a text must not do is settled where it is shown: pages and
feeds escape it, and what is rendered from Markdown is cleaned.
"""

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Final, override

from django.utils.translation import gettext as _

from opportunities.core.text import is_readable

_TAG: Final = re.compile(
    r"</?(?:a|abbr|b|blockquote|body|br|code|div|em|font|h[1-6]|head|hr|html|i|img|li|ol|p|pre"
    r"|section|small|span|strong|style|sub|sup|table|tbody|td|th|thead|title|tr|u|ul)\b[^<>]*>"
    r"|<!--",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(r"^[=+@\-\t\r]")
MAX_ROUNDS: Final = 5
_BLOCKS: Final = frozenset([
    "p", "div", "ul", "ol", "table", "tr", "section", "article", "h1", "h2", "h3", "h4", "h5",
    "h6",
])  # fmt: skip
_UNSEEN: Final = frozenset(["style", "head", "title", "script"])


def fault_of(text: str, *, one_line: bool) -> str:
    """Return why a text may not be kept, or nothing."""
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        return _("is not UTF-8: save the file as UTF-8 or name its encoding.")
    if not is_readable(text):
        return _("holds a character that cannot be shown; take it out.")
    if one_line and _FORMULA.match(text.lstrip(" ")):
        return _("begins like a spreadsheet formula (%(beginning)s).") % {
            "beginning": text.strip()[:20]
        }
    if one_line and _TAG.search(text):
        return _("holds markup; write plain words.")
    return ""


def one_line(text: str) -> str:
    """Return the text with entities read and on one line."""
    return " ".join(_settled(unescape, text).split())


def plain(text: str) -> str:
    """Return a longer text as Markdown: HTML loses its tags and keeps paragraphs and lists."""
    return _tidy(_settled(_without_tags, text))


def _settled(step: Callable[[str], str], text: str) -> str:
    """Repeat a step until nothing changes, so that reading an export again changes nothing."""
    for _round in range(MAX_ROUNDS):
        before, text = text, step(text)
        if text == before:
            break
    return text


def _without_tags(text: str) -> str:
    if not _TAG.search(text):
        return unescape(text)
    reader = _Words()
    reader.read(text)
    return "".join(reader.parts)


def _tidy(text: str) -> str:
    lines = [re.sub(r"[^\S\n]+", " ", line).rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class Reader(HTMLParser):
    """Python's parser for texts of strangers, whatever they leave open."""

    def read(self, text: str) -> None:
        """Read a whole text; a tag or a comment that it ends in is left out, as browsers do.

        ``close`` would look for the end of each comment in what is left, and two megabytes of
        beginnings would take it minutes.
        """
        self.feed(text)
        if not self.rawdata.startswith("<"):
            self.close()

    @override
    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Skip a section; one of no kind that the parser knows is a comment, as in browsers."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)


class _Words(Reader):
    """Collects the words of HTML with line breaks where people see them."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(re.sub(r"\s+", " ", data))
