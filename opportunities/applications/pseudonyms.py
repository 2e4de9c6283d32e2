"""What an employer may know of a candidate.

Before an application: a handle that only this employer sees. In a blind review: no name before the
shortlist.
"""

import base64
import re
from dataclasses import dataclass
from typing import Final

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.applications.models import Application
from opportunities.candidates.models import CandidateProfile, Resume
from opportunities.employers.models import Employer

HANDLE_LENGTH: Final = 12
ERASED: Final = gettext_noop("Erased candidate")
"""The name that stays on an application once its candidate has erased everything."""


def handle(profile: CandidateProfile, employer: Employer) -> str:
    """Return the name under which only this employer knows the profile; others get another."""
    digest = salted_hmac(
        "opportunities.pseudonyms",
        f"{profile.public_id}|{employer.public_id}",
        algorithm="sha256",
    ).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:HANDLE_LENGTH]


def pseudonym(profile: CandidateProfile, employer: Employer) -> str:
    """Return what the employer calls a candidate whose name it may not know yet."""
    return _("Candidate %(code)s") % {"code": handle(profile, employer)[:6].upper()}


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application as the employer may read it at this step."""

    name: str
    school: str
    email: str
    cover_letter: str
    work_sample_url: str
    answers: tuple[tuple[str, str], ...]
    resume: Resume | None
    is_blind: bool


def is_blind(application: Application) -> bool:
    """Say whether name, school and resume are still hidden from the employer."""
    return application.opportunity.blind_review and not (
        application.shortlisted_at or application.offered_at
    )


def shown_name(application: Application) -> str:
    """Return the applicant's name as the employer may see it now."""
    if is_blind(application):
        return pseudonym(application.profile, application.opportunity.employer)
    return _(ERASED) if application.name == ERASED else application.name


def dossier(application: Application, *, for_applicant: bool = False) -> Dossier:
    """Return what the employer may read, or for the applicant, all of it.

    Expects answers, profile, account, role and employer loaded.
    In a blind review the words of the name are struck out of what was written, and the work sample
    and the resume, which show the name in ways that no one can strike out, stay closed.
    The email address shows once the applicant is shortlisted, never before.
    """
    blind = is_blind(application) and not for_applicant
    answers = sorted(application.answers.all(), key=lambda answer: answer.position)
    user = application.profile.user
    may_contact = for_applicant or bool(application.shortlisted_at or application.offered_at)
    return Dossier(
        name=application.name if for_applicant else shown_name(application),
        school="" if blind else application.profile.school,
        email=user.email if user and may_contact else "",
        cover_letter=_struck(application, application.cover_letter, blind=blind),
        work_sample_url="" if blind else application.work_sample_url,
        answers=tuple(
            (answer.question, _struck(application, answer.text, blind=blind)) for answer in answers
        ),
        resume=None if blind else application.resume,
        is_blind=blind,
    )


def _struck(application: Application, text: str, *, blind: bool) -> str:
    words = re.findall(r"\w{2,}", application.name) if blind else []
    if not words:
        return text
    pattern = rf"\b(?:{'|'.join(map(re.escape, words))})\b"
    return re.sub(pattern, "…", text, flags=re.IGNORECASE)
