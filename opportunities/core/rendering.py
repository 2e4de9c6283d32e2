"""Markdown that people wrote, as HTML that cannot do harm."""

from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS: Final = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "li", "ol", "p", "pre", "strong", "ul",
}  # fmt: skip
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})


def rendered(text: str) -> SafeString:
    """Return Markdown as HTML from an allow-list of tags; links are marked as not ours."""
    html = nh3.clean(
        _MARKDOWN.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(html)  # noqa: S308  (nh3 has cleaned it)
