"""Resumes: taken only if a bounded process of its own finds a plain, short, passive PDF.

The file is never parsed by the web process. It is kept under a random name outside the web root
and handed out only as an attachment.
"""

import hashlib
import secrets
import shlex
import subprocess
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from opportunities.accounts.models import User
from opportunities.candidates.models import CandidateProfile, Resume
from opportunities.core.bounded_reading import MAX_SIZE, TEXT, look_into, slot
from opportunities.core.errors import Fault, Invalid, LimitReached
from opportunities.core.languages import Translatable
from opportunities.core.limiting import Limit
from opportunities.core.rows import require_row
from opportunities.core.text import clean_name

MAX_RESUMES: Final = 5
SCAN_SECONDS: Final = 30

UPLOADS: Final = Limit(
    "resume", 10, 3600, _("You have sent 10 CVs within the hour. Try again later.")
)
"""What one account may have looked into, whatever becomes of it."""

REFUSALS: Final[Mapping[str, Translatable]] = {
    "empty": _("The file is empty."),
    "too_large": _("A CV has at most 2 MB."),
    "not_read": _("This is neither a PDF nor a DOCX. Save it as one of them."),
    "not_pdf": _("This is not a PDF. Save your CV as a PDF and send that."),
    "truncated": _("The PDF is cut off before its end. Save it again and send that."),
    "polyglot": _("The file holds more than a PDF. Save your CV as a plain PDF."),
    "encrypted": _("The PDF is locked with a password. Save it without one."),
    "active": _("The file holds scripts, macros or attached programs. Print it to a plain PDF."),
    "bomb": _("The PDF is packed in a way that we do not open. Print it to a plain PDF."),
    "too_long": _("A CV has at most 20 pages."),
    "too_complex": _("The PDF is too complex to look into. Print it to a plain PDF."),
    "unsafe_link": _(
        "A link in the PDF leads neither to a web page (https://) nor to a mail"
        " address. Take it out and save the PDF again."
    ),
    "no_text": _(
        "The file holds no words that we could read: it is a scan, a picture of its pages."
        " Paste the words instead, or save it from the program in which it was written."
    ),
    "broken": _("The PDF cannot be read. Save it again and send that."),
    "unsafe": _("The scanner of this site found something unsafe in the file. Send another one."),
    "not_scanned": _(
        "The file could not be scanned just now, so it is not kept. Try again shortly."
    ),
}
"""Code of a refusal to the sentence that says what to do."""

HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What goes with every download of a resume, beside its type and its disposition."""


def keep_resume(*, candidate: User, file: "UploadedFile[Any]", at: datetime) -> Resume:
    """Inspect a file and keep it as a resume; the same file again is the same resume.

    Inspection comes before the transaction: nothing slow happens while a row is locked.
    """
    data = inspected(candidate=candidate, file=file, at=at)
    return keep_inspected(candidate=candidate, data=data, name=file.name or "", at=at)


def inspected(*, candidate: User, file: "UploadedFile[Any]", at: datetime) -> bytes:
    """Return what a file holds, once it was found fit to be kept; raise ``Invalid`` for another."""
    UPLOADS.use(f"account:{candidate.pk}", at=at)
    data: bytes = file.read(MAX_SIZE + 1)
    with slot():
        verdict = inspect(data)
        if verdict == "ok":
            verdict = scan(data)
    if verdict != "ok":
        raise Invalid(Fault("resume", verdict, str(REFUSALS[verdict])))
    return data


@transaction.atomic
def keep_inspected(*, candidate: User, data: bytes, name: str, at: datetime) -> Resume:
    """Keep a file that was inspected as a resume of the account's profile."""
    own = CandidateProfile.objects.of(candidate).select_for_update(no_key=True)
    profile = require_row(own, gettext("There is no profile to keep a CV for."))
    digest = hashlib.sha256(data).hexdigest()
    same = profile.resumes.filter(sha256=digest).first()
    if same is not None:
        return same
    if profile.resumes.count() >= MAX_RESUMES:
        full = ngettext(
            "You may keep %(number)s CV; delete it first.",
            "You may keep %(number)s CVs; delete one first.",
            MAX_RESUMES,
        )
        raise LimitReached(full % {"number": MAX_RESUMES})
    resume = Resume(
        profile=profile,
        name=_plain_name(name),
        sha256=digest,
        size=len(data),
        uploaded_at=at,
    )
    resume.file.save(f"{secrets.token_hex(16)}.pdf", ContentFile(data), save=False)
    resume.save()
    return resume


def attachment(resume: Resume) -> FileResponse:
    """Return a resume as a download: never shown inside a page, never sniffed."""
    return FileResponse(
        resume.file.open("rb"),
        as_attachment=True,
        filename=clean_name(resume.name),
        content_type="application/pdf",  # else Django guesses it from the name
        headers=dict(HEADERS),
    )


@transaction.atomic
def delete_resume(*, candidate: User, resume_id: int) -> None:
    """Delete a resume and its file; applications that used it lose it."""
    own = Resume.objects.filter(pk=resume_id, profile__user=candidate)
    resume = require_row(own, gettext("There is no such CV."))
    transaction.on_commit(partial(resume.file.storage.delete, str(resume.file.name)))
    resume.delete()


def inspect(data: bytes) -> str:
    """Return "ok" or a code of ``REFUSALS``; a process with little memory and time looks inside."""
    return look_into(data, refusals=REFUSALS)[0]


def read_words(data: bytes) -> tuple[str, str]:
    """Return the verdict on a PDF or a DOCX, and the words in it where it is "ok".

    A PDF of pictures is "no_text". Raises ``Busy`` where too many files are looked into already.
    """
    with slot():
        return look_into(data, TEXT, refusals=REFUSALS)


def scan(data: bytes) -> str:
    """Return "ok", "unsafe" or "not_scanned"; ``UPLOAD_SCANNER`` reads the file from its input.

    The command answers as clamdscan does: 0 is clean, 1 is not, anything else is no answer.
    """
    if not settings.UPLOAD_SCANNER:
        return "ok"
    try:
        finished = subprocess.run(
            shlex.split(settings.UPLOAD_SCANNER),
            input=data,
            capture_output=True,
            timeout=SCAN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "not_scanned"
    return {0: "ok", 1: "unsafe"}.get(finished.returncode, "not_scanned")


def _plain_name(name: str) -> str:
    """Return a file name fit for a header: letters, digits, spaces and a few marks."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    kept = "".join(letter for letter in stem if letter.isalnum() or letter in " -_")
    return f"{kept.strip()[:100] or 'resume'}.pdf"
