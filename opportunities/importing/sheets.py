"""Read spreadsheets (XLSX, XLS, ODS): each sheet whose lines name a title is a table of roles."""

import io
import zipfile
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from opportunities.importing.rows import BadRow, Record, Unreadable
from opportunities.importing.tables import NO_NAMES, read_cells

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
        for name in book.sheet_names[:MAX_SHEETS]:
            sheet = book.get_sheet_by_name(name)
            lines = sheet.to_python(skip_empty_area=False, nrows=MAX_LINES + 1)
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
