"""Markdown that people wrote, as HTML that cannot do harm."""

import html
import re
import unicodedata
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS: Final = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "li", "ol", "p", "pre", "strong", "ul",
}  # fmt: skip
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})


_TAG: Final = re.compile(r"<[^>]*>")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})
_FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that leave no mark by themselves: these kinds, and letters that are blank."""


def visible(text: str) -> str:
    """Return what a reader sees of Markdown, without blanks: nothing where nothing is shown."""
    seen = html.unescape(_TAG.sub("", rendered(text)))
    return "".join(
        letter
        for letter in seen
        if unicodedata.category(letter) not in _UNSEEN and letter not in _FILLERS
    )


def rendered(text: str) -> SafeString:
    """Return Markdown as HTML from an allow-list of tags; links are marked as not ours."""
    safe = nh3.clean(
        _MARKDOWN.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(safe)  # noqa: S308  (nh3 has cleaned it)
