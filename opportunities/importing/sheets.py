"""Read spreadsheets (XLSX, XLS, ODS): a sheet whose lines name a title is a table of roles.

A bounded process opens them: two cells far apart, in a file of a kilobyte, take gigabytes once a
library lays out what is between. Hidden sheets are left alone: they have the roles of last year, or
the choices of a list.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.core.bounded_reading import SHEETS, look_into, slot
from opportunities.importing.rows import BadRow, Record, Unreadable
from opportunities.importing.tables import NO_NAMES, read_cells

MAX_BYTES: Final = 64 * 1024 * 1024
_TOO_LARGE: Final = gettext_noop("The spreadsheet is too large once it is unpacked.")
_NO_SPREADSHEET: Final = gettext_noop(
    "This is not a table of roles: it is no spreadsheet that we can open."
)
_REFUSALS: Final[Mapping[str, str]] = {
    "bomb": _TOO_LARGE,
    "too_complex": _TOO_LARGE,
    "too_large": _TOO_LARGE,
    "broken": _NO_SPREADSHEET,
    "no_text": NO_NAMES,
}
"""Code of a refusal to what is said of the file."""


class _Sheet(NamedTuple):
    """The lines of a sheet as words, and whether it has more than are read."""

    name: str
    lines: list[list[str]]
    goes_on: bool


def read_sheets(content: bytes, columns: Collection[str] = ()) -> Iterator[Record | BadRow]:
    """Yield the rows of every sheet with roles; raise ``Unreadable`` if there is none."""
    with slot():
        verdict, told = look_into(content, SHEETS, refusals=_REFUSALS, most=MAX_BYTES)
    if verdict != "ok":
        raise Unreadable(_(_REFUSALS.get(verdict, _NO_SPREADSHEET)))
    found = False
    for sheet in _sheets(told):
        try:
            for row in read_cells(sheet.lines, columns):
                found = True
                yield row
        except Unreadable:
            continue  # A sheet of notes; another one has the roles.
        if sheet.goes_on:
            yield BadRow(
                len(sheet.lines),
                "row",
                _("is the last that is read of the sheet %(name)s.") % {"name": sheet.name},
            )
    if not found:
        raise Unreadable(_(NO_NAMES))


def _sheets(told: str) -> list[_Sheet]:
    """Return the sheets from what ``inspecting.lines_of_sheets`` says."""
    sheets: list[_Sheet] = []
    for value in map(json.loads, told.split("\n")):
        if isinstance(value, str):
            sheets.append(_Sheet(value, [], goes_on=False))
        elif value is None:
            sheets[-1] = sheets[-1]._replace(goes_on=True)
        else:
            sheets[-1].lines.append(value)
    return sheets
