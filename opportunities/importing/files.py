"""Read files of roles, row by row, however damaged: tables, JSON, XML, pages with JSON-LD.

A row that cannot be read is reported with its line and the reading goes on. Bytes that are not
UTF-8 arrive as lone surrogates, so that the field in which they stand can be named.
"""

import io
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, NoReturn

from django.utils.translation import gettext as _

from opportunities.importing import documents, sheets
from opportunities.importing.columns import Naming
from opportunities.importing.encoding import encoding_of
from opportunities.importing.postings import postings_in, read_page
from opportunities.importing.rows import BadRow, DateOrders, Record, Unreadable
from opportunities.importing.tables import read_csv

MAX_JSON: Final = 64 * 1024 * 1024
"""Bytes of a whole document; NDJSON and CSV are read line by line and have no such limit."""

MAX_DEPTH: Final = 12

AS_IT_IS: Final = Naming()
ENVELOPES: Final = (
    "opportunities", "results", "data", "@graph", "jobs", "content", "postings", "listings",
)  # fmt: skip
"""Names under which a document keeps its list of roles."""

_SUFFIXES: Final = {".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv", ".tsv": "csv"}
_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|script|div)\b", re.IGNORECASE)
_SHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DEPTH: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|([\[{])|([\]}])', re.DOTALL)


def read(path: Path, naming: Naming = AS_IT_IS, *, form: str = "") -> list[Record | BadRow]:
    """Return the rows of a file in order; the form is known by the name or by the first sign."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            _("%(path)s cannot be read: %(strerror)s.") % {"path": path, "strerror": error.strerror}
        ) from error
    return read_bytes(content, naming, form=form or form_of(content, name=path.name))


def read_bytes(
    content: bytes, naming: Naming = AS_IT_IS, *, form: str, most: int | None = None
) -> list[Record | BadRow]:
    """Return the rows of the content of a file, in order; at most so many.

    A line which has the columns of the ``naming`` is the line of names.
    """
    try:
        rows = list(islice(_rows(content, form, naming), most))
    except UnicodeError as error:
        raise Unreadable(_("The file is written in an encoding that is not UTF-8.")) from error
    dates = DateOrders.shown_by(rows)
    return [row._replace(dates=dates) if isinstance(row, Record) else row for row in rows]


def form_of(content: bytes, *, name: str) -> str:
    """Return the form of a file: what it begins with says more than its name."""
    suffix = Path(name).suffix.lower()
    start = content[:4096]
    encoding = encoding_of(start)
    is_wide = encoding.startswith("utf-16")
    head = start.decode(encoding if is_wide else "utf-8", "replace").lstrip("\ufeff \r\n\t")
    if start.startswith(_SHEETS):
        form = "sheet"
    elif head.startswith("<"):
        form = "html" if suffix in {".html", ".htm"} or _PAGE.match(head) else "xml"
    elif suffix in _SUFFIXES:
        form = _SUFFIXES[suffix]
    elif start.startswith((b"%PDF-", b"{\\rtf")) or (b"\x00" in start and not is_wide):
        raise Unreadable(
            _("This is not a table of roles: it is no text, no spreadsheet and no web page.")
        )
    else:
        form = "json" if head[:1] in {"[", "{"} or suffix in {".json", ".jsonld"} else "csv"
        if head.startswith("{") and _has_an_object_a_line(content):
            form = "ndjson"
    return form


def _has_an_object_a_line(content: bytes) -> bool:
    """Say whether the second line begins an object as the first did; addresses have no suffix."""
    lines = (line.strip(b" \t\r\n\x00") for line in io.BytesIO(content))
    told = list(islice(filter(None, lines), 2))
    return len(told) > 1 and told[1].startswith(b"{")


def _rows(content: bytes, form: str, naming: Naming) -> Iterator[Record | BadRow]:
    if form not in {"ndjson", "csv"} and len(content) > MAX_JSON:
        raise Unreadable(_("A document is read up to 64 MB; write one object a line (NDJSON)."))
    if form == "sheet":
        yield from sheets.read_sheets(content, naming.columns)
    elif form == "xml":
        yield from documents.read_xml(content)
    elif form == "html":
        yield from read_page(_text(content, naming.encoding))
    elif form == "csv":
        lines = _lines(content, naming.encoding)
        yield from read_csv(lines, naming.delimiter, naming.columns)
    elif form == "ndjson":
        lines = _lines(content, naming.encoding)
        yield from (_object(line, at) for at, line in enumerate(lines, 1) if line.strip())
    else:
        yield from _json(_text(content, naming.encoding))


def _text(content: bytes, encoding: str) -> str:
    """Return the text of a file; ``encoding`` is what it is said to be written in."""
    encoding = encoding or encoding_of(content[: 1 << 20])
    try:
        return content.decode(encoding, "surrogateescape")
    except LookupError as error:
        raise Unreadable(
            _("There is no encoding called %(encoding)s.") % {"encoding": encoding}
        ) from error


def _lines(content: bytes, encoding: str) -> list[str]:
    return list(io.StringIO(_text(content, encoding), newline=""))


# --- NDJSON and JSON ---


def _object(text: str, number: int) -> Record | BadRow:
    try:
        _refuse_depth(text, 0)
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return BadRow(number, "row", _("is not JSON: %(error)s.") % {"error": _reason(error)})
    if not isinstance(value, dict):
        return BadRow(number, "row", _("is not a JSON object."))
    return Record(number, value)


def _json(text: str) -> Iterator[Record | BadRow]:
    """Yield the objects of an array, of its envelope or of a JSON-LD graph; or the one object.

    An array is read object by object, so that those before a damaged place are kept.
    """
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] == "[":
        yield from _array(text, start)
        return
    row = _object(text, 1)
    if isinstance(row, BadRow):
        yield row
        return
    if "@graph" in row.values or "itemListElement" in row.values:
        postings = list(postings_in(row.values))
        if postings:
            yield from (Record(number, values) for number, values in enumerate(postings, 1))
            return
    wrapped = (row.values[name] for name in ENVELOPES if isinstance(row.values.get(name), dict))
    for envelope in (row.values, *wrapped):
        for name in ENVELOPES:
            inner = envelope.get(name)
            place = re.search(rf'"{name}"\s*:\s*\[', text)
            if isinstance(inner, list) and place:
                yield from _named_after(envelope, _array(text, place.end() - 1))
                return
    yield row


def _named_after(
    envelope: dict[str, Any], rows: Iterator[Record | BadRow]
) -> Iterator[Record | BadRow]:
    """Yield the rows of a board, each with the company that only the envelope names."""
    company = envelope.get("name")
    for row in rows:
        if isinstance(row, Record) and isinstance(company, str) and "shortcode" in row.values:
            row.values.setdefault("company", company)
        yield row


def _array(text: str, start: int) -> Iterator[Record | BadRow]:
    decoder = json.JSONDecoder(parse_constant=_refuse_constant)
    between = re.compile(r"[\s,]*")
    position = between.match(text, start + 1).end()  # type: ignore[union-attr]  # matches always
    line, counted = 1, 0
    while position < len(text) and text[position] != "]":
        line += text.count("\n", counted, position)
        counted = position
        try:
            if text[position] in "[{":
                _refuse_depth(text, position)
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            yield BadRow(
                line,
                "row",
                _("is not JSON: %(error)s; what follows was not read.") % {"error": _reason(error)},
            )
            return
        if isinstance(value, dict):
            yield Record(line, value)
        else:
            yield BadRow(line, "row", _("is not a JSON object."))
        position = between.match(text, end).end()  # type: ignore[union-attr]  # matches always
    if position >= len(text):
        yield BadRow(line, "row", _("the list is not closed: the file ends too early."))


def _refuse_depth(text: str, position: int) -> None:
    """Refuse the value that begins here if it is nested deeper than any role is."""
    depth = 0
    for found in _DEPTH.finditer(text, position):
        if found[1]:
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
        elif found[2]:
            depth -= 1
            if depth <= 0:
                return


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg[0].lower() + error.msg[1:]
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
