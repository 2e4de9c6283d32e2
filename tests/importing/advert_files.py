"""Adverts in files, honest and hostile: each is drawn here, byte by byte."""

import io
import zipfile

from tests.candidates.hostile_files import CATALOG, PAGES, raw

TEXT = ("Survey analyst", "Duration: 3 weeks", "Pay: GBP 12.60 per hour", "Apply by 1 March 2027")
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = "[Content_Types].xml"


def document(body: str, *, head: str = "") -> str:
    """Return the XML of a document."""
    return f'<?xml version="1.0"?>{head}<w:document {NS}><w:body>{body}</w:body></w:document>'


def paragraph(text: str, *, listed: bool = False) -> str:
    mark = "<w:pPr><w:numPr/></w:pPr>" if listed else ""
    return f"<w:p>{mark}<w:r><w:t>{text}</w:t></w:r></w:p>"


def archive(entries: dict[str, bytes | str]) -> bytes:
    """Return a zip archive of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def docx(body: str = "", **others: bytes | str) -> bytes:
    """Return a DOCX of a body, or of the honest advert."""
    body = body or "".join(paragraph(line) for line in TEXT)
    return archive({TYPES: "<Types/>", "word/document.xml": document(body), **others})


def pdf_of(lines: tuple[str, ...] = TEXT) -> bytes:
    """Return a PDF of one page with these lines."""
    shown = b" T* ".join(b"(%b) Tj" % line.encode() for line in lines)
    content = b"BT /F1 12 Tf 14 TL 50 700 Td %b ET" % shown
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    stream = b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)
    return raw(CATALOG, PAGES, page, stream, font)


ENTITY = '<!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "a program": (b"MZ" + bytes(100), "not_read"),
    "an old Word file": (b"\xd0\xcf\x11\xe0" + bytes(600), "not_read"),
    "a text": (b"Survey analyst, 3 weeks", "not_read"),
    "a zip of something else": (archive({"a.txt": "hello"}), "not_read"),
    "half a zip": (docx()[:200], "broken"),
    "entities": (archive({"word/document.xml": document(paragraph("&b;"), head=ENTITY)}), "broken"),
    "an outer entity": (
        archive({"word/document.xml": document(paragraph("&a;"), head=OUTSIDE)}),
        "broken",
    ),
    "macros": (docx(**{"word/vbaProject.bin": b"x"}), "active"),
    "many entries": (docx(**{f"word/{n}.xml": "" for n in range(600)}), "too_complex"),
    "a swollen document": (docx(paragraph("a" * 7_000_000)), "bomb"),
    "a swollen picture": (docx(**{"word/media/a.png": bytes(40_000_000)}), "bomb"),
    "no words": (docx(paragraph(" ")), "no_text"),
    "a PDF of pictures": (pdf_of(("",)), "no_text"),
    "a PDF with a tail": (pdf_of() + b"<html>" * 9, "polyglot"),
    "no XML": (archive({"word/document.xml": "<w:p"}), "broken"),
}
