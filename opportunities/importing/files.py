"""Read files of roles, row by row: NDJSON, JSON, CSV and JSON-LD, however damaged.

A row that cannot be read is reported with its line and the reading goes on. Bytes that are not
UTF-8 arrive as lone surrogates, so that the field in which they stand can be named.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn

from opportunities.importing.rows import BadRow, Record

MAX_JSON: Final = 64 * 1024 * 1024
"""Bytes of a whole JSON document; NDJSON and CSV are read line by line and have no such limit."""

MAX_RECORD: Final = 32 * 1024 * 1024
MAX_DEPTH: Final = 12
MAX_COLUMNS: Final = 200

FORMATS: Final = ("ndjson", "json", "csv")
_DELIMITERS: Final = ",;\t|"
_GUARDED: Final = "=+-@\t\r'"
_DEPTH: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|([\[{])|([\]}])', re.DOTALL)


class Unreadable(Exception):
    """The file as a whole cannot be read; the message is fit for the person who asked."""


def read(
    path: Path, *, form: str = "", encoding: str = "", delimiter: str = ""
) -> Iterator[Record | BadRow]:
    """Yield the rows of a file in order; the form is known by the name or by the first sign."""
    try:
        with path.open("rb") as file:
            yield from _read(file, form or _form(path, file), encoding, delimiter)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not written in {error.encoding}.") from error


def read_bytes(content: bytes, *, form: str) -> Iterator[Record | BadRow]:
    """Yield the rows of a file that was handed in, in order."""
    try:
        yield from _read(io.BytesIO(content), form, "", "")
    except UnicodeError as error:
        raise Unreadable("The file is written in an encoding that is not UTF-8.") from error


def form_of(content: bytes, *, name: str) -> str:
    """Return the form of a file that was handed in, by its name or by its first sign."""
    return _form(Path(name), io.BytesIO(content))


def _read(file: BinaryIO, form: str, encoding: str, delimiter: str) -> Iterator[Record | BadRow]:
    lines = _lines(file, encoding)
    if form == "csv":
        yield from _csv(lines, delimiter)
    elif form == "ndjson":
        yield from _ndjson(lines)
    elif file.seek(0, io.SEEK_END) > MAX_JSON:
        raise Unreadable("A JSON document is read up to 64 MB; write one object a line (NDJSON).")
    else:
        file.seek(0)
        yield from _json("".join(lines))


def _form(path: Path, file: BinaryIO) -> str:
    suffix = path.suffix.lower()
    if suffix in {".ndjson", ".jsonl"}:
        return "ndjson"
    if suffix in {".csv", ".tsv"}:
        return "csv"
    start = file.read(4096)
    file.seek(0)
    head = start.decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if head.startswith("["):
        return "json"
    if head.startswith("{"):
        first, _, rest = head.partition("\n")
        several = _is_json(first) and rest.lstrip().startswith("{")
        return "ndjson" if several or suffix not in {".json", ".jsonld"} else "json"
    if suffix in {".json", ".jsonld"}:
        return "json"
    return "csv"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield decoded lines; without a stated encoding a byte order mark decides, else UTF-8."""
    start = file.read(4)
    file.seek(0)
    if not encoding:
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            encoding = "utf-16"
        else:
            encoding = "utf-8-sig"
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise Unreadable(f"There is no encoding called {encoding}.") from error
    decoded = io.TextIOWrapper(file, encoding, errors="surrogateescape", newline="")
    try:
        yield from iter(decoded.readline, "")
    finally:
        decoded.detach()


# --- NDJSON and JSON ---


def _ndjson(lines: Iterable[str]) -> Iterator[Record | BadRow]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        yield _object(line, number)


def _object(text: str, number: int) -> Record | BadRow:
    try:
        _refuse_depth(text, 0)
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return BadRow(number, "row", f"is not JSON: {_reason(error)}.")
    if not isinstance(value, dict):
        return BadRow(number, "row", "is not a JSON object.")
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
    for name in ("opportunities", "results", "data", "@graph", "jobs"):
        inner = row.values.get(name)
        if isinstance(inner, list):
            yield from _items(text, name, inner)
            return
    yield row


def _items(text: str, name: str, items: list[Any]) -> Iterator[Record | BadRow]:
    place = re.search(rf'"{name}"\s*:\s*\[', text)
    if place:
        yield from _array(text, place.end() - 1)
        return
    for item in items:
        yield Record(1, item) if isinstance(item, dict) else BadRow(1, "row", "is not an object.")


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
            yield BadRow(line, "row", f"is not JSON: {_reason(error)}; what follows was not read.")
            return
        if isinstance(value, dict):
            yield Record(line, value)
        else:
            yield BadRow(line, "row", "is not a JSON object.")
        position = between.match(text, end).end()  # type: ignore[union-attr]  # matches always
    if position >= len(text):
        yield BadRow(line, "row", "the list is not closed: the file ends too early.")


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


# --- CSV ---


def _csv(lines: Iterable[str], delimiter: str) -> Iterator[Record | BadRow]:
    before = csv.field_size_limit(MAX_RECORD)
    try:
        yield from _table(_Lines(lines), delimiter)
    finally:
        csv.field_size_limit(before)


class _Lines:
    """Lines with their numbers; lines taken in vain can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._source = iter(lines)
        self._returned: list[str] = []
        self.number = 0

    def take(self) -> str | None:
        line = self._returned.pop() if self._returned else next(self._source, None)
        self.number += line is not None
        return line

    def give_back(self, lines: list[str]) -> None:
        self._returned.extend(reversed(lines))
        self.number -= len(lines)


def _table(lines: _Lines, delimiter: str) -> Iterator[Record | BadRow]:
    head = _cells(lines, delimiter or None)
    while isinstance(head, list) and not any(head):
        head = _cells(lines, delimiter or None)
    if head is None:
        raise Unreadable("The file is empty: its first line names the columns.")
    if isinstance(head, BadRow) or len(head) > MAX_COLUMNS:
        raise Unreadable("The first line does not name the columns of a CSV file.")
    delimiter = delimiter or _delimiter_of(head)
    if len(head) == 1 and delimiter in head[0]:
        head = next(csv.reader([head[0]], delimiter=delimiter))
    names = [name.strip() for name in head]
    while True:
        number = lines.number + 1
        cells = _cells(lines, delimiter)
        if cells is None:
            return
        if isinstance(cells, BadRow):
            yield cells
        elif any(cells):
            yield _row(number, names, cells)


def _delimiter_of(head: list[str]) -> str:
    """Return the sign that stands most often in the line of names."""
    line = head[0] if len(head) == 1 else ""
    return max(_DELIMITERS, key=lambda sign: (line.count(sign), sign == ","))


def _cells(lines: _Lines, delimiter: str | None) -> list[str] | BadRow | None:
    """Return the cells of the next record, which may span lines inside of quotes."""
    first = lines.take()
    if first is None:
        return None
    number, taken, size, is_open = lines.number, [first], len(first), first.count('"') % 2
    while is_open and size <= MAX_RECORD:
        line = lines.take()
        if line is None:
            break
        taken.append(line)
        size += len(line)
        is_open ^= line.count('"') % 2
    if is_open:
        lines.give_back(taken[1:])
        taken = [first]
    if delimiter is None:
        return [first.rstrip("\r\n")] if len(taken) == 1 else _parse(taken, number, ",")
    cells = _parse(taken, number, delimiter)
    if is_open and isinstance(cells, list) and cells and cells[-1].endswith("\n"):
        return BadRow(number, "row", "opens a quotation mark that nothing closes.")
    return cells


def _parse(lines: list[str], number: int, delimiter: str) -> list[str] | BadRow:
    try:
        return next(csv.reader(["".join(lines)], delimiter=delimiter), [])
    except csv.Error as error:
        return BadRow(number, "row", f"cannot be read: {error}.")


def _row(number: int, names: list[str], cells: list[str]) -> Record | BadRow:
    if len(cells) < len(names):
        return BadRow(
            number,
            names[len(cells)] or f"column {len(cells) + 1}",
            f"is missing: the row has {len(cells)} of {len(names)} cells.",
        )
    if len(cells) > len(names) and any(cells[len(names) :]):
        return BadRow(number, "row", f"has {len(cells)} cells for {len(names)} columns.")
    return Record(
        number,
        {
            name: _unguarded(cell)
            for name, cell in zip(names, cells, strict=False)
            if name and cell.strip()
        },
    )


def _unguarded(cell: str) -> str:
    """Take away the mark that keeps a spreadsheet from reading a cell as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in _GUARDED else cell


def guarded(cell: str) -> str:
    """Mark a cell that a spreadsheet would read as a formula; reading takes the mark away."""
    return "'" + cell if cell and cell[0] in _GUARDED else cell
