"""Find skills in a CV that somebody pastes or uploads: read once, shown, and kept nowhere."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.candidates import uploads
from opportunities.candidates.resumes.read import preview
from opportunities.core import languages
from opportunities.core.bounded_reading import MAX_SIZE
from opportunities.core.errors import Fault, Invalid
from opportunities.core.limiting import Limit
from opportunities.core.text import clean_text
from opportunities.importing.elements import name_of, parse
from opportunities.importing.markup import plain
from opportunities.importing.rows import Unreadable
from opportunities.skills.lookup import Mentioned, skills_in, skills_proposed

MAX_TEXT: Final = 20_000
PICTURES: Final = frozenset({"embeddeddata", "photo", "data"})
"""Elements of a Europass CV that hold pictures and files."""

_NATIONALITY: Final = re.compile(
    r"(?i)\b(?:nationality|citizenship|staatsangehörigkeit|nationalität)\s*:?\s*\w+(?:\s*[,/]\s*\w+)*"
)
"""What says where somebody comes from, in words that name languages too."""

READINGS: Final = Limit(
    "cv_reading",
    20,
    3600,
    gettext_lazy("You have had 20 CVs read within the hour. Try again later."),
)
"""What one account or network may have read, whatever is found in it."""


def find_skills(
    *, text: str, file: "UploadedFile[Any] | None", who: str, at: datetime
) -> list[Mentioned]:
    """Return the skills that a pasted text and a file name: a PDF, DOCX, JSON Resume or text.

    Those that they may mean without naming them follow, with the extra ``semantic``. Nothing is
    stored. ``who`` names an account or an address. Raises ``Invalid`` with a fault at
    ``cv`` or ``file``, ``LimitReached`` or ``Busy``.
    """
    if not text.strip() and file is None:
        raise Invalid(Fault("cv", "required", _("Paste your CV or choose a file first.")))
    if len(text) > MAX_TEXT:
        detail = _("A CV has at most %(most)s characters here; this has %(number)s.") % {
            "most": languages.number(MAX_TEXT),
            "number": languages.number(len(text)),
        }
        raise Invalid(Fault("cv", "too_long", detail))
    READINGS.use(who, at=at)
    found, words = _in_file(file) if file is not None else ({}, "")
    pasted = clean_text(text)
    found |= {slug: skill for slug, skill in _named_in(pasted).items() if slug not in found}
    proposed = skills_proposed(text=f"{words}\n{pasted}", besides=found.keys())
    return [*found.values(), *proposed]


def _in_file(file: "UploadedFile[Any]") -> tuple[dict[str, Mentioned], str]:
    """Return the skills that a file names, and its words."""
    data: bytes = file.read(MAX_SIZE + 1)
    if len(data) > MAX_SIZE:
        raise _refused("too_large")
    if data.startswith((b"%PDF-", b"PK\x03\x04")):
        verdict, words = uploads.read_words(data)
        if verdict != "ok":
            raise _refused(verdict)
        return _named(words)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unknown() from error
    if text.lstrip().startswith("{"):
        return _in_json(data, text)
    if text.lstrip().startswith("<"):
        return _named(_words_of_markup(data, text))
    if "\x00" in text or not text.strip():
        raise _refused("empty") if not text.strip() else _unknown()
    return _named(text)


def _in_json(data: bytes, text: str) -> tuple[dict[str, Mentioned], str]:
    """Return what a JSON Resume names: its skills with their levels, then those in its texts.

    What exporters write otherwise than the standard has it does not cost the rest.
    """
    try:
        levels = {skill.slug: skill for skill in preview(data).skills}
    except Invalid as invalid:
        raise Invalid(*(fault._replace(field="file") for fault in invalid.faults)) from invalid
    named, words = _named("\n".join(map(plain, _strings(json.loads(text)))))
    return levels | {slug: found for slug, found in named.items() if slug not in levels}, words


def _words_of_markup(data: bytes, text: str) -> str:
    """Return the words of a web page, or of the XML of a Europass CV, whose texts may be HTML."""
    try:
        root = parse(data)
    except Unreadable:
        return plain(text)
    told = [element.text for element in root.iter() if name_of(element) not in PICTURES]
    told += [element.tail for element in root.iter()]
    return "\n".join(plain(each) for each in told if each and each.strip())


def _strings(value: Any) -> Iterator[str]:
    """Yield the texts inside, without the names and addresses of people."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in {"references", "email", "url", "location", "$schema", "meta"}:
                yield from _strings(inner)


def _named(text: str) -> tuple[dict[str, Mentioned], str]:
    words = clean_text(text)[: 2 * MAX_TEXT]
    return _named_in(words), words


def _named_in(words: str) -> dict[str, Mentioned]:
    said = _NATIONALITY.sub(" ", words)
    return {skill.slug: skill for skill in skills_in(text=said)}


def _refused(code: str) -> Invalid:
    return Invalid(Fault("file", code, str(uploads.REFUSALS[code])))


def _unknown() -> Invalid:
    detail = _("This is neither a PDF, DOCX nor JSON Resume, nor plain text. Save it as a PDF.")
    return Invalid(Fault("file", "unknown_kind", detail))
