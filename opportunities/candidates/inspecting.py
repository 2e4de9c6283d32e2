"""Looks inside a PDF in a process of its own: a file at standard input, a verdict at output.

Run as ``python inspecting.py``: it imports nothing of the site, holds no secret and no
connection, and gives itself little memory and a few seconds before it reads. The verdict is
``ok`` or a code of ``uploading.REFUSALS``.
"""

import io
import resource
import sys
import zlib
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

MAX_PAGES: Final = 20
MAX_OBJECTS: Final = 20_000
MAX_NODES: Final = 400_000
MAX_STREAM: Final = 24 * 1024 * 1024
MAX_STREAMS: Final = 64 * 1024 * 1024
TAIL: Final = 1024
MEMORY: Final = 512 * 1024 * 1024
SECONDS: Final = 8

ACTIVE_KEYS: Final = frozenset(
    {"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent", "/EmbeddedFiles", "/EF", "/AF"}
)
ACTIVE_NAMES: Final = frozenset(
    {
        "/JavaScript", "/Launch", "/EmbeddedFile", "/RichMedia", "/SubmitForm", "/ImportData",
        "/GoToR", "/GoToE", "/Movie", "/Sound", "/Rendition", "/3D", "/FileAttachment",
        "/ResetForm", "/Hide", "/GoTo3DView", "/SetOCGState",
    }
)  # fmt: skip
"""Kinds of actions, annotations and streams that do more than show a page."""

ACTIVE_BYTES: Final = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
"""The same in the raw bytes, for readers that find objects which this one does not."""

PLAIN_FILTERS: Final = frozenset(
    {"/FlateDecode", "/Fl", "/DCTDecode", "/DCT", "/ASCII85Decode", "/A85", "/ASCIIHexDecode",
     "/AHx", "/JPXDecode", "/CCITTFaxDecode", "/CCF"}
)  # fmt: skip
FLATE: Final = frozenset({"/FlateDecode", "/Fl"})


class Refused(Exception):
    """The file does not pass; the message is the code of the rule."""


def inspect(data: bytes) -> None:
    """Raise ``Refused`` unless the bytes are one plain, short, passive PDF and nothing else."""
    _check_shape(data)
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Refused("encrypted")
    _check_objects(reader)
    _check_pages(reader)


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
    # A zip archive is recognized by its end, which may hide in a comment before our last line.
    if any(mark in data for mark in (b"PK\x05\x06", b"PK\x06\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf")):
        raise Refused("polyglot")


def _check_objects(reader: PdfReader) -> None:
    """Refuse anything active, and streams that swell, in every object that the file holds."""
    numbers = _numbers(reader)
    if len(numbers) > MAX_OBJECTS:
        raise Refused("too_complex")
    nodes = swollen = 0
    for number, generation in numbers:
        found = reader.get_object(IndirectObject(number, generation, reader))
        for node in _nodes(found):
            nodes += 1
            if nodes > MAX_NODES:
                raise Refused("too_complex")
            if isinstance(node, DictionaryObject):
                _check_passive(node)
            if isinstance(node, StreamObject):
                swollen += _swollen(node)
                if swollen > MAX_STREAMS:
                    raise Refused("bomb")
    for node in _nodes(reader.trailer):
        if isinstance(node, DictionaryObject):
            _check_passive(node)


def _numbers(reader: PdfReader) -> list[tuple[int, int]]:
    plain = {(number, generation) for generation, table in reader.xref.items() for number in table}
    return sorted(plain | {(number, 0) for number in reader.xref_objStm})


def _nodes(root: object) -> Iterator[PdfObject]:
    """Yield an object and all inside it, without following references."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, DictionaryObject):
            stack.extend(node.values())
        elif isinstance(node, ArrayObject):
            stack.extend(node)
        if isinstance(node, PdfObject):
            yield node


def _check_passive(node: DictionaryObject) -> None:
    if any(key in ACTIVE_KEYS for key in node):
        raise Refused("active")
    for key in ("/S", "/Type", "/Subtype"):
        value = node.get(key)
        if isinstance(value, IndirectObject):
            value = value.get_object()
        if isinstance(value, NameObject) and value in ACTIVE_NAMES:
            raise Refused("active")


def _swollen(stream: StreamObject) -> int:
    """Return the size of a stream once unpacked, or refuse it; never unpacks more than allowed."""
    filters = _filters(stream)
    if any(name not in PLAIN_FILTERS for name in filters) or len(filters) > 2:
        raise Refused("bomb")
    packed: bytes = stream._data  # noqa: SLF001  (the bytes as stored; unpacking is bounded here)
    if sum(name in FLATE for name in filters) > 1:
        raise Refused("bomb")
    if not filters or filters[0] not in FLATE:
        return len(packed)
    unpacker = zlib.decompressobj()
    try:
        size = len(unpacker.decompress(packed, MAX_STREAM + 1))
    except zlib.error:
        return len(packed)
    if size > MAX_STREAM:
        raise Refused("bomb")
    return size


def _filters(stream: StreamObject) -> list[str]:
    value: Any = stream.get("/Filter")
    if isinstance(value, IndirectObject):
        value = value.get_object()
    if value is None:
        return []
    return [str(name) for name in (value if isinstance(value, ArrayObject) else [value])]


def _check_pages(reader: PdfReader) -> None:
    pages = 0
    root: Any = reader.trailer["/Root"]
    stack: list[Any] = [root.get_object().get("/Pages")]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, IndirectObject):
            if node.idnum in seen:
                raise Refused("too_complex")
            seen.add(node.idnum)
            node = node.get_object()
        if not isinstance(node, DictionaryObject):
            raise Refused("broken")
        kids = node.get("/Kids")
        if isinstance(kids, IndirectObject):
            kids = kids.get_object()
        if isinstance(kids, ArrayObject):
            stack.extend(kids)
        else:
            pages += 1
        if pages + len(stack) > MAX_PAGES + 200 or pages > MAX_PAGES:
            raise Refused("too_long")
    if pages == 0:
        raise Refused("broken")


def bound() -> None:
    """Give this process little memory, a few seconds and no file to write, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> str:
    """Return the verdict on the file at standard input."""
    bound()
    try:
        inspect(sys.stdin.buffer.read())
    except Refused as refusal:
        return str(refusal)
    except (
        PyPdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        MemoryError,
        NotImplementedError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
        zlib.error,
    ):
        # Whatever a parser stumbles over, a reader's might too.
        return "broken"
    return "ok"


if __name__ == "__main__":
    sys.stdout.write(main())
