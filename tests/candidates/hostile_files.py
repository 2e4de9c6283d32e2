"""Files that pretend to be a resume: each is drawn here, byte by byte."""

import io
import zipfile
import zlib
from collections.abc import Callable
from functools import partial

from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

MEGABYTE = 1024 * 1024


def pdf(change: Callable[[PdfWriter], object] = lambda _: None, *, pages: int = 1) -> bytes:
    """Return a PDF of blank pages after a change."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def raw(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Return a PDF written by hand from the bodies of its objects."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )
    return bytes(out)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %b >>"


def stream(data: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d /Filter %b >>\nstream\n%b\nendstream" % (len(data), filters, data)


def zeros(count: int) -> bytes:
    """Return zeros packed as small as they can be: a megabyte is packed once, and repeated."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS, strategy=zlib.Z_RLE)
    times, rest = divmod(count, MEGABYTE)
    megabyte = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = packer.compress(bytes(rest)) + packer.flush()
    adler = count % 65_521 << 16 | 1
    return b"\x78\x01" + megabyte * times + last + adler.to_bytes(4)


def with_content(content: bytes) -> bytes:
    """Return a page whose content is this stream."""
    return raw(CATALOG, PAGES, PAGE % b"/Contents 4 0 R", content)


def written(text: str) -> bytes:
    """Return a PDF of one page with this text on it, a line a line."""
    shown = b"".join(
        b"(%b) Tj T* " % line.encode("latin-1", "replace").translate(None, b"()\\")
        for line in text.splitlines()
    )
    font = (
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    )
    page = PAGE % (font + b" /Contents 4 0 R")
    content = b"BT /F1 11 Tf 14 TL 50 800 Td " + shown + b"ET"
    return raw(CATALOG, PAGES, page, stream(zlib.compress(content)))


def with_annotation(body: bytes) -> bytes:
    """Return a page with one annotation."""
    return raw(CATALOG, PAGES, PAGE % b"/Annots [4 0 R]", body)


def action(body: bytes) -> bytes:
    """Return a file that acts as soon as it opens."""
    return raw(b"<< /Type /Catalog /Pages 2 0 R /OpenAction %b >>" % body, PAGES, PAGE % b"")


def archive(comment: bytes = b"") -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("run.exe", b"MZ")
        file.comment = comment
    return out.getvalue()


def set_root(name: str, value: object, writer: PdfWriter) -> None:
    """Set an entry of the catalog."""
    writer.root_object[NameObject(name)] = value


def encrypt(writer: PdfWriter) -> None:
    """Lock the file with a password."""
    writer.encrypt("secret", algorithm="RC4-128")


def attach(writer: PdfWriter) -> None:
    """Put a file inside."""
    writer.add_attachment("run.exe", b"MZ")


XML_OF_A_CV = b'<?xml version="1.0" encoding="UTF-8"?>\n<Candidate><Name>Ada</Name></Candidate>'


def attach_as(name: str, content: bytes, writer: PdfWriter) -> None:
    """Put a file of this name inside."""
    writer.add_attachment(name, content)


def lock_changes(algorithm: str, writer: PdfWriter) -> None:
    """Forbid to change the file without the owner's password; it opens without one."""
    writer.encrypt("", owner_password="secret", algorithm=algorithm)


def acting_behind_a_lock(writer: PdfWriter) -> None:
    """Run a script on opening, in a file whose strings are encrypted with an empty password."""
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    action = DictionaryObject({NameObject(key): value for key, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = action
    lock_changes("AES-256", writer)


def thick(pages: int) -> bytes:
    """Return a PDF of many pages."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, pages + 3))
    tree = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, pages)
    return raw(CATALOG, tree, *[PAGE % b""] * pages)


def looped_pages() -> bytes:
    """Return a page tree that is its own child."""
    return raw(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")


def nested(depth: int) -> bytes:
    """Return arrays in arrays."""
    return raw(CATALOG, PAGES, PAGE % b"/X 4 0 R", b"[" * depth + b"]" * depth)


PLAIN = pdf()
BOMB = zeros(200 * 1024 * 1024)
HALF_BOMB = zeros(20 * 1024 * 1024)

HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "nothing": (b"", {"empty"}),
    "a text": (b"Dear employer", {"not_pdf"}),
    "a page": (b"<html><script>alert(1)</script>", {"not_pdf"}),
    "a picture": (b"\x89PNG\r\n\x1a\n" + PLAIN, {"not_pdf"}),
    "an archive": (archive(), {"not_pdf"}),
    "an archive before a PDF": (archive() + PLAIN, {"not_pdf"}),
    "a program before a PDF": (b"MZ" + PLAIN, {"not_pdf"}),
    "blanks before a PDF": (b" " * 10 + PLAIN, {"not_pdf"}),
    "an archive after a PDF": (PLAIN + archive(), {"polyglot"}),
    "an archive after a PDF that ends like one": (PLAIN + archive(b"\n%%EOF\n"), {"polyglot"}),
    "a page after a PDF": (PLAIN + b"<script>alert(1)</script>", {"polyglot"}),
    "a page within its head": (
        PLAIN.replace(b"%PDF-1.3\n", b"%PDF-1.3\n%<html><script>alert(1)</script>\n", 1),
        {"polyglot"},
    ),
    "a Rar archive within": (PLAIN.replace(b"%%EOF", b"%Rar!\x1a\x07\n%%EOF"), {"polyglot"}),
    "a program of PHP within its head": (
        PLAIN.replace(b"%PDF-1.3\n", b"%PDF-1.3\n%<?php system($_GET[0]); ?>\n", 1),
        {"polyglot"},
    ),
    "too much after the end": (PLAIN + b"\n" * 4000, {"polyglot"}),
    "only a head": (b"%PDF-1.7\n", {"truncated"}),
    "half a file": (PLAIN[: len(PLAIN) // 2], {"truncated"}),
    "no body": (b"%PDF-1.7\n%%EOF\n", {"broken"}),
    "noise between head and end": (
        b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF",
        {"broken"},
    ),
    "no catalog": (raw(b"<< >>", trailer=b""), {"broken"}),
    "no pages": (raw(b"<< /Type /Catalog >>"), {"broken"}),
    "an empty page tree": (
        raw(CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"),
        {"broken"},
    ),
    "a page tree in a loop": (looped_pages(), {"too_complex", "too_long"}),
    "a page tree of itself": (
        raw(b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>"),
        {"too_complex", "broken"},
    ),
    "21 pages": (pdf(pages=21), {"too_long"}),
    "10,000 pages": (thick(10_000), {"too_long", "too_complex", "too_large"}),
    "10,000 references to one page": (
        raw(CATALOG, b"<< /Type /Pages /Kids [%b] >>" % (b"3 0 R " * 10_000), PAGE % b""),
        {"too_long", "too_complex"},
    ),
    "arrays 100,000 deep": (nested(100_000), {"broken", "too_complex"}),
    "more than 2 MB": (PLAIN + bytes(2 * 1024 * 1024), {"too_large"}),
    "a password": (pdf(encrypt), {"encrypted"}),
    "an attachment": (pdf(attach), {"active"}),
    "a program that calls itself XML": (pdf(partial(attach_as, "cv.xml", b"MZ\0")), {"active"}),
    "XML that calls itself a program": (
        pdf(partial(attach_as, "cv.xml.exe", XML_OF_A_CV)),
        {"active"},
    ),
    "a path instead of a name": (
        pdf(partial(attach_as, "../../cv.xml", XML_OF_A_CV)),
        {"active"},
    ),
    "a page with a script that is attached as XML": (
        pdf(partial(attach_as, "cv.xml", b"<html><script>alert(1)</script></html>")),
        {"active", "polyglot"},
    ),
    "an attachment that no table lists": (
        raw(CATALOG, PAGES, PAGE % b"", b"(/Type /EmbeddedFile)"),
        {"active"},
    ),
    "a bomb that is attached": (
        pdf(lambda writer: writer.add_attachment("cv.xml", b"<a>" + b" " * 30 * 1024 * 1024)),
        {"bomb", "too_large"},
    ),
    "a script behind an owner's password": (
        pdf(acting_behind_a_lock),
        {"active"},
    ),
    "a script by name": (
        raw(
            b"<< /Type /Catalog /Pages 2 0 R /Names << /JavaScript << /Names "
            b"[(a) << /S /JavaScript /JS (app.alert(1)) >>] >> >> >>",
            PAGES,
            PAGE % b"",
        ),
        {"active"},
    ),
    "a script that runs on opening": (
        action(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
        {"active"},
    ),
    "a script under an escaped name": (
        action(b"<< /S /J#61vaScript /J#53 (app.alert(1)) >>"),
        {"active"},
    ),
    "a script on a page": (
        raw(CATALOG, PAGES, PAGE % b"/AA << /O << /S /URI /URI (https://a.example) >> >>"),
        {"active"},
    ),
    "a script that nothing refers to": (
        raw(CATALOG, PAGES, PAGE % b"", b"<< /S /J#61vaScript /JS (app.alert(1)) >>"),
        {"active"},
    ),
    "a program to launch": (action(b"<< /S /Launch /F (cmd.exe) >>"), {"active"}),
    "a program to launch, escaped": (action(b"<< /S /La#75nch /F (cmd.exe) >>"), {"active"}),
    "a form to send": (action(b"<< /S /SubmitForm /F (https://a.example) >>"), {"active"}),
    "data to import": (action(b"<< /S /ImportData /F (a.fdf) >>"), {"active"}),
    "another file to open": (action(b"<< /S /GoToR /F (b.pdf) /D [0 /Fit] >>"), {"active"}),
    "an embedded file to open": (action(b"<< /S /GoToE /T << >> >>"), {"active"}),
    "a kind of action behind a reference": (
        raw(
            b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S 4 0 R >> >>",
            PAGES,
            PAGE % b"",
            b"/L#61unch",
        ),
        {"active"},
    ),
    "a rich medium": (with_annotation(b"<< /Type /Annot /Subtype /RichMedia >>"), {"active"}),
    "a film": (with_annotation(b"<< /Type /Annot /Subtype /Movie >>"), {"active"}),
    "a file pinned to a page": (
        with_annotation(b"<< /Type /Annot /Subtype /FileAttachment >>"),
        {"active"},
    ),
    "a dynamic form": (
        pdf(partial(set_root, "/AcroForm", DictionaryObject({NameObject("/XFA"): ArrayObject()}))),
        {"active"},
    ),
    "a bomb of 200 MB": (with_content(stream(BOMB)), {"bomb"}),
    "four bombs of 20 MB": (
        raw(CATALOG, PAGES, PAGE % b"", *[stream(HALF_BOMB)] * 4),
        {"bomb"},
    ),
    "a bomb in a bomb": (
        with_content(stream(zlib.compress(BOMB), b"[/FlateDecode /FlateDecode]")),
        {"bomb"},
    ),
    "a bomb of run lengths": (
        with_content(stream(b"\x81\x00" * 10_000, b"/RunLengthDecode")),
        {"bomb"},
    ),
    "a bomb of LZW": (with_content(stream(b"\x80" * 10_000, b"/LZWDecode")), {"bomb"}),
    "a table of objects that is a bomb": (
        raw(
            CATALOG,
            PAGES,
            PAGE % b"",
            b"<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter /FlateDecode >>\nstream\n%b\n"
            b"endstream" % (len(BOMB), BOMB),
        ),
        {"bomb", "broken", "too_complex"},
    ),
}
"""Name to the file and the codes with which it may be refused."""


def linked(writer: PdfWriter) -> None:
    """Add what honest resumes have: a title, a link, an action that turns to the first page."""
    writer.add_metadata({"/Title": "Resume", "/Author": "Ada"})
    writer.add_annotation(0, Link(rect=(0, 0, 99, 99), url="https://ada.example"))
    writer.root_object[NameObject("/OpenAction")] = ArrayObject(
        [writer.pages[0].indirect_reference, NameObject("/Fit")]
    )
    writer.root_object[NameObject("/Lang")] = TextStringObject("en")
    writer.root_object[NameObject("/PageMode")] = NameObject("/UseNone")
    writer.root_object[NameObject("/StructParents")] = NumberObject(0)


HONEST = {
    "a blank page": PLAIN,
    "20 pages": pdf(pages=20),
    "a link, a title and a first view": pdf(linked),
    "packed text": with_content(stream(zlib.compress(b"BT /F1 12 Tf 72 720 Td (Ada) Tj ET" * 100))),
    "a CV that carries its facts as XML": pdf(partial(attach_as, "europass.xml", XML_OF_A_CV)),
    **{
        f"an owner's password alone, {algorithm}": pdf(partial(lock_changes, algorithm))
        for algorithm in ("RC4-40", "RC4-128", "AES-128", "AES-256")
    },
    "line ends after the last mark": PLAIN.rstrip() + b"\r\n\r\n",
}
