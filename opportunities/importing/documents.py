"""Read XML of job boards, and Atom and RSS with JobPosting."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from opportunities.importing.columns import field_called
from opportunities.importing.elements import (
    MAX_DEPTH,
    add,
    local_name,
    markup_of,
    name_of,
    parse,
    values_of,
)
from opportunities.importing.postings import LD, postings_of_json, postings_of_page
from opportunities.importing.rows import BadRow, Record, Unreadable

_ROLES: Final = frozenset(
    ("job", "jobs", "position", "vacancy", "listing", "opportunity", "posting", "offer",
     "internship", "jobposting", "role", "ad", "item", "entry")
)  # fmt: skip
_FEEDS: Final = frozenset(("feed", "rss", "rdf"))
_ENTRIES: Final = frozenset(("entry", "item"))
_OF_JOBS: Final = frozenset(("org", "employer", "pay", "kind", "mode", "remote", "commitment"))
"""Fields of which an entry of a feed states one if it is a job."""
_ENTRY_DEPTH: Final = 4
"""Levels under the root at which entries of a feed stand at most."""
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"


def read_xml(content: bytes) -> Iterator[Record | BadRow]:
    """Yield the roles of an XML document, numbered from 1; raise ``Unreadable`` if it has none."""
    root = parse(content)
    if name_of(root) in _FEEDS:
        yield from _feed(root)
        return
    found = False
    for number, element in enumerate(_roles_among([root], -1), 1):
        found = True
        yield Record(number, _placed(values_of(element)))
    if not found:
        raise Unreadable(
            _("This is not a table of roles: no element of this XML is a job with a title.")
        )


# --- XML of job boards ---


def _roles_among(elements: Iterable[Element], depth: int) -> Iterator[Element]:
    """Yield the jobs among elements and below them: by their name, and because they have a title.

    One without a title among others is a job as well.
    """
    jobs = {element.tag for element in elements if _is_role(element)}
    for element in elements:
        if element.tag in jobs:
            yield element
        elif depth < MAX_DEPTH:
            yield from _roles_among(element, depth + 1)


def _is_role(element: Element) -> bool:
    """Say whether an element is a job; what holds jobs may have a title, and is none."""
    if name_of(element) not in _ROLES or not _is_titled(element):
        return False
    inside = [child for child in element if name_of(child) in _ROLES and _is_titled(child)]
    return not inside or (len(inside) == 1 and not name_of(element).endswith("s"))


def _is_titled(element: Element) -> bool:
    leaves = [name_of(child) for child in element if not len(child)]
    is_position = name_of(element) == "position" and "name" in leaves
    return is_position or any(field_called(name) == "title" for name in leaves)


def _placed(values: dict[str, Any]) -> dict[str, Any]:
    """Put city and state, which job XML keeps apart, into one place."""
    city, state = values.get("city"), values.get("state")
    if not values.get("location") and isinstance(city, str) and city:
        del values["city"]
        values.pop("state", None)
        values["location"] = f"{city}, {state}" if isinstance(state, str) and state else city
    return values


# --- Feeds ---


def _feed(root: Element) -> Iterator[Record | BadRow]:
    read = [_entry(entry, base) for entry, base in _entries(root, "", 0)]
    if not any(isinstance(row, dict) for rows in read for row in rows):
        raise Unreadable(
            _(
                "This is not a table of roles: the feed has %(entries)s entries, and "
                "none carries a JobPosting."
            )
            % {"entries": len(read)}
        )
    for number, rows in enumerate(read, 1):
        if not rows:
            yield BadRow(number, "entry", _("carries no JobPosting."))
        for row in rows:
            yield Record(number, row) if isinstance(row, dict) else BadRow(number, "entry", row)


def _entries(element: Element, base: str, depth: int) -> Iterator[tuple[Element, str]]:
    """Yield the entries of a feed, each with the address that its links are relative to."""
    base = urljoin(base, element.get(_BASE, ""))
    for child in element:
        if name_of(child) in _ENTRIES:
            yield child, urljoin(base, child.get(_BASE, ""))
        elif depth < _ENTRY_DEPTH:
            yield from _entries(child, base, depth + 1)


def _entry(entry: Element, base: str) -> list[dict[str, Any] | str]:
    """Return the JobPostings of an entry: as JSON-LD in a text, as elements, or as a job of RSS."""
    rows: list[dict[str, Any] | str] = []
    for part in entry.iter():
        text = part.text or ""
        if (part.get("type") or "").startswith(LD) or text.lstrip().startswith("{"):
            found = list(postings_of_json(text))
        elif LD in text:
            found = list(postings_of_page(text))
        elif name_of(part) == "jobposting" and len(part):
            found = [_as_posting(part)]
        else:
            continue
        # A summary and the whole content of an entry may carry the same posting.
        rows += [row for row in found if row not in rows]
    link = _link(entry, base)
    if rows:
        return [_addressed(row, base, link if len(rows) == 1 else "") for row in rows]
    values = _job_of_feed(entry, link)
    return [_placed(values)] if _is_job(values) else []


def _is_job(values: dict[str, Any]) -> bool:
    """Say whether an entry is a job and no news: it names whose, or what only a job has.

    Dates and places are no sign, since events have them too; who reads the feed of one employer
    knows whose jobs they are.
    """
    named = (name for name, value in values.items() if value and name not in {"type", "rate"})
    return not _OF_JOBS.isdisjoint(map(field_called, named))


def _addressed(row: dict[str, Any] | str, base: str, link: str) -> dict[str, Any] | str:
    """Give a posting its whole address: that of its entry where it states none of its own."""
    if isinstance(row, dict):
        address = row.get("url")
        if isinstance(address, str) and address:
            row["url"] = _joined(base, address)
        elif link and not address:
            row["url"] = link
    return row


def _link(entry: Element, base: str) -> str:
    """Return the address of an entry: its link, else the permanent one that it is known by."""
    for child in entry:
        if name_of(child) == "link" and child.get("rel", "alternate") == "alternate":
            address = (child.get("href") or child.text or "").strip()
            if address:
                return _joined(urljoin(base, child.get(_BASE, "")), address)
    known_by = next((child for child in entry if name_of(child) == "guid"), None)
    is_address = known_by is not None and known_by.get("isPermaLink", "true") == "true"
    return (known_by.text or "").strip() if known_by is not None and is_address else ""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _job_of_feed(entry: Element, link: str) -> dict[str, Any]:
    """Return an entry whose elements are the facts of a job, under the names of job boards.

    The whole text goes before the summary, which only begins it.
    """
    values = values_of(entry)
    for name in ("link", "source"):
        values.pop(name, None)
    if link:
        values["link"] = link
    elif values.get("guid") and not values.get("id"):
        values["id"] = values.pop("guid")
    texts = [values.pop(name, "") for name in ("encoded", "content", "description", "summary")]
    whole = next((text for text in texts if text), "")
    if whole:
        values["description"] = whole
    if others := [text for text in texts if text and text is not whole]:
        values["synopsis"] = others
    return values


def _as_posting(part: Element) -> dict[str, Any]:
    """Return JobPosting elements with the names of the vocabulary, whose case XML kept."""
    values: dict[str, Any] = {"@type": "JobPosting"}
    for child in part:
        add(values, local_name(child), _cased(child, 0))
    return values


def _cased(element: Element, depth: int) -> Any:
    """Return a property: a text, an object of properties, or the objects of its type."""
    if local_name(element) == "description":
        return markup_of(element)
    parts = list(element)
    if not parts or depth >= MAX_DEPTH:
        return "".join(element.itertext()).strip() or _address_in(element)
    # An element of the vocabulary may hold its type as one more element: skip through it.
    if all(local_name(each)[:1].isupper() for each in parts):
        inner = [_cased(each, depth + 1) for each in parts]
        return inner[0] if len(inner) == 1 else inner
    values: dict[str, Any] = {}
    for each in parts:
        add(values, local_name(each), _cased(each, depth + 1))
    return values


def _address_in(element: Element) -> str:
    """Return the address that a property without words leads to."""
    names = {"resource", "href", "content"}
    said = (value for name, value in element.attrib.items() if name.rpartition("}")[2] in names)
    return next(said, "")
