"""Read XML of job boards, Atom and RSS with JobPosting, and the JobPostings inside a web page.

XML is parsed without a document type, entities or anything fetched from elsewhere.
"""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from opportunities.importing.columns import field_called
from opportunities.importing.postings import is_posting, postings_in
from opportunities.importing.rows import BadRow, Record, Unreadable

MAX_DEPTH: Final = 12
MAX_SCRIPTS: Final = 5_000
_ROLES: Final = frozenset(
    ("job", "jobs", "position", "vacancy", "listing", "opportunity", "posting", "offer",
     "internship", "jobposting", "role", "ad", "item", "entry")
)  # fmt: skip
_FEEDS: Final = frozenset(("feed", "rss", "rdf"))
_LD: Final = "application/ld+json"


def read_xml(content: bytes) -> Iterator[Record | BadRow]:
    """Yield the roles of an XML document, numbered from 1; raise ``Unreadable`` if it has none."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as refusal:
        raise Unreadable(_("XML with a document type or entities is not read.")) from refusal
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable(
            _("This is not a table of roles: it is no well-formed XML (%(error)s).")
            % {"error": str(error)[:100]}
        ) from error
    if _name(root) in _FEEDS:
        yield from _feed(root)
        return
    found = False
    for number, element in enumerate(_roles_in(root), 1):
        found = True
        values = _facts(element, 0)
        if isinstance(values, dict):
            yield Record(number, _placed(values))
    if not found:
        raise Unreadable(
            _("This is not a table of roles: no element of this XML is a job with a title.")
        )


def read_page(text: str) -> Iterator[Record | BadRow]:
    """Yield the JobPostings that a web page carries as JSON-LD."""
    rows = list(_postings_of(text))
    if not rows:
        raise Unreadable(
            _("This is not a table of roles: this page carries no JobPosting (JSON-LD).")
        )
    for number, row in enumerate(rows, 1):
        yield Record(number, row) if isinstance(row, dict) else BadRow(number, "row", row)


# --- XML ---


def _name(element: Element) -> str:
    """Return the name of an element without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].casefold()


def _roles_in(root: Element) -> Iterator[Element]:
    """Yield the elements that are jobs: by their name, and because they have a title."""
    for element in root.iter():
        if _name(element) in _ROLES and _titled(element):
            yield element


def _titled(element: Element) -> bool:
    return any(field_called(_name(child)) == "title" and len(child) == 0 for child in element)


def _facts(element: Element, depth: int) -> Any:
    """Return an element as JSON would have it: text, an object of its parts, or a list of them."""
    children = list(element)
    if not children or depth >= MAX_DEPTH:
        return "".join(element.itertext()).strip()
    values: dict[str, Any] = {}
    for child in children:
        name, value = _name(child), _facts(child, depth + 1)
        if name not in values:
            values[name] = value
        elif isinstance(values[name], list):
            values[name].append(value)
        else:
            values[name] = [values[name], value]
    return values


def _placed(values: dict[str, Any]) -> dict[str, Any]:
    """Put city and state, which job XML keeps apart, into one place."""
    parts = [values.get(name) for name in ("city", "state")]
    if "location" not in values and isinstance(parts[0], str) and parts[0]:
        city, state = values.pop("city"), values.pop("state", "")
        values["location"] = f"{city}, {state}" if isinstance(state, str) and state else city
    return values


def _feed(root: Element) -> Iterator[Record | BadRow]:
    entries = [each for each in root.iter() if _name(each) in {"entry", "item"}]
    read = [_entry(entry) for entry in entries]
    if not any(isinstance(row, dict) for rows in read for row in rows):
        raise Unreadable(
            _(
                "This is not a table of roles: the feed has %(entries)s entries, and "
                "none carries a JobPosting."
            )
            % {"entries": len(entries)}
        )
    for number, rows in enumerate(read, 1):
        if not rows:
            yield BadRow(number, "entry", _("carries no JobPosting."))
        for row in rows:
            yield Record(number, row) if isinstance(row, dict) else BadRow(number, "entry", row)


def _entry(entry: Element) -> list[dict[str, Any] | str]:
    """Return the JobPostings of an entry: as JSON-LD in a text, as elements, or as a job of RSS."""
    rows: list[dict[str, Any] | str] = []
    for part in entry.iter():
        text = part.text or ""
        if part.get("type") == _LD or text.lstrip().startswith("{"):
            rows += _of_json(text)
        elif _LD in text:
            rows += _postings_of(text)
        elif _name(part) == "jobposting" and len(part):
            values = _facts(part, 0)
            rows.append(_as_posting(part) if isinstance(values, dict) else values)
    if rows:
        return rows
    values = _facts(entry, 0)
    if isinstance(values, dict) and any(field_called(name) == "org" for name in values):
        return [_placed(values)]
    return []


def _as_posting(part: Element) -> dict[str, Any]:
    """Return JobPosting elements with the names of the vocabulary, whose case XML kept."""
    values: dict[str, Any] = {"@type": "JobPosting"}
    for child in part:
        name = str(child.tag).rpartition("}")[2]
        value = _cased(child, 0)
        known = values.get(name)
        values[name] = value if known is None else [*_listed(known), value]
    return values


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _cased(element: Element, depth: int) -> Any:
    if not len(element) or depth >= MAX_DEPTH:
        return "".join(element.itertext()).strip()
    # An element of the vocabulary may hold its type as one more element: skip through it.
    inner = list(element)
    if len(inner) == 1 and str(inner[0].tag).rpartition("}")[2][:1].isupper():
        return _cased(inner[0], depth + 1)
    return {str(each.tag).rpartition("}")[2]: _cased(each, depth + 1) for each in inner}


# --- JSON-LD inside of HTML ---


class _Scripts(HTMLParser):
    """Collects the JSON-LD of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            kind = (dict(attrs).get("type") or "").partition(";")[0].strip().casefold()
            self._is_inside = kind == _LD and len(self.found) < MAX_SCRIPTS
            if self._is_inside:
                self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found[-1] += data


def _postings_of(text: str) -> Iterator[dict[str, Any] | str]:
    """Yield the JobPostings of a page, and what is wrong with JSON-LD that cannot be read."""
    reader = _Scripts()
    reader.feed(text)
    reader.close()
    for script in reader.found:
        yield from _of_json(script)


def _of_json(text: str) -> Iterator[dict[str, Any] | str]:
    try:
        # Pages write line breaks inside of texts, which strict JSON forbids.
        value = json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        if "JobPosting" in text:
            yield _("its JSON-LD is not JSON.")
        return
    for posting in postings_in(value):
        if is_posting(posting):
            yield posting
