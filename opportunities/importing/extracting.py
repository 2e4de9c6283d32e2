"""Takes the words out of a PDF or a DOCX in a process of its own: a file in, words out.

Run as ``python extracting.py INSPECTOR``: the inspector is the script that looks into every PDF of
the site; its limits of memory, time and objects hold here too. The first line of the output is
``ok`` or a code of ``uploads.REFUSALS``; behind ``ok`` stand the words.
"""

import importlib.util
import io
import sys
import zipfile
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_WORDS: Final = 100_000
"""Characters that are handed on; an advert is shorter, a longer one is refused by its length."""
MAX_ENTRIES: Final = 500
MAX_UNPACKED: Final = 32 * 1024 * 1024
"""Bytes of all entries together, by what the archive says of itself."""
MAX_DOCUMENT: Final = 6 * 1024 * 1024
"""Bytes of the document itself, by what really comes out of it."""
DOCUMENT: Final = "word/document.xml"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def words_of_docx(data: bytes, check: Any) -> str:
    """Return the paragraphs of a DOCX; nothing else of the archive is unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > MAX_ENTRIES or len(set(names)) < len(names):
            raise check.Refused("too_complex")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise check.Refused("bomb")
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise check.Refused("encrypted")
        if any(name.casefold().endswith((".bin", ".exe", ".js", ".vbs")) for name in names):
            raise check.Refused("active")
        if DOCUMENT not in names:
            raise check.Refused("not_read")
        with archive.open(DOCUMENT) as file:
            content = file.read(MAX_DOCUMENT + 1)
    if len(content) > MAX_DOCUMENT:
        raise check.Refused("bomb")
    root = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    return "\n".join(_lines(root))[: MAX_WORDS + 1]


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


def _loaded(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("inspecting", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(inspector: str) -> str:
    """Return the verdict on the file at standard input, and its words where it passes."""
    check: Any = _loaded(inspector)
    check.bound(check.TEXT_SECONDS)
    data = sys.stdin.buffer.read()
    try:
        if data.startswith(b"PK\x03\x04"):
            words = words_of_docx(data, check)
        elif data.startswith(b"%PDF-"):
            words = check.words(check.inspect(data))
        else:
            return "not_read"
    except check.Refused as refusal:
        return str(refusal)
    except (
        *check.FORGIVEN,
        DefusedXmlException,
        ParseError,
        RuntimeError,
        zipfile.BadZipFile,
    ):
        # Whatever a parser stumbles over, it is no file that anybody needs read.
        return "broken"
    return "ok\n" + words if words.strip() else "no_text"


if __name__ == "__main__":
    sys.stdout.buffer.write(main(sys.argv[1]).encode("utf-8", "replace"))
