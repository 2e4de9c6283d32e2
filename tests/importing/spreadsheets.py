"""Small XLSX and ODS files of our own making."""

import io
import zipfile
from collections.abc import Collection, Sequence
from datetime import date
from xml.sax.saxutils import escape

type Cell = str | float | date | None

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "</Types>"
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14"/></cellXfs></styleSheet>'
)


def xlsx(
    *sheets: Sequence[Sequence[Cell]], hidden: Collection[int] = (), merged: str = ""
) -> bytes:
    """Return a workbook whose sheets have these rows, each with these cells ``merged``.

    ``hidden`` are numbers of sheets, from 1.
    """
    numbers = range(1, len(sheets) + 1)
    named = "".join(
        f'<sheet name="S{n}" sheetId="{n}"{" state='hidden'" if n in hidden else ""} '
        f'r:id="rId{n}"/>'
        for n in numbers
    )
    together = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{named}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{related}'
        f'<Relationship Id="rId99" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
    for number, rows in zip(numbers, sheets, strict=True):
        lines = "".join(
            f'<row r="{y}">{"".join(_cell(x, y, cell) for x, cell in enumerate(row))}</row>'
            for y, row in enumerate(rows, 1)
        )
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{together}</worksheet>'
        )
    return _packed(parts)


def _cell(x: int, y: int, cell: Cell) -> str:
    place = f"{chr(65 + x)}{y}"
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f'<c r="{place}" s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def ods(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return an OpenDocument table with these rows."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    lines = "".join(
        "<table:table-row>" + "".join(map(_open_cell, row)) + "</table:table-row>" for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" '
        f'xmlns:text="{text}"><office:body><office:spreadsheet><table:table table:name="Roles">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = (
        f'<manifest:manifest xmlns:manifest="{manifest}"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return _packed({"mimetype": kind, "META-INF/manifest.xml": entry, "content.xml": content})


def _open_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell}"><text:p>{cell}'
            "</text:p></table:table-cell>"
        )
    if isinstance(cell, str):
        return (
            '<table:table-cell office:value-type="string"><text:p>'
            f"{escape(cell)}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p>'
        "</table:table-cell>"
    )


def _packed(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()
