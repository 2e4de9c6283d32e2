"""Completed work: written down by one side, signed by both, told about in two blind reviews.

Only what both have signed counts: it verifies skills, enters the employer's record and may show
on the candidate's portfolio page, if the candidate says so.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_moderator
from opportunities.applications.models import Application
from opportunities.applications.permissions import is_applicant
from opportunities.applications.possible import first_day_ahead
from opportunities.applications.tracking import NO_SUCH, lock_application, record, take_step, tell
from opportunities.candidates.models import CandidateProfile, CandidateSkill
from opportunities.core import languages, pay
from opportunities.core.errors import Conflict, Fault, Invalid, NotAllowed, NotFound, WrongState
from opportunities.core.lifecycle import application_after
from opportunities.core.models import ExchangeRate, Site
from opportunities.core.rows import require_row, update_row
from opportunities.core.signals import announce_opportunity, announce_profile
from opportunities.core.text import normal
from opportunities.core.validation import read_words, size_code, word_faults
from opportunities.employers.figures import HourlyPay
from opportunities.employers.models import Employer
from opportunities.employers.permissions import is_member, members_of
from opportunities.engagements.models import (
    BLIND_DAYS,
    Completion,
    CompletionQuerySet,
    CompletionSkill,
    Review,
)
from opportunities.messaging.notify import notify
from opportunities.roles.models import Opportunity
from opportunities.skills.models import Skill

MAX_DELIVERABLES: Final = 20
MAX_SKILLS: Final = 20
HOURS_A_DAY: Final = 24
NOTHING_BEGUN: Final = gettext_lazy("There is no such completed work.")
FIRST_MIDNIGHT: Final = timedelta(hours=14)
"""How far the earliest time zone is ahead of UTC."""


@dataclass(frozen=True, slots=True)
class Work:
    """What was done, as one side writes it down; money in minor units."""

    hours: float
    summary: str
    started_on: date
    ended_on: date
    deliverables: Sequence[Mapping[str, str]] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    paid_minor: int | None = None
    paid_currency: str = ""
    converted: bool = False


@transaction.atomic
def propose(*, application_id: int, actor: User, work: Work, at: datetime) -> Completion:
    """Write down what was done and sign it; the other side reads, changes or signs.

    Writing anew after the other side signed takes that signature back: nobody has signed what
    it has not read. Raises ``WrongState`` unless the application is accepted, and ``Invalid`` for
    work that has not been done yet.
    """
    application = lock_application(application_id)
    by_employer = _side(actor, application)
    application_after(application.status, "complete")
    skills = _check(work, application.opportunity, at=at)
    completion, _ = Completion.objects.update_or_create(
        application=application,
        defaults={
            "hours": work.hours,
            "started_on": work.started_on,
            "ended_on": work.ended_on,
            "summary": normal(work.summary),
            "deliverables": [
                {"title": item["title"].strip(), "url": item.get("url", "")}
                for item in work.deliverables
            ],
            "paid_minor": work.paid_minor,
            "paid_currency": work.paid_currency,
            "converted": work.converted,
            "proposed_at": at,
            "employer_signed_at": at if by_employer else None,
            "candidate_signed_at": None if by_employer else at,
        },
    )
    completion.skills.all().delete()
    CompletionSkill.objects.bulk_create(
        CompletionSkill(completion=completion, skill=skill, level=work.skills[skill.slug])
        for skill in skills
    )
    update_row(application, version=application.version + 1)
    record(
        application,
        "propose",
        actor=actor,
        at=at,
        detail=(
            gettext_noop("1 hour written down")
            if work.hours == 1
            else gettext_noop("%(hours)s hours written down") % {"hours": f"{work.hours:g}"}
        ),
    )
    to = "candidate" if by_employer else "employer"
    tell(application, "propose", at=at, to=[to], hours=lambda _zone: languages.number(work.hours))
    return completion


@transaction.atomic
def sign(
    *, application_id: int, actor: User, at: datetime, read_of: datetime | None = None
) -> Completion:
    """Sign what the other side wrote down; with both signatures the work is completed.

    ``read_of`` is when that was written which the signer has read; ``Conflict`` is raised if it
    was written anew since.

    The skills are verified at the level the employer vouches for. A higher level that the
    candidate claims stays as it is, unverified: showing work never costs anything.
    Signing again changes nothing.
    """
    application = lock_application(application_id)
    by_employer = _side(actor, application)
    completion = _of(application).first()
    if completion is None:
        application_after(application.status, "complete")
        raise WrongState(_("Nothing has been written down yet."))
    mine = "employer_signed_at" if by_employer else "candidate_signed_at"
    if getattr(completion, mine) is not None:
        return completion
    if read_of not in {None, completion.proposed_at}:
        raise Conflict(_("It has been rewritten meanwhile. Read it before you sign."))
    take_step(application, "complete", actor=actor, at=at, ended_at=at)
    update_row(completion, **{mine: at})
    _verify_skills(completion, application.profile, at=at)
    _tell_matching(application, at=at)
    tell(application, "complete", at=at)
    return completion


@transaction.atomic
def review(*, application_id: int, actor: User, stars: int, at: datetime, text: str = "") -> Review:
    """Tell how it went: once, and only while the other side's words are still unread.

    Raises ``Conflict`` for a second review, ``WrongState`` before both have signed or once the
    other's review can be read.
    """
    application = lock_application(application_id)
    by_employer = _side(actor, application)
    completion = require_row(_of(application), NOTHING_BEGUN)
    faults = []
    if stars not in range(1, 6):
        faults.append(Fault("stars", "out_of_range", _("Stars go from 1 to 5.")))
    rule = _("Feedback has at most 2,000 characters.")
    faults += word_faults("text", text, most=2000, detail=rule)
    if faults:
        raise Invalid(*faults)
    if not completion.is_signed:
        raise WrongState(_("Feedback follows when both sides have signed."))
    given = {earlier.by_employer: earlier for earlier in completion.reviews.all()}
    if by_employer in given:
        raise Conflict(_("You have given your feedback."))
    other = given.get(not by_employer)
    if other is not None and other.is_visible(other_is_in=False, at=at):
        raise WrongState(_("The other side's feedback is open, so yours would not be blind."))
    mine = Review.objects.create(
        completion=completion, by_employer=by_employer, stars=stars, text=normal(text), at=at
    )
    if other is not None:
        for side in ("candidate", "employer"):
            tell(application, "review", at=at, key=f"to_{side}", to=[side])
    return mine


def readable_reviews(completion: Completion, *, reader: User, at: datetime) -> list[Review]:
    """Return the reviews that this side may read: its own, and the other's once not blind."""
    by_employer = _side(reader, completion.application)
    reviews = sorted(completion.reviews.all(), key=lambda each: each.by_employer)
    both = len(reviews) == 2
    return [
        each
        for each in reviews
        if each.by_employer == by_employer or each.is_visible(other_is_in=both, at=at)
    ]


def public_reviews(completions: QuerySet[Completion], *, at: datetime) -> QuerySet[Review]:
    """Return the reviews of these completions that are no longer blind."""
    twins = Completion.objects.filter(reviews__by_employer=True).filter(reviews__by_employer=False)
    shown = Q(completion__in=twins) | Q(at__lte=at - timedelta(days=BLIND_DAYS))
    return Review.objects.filter(shown, completion__in=completions)


@transaction.atomic
def show(*, application_id: int, candidate: User, is_public: bool, at: datetime) -> Completion:
    """Put one completed work on the portfolio page, or take it off."""
    application = lock_application(application_id)
    if _side(candidate, application):
        raise NotAllowed(_("Only the candidate decides what the portfolio shows."))
    completion = require_row(_of(application), NOTHING_BEGUN)
    if is_public and not completion.is_signed:
        raise WrongState(_("Only work that both sides have signed can be shown."))
    if completion.is_public != is_public:
        update_row(completion, is_public=is_public)
    return completion


@transaction.atomic
def revoke(*, application_id: int, actor: User, reason: str, at: datetime) -> Completion:
    """Take back the credential of work that was not done as signed; both sides are told why.

    The employer who issued it may, and moderators. It stays revoked: the work leaves the portfolio,
    counts in no record and verifies no skill. Revoking again changes nothing. Raises ``NotAllowed``
    for everybody else, and ``WrongState`` for work without a credential.
    """
    application = lock_application(application_id)
    role = application.opportunity
    by_employer = is_member(actor, role.employer_id)
    if is_applicant(actor, application) or not (by_employer or is_moderator(actor)):
        raise NotAllowed(_("Only the employer and moderators revoke a credential."))
    if not normal(reason):
        raise Invalid(Fault("reason", "required", _("Give a reason: both sides read it.")))
    rule = _("The reason has at most 1,000 characters.")
    words = read_words("reason", reason, most=1000, detail=rule)
    completion = _of(application).first()
    if completion is None or not completion.is_signed:
        raise WrongState(_("Only work that both sides have signed has a credential."))
    if completion.revoked_at is not None:
        return completion
    update_row(completion, revoked_at=at, revoked_because=words)
    update_row(application, version=application.version + 1)
    record(
        application, "revoke", actor=actor, at=at, detail=gettext_noop("the credential was revoked")
    )
    _doubt_skills(completion, application.profile, at=at)
    _tell_matching(application, at=at)
    candidate, employer = application.profile.user, role.employer.name
    notify(
        recipients=[*members_of(role.employer_id), *([candidate] if candidate else [])],
        kind="credential_revoked",
        key=f"credential_revoked:{completion.public_id}",
        subject=lambda: _("Credential revoked: %(role)s") % {"role": role.title},
        body=lambda: (
            (
                _(
                    "%(employer)s revoked the credential of this work, so it no longer stands."
                    " %(reason)s"
                )
                if by_employer
                else _("The credential of this work no longer stands. %(reason)s")
            )
            % {"employer": employer, "reason": words}
        ),
        at=at,
        url=f"/credentials/{completion.public_id}/",
        is_decision=True,
    )
    return completion


def portfolio(profile: CandidateProfile) -> QuerySet[Completion]:
    """Return the completed work that anyone may see, if the portfolio is public at all."""
    shown = Completion.objects.filter(application__profile=profile, is_public=True).counted()
    return shown if profile.portfolio_is_public and profile.erased_at is None else shown.none()


def realised_hourly_pays(employers: Collection[Employer]) -> dict[int, HourlyPay]:
    """Return what each of these employers really paid an hour, by its key, where it is known.

    It is in the site's currency: all money over all hours, so that one long engagement counts for
    what it is. Completions without a figure, or in a currency without a rate, are left out.
    """
    currency = Site.load().currency
    rates = dict(ExchangeRate.objects.values_list("currency", "rate")) | {currency: Decimal(1)}
    signed = Completion.objects.counted().filter(
        application__opportunity__employer__in=employers,
        paid_minor__isnull=False,
        paid_currency__in=rates,
    )
    paid: Counter[int] = Counter()
    hours: defaultdict[int, float] = defaultdict(float)
    count: Counter[int] = Counter()
    for employer, minor, source, worked in signed.values_list(
        "application__opportunity__employer", "paid_minor", "paid_currency", "hours"
    ):
        paid[employer] += pay.convert(
            minor or 0, rate=rates[source], source=source, target=currency
        )
        hours[employer] += worked
        count[employer] += 1
    return {
        employer: HourlyPay(round(paid[employer] / hours[employer]), currency, count[employer])
        for employer in count
    }


def most_hours(first: date, last: date) -> int:
    """Return how many hours there are from one day to another, both included."""
    return HOURS_A_DAY * ((last - first).days + 1)


def _of(application: Application) -> CompletionQuerySet:
    """Return the record of a locked application's work, to be locked as well, if one was begun."""
    return Completion.objects.select_for_update(no_key=True).filter(application=application)


def _tell_matching(application: Application, *, at: datetime) -> None:
    """Announce what rests on completed work: the person, and the open roles of the employer."""
    announce_profile(application.profile)
    for role in Opportunity.objects.filter(employer=application.opportunity.employer_id).open(
        at=at
    ):
        announce_opportunity(role)


def _side(actor: User, application: Application) -> bool:
    """Say whether the actor is on the employer's side, or raise ``NotFound``."""
    if is_applicant(actor, application):
        return False
    if is_member(actor, application.opportunity.employer_id):
        return True
    raise NotFound(NO_SUCH)


def _verify_skills(completion: Completion, profile: CandidateProfile, *, at: datetime) -> None:
    own = {skill.skill_id: skill for skill in profile.skills.select_for_update(no_key=True)}
    for shown in completion.skills.all():
        claimed = own.get(shown.skill_id)
        if claimed is None:
            CandidateSkill.objects.create(
                profile=profile, skill_id=shown.skill_id, level=shown.level, verified=True
            )
        elif shown.level >= claimed.level:
            update_row(claimed, level=shown.level, verified=True)
    _touch(profile, at=at)


def _doubt_skills(completion: Completion, profile: CandidateProfile, *, at: datetime) -> None:
    """Let the skills of revoked work stand as claimed, unless other work shows them as high."""
    shown_elsewhere = CompletionSkill.objects.filter(
        skill=OuterRef("skill"),
        level__gte=OuterRef("level"),
        completion__in=Completion.objects.filter(application__profile=profile).counted(),
    )
    profile.skills.filter(skill__in=completion.skills.values("skill"), verified=True).exclude(
        Exists(shown_elsewhere)
    ).update(verified=False)
    _touch(profile, at=at)


def _touch(profile: CandidateProfile, *, at: datetime) -> None:
    update_row(profile, version=profile.version + 1, changed_at=at)


def _check(work: Work, role: Opportunity, *, at: datetime) -> list[Skill]:
    faults = [*_fact_faults(work), *_day_faults(work, role, at=at)]
    faults += _deliverable_faults(work.deliverables)
    skills = list(Skill.objects.filter(slug__in=list(work.skills), is_retired=False))
    if len(work.skills) > MAX_SKILLS:
        rule = _("Name at most %(most)s skills.") % {"most": MAX_SKILLS}
        faults.append(Fault("skills", "too_many", rule))
    faults += [
        Fault(f"skills/{slug}", "unknown_skill", _("This skill is not in the vocabulary."))
        for slug in sorted(set(work.skills) - {skill.slug for skill in skills})
    ]
    faults += [
        Fault(f"skills/{slug}", "out_of_range", _("A level goes from 1 to 4."))
        for slug, level in work.skills.items()
        if level not in range(1, 5)
    ]
    if faults:
        raise Invalid(*faults)
    return skills


def _fact_faults(work: Work) -> list[Fault]:
    faults = []
    if not 0.5 <= work.hours <= 4000:
        faults.append(Fault("hours", "out_of_range", _("Hours lie between 0.5 and 4,000.")))
    rule = _("The summary has 1 to 1,000 characters.")
    faults += word_faults("summary", work.summary, least=1, most=1000, detail=rule)
    if work.paid_minor is not None:
        if not 0 <= work.paid_minor <= 10_000_000_000:
            faults.append(Fault("paid", "out_of_range", _("What was paid is not in range.")))
        if work.paid_currency not in pay.CURRENCIES:
            faults.append(Fault("paid", "currency", _("Name the currency of what was paid.")))
    return faults


def _day_faults(work: Work, role: Opportunity, *, at: datetime) -> list[Fault]:
    """Refuse work that lies ahead; the day is that of wherever it has begun already."""
    if (first := first_day_ahead(role, at=at)) is not None:
        rule = _("This role starts on %(day)s: nothing is completed before.") % {
            "day": languages.day(first, "j F Y")
        }
        return [Fault("ended_on", "too_early", rule)]
    today = (at + FIRST_MIDNIGHT).date()
    if work.ended_on > today:
        return [Fault("ended_on", "too_early", _("Write the work down when it has ended."))]
    if work.started_on > work.ended_on:
        return [Fault("started_on", "after_end", _("The first day must not be after the last."))]
    most = most_hours(work.started_on, work.ended_on)
    if work.hours > most:
        rule = _("From the first day to the last there are %(most)s hours.") % {
            "most": languages.number(most)
        }
        return [Fault("hours", "too_many", rule)]
    return []


def _deliverable_faults(deliverables: Sequence[Mapping[str, Any]]) -> list[Fault]:
    if len(deliverables) > MAX_DELIVERABLES:
        rule = _("Name at most %(most)s deliverables.") % {"most": MAX_DELIVERABLES}
        return [Fault("deliverables", "too_many", rule)]
    faults = []
    for position, item in enumerate(deliverables):
        title, url = str(item.get("title", "")).strip(), str(item.get("url", ""))
        if not 1 <= len(title) <= 160:
            rule = _("A deliverable's title has 1 to 160 characters.")
            faults.append(Fault(f"deliverables/{position}/title", size_code(title), rule))
        if url and (len(url) > 300 or not _is_https(url)):
            rule = _("An address begins with https:// and has at most 300 characters.")
            faults.append(Fault(f"deliverables/{position}/url", "not_an_address", rule))
    return faults


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.username
