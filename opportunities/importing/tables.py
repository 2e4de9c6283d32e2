"""Read tables of roles: CSV of any delimiter, and rows of cells.

The line of names is found by the names in it: a title may stand above it, ``sep=;`` may say how
cells are parted, and spreadsheets drop the empty cells at the end of a row.
"""

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.core.text import clean_line
from opportunities.importing.columns import field_called
from opportunities.importing.rows import BadRow, Record, Unreadable

MAX_RECORD: Final = 32 * 1024 * 1024
MAX_COLUMNS: Final = 200
HEAD: Final = 12
"""Lines among which the line of names is looked for."""

NO_NAMES: Final = gettext_noop(
    "This is not a table of roles: no line of it names their title, such as Title."
)
_DELIMITERS: Final = ",;\t|"
_GUARDED: Final = "=+-@\t\r'"
_SEP: Final = re.compile(r'"?sep=(?P<sign>.)"?\s*', re.IGNORECASE)


def read_csv(
    lines: Sequence[str], delimiter: str = "", columns: Collection[str] = ()
) -> Iterator[Record | BadRow]:
    """Yield the rows of a CSV file; ``columns`` are names that a mapping knows."""
    before = csv.field_size_limit(MAX_RECORD)
    try:
        records = _records(lines)
        names, delimiter = _head(records, delimiter, columns)
        for number, text in records:
            cells = _cells(number, text, delimiter)
            if isinstance(cells, BadRow):
                yield cells
            elif any(cells):
                yield _row(number, names, cells)
    finally:
        csv.field_size_limit(before)


def read_cells(
    rows: Iterable[Sequence[str]], columns: Collection[str] = ()
) -> Iterator[Record | BadRow]:
    """Yield the rows of a sheet; raise ``Unreadable`` if no line of it names their title."""
    numbered = enumerate(rows, 1)
    names: list[str] = []
    for number, cells in numbered:
        names = [cell.strip() for cell in cells]
        if is_head(names, columns):
            break
        if number >= HEAD:
            raise Unreadable(_(NO_NAMES))
    else:
        raise Unreadable(_(NO_NAMES))
    while names and not names[-1]:
        names.pop()
    for number, cells in numbered:
        if any(cell.strip() for cell in cells):
            yield _row(number, names, [cell.strip() for cell in cells])


def is_head(cells: Sequence[str], columns: Collection[str] = ()) -> bool:
    """Say whether these cells name columns of roles; one of them is the title."""
    if not 0 < len(cells) <= MAX_COLUMNS:
        return False
    fields = {field_called(cell) for cell in cells} - {""}
    named = sum(1 for cell in cells if cell.strip() in columns)
    if columns:
        return bool(named) or "title" in fields
    # A line of one cell is a title of the table unless it is the name of the only column.
    alone = sum(1 for cell in cells if cell.strip()) == 1
    return "title" in fields and (alone or len(fields) > 1 or len(cells) <= 2)


def _head(
    records: Iterator[tuple[int, str]], delimiter: str, columns: Collection[str]
) -> tuple[list[str], str]:
    """Return the names of the columns and the sign between cells."""
    is_empty, shown = True, ""
    for _number, text in islice(records, HEAD):
        if not text.strip(" ,;|\t\r\n"):
            continue
        if is_empty and (told := _SEP.fullmatch(text)):
            delimiter = delimiter or told["sign"]
            continue
        shown = shown or clean_line(text)[:80]
        is_empty = False
        by_count = sorted(_DELIMITERS, key=lambda sign: (-text.count(sign), sign != ","))
        for sign in [delimiter] if delimiter else by_count:
            try:
                cells = next(csv.reader([text], delimiter=sign), [])
            except csv.Error:
                continue
            names = [" ".join(cell.split()) for cell in cells]
            if is_head(names, columns):
                return names, sign
    if is_empty:
        raise Unreadable(_("The file is empty: its first line names the columns."))
    raise Unreadable(
        _(
            "This is not a table of roles: no line of it names their title, such as Title. It "
            "begins with: %(shown)s"
        )
        % {"shown": shown}
    )


def _records(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each record, which may span lines inside of quotes, with the number of its line."""
    place = 0
    while place < len(lines):
        end = _closing(lines, place)
        yield place + 1, "".join(lines[place:end])
        place = end


def _closing(lines: Sequence[str], start: int) -> int:
    """Return behind which line a record ends; quotes that nothing closes are none."""
    size = is_open = 0
    for end in range(start, len(lines)):
        size += len(lines[end])
        is_open ^= lines[end].count('"') % 2
        if not is_open:
            return end + 1
        if size > MAX_RECORD:
            break
    return start + 1


def _cells(number: int, text: str, delimiter: str) -> list[str] | BadRow:
    try:
        cells = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error as error:
        return BadRow(number, "row", _("cannot be read: %(error)s.") % {"error": error})
    if text.count('"') % 2 and cells and cells[-1].endswith("\n"):
        return BadRow(number, "row", _("opens a quotation mark that nothing closes."))
    return cells


def _row(number: int, names: list[str], cells: list[str]) -> Record | BadRow:
    if len(cells) == 1 < len(names) - 1:
        return BadRow(
            number,
            "row",
            _("has 1 of %(columns)s cells: %(cell)s")
            % {"columns": len(names), "cell": clean_line(cells[0])[:60]},
        )
    if len(cells) > len(names) and any(cells[len(names) :]):
        return BadRow(
            number,
            "row",
            _("has %(cells)s cells for %(columns)s columns.")
            % {"cells": len(cells), "columns": len(names)},
        )
    values: dict[str, str] = {}
    seen: Counter[str] = Counter()
    nameless: list[str] = []
    for name, cell in zip(names, cells, strict=False):
        seen[name] += 1
        if not name and cell.strip():
            nameless.append(cell.strip())
        elif cell.strip():
            values[name if seen[name] == 1 else f"{name} ({seen[name]})"] = _unguarded(cell)
    if nameless:
        values["(column without a name)"] = "; ".join(nameless)
    return Record(number, values)


def _unguarded(cell: str) -> str:
    """Take away the mark that keeps a spreadsheet from reading a cell as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in _GUARDED else cell


def guarded(cell: str) -> str:
    """Mark a cell that a spreadsheet would read as a formula; reading takes the mark away."""
    return "'" + cell if cell and cell[0] in _GUARDED else cell
