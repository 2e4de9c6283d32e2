"""What candidates do: apply, withdraw, accept or decline, choose a time, answer an invitation.

``converse`` is both sides' own: a message inside an application.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.accounts.models import User
from opportunities.accounts.permissions import require_active
from opportunities.applications.models import (
    Answer,
    Application,
    InterviewSlot,
    Message,
    RoleInvitation,
)
from opportunities.applications.notice_texts import spoken
from opportunities.applications.permissions import can_view_application, is_applicant
from opportunities.applications.tracking import (
    NO_SUCH,
    count_places,
    lock_application,
    lock_with_role,
    promise,
    record,
    require_applicant,
    take_step,
    tell,
)
from opportunities.candidates.models import CandidateProfile, Resume
from opportunities.core import clock
from opportunities.core.errors import (
    Conflict,
    Fault,
    Invalid,
    LimitReached,
    NoPlaceLeft,
    NotAllowed,
    NotFound,
    WrongState,
)
from opportunities.core.lifecycle import (
    APPLICATION_STEPS,
    SEATED,
    UNDER_WAY,
    ApplicationStatus,
    allowed,
    application_after,
)
from opportunities.core.rows import require_row, update_row
from opportunities.core.text import clean_line, normal
from opportunities.core.validation import read_words, word_faults
from opportunities.employers.permissions import is_member
from opportunities.roles.fields import MAX_QUESTIONS_MICRO
from opportunities.roles.formats import Kind
from opportunities.roles.locking import lock_role
from opportunities.roles.models import Opportunity

MAX_MESSAGES_A_DAY: Final = 40
MAX_TIMES: Final = 3
"""Applications of one person to one role, all but the last withdrawn: each asks for an answer."""

_is_url = URLValidator(schemes=["https"])


class Papers(NamedTuple):
    """What an applicant hands in; an internship asks for more than a micro-internship."""

    name: str
    answers: Sequence[str] = ()
    cover_letter: str = ""
    work_sample_url: str = ""
    resume_id: int | None = None


@transaction.atomic
def apply(*, opportunity_id: int, candidate: User, papers: Papers, at: datetime) -> Application:
    """Apply to an open role; applying again while it waits returns the same application.

    Who withdrew may apply anew, ``MAX_TIMES`` in all: another application with its own promise.

    The role's row is locked first: whoever closes it waits, or makes this wait and be refused.
    Raises ``WrongState`` if the role is not open, ``Conflict`` if an earlier one ended otherwise,
    ``Invalid`` with a fault for every answer that does not pass.
    """
    profile = profile_of(candidate, at=at)
    role = lock_role(opportunity_id)
    earlier = latest(role, profile)
    if earlier is not None and earlier.status in UNDER_WAY:
        return earlier
    if not may_apply_again(earlier):
        raise Conflict(_("You have applied to this role before."))
    _require_open(role, candidate, profile, at=at)
    questions = list(role.questions.order_by("position"))
    if role.kind == Kind.MICRO:
        questions = questions[:MAX_QUESTIONS_MICRO]
    resume = _resume(profile, papers)
    _check(role, papers, asked=len(questions), resume=resume)
    application = Application.objects.create(
        opportunity=role,
        profile=profile,
        name=clean_line(papers.name),
        cover_letter=normal(papers.cover_letter),
        work_sample_url=papers.work_sample_url,
        resume=resume,
        submitted_at=at,
        **promise(role, since=at.date())._asdict(),
    )
    Answer.objects.bulk_create(
        Answer(application=application, position=position, question=question.text, text=text)
        for position, (question, text) in enumerate(
            zip(questions, map(normal, papers.answers), strict=True)
        )
    )
    record(application, "apply", actor=candidate, at=at)
    due, release = application.answer_due_on, application.release_on
    tell(application, "apply", at=at, due=due, release=release)
    return application


def latest(role: Opportunity, profile: CandidateProfile) -> Application | None:
    """Return somebody's last application to a role: those before it were withdrawn."""
    return Application.objects.filter(opportunity=role, profile=profile).order_by("-pk").first()


def may_apply_again(earlier: Application | None) -> bool:
    """Say whether somebody may apply, after an earlier application if there was one."""
    if earlier is None:
        return True
    times = Application.objects.filter(
        opportunity_id=earlier.opportunity_id, profile_id=earlier.profile_id
    ).count()
    return earlier.status == ApplicationStatus.WITHDRAWN and times < MAX_TIMES


@transaction.atomic
def withdraw(*, application_id: int, candidate: User, at: datetime) -> Application:
    """Withdraw an application or give back an accepted place."""
    application = lock_with_role(application_id)
    require_applicant(candidate, application)
    held = application.status in SEATED
    take_step(application, "withdraw", actor=candidate, at=at, ended_at=at)
    if held:
        count_places(application.opportunity)
    tell(application, "withdraw", at=at)
    return application


@transaction.atomic
def accept(*, application_id: int, candidate: User, at: datetime) -> Application:
    """Accept an offer; never more acceptances than places, however the offers came to be.

    Raises ``WrongState`` if there is no offer or it has lapsed, ``NoPlaceLeft`` if the places are
    taken.
    """
    application = lock_with_role(application_id)
    require_applicant(candidate, application)
    application_after(application.status, "accept")
    if application.offer_lapses_at is not None and application.offer_lapses_at <= at:
        raise WrongState(
            _("The offer stood until %(when)s.") % {"when": spoken(application.offer_lapses_at)}
        )
    role = application.opportunity
    taken = role.applications.filter(
        status__in=[ApplicationStatus.ACCEPTED, ApplicationStatus.COMPLETED]
    ).count()
    if taken >= role.capacity:
        raise NoPlaceLeft(_("Every place of this role is taken."))
    take_step(application, "accept", actor=candidate, at=at, accepted_at=at)
    count_places(role)
    untaken, free = role.capacity - taken - 1, role.capacity - role.seats_held
    tell(application, "accept", at=at, places=partial(_places_said, untaken, free, role.capacity))
    return application


def _places_said(untaken: int, free: int, capacity: int, _zone: tzinfo) -> str:
    if not untaken:
        return _("Every place is taken now: close the role, so that nobody applies in vain.")
    if not free:
        return _("No other place is free while your open offers stand.")
    return ngettext(
        "%(left)s of %(capacity)s places is still free.",
        "%(left)s of %(capacity)s places are still free.",
        free,
    ) % {"left": free, "capacity": capacity}


@transaction.atomic
def decline(*, application_id: int, candidate: User, at: datetime) -> Application:
    """Decline an offer and give its place back."""
    application = lock_with_role(application_id)
    require_applicant(candidate, application)
    take_step(application, "decline", actor=candidate, at=at, ended_at=at)
    count_places(application.opportunity)
    tell(application, "decline", at=at)
    return application


@transaction.atomic
def choose_slot(
    *, application_id: int, slot_id: int, candidate: User, at: datetime
) -> InterviewSlot:
    """Choose one of the proposed times; choosing it again changes nothing."""
    application = lock_application(application_id)
    require_applicant(candidate, application)
    if application.status != ApplicationStatus.INTERVIEWING:
        raise WrongState(
            _("No interview waits for your choice."),
            allowed=allowed(APPLICATION_STEPS, application.status),
        )
    slots = {slot.pk: slot for slot in application.slots.all()}
    slot = slots.get(slot_id)
    if slot is None:
        raise NotFound(_("This time is no longer proposed."))
    if slot.chosen_at is not None:
        return slot
    if any(other.chosen_at for other in slots.values()):
        raise Conflict(_("You have chosen another time; write to the employer to change it."))
    if slot.starts_at <= at:
        raise WrongState(_("This time has passed."))
    update_row(slot, chosen_at=at)
    dates = promise(application.opportunity, since=slot.starts_at.date())._asdict()
    update_row(application, **dates, version=application.version + 1)
    when = clock.written(slot.starts_at)
    record(application, "choose_slot", actor=candidate, at=at, detail=when)
    tell(application, "choose_slot", at=at, slot=slot.said, where=slot.where)
    return slot


@transaction.atomic
def converse(*, application_id: int, sender: User, text: str, at: datetime) -> Message:
    """Write to the other side inside an application that has not ended."""
    application = lock_application(application_id)
    if not can_view_application(sender, application):
        raise NotFound(NO_SUCH)
    from_employer = not is_applicant(sender, application)
    if application.status not in UNDER_WAY:
        raise WrongState(_("This application has ended."))
    body = read_words(
        "text", text, least=1, most=4000, detail=_("A message has 1 to 4,000 characters.")
    )
    today = application.messages.filter(sender=sender, at__gt=at - timedelta(days=1))
    if today.count() >= MAX_MESSAGES_A_DAY:
        raise LimitReached(
            _("At most %(most)s messages a day and application.") % {"most": MAX_MESSAGES_A_DAY}
        )
    message = Message.objects.create(
        application=application, sender=sender, from_employer=from_employer, text=body, at=at
    )
    to = "candidate" if from_employer else "employer"
    tell(application, "message", at=at, key=str(message.pk), to=[to], text=body)
    return message


@transaction.atomic
def decline_invitation(*, invitation_id: int, candidate: User, at: datetime) -> RoleInvitation:
    """Decline an employer's invitation; the candidate stays unknown to it."""
    rows = RoleInvitation.objects.select_for_update(of=("self",), no_key=True)
    own = rows.filter(pk=invitation_id, profile__user=candidate)
    invitation = require_row(own, _("There is no such invitation."))
    if invitation.declined_at is None:
        update_row(invitation, declined_at=at)
    return invitation


def invitation_to(role: Opportunity, profile: CandidateProfile | None) -> RoleInvitation | None:
    """Return the invitation to a role that its candidate has not declined, if there is one."""
    if profile is None:
        return None
    return role.invitations.filter(profile=profile, declined_at__isnull=True).first()


def profile_of(candidate: User, *, at: datetime) -> CandidateProfile:
    """Return the profile of somebody who may apply now, or raise ``NotAllowed``."""
    require_active(candidate, at=at)
    profile = CandidateProfile.objects.of(candidate).first()
    if profile is None:
        raise NotAllowed(_("Answer the first questions before you apply: you have no profile yet."))
    return profile


def _require_open(
    role: Opportunity, candidate: User, profile: CandidateProfile, *, at: datetime
) -> None:
    if not role.is_open(at=at):
        raise WrongState(_("This role no longer takes applications."))
    if role.apply_url:
        raise WrongState(_("This role takes applications on the employer's own site."))
    if is_member(candidate, role.employer_id):
        raise NotAllowed(_("You act for this employer, so you cannot apply to it."))
    if profile.blocked_employers.filter(employer=role.employer_id).exists():
        raise Conflict(_("You have blocked this employer; unblock it before you apply."))


def _resume(profile: CandidateProfile, papers: Papers) -> Resume | None:
    if papers.resume_id is None:
        return None
    resume = profile.resumes.filter(pk=papers.resume_id).first()
    if resume is None:
        raise Invalid(Fault("resume", "unknown_choice", _("This CV is not one of yours.")))
    return resume


def _check(role: Opportunity, papers: Papers, *, asked: int, resume: Resume | None) -> None:
    faults = [*_letter_faults(papers), *_answer_faults(papers, asked=asked)]
    if role.kind == Kind.INTERNSHIP:
        if resume is None:
            faults.append(Fault("resume", "required", _("An internship asks for your CV (PDF).")))
        if not papers.cover_letter.strip():
            faults.append(
                Fault("cover_letter", "required", _("An internship asks for a cover letter."))
            )
    if faults:
        raise Invalid(*faults)


def _letter_faults(papers: Papers) -> list[Fault]:
    rule = _("Your name has 1 to 120 characters.")
    faults = word_faults("name", papers.name, least=1, most=120, detail=rule)
    rule = _("A cover letter has at most 6,000 characters.")
    faults += word_faults("cover_letter", papers.cover_letter, most=6000, detail=rule)
    if papers.work_sample_url and not _is_address(papers.work_sample_url):
        rule = _(
            "The work sample is an address that begins with https:// and has at most 300 "
            "characters."
        )
        faults.append(Fault("work_sample_url", "not_an_address", rule))
    return faults


def _answer_faults(papers: Papers, *, asked: int) -> list[Fault]:
    if (given := len(papers.answers)) != asked:
        rule = ngettext(
            "The role asks %(asked)s question, you answer %(given)s.",
            "The role asks %(asked)s questions, you answer %(given)s.",
            asked,
        )
        return [Fault("answers", "wrong_number", rule % {"asked": asked, "given": given})]
    rule = _("An answer has 1 to 3,000 characters.")
    return [
        fault
        for position, text in enumerate(papers.answers)
        for fault in word_faults(f"answers/{position}", text, least=1, most=3000, detail=rule)
    ]


def _is_address(text: str) -> bool:
    try:
        _is_url(text)
        parts = urlsplit(text)
    except (ValidationError, ValueError):
        return False
    return len(text) <= 300 and not parts.username and not parts.password
