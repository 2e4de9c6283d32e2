"""Adverts in files: their words, taken out by a bounded process; the file itself is not kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from opportunities.core.bounded_reading import MAX_SIZE, TEXT, look_into, slot
from opportunities.core.data import read_beside
from opportunities.core.errors import Fault, Invalid
from opportunities.core.languages import Translatable
from opportunities.core.limiting import Limit
from opportunities.core.text import clean_text

FILES: Final = Limit(
    "advert",
    20,
    3600,
    gettext_lazy("You have sent 20 files within the hour. Paste the text instead."),
)
"""What one account or address may have looked into, whatever becomes of it."""

REFUSALS: Final[Mapping[str, Translatable]] = read_beside(__file__)["refusals"]
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
    return Invalid(Fault("file", code, str(REFUSALS[code])))
