"""schema.org JobPosting: found in JSON-LD and in web pages, and put under our own names."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from opportunities.importing.markup import Reader
from opportunities.importing.rows import BadRow, Record, Unreadable
from opportunities.places.areas import LONGEST, MOST_PLACES

LD: Final = "application/ld+json"
MAX_SCRIPTS: Final = 5_000
_HIDDEN: Final = re.compile(
    r"\A\s*(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?|(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?\s*\Z"
)
"""What pages write around a script to hide it from programs that know no scripts."""
_AS_THEY_ARE: Final[Mapping[str, str]] = {
    "title": "title",
    "description": "description",
    "validThrough": "apply_by",
    "jobStartDate": "start",
    "industry": "field",
    "workHours": "commitment",
    "totalJobOpenings": "capacity",
    "jobDuration": "duration",
}


def is_posting(values: Mapping[str, Any]) -> bool:
    """Say whether a record is a JobPosting."""
    kinds = values.get("@type", values.get("type"))
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(name, str) and name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] == "JobPosting"
        for name in names
    )


def postings_in(value: Any, *, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the JobPostings of a JSON-LD document: in a graph, a list, or as a page's main thing.

    An organization that a posting names only by its ``@id`` is put in its place.
    """
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value:
            yield from postings_in(item, depth=depth + 1)
    elif isinstance(value, Mapping):
        if is_posting(value):
            yield dict(value)
            return
        graph = value.get("@graph")
        nodes = {
            node["@id"]: node
            for node in (graph if isinstance(graph, list) else ())
            if isinstance(node, Mapping) and isinstance(node.get("@id"), str)
        }
        for name in ("@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage"):
            for posting in postings_in(value.get(name), depth=depth + 1):
                organization = posting.get("hiringOrganization")
                if isinstance(organization, Mapping) and organization.keys() == {"@id"}:
                    posting["hiringOrganization"] = nodes.get(organization["@id"], "")
                yield posting


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


def read_posting(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JobPosting's facts under our names; what it does not say stays absent."""
    read: dict[str, Any] = {
        name: _text(values[theirs]) for theirs, name in _AS_THEY_ARE.items() if values.get(theirs)
    }
    organization = values.get("hiringOrganization")
    read["org"] = _named(organization) or (
        _named(organization.get("legalName")) if isinstance(organization, Mapping) else ""
    )
    read["external_id"] = _identifier(values.get("identifier"))
    read["url"] = _text(values.get("url")) or _address_of(values.get("@id"))
    read["skills"] = _names(values.get("skills"))
    kinds = _names(values.get("employmentType"))
    if any(kind.upper() in {"INTERN", "INTERNSHIP"} for kind in kinds):
        read["kind"] = "internship"
    places = _addresses(values.get("jobLocation"))
    if places:
        read["place"] = places[0][0]
        read["country"] = places[0][1]
        read["mode"] = "onsite"
    if len(places) > 1:
        words = [", ".join(part for part in place if part) for place in places]
        told = "; ".join(dict.fromkeys(words))
        if len(places) <= MOST_PLACES and len(told) <= LONGEST:
            read["place"] = told
        else:
            read["unparsed"] = {"places": told}
    if "TELECOMMUTE" in [word.upper() for word in _names(values.get("jobLocationType"))]:
        read["mode"] = "hybrid" if places else "remote"
        if not places:
            read["country"] = _named(values.get("applicantLocationRequirements"))
    read.update(_salary(values))
    return {name: value for name, value in read.items() if value not in ("", [], None)}


def _text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _text(value.get("@value", value.get("name", value.get("value", ""))))
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return value


def _address_of(node: Any) -> str:
    """Return the address that names a node; a name inside of its document is none."""
    return node if isinstance(node, str) and not node.startswith(("#", "_:")) else ""


def _named(value: Any) -> str:
    name = _text(value)
    return name if isinstance(name, str) else ""


def _identifier(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("value", "")
    return str(value) if isinstance(value, str | int) else ""


def _names(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    found = []
    for item in items:
        name = _text(item)
        if isinstance(name, str):
            found += [part.strip() for part in name.split(",") if part.strip()]
    return found


def _addresses(value: Any) -> list[tuple[str, str]]:
    places = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item:
            places.append((item, ""))
        if not isinstance(item, Mapping):
            continue
        address = item.get("address", item)
        if isinstance(address, str):
            places.append((address, ""))
        elif isinstance(address, Mapping):
            parts = [_named(address.get(name)) for name in ("addressLocality", "addressRegion")]
            town = ", ".join(part for part in parts if part)
            places.append((town, _named(address.get("addressCountry"))))
    return [place for place in places if any(place)]


def _salary(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return baseSalary in our own words, so that it is read like any other text.

    Several salaries are several words, which state no pay that is sure. Those who have no salary
    to tell write 0 into this shape: it says that pay is not disclosed, never that there is none.
    """
    salary = values.get("baseSalary")
    currency = _named(values.get("salaryCurrency"))
    words: dict[str, None] = {}
    for each in salary if isinstance(salary, list) else [salary]:
        if isinstance(each, Mapping):
            word = "" if is_undisclosed(each) else amount_in_words(each, currency)
        elif isinstance(each, bool) or not isinstance(each, str | int | float):
            word = ""
        else:
            word = "" if is_zero(each) else f"{each} {currency}".strip()
        words[word] = None
    words.pop("", None)
    return {"pay": "; ".join(words)} if words else {}


def is_zero(value: Any) -> bool:
    """Say whether a figure is 0, as a number or as text."""
    return str(value).strip().replace(",", ".").strip("0") in {"", "."} and "0" in str(value)


def is_undisclosed(amount: Mapping[str, Any]) -> bool:
    """Say whether every figure of an amount is 0 or absent."""
    figures = _figures(amount)
    stated = [
        figures[name]
        for name in ("value", "amount", "minValue", "min", "maxValue", "max")
        if isinstance(figures.get(name), str | int | float)
    ]
    return bool(stated) and all(is_zero(figure) for figure in stated)


def amount_in_words(amount: Mapping[str, Any], currency: str = "") -> str:
    """Return an amount written as an object (value or range, currency, unit) as words of pay."""
    currency = _named(amount.get("currency")) or currency
    figures = _figures(amount)
    unit = str(_first(figures, "unitText", "unit", "period", "per") or "").strip().lower()
    low = _first(figures, "minValue", "min", "value", "amount")
    high = _first(figures, "maxValue", "max")
    if high is not None and low is not None and is_zero(low) and not is_zero(high):
        low = None  # A range from 0 tells only its upper end.
    per = f" per {unit}" if unit else ""
    if low is None:
        return f"up to {high} {currency}{per}" if high is not None else ""
    span = f"{low}" if high in (None, low) else f"{low} - {high}"
    return f"{currency} {span}{per}".strip()


def _figures(amount: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the parts of an amount; its value may have parts as well."""
    inner = amount.get("value")
    return {**amount, **inner} if isinstance(inner, Mapping) else amount


def _first(values: Mapping[str, Any], *names: str) -> Any:
    found = (values[name] for name in names if isinstance(values.get(name), str | int | float))
    return next(found, None)
