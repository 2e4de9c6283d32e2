"""Read spreadsheets (XLSX, XLS, ODS): a sheet whose lines name a title is a table of roles.

Hidden sheets are left alone: they have the roles of last year, or the choices of a list.
"""

import io
import zipfile
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from opportunities.importing.rows import BadRow, Record, Unreadable
from opportunities.importing.tables import NO_NAMES, read_cells

type Place = tuple[int, int]
"""Row and column of a cell, from 0."""

MAX_UNPACKED: Final = 128 * 1024 * 1024
"""Bytes that the parts of a workbook may have once they are unpacked."""

MAX_LINES: Final = 50_000
MAX_SHEETS: Final = 40


def read_sheets(content: bytes, columns: Collection[str] = ()) -> Iterator[Record | BadRow]:
    """Yield the rows of every sheet with roles; raise ``Unreadable`` if there is none."""
    _refuse_bomb(content)
    found = False
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [
            each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible
        ]
        for name in shown[:MAX_SHEETS]:
            sheet = book.get_sheet_by_name(name)
            lines = sheet.to_python(skip_empty_area=False, nrows=MAX_LINES + 1)
            _fill_merged(lines, sheet.merged_cell_ranges or ())
            try:
                for row in read_cells(([_word(cell) for cell in line] for line in lines), columns):
                    found = True
                    yield row
            except Unreadable:
                continue  # A sheet of notes; another one has the roles.
            if len(lines) > MAX_LINES:
                yield BadRow(
                    MAX_LINES,
                    "row",
                    _("is the last that is read of the sheet %(name)s.") % {"name": name},
                )
    except CalamineError as error:
        raise Unreadable(
            _("This is not a table of roles: it is no spreadsheet that we can open.")
        ) from error
    if not found:
        raise Unreadable(_(NO_NAMES))


def _fill_merged(lines: list[list[Any]], ranges: Iterable[tuple[Place, Place]]) -> None:
    """Repeat what stands in a cell that was merged with those below it, row by row."""
    for (top, column), (bottom, _right) in ranges:
        for line in lines[top + 1 : bottom + 1]:
            line[column] = lines[top][column]


def _refuse_bomb(content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile as error:
        raise Unreadable(_("This is not a table of roles: the file is damaged.")) from error
    if unpacked > MAX_UNPACKED:
        raise Unreadable(_("The spreadsheet is too large once it is unpacked."))


def _word(cell: Any) -> str:
    """Return a cell as the words that a CSV file would have."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds() / 3600:g} hours"
    return str(cell)
