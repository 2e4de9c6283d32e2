"""Looks inside a file in a process of its own: the file at input, a verdict at output.

Run as ``python inspecting.py`` for a PDF that is to be kept, with ``--text`` for the words in a PDF
or a DOCX, or with ``--sheets`` for the lines of a spreadsheet. It imports nothing of the site,
holds no secret and no connection, and gives itself little memory and a few seconds before it reads.
The verdict is ``ok`` or a code that every caller of ``bounded_reading.look_into`` has a sentence
for; what was asked for begins on the next line.
"""

import base64
import binascii
import io
import json
import os
import re
import resource
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pypdf import PdfReader, generic
from pypdf.errors import PyPdfError
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

MAX_PAGES: Final = 20
MAX_OBJECTS: Final = 8_000
"""A tagged resume of 20 pages has some 3,000."""
MAX_NODES: Final = 120_000
MAX_PIXELS: Final = 64_000_000
MAX_STREAM: Final = 24 * 1024 * 1024
MAX_STREAMS: Final = 64 * 1024 * 1024
TAIL: Final = 1024
MEMORY: Final = 512 * 1024 * 1024
SECONDS: Final = 2
"""Of the processor; the largest file that passes the other limits takes less than one."""
TEXT_SECONDS: Final = 5
"""Of the processor where the words are asked for too."""
TEXT_UNTIL: Final = 2.5
"""No further page is begun after so many seconds; the words before it are enough."""
MAX_TEXT: Final = 100_000
"""Characters of words that are handed on; who reads them has limits of their own."""
NICENESS: Final = 15
"""Whoever waits for a page goes before whoever waits for a file to be looked into."""

ACTIVE_KEYS: Final = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent"})
ACTIVE_NAMES: Final = frozenset(
    {
        "/JavaScript", "/Launch", "/RichMedia", "/SubmitForm", "/ImportData",
        "/GoToR", "/GoToE", "/Movie", "/Sound", "/Rendition", "/3D", "/FileAttachment",
        "/ResetForm", "/Hide", "/GoTo3DView", "/SetOCGState",
    }
)  # fmt: skip
"""Kinds of actions, annotations and streams that do more than show a page."""

ACTIVE_BYTES: Final = (b"/JavaScript", b"/Launch", b"/RichMedia")
"""The same in the raw bytes, for readers that find objects which this one does not."""

ATTACHED: Final = b"/EmbeddedFile"
DATA_FILE: Final = re.compile(r"[^/\\\x00-\x1f]{1,120}\.xml", re.IGNORECASE)
"""What may be attached: a Europass CV carries its own facts as XML, which no reader runs."""
XML: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?A-Za-z!]")
MARKUP_THAT_RUNS: Final = (b"<script", b"<html", b"<svg", b"<?xml-stylesheet", b"<!entity")

DISC_MARKS: Final = (0x8001, 0x8801, 0x9001)
"""Where an ISO 9660 image has its word."""

MAX_ENTRIES: Final = 500
MAX_UNPACKED: Final = 32 * 1024 * 1024
"""Bytes of all entries of a DOCX together, by what the archive says of itself."""
MAX_DOCUMENT: Final = 6 * 1024 * 1024
"""Bytes of the document in it, by what really comes out."""
DOCUMENT: Final = "word/document.xml"
PROGRAMS: Final = (".bin", ".exe", ".js", ".vbs")
TYPES: Final = "[Content_Types].xml"
MAX_TYPES: Final = 256 * 1024
TYPES_THAT_RUN: Final = (b"macroenabled", b"vbaproject", b"activex")
"""What Word runs by its type, whatever its name ends with."""
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

MAX_WORKBOOK: Final = 128 * 1024 * 1024
"""Bytes of all parts of a spreadsheet together, by what the archive says of itself."""
MAX_SHEETS: Final = 40
MAX_LINES: Final = 50_000
"""Lines of a sheet that are read."""
MAX_WORDS: Final = 32 * 1024 * 1024
"""Characters of all cells together: one that many cells share is packed once and told often."""
SHEET_SECONDS: Final = 8

FLATE: Final = frozenset({"/FlateDecode", "/Fl"})
ASCII: Final = frozenset({"/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"})
PICTURES: Final = frozenset({"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF"})
"""Filters that yield a picture; nothing is unpacked behind one."""
MAX_FILTERS: Final = 3

LINK: Final = re.compile(r"(https?://|mailto:)[\x20-\x7e]+", re.IGNORECASE)
"""Where a link may lead. Without one of these a reader takes it for a file or a program."""

FORGIVEN: Final = (
    PyPdfError, ArithmeticError, AttributeError, CalamineError, LookupError, MemoryError,
    NotImplementedError, OSError, RecursionError, DefusedXmlException, ParseError, RuntimeError,
    TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What a parser raises on a file that it cannot read."""


class Refused(Exception):
    """The file does not pass; the message is the code of the rule."""


def inspect(data: bytes) -> PdfReader:
    """Raise ``Refused`` unless the bytes are one plain, short, passive PDF and nothing else."""
    _check_shape(data)
    if data.count(b"endobj") > MAX_OBJECTS:
        raise Refused("too_complex")
    reader = PdfReader(io.BytesIO(data), strict=False)
    # A password of the owner alone forbids to change the file; it opens without one.
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("encrypted")
    _check_objects(reader, attached=data.count(ATTACHED))
    _check_pages(reader)
    return reader


def words(data: bytes) -> str:
    """Return the words of a PDF or a DOCX, or raise ``Refused``."""
    if data.startswith(b"PK\x03\x04"):
        return words_of_docx(data)
    if data.startswith(b"%PDF-"):
        return words_of_pdf(inspect(data))
    raise Refused("not_read")


def words_of_pdf(reader: PdfReader) -> str:
    """Return the words on the pages, as far as they can be read in time; a picture has none."""
    found: list[str] = []
    for page in reader.pages:
        if time.process_time() > TEXT_UNTIL or sum(map(len, found)) > MAX_TEXT:
            break
        try:
            found.append(page.extract_text())
        except FORGIVEN:
            continue
    return "\n".join(found)[:MAX_TEXT]


def words_of_docx(data: bytes) -> str:
    """Return the paragraphs of a DOCX; nothing else of the archive is unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > MAX_ENTRIES or len(set(names)) < len(names):
            raise Refused("too_complex")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Refused("bomb")
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Refused("encrypted")
        if any(name.casefold().endswith(PROGRAMS) for name in names):
            raise Refused("active")
        if TYPES in names and _names_macros(archive):
            raise Refused("active")
        if DOCUMENT not in names:
            raise Refused("not_read")
        with archive.open(DOCUMENT) as file:
            content = file.read(MAX_DOCUMENT + 1)
    if len(content) > MAX_DOCUMENT:
        raise Refused("bomb")
    root = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    return "\n".join(_lines(root))[: MAX_TEXT + 1]


def _names_macros(archive: zipfile.ZipFile) -> bool:
    with archive.open(TYPES) as file:
        types = file.read(MAX_TYPES + 1)
    if len(types) > MAX_TYPES:
        raise Refused("too_complex")
    return any(kind in types.lower() for kind in TYPES_THAT_RUN)


def _lines(root: Element) -> Iterator[str]:
    """Yield a line for each paragraph and each row of a table, its cells parted by tabs."""
    body = root.find(f"{_W}body")
    for block in body if body is not None else ():
        if block.tag == f"{_W}tbl":
            for row in block.iter(f"{_W}tr"):
                cells = (" ".join(map(_text, cell.iter(f"{_W}p"))) for cell in row.iter(f"{_W}tc"))
                yield "\t".join(cell.strip() for cell in cells)
        elif block.tag == f"{_W}p":
            yield _text(block)
        else:
            for paragraph in block.iter(f"{_W}p"):
                yield _text(paragraph)


def _text(paragraph: Element) -> str:
    marked = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    parts = ["- "] if marked else []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}tab":
            parts.append("\t")
        elif node.tag in {f"{_W}br", f"{_W}cr"}:
            parts.append("\n")
    return "".join(parts)


def lines_of_sheets(data: bytes) -> str:
    """Return the visible sheets of an XLSX, XLS or ODS as JSON, one value a line.

    A text is the name of a sheet, a list the words in the cells of its next line; null says that
    the sheet has more lines than are read.
    """
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_WORKBOOK:
                raise Refused("bomb")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    shown = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
    told: list[str] = []
    left = MAX_WORDS
    for name in shown[:MAX_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        told.append(json.dumps(name))
        lines = sheet.to_python(skip_empty_area=False, nrows=MAX_LINES + 1)
        _fill_merged(lines, sheet.merged_cell_ranges or ())
        for line in lines[:MAX_LINES]:
            told.append(json.dumps([_word(cell) for cell in line]))
            left -= len(told[-1])
            if left < 0:
                raise Refused("bomb")
        if len(lines) > MAX_LINES:
            told.append("null")
    return "\n".join(told)


def _fill_merged(
    lines: list[list[Any]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Repeat what stands in a cell that was merged with those below it, row by row."""
    for (top, column), (bottom, _right) in ranges:
        for line in lines[top + 1 : bottom + 1]:
            if column < len(line):
                line[column] = lines[top][column]


def _word(cell: Any) -> str:
    """Return a cell as the words that a CSV file would have."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        is_day = cell.time() == clock_time()
        return cell.date().isoformat() if is_day else cell.isoformat(" ")
    if isinstance(cell, date | clock_time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds() / 3600:g} hours"
    return str(cell)


def _check_shape(data: bytes) -> None:
    """Refuse what another program would take for something else (a polyglot)."""
    if not data.startswith(b"%PDF-"):
        raise Refused("not_pdf")
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Refused("truncated")
    if data[end + 5 :].strip(b"\r\n\t \x00") or len(data) - end > TAIL:
        raise Refused("polyglot")
    head = data[:TAIL].lower()
    if any(mark in head for mark in (b"<script", b"<html", b"<svg", b"<?php", b"<!doctype")):
        raise Refused("polyglot")
    if any(mark in data for mark in ACTIVE_BYTES):
        raise Refused("active")
    # Tape archives and disc images are known by a word at a fixed place, after any first line.
    if data[257:262] == b"ustar" or any(data[at : at + 5] == b"CD001" for at in DISC_MARKS):
        raise Refused("polyglot")
    # A zip archive is recognized by its end, which may hide in a comment before our last line.
    if any(mark in data for mark in (b"PK\x05\x06", b"PK\x06\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf")):
        raise Refused("polyglot")


def _check_objects(reader: PdfReader, *, attached: int) -> None:
    """Refuse anything active, and streams that swell, in every object that the file holds.

    ``attached`` is how often the raw file speaks of attachments: of which this finds fewer, other
    readers may find the rest.
    """
    swollen = 0
    for count, node in enumerate(_all_nodes(reader), start=1):
        if count > MAX_NODES:
            raise Refused("too_complex")
        if isinstance(node, generic.DictionaryObject):
            _check_passive(node)
            attached -= _attachments(node)
        if isinstance(node, generic.StreamObject):
            swollen += len(_unpacked(node))
            if swollen > MAX_STREAMS:
                raise Refused("bomb")
    for node in _nodes(reader.trailer):
        if isinstance(node, generic.DictionaryObject):
            _check_passive(node)
    if attached > 0:
        raise Refused("active")


def _all_nodes(reader: PdfReader) -> Iterator[generic.PdfObject]:
    numbers = _numbers(reader)
    if len(numbers) > MAX_OBJECTS:
        raise Refused("too_complex")
    for number, generation in numbers:
        yield from _nodes(reader.get_object(generic.IndirectObject(number, generation, reader)))


def _attachments(node: generic.DictionaryObject) -> int:
    """Refuse attached files that are no XML; return how often this object speaks of some."""
    for name in ("/F", "/UF", "/DOS", "/Mac", "/Unix") if "/EF" in node else ():
        named = _resolved(node.get(name, generic.TextStringObject("cv.xml")))
        if not DATA_FILE.fullmatch(str(named)):
            raise Refused("active")
    files = _resolved(node.get("/EF", generic.DictionaryObject()))
    for file in files.values() if isinstance(files, generic.DictionaryObject) else [files]:
        _check_xml(_resolved(file))
    is_file = bool(_resolved(node.get("/Type")) == ATTACHED.decode())
    if is_file:
        _check_xml(node)
    return is_file + ("/EmbeddedFiles" in node)


def _check_xml(file: object) -> None:
    if not isinstance(file, generic.StreamObject):
        raise Refused("active")
    content = _unpacked(file)
    runs = any(mark in content.lower() for mark in MARKUP_THAT_RUNS)
    if runs or b"\x00" in content or not XML.match(content):
        raise Refused("active")


def _numbers(reader: PdfReader) -> list[tuple[int, int]]:
    plain = {(number, generation) for generation, table in reader.xref.items() for number in table}
    return sorted(plain | {(number, 0) for number in reader.xref_objStm})


def _nodes(root: object) -> Iterator[generic.PdfObject]:
    """Yield an object and all inside it, without following references."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, generic.DictionaryObject):
            stack.extend(node.values())
        elif isinstance(node, generic.ArrayObject):
            stack.extend(node)
        if isinstance(node, generic.PdfObject):
            yield node


def _check_passive(node: generic.DictionaryObject) -> None:
    if any(key in ACTIVE_KEYS for key in node):
        raise Refused("active")
    for key in ("/S", "/Type", "/Subtype"):
        value = _resolved(node.get(key))
        if isinstance(value, generic.NameObject) and value in ACTIVE_NAMES:
            raise Refused("active")
    for key in ("/URI", "/Base"):
        value = _resolved(node.get(key))
        if isinstance(value, generic.ByteStringObject):
            value = value.decode("latin-1")
        is_text = isinstance(value, str) and not isinstance(value, generic.NameObject)
        if is_text and not LINK.fullmatch(value):
            raise Refused("unsafe_link")


def _resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, generic.IndirectObject) else value


def _unpacked(stream: generic.StreamObject) -> bytes:
    """Return a stream once unpacked, or refuse it; never unpacks more than allowed.

    Filters are undone one by one, in their order, as a reader would.
    """
    filters = _filters(stream)
    if len(filters) > MAX_FILTERS or sum(name in FLATE for name in filters) > 1:
        raise Refused("bomb")
    data: bytes = stream._data  # noqa: SLF001  (the bytes as stored; unpacking is bounded here)
    for place, name in enumerate(filters):
        if name in FLATE:
            data = _inflated(data)
        elif name in ASCII:
            data = _from_ascii(data, name)
        elif name in PICTURES and place == len(filters) - 1:
            if _pixels(stream) > MAX_PIXELS:
                raise Refused("bomb")
        else:
            raise Refused("bomb")
    return data


def _inflated(packed: bytes) -> bytes:
    """Return what a Flate stream holds; readers forgive a missing head, so that this does too."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            data = zlib.decompressobj(window).decompress(packed, MAX_STREAM + 1)
        except zlib.error:
            continue
        if len(data) > MAX_STREAM:
            raise Refused("bomb")
        return data
    return packed


def _from_ascii(text: bytes, name: str) -> bytes:
    """Return the bytes that ASCII85 or hexadecimal digits stand for."""
    text = bytes(letter for letter in text if letter > ord(" "))
    try:
        if name in {"/ASCIIHexDecode", "/AHx"}:
            digits = text.partition(b">")[0]
            return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
        return base64.a85decode(text.removeprefix(b"<~").partition(b"~")[0])
    except ValueError as error:
        # What this cannot read, a forgiving reader may unpack into anything.
        raise Refused("broken") from error


def _pixels(stream: generic.StreamObject) -> int:
    """Return how many points a picture says it has."""
    sides = [
        _resolved(stream.get(long, stream.get(short, 0)))
        for long, short in (("/Width", "/W"), ("/Height", "/H"))
    ]
    width, height = (int(side) if isinstance(side, int) else 0 for side in sides)
    return width * height


def _filters(stream: generic.StreamObject) -> list[str]:
    value = _resolved(stream.get("/Filter"))
    if value is None:
        return []
    each = value if isinstance(value, generic.ArrayObject) else [value]
    return [str(_resolved(name)) for name in each]


def _check_pages(reader: PdfReader) -> None:
    pages = 0
    root: Any = reader.trailer["/Root"]
    stack: list[Any] = [root.get_object().get("/Pages")]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, generic.IndirectObject):
            if node.idnum in seen:
                raise Refused("too_complex")
            seen.add(node.idnum)
            node = node.get_object()
        if not isinstance(node, generic.DictionaryObject):
            raise Refused("broken")
        kids = node.get("/Kids")
        if isinstance(kids, generic.IndirectObject):
            kids = kids.get_object()
        if isinstance(kids, generic.ArrayObject):
            stack.extend(kids)
        else:
            pages += 1
        if pages + len(stack) > MAX_PAGES + 200 or pages > MAX_PAGES:
            raise Refused("too_long")
    if pages == 0:
        raise Refused("broken")


def bound(seconds: int) -> None:
    """Give this process little memory, a few seconds and no file to write, for good."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> str:
    """Return the verdict on the file at standard input, and what is in it if that is asked for."""
    asked = next((option for option in sys.argv[1:] if option in READERS), "")
    seconds, reader = READERS[asked]
    bound(seconds)
    data = sys.stdin.buffer.read()
    try:
        found = reader(data)
    except Refused as refusal:
        return str(refusal)
    except FORGIVEN:
        # Whatever a parser stumbles over, a reader's might too.
        return "broken"
    if not isinstance(found, str):
        return "ok"
    return f"ok\n{found}" if found.strip() else "no_text"


READERS: Final[dict[str, tuple[int, Callable[[bytes], object]]]] = {
    "": (SECONDS, inspect),
    "--text": (TEXT_SECONDS, words),
    "--sheets": (SHEET_SECONDS, lines_of_sheets),
}
"""What can be asked for by an option: seconds of the processor, and the function that answers."""


if __name__ == "__main__":
    sys.stdout.buffer.write(main().encode("utf-8", "replace"))
