"""Adverts in files: their words, taken out by a bounded process; the file itself is not kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from opportunities.core.bounded_reading import MAX_SIZE, TEXT, look_into, slot
from opportunities.core.errors import Fault, Invalid
from opportunities.core.limiting import Limit
from opportunities.core.text import clean_text

FILES: Final = Limit(
    "advert",
    20,
    3600,
    gettext_lazy("You have sent 20 files within the hour. Paste the text instead."),
)
"""What one account or address may have looked into, whatever becomes of it."""

REFUSALS: Final[Mapping[str, str]] = {
    "empty": gettext_noop("The file is empty."),
    "too_large": gettext_noop("An advert has at most 2 MB. Paste its text instead."),
    "not_read": gettext_noop(
        "This is neither a PDF nor a DOCX. Save it as one of them, or paste its text."
    ),
    "not_pdf": gettext_noop("This is not a PDF. Save it as one, or paste its text."),
    "truncated": gettext_noop("The file is cut off before its end. Save it again and send that."),
    "polyglot": gettext_noop("The file holds more than a document. Save it as a plain PDF."),
    "encrypted": gettext_noop("The file is locked with a password. Save it without one."),
    "active": gettext_noop(
        "The file holds scripts, macros, forms or attached files. Save it as a plain PDF."
    ),
    "bomb": gettext_noop(
        "The file is packed in a way that we do not open. Paste its text instead."
    ),
    "too_long": gettext_noop("A PDF has at most 20 pages. Paste the text of the advert instead."),
    "too_complex": gettext_noop("The file is too complex to look into. Paste its text instead."),
    "unsafe_link": gettext_noop(
        "A link in the file leads neither to a web page nor to a mail address. Paste"
        " the text instead."
    ),
    "no_text": gettext_noop(
        "The file holds no words that we could read; a scan is a picture. Paste its text."
    ),
    "broken": gettext_noop("The file cannot be read. Save it again, or paste its text."),
}
"""Code of a refusal to the sentence that says what to do."""


def words_of(file: "UploadedFile[Any]", *, who: str, at: datetime) -> str:
    """Return the words of a PDF or DOCX, or raise ``Invalid`` with the reason.

    ``who`` is the account or address that the file counts for.
    """
    FILES.use(who, at=at)
    if file.size is not None and file.size > MAX_SIZE:
        raise _refused("too_large")
    verdict, words = extract(file.read(MAX_SIZE + 1))
    if verdict != "ok":
        raise _refused(verdict)
    return clean_text(words)


def extract(data: bytes) -> tuple[str, str]:
    """Return "ok" and the words, or a code of ``REFUSALS``; ``Busy`` where two run already."""
    with slot():
        return look_into(data, TEXT, refusals=REFUSALS)


def _refused(code: str) -> Invalid:
    return Invalid(Fault("file", code, _(REFUSALS[code])))
