"""Read the JobPostings that a web page, or an entry of a feed, carries as JSON-LD."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from opportunities.importing.markup import Reader
from opportunities.importing.postings import is_posting, postings_in
from opportunities.importing.rows import BadRow, Record, Unreadable

LD: Final = "application/ld+json"
MAX_SCRIPTS: Final = 5_000
_HIDDEN: Final = re.compile(
    r"\A\s*(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?|(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?\s*\Z"
)
"""What pages write around a script to hide it from programs that know no scripts."""


def read_page(text: str) -> Iterator[Record | BadRow]:
    """Yield the JobPostings that a web page carries as JSON-LD."""
    rows = list(postings_of_page(text))
    if not rows:
        raise Unreadable(
            _("This is not a table of roles: this page carries no JobPosting (JSON-LD).")
        )
    for number, row in enumerate(rows, 1):
        yield Record(number, row) if isinstance(row, dict) else BadRow(number, "row", row)


class _Scripts(Reader):
    """Collects the JSON-LD of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            kind = (dict(attrs).get("type") or "").partition(";")[0].strip().casefold()
            self._is_inside = kind == LD and len(self.found) < MAX_SCRIPTS
            if self._is_inside:
                self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found[-1] += data


def postings_of_page(text: str) -> Iterator[dict[str, Any] | str]:
    """Yield the JobPostings of a page, and what is wrong with JSON-LD that cannot be read."""
    reader = _Scripts()
    reader.read(text)
    for script in reader.found:
        yield from postings_of_json(script)


def postings_of_json(text: str) -> Iterator[dict[str, Any] | str]:
    """Yield the JobPostings of a JSON-LD text, or what is wrong with it."""
    try:
        # Pages write line breaks inside of texts, which strict JSON forbids.
        value = json.loads(_HIDDEN.sub("", text), strict=False)
    except (ValueError, RecursionError):
        if "JobPosting" in text:
            yield _("its JSON-LD is not JSON.")
        return
    for posting in postings_in(value):
        if is_posting(posting):
            yield posting
