"""What employers do on applications: shortlist, interview, offer, reject, note, invite."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.accounts.models import User
from opportunities.applications.models import (
    Application,
    ApplicationNote,
    InterviewSlot,
    RejectionReason,
    RoleInvitation,
)
from opportunities.applications.notice_texts import spoken
from opportunities.applications.possible import first_day_ahead, is_vouched_for
from opportunities.applications.pseudonyms import handle
from opportunities.applications.tracking import (
    count_places,
    lock_application,
    lock_with_role,
    promise,
    require_member,
    take_step,
    tell,
)
from opportunities.candidates.models import CandidateProfile, ProfileSight
from opportunities.core import clock
from opportunities.core.calendar import add_working_days
from opportunities.core.errors import (
    Conflict,
    Fault,
    Invalid,
    LimitReached,
    NoPlaceLeft,
    NotAllowed,
    NotFound,
    RuleBroken,
    WrongState,
)
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.models import Site
from opportunities.core.retelling import inside
from opportunities.core.rows import require_row
from opportunities.core.text import normal
from opportunities.core.validation import read_words, size_code, word_faults
from opportunities.employers.models import Employer, EmployerStatus
from opportunities.employers.permissions import is_member
from opportunities.messaging.notify import notify
from opportunities.roles.locking import lock_role
from opportunities.roles.models import Opportunity
from opportunities.roles.permissions import can_manage, can_view
from opportunities.roles.response_times import country_of

MAX_SLOTS: Final = 6
MAX_BULK: Final = 100
MAX_NOTES: Final = 100
MAX_AHEAD: Final = timedelta(days=60)
MIN_OFFER: Final = timedelta(hours=24)


class Proposal(NamedTuple):
    """A time to talk that the employer proposes."""

    starts_at: datetime
    minutes: int = 30
    where: str = ""
    time_zone: str = ""
    """By whose clock they propose it; both sides are told the time there as well."""


TOO_LONG: Final = gettext_noop("The message has at most 2,000 characters.")


@transaction.atomic
def shortlist(*, application_id: int, actor: User, at: datetime) -> Application:
    """Put an applicant on the shortlist; the response clock starts anew."""
    application = lock_application(application_id)
    require_member(actor, application)
    take_step(
        application,
        "shortlist",
        actor=actor,
        at=at,
        shortlisted_at=at,
        answered_at=application.answered_at or at,
        reminded_at=None,
        overdue_told_at=None,
        **promise(application.opportunity, since=at.date())._asdict(),
    )
    tell(application, "shortlist", at=at, due=application.answer_due_on)
    return application


@transaction.atomic
def propose_interview(
    *, application_id: int, actor: User, proposals: Sequence[Proposal], at: datetime
) -> Application:
    """Propose times to talk; a new proposal replaces the one before it."""
    application = lock_application(application_id)
    require_member(actor, application)
    _check_proposals(proposals, at=at)
    latest = max(proposal.starts_at for proposal in proposals)
    take_step(
        application,
        "interview",
        actor=actor,
        at=at,
        detail=(
            gettext_noop("1 time proposed")
            if len(proposals) == 1
            else gettext_noop("%(number)s times proposed") % {"number": len(proposals)}
        ),
        shortlisted_at=application.shortlisted_at or at,
        answered_at=application.answered_at or at,
        reminded_at=None,
        overdue_told_at=None,
        **promise(application.opportunity, since=latest.date())._asdict(),
    )
    application.slots.all().delete()
    slots = InterviewSlot.objects.bulk_create(
        InterviewSlot(application=application, proposed_at=at, **proposal._asdict())
        for proposal in sorted(proposals)
    )
    tell(
        application,
        "interview",
        at=at,
        slots=lambda zone: "\n".join(slot.said(zone) for slot in slots),
    )
    return application


@transaction.atomic
def offer(
    *,
    application_id: int,
    actor: User,
    at: datetime,
    lapses_at: datetime | None = None,
    message: str = "",
) -> Application:
    """Offer a place until a stated date; the offer holds the place.

    Open offers and acceptances never exceed the places: the role's row is locked while they are
    counted, and the table's own constraint stands behind it. Raises ``NoPlaceLeft`` where none is
    free.
    """
    application = lock_with_role(application_id)
    require_member(actor, application)
    role = application.opportunity
    _require_may_hire(role)
    until = lapses_at or _default_lapse(role, at=at)
    _check_offer(until, message, at=at)
    take_step(
        application,
        "offer",
        actor=actor,
        at=at,
        detail=gettext_noop("until %(when)s") % {"when": clock.written(until)},
        offered_at=at,
        offer_lapses_at=until,
        offer_message=normal(message),
        answered_at=application.answered_at or at,
    )
    if role.seats_held >= role.capacity:
        raise NoPlaceLeft(_("Every place is held by an open offer or an acceptance."))
    count_places(role)
    tell(application, "offer", at=at, lapses=until, message=message)
    return application


@transaction.atomic
def reject(
    *,
    application_id: int,
    actor: User,
    at: datetime,
    reason: str = RejectionReason.UNSTATED,
    message: str = "",
) -> Application:
    """Answer that the applicant was not selected, with a reason of the published list or none."""
    application = lock_application(application_id)
    require_member(actor, application)
    faults = []
    if reason not in RejectionReason.values:
        rule = _("The reason is one of: %(known)s.") % {"known": ", ".join(RejectionReason.values)}
        faults.append(Fault("reason", "unknown_choice", rule))
    faults += word_faults("message", message, most=2000, detail=_(TOO_LONG))
    if faults:
        raise Invalid(*faults)
    take_step(
        application,
        "reject",
        actor=actor,
        at=at,
        detail=reason,
        rejection_reason=reason,
        rejection_message=normal(message),
        answered_at=application.answered_at or at,
        ended_at=at,
    )
    tell(
        application,
        "reject",
        at=at,
        reason=lambda _zone: (
            _("none given")
            if reason == RejectionReason.UNSTATED
            else inside(RejectionReason(reason).label)
        ),
        message=message,
    )
    return application


@transaction.atomic
def no_show(*, application_id: int, actor: User, at: datetime, message: str = "") -> Application:
    """Record that somebody accepted and did not appear, and give the place back.

    Refused before the earliest start of the role, and once the employer has signed what was done.
    What follows is the published ladder, which a sweep climbs.
    """
    application = lock_with_role(application_id)
    require_member(actor, application)
    role = application.opportunity
    message = read_words("message", message, most=2000, detail=_(TOO_LONG))
    if (first := first_day_ahead(role, at=at)) is not None:
        raise WrongState(_("The work begins on %(day)s at the earliest.") % {"day": spoken(first)})
    if is_vouched_for(application):
        raise WrongState(_("You have signed that this work was done."))
    take_step(application, "no_show", actor=actor, at=at, ended_at=at)
    count_places(role)
    tell(application, "no_show", at=at, message=message)
    return application


@transaction.atomic
def note(*, application_id: int, actor: User, text: str, at: datetime) -> ApplicationNote:
    """Keep a note on an applicant for one's own team."""
    application = lock_application(application_id)
    require_member(actor, application)
    body = read_words(
        "text", text, least=1, most=2000, detail=_("A note has 1 to 2,000 characters.")
    )
    if application.notes.count() >= MAX_NOTES:
        raise LimitReached(_("An application takes at most %(most)s notes.") % {"most": MAX_NOTES})
    return ApplicationNote.objects.create(application=application, author=actor, text=body, at=at)


def in_bulk(
    application_ids: Iterable[int],
    action: str,
    *,
    actor: User,
    at: datetime,
    reason: str,
    message: str,
) -> dict[int, RuleBroken | None]:
    """Shortlist or reject many applications, each on its own: one refusal stops no other.

    Return why each was refused, by its key; None where it was done.
    """
    ids = list(dict.fromkeys(application_ids))
    if not 1 <= len(ids) <= MAX_BULK:
        rule = _("Choose 1 to %(most)s applications.") % {"most": MAX_BULK}
        raise Invalid(Fault("applications", size_code(ids), rule))
    act = (
        partial(shortlist, actor=actor, at=at)
        if action == "shortlist"
        else partial(reject, actor=actor, at=at, reason=reason, message=message)
    )
    refusals: dict[int, RuleBroken | None] = dict.fromkeys(ids)
    for application_id in ids:
        try:
            act(application_id=application_id)
        except RuleBroken as broken:
            refusals[application_id] = broken
    return refusals


@transaction.atomic
def show_profiles(
    *, employer_id: int, actor: User, profile_ids: Sequence[int], at: datetime
) -> dict[int, str]:
    """Count matched candidates as seen by the employer today and return their handles.

    Only those who allow it and have not blocked the employer are in the answer. Raises
    ``LimitReached`` where the day's cap does not leave room for all of them.
    """
    if not is_member(actor, employer_id):
        raise NotAllowed(_("Only the employer's members see matched candidates."))
    # Locking the employer's row orders its members, so that two of them cannot both use the last.
    employer = Employer.objects.select_for_update(no_key=True).get(pk=employer_id)
    profiles = list(
        CandidateProfile.objects.matchable()
        .filter(pk__in=profile_ids)
        .exclude(blocked_employers__employer=employer_id)
        .order_by("id")
    )
    today = ProfileSight.objects.filter(employer=employer, seen_on=at.date())
    seen = set(today.values_list("profile_id", flat=True))
    unseen = [profile for profile in profiles if profile.pk not in seen]
    cap = Site.load().profiles_per_day
    if len(seen) + len(unseen) > cap:
        raise LimitReached(
            _("An employer looks at up to %(cap)s matched candidates a day.") % {"cap": cap}
        )
    ProfileSight.objects.bulk_create(
        ProfileSight(
            employer=employer,
            profile=profile,
            handle=handle(profile, employer),
            seen_on=at.date(),
        )
        for profile in unseen
    )
    return {profile.pk: handle(profile, employer) for profile in profiles}


@transaction.atomic
def invite(
    *, opportunity_id: int, candidate_handle: str, actor: User, at: datetime, message: str = ""
) -> RoleInvitation:
    """Ask a matched candidate, known by a handle, to apply; inviting them again changes nothing.

    Raises ``NotFound`` for a handle that this employer was never shown or that no longer allows
    it, ``LimitReached`` when the role's invitations are used up.
    """
    role = lock_role(opportunity_id)
    if not can_manage(actor, role):
        raise (
            NotAllowed(_("Only the employer may invite."))
            if can_view(actor, role)
            else NotFound(_("There is no such role."))
        )
    rule = _("The message has at most 1,000 characters.")
    message = read_words("message", message, most=1000, detail=rule)
    seen = CandidateProfile.objects.matchable().filter(
        sights__employer=role.employer_id, sights__handle=candidate_handle
    )
    willing = seen.exclude(blocked_employers__employer=role.employer_id)
    profile = require_row(willing, _("There is no such candidate."))
    earlier = role.invitations.filter(profile=profile).first()
    if earlier is not None:
        return earlier
    if not role.is_open(at=at) or role.hidden_at is not None:
        raise WrongState(_("Only an open, listed role can invite."))
    if role.applications.filter(profile=profile).exists():
        raise Conflict(_("This candidate has applied already."))
    cap = Site.load().invitations_per_role
    if role.invitations.count() >= cap:
        raise LimitReached(_("A role invites at most %(cap)s candidates.") % {"cap": cap})
    invitation = RoleInvitation.objects.create(
        opportunity=role, profile=profile, invited_by=actor, message=message, invited_at=at
    )
    notify(
        recipients=[profile.user] if profile.user else [],
        kind="role_invitation",
        key=f"role_invitation:{invitation.pk}",
        subject=lambda: (
            _("%(employer)s invites you to apply: %(title)s")
            % {"employer": role.employer.name, "title": role.title}
        ),
        body=lambda: (
            _(
                "You fit this role, and %(employer)s asks you to look at it. They do not know who "
                "you are until you apply."
            )
            % {"employer": role.employer.name}
            + f"\n\n{message}"
        ),
        at=at,
        url=role.path,
    )
    return invitation


def _check_proposals(proposals: Sequence[Proposal], *, at: datetime) -> None:
    faults = []
    if not 1 <= len(proposals) <= MAX_SLOTS:
        rule = _("Propose 1 to %(most)s times.") % {"most": MAX_SLOTS}
        faults.append(Fault("slots", size_code(proposals), rule))
    if len({proposal.starts_at for proposal in proposals}) != len(proposals):
        faults.append(Fault("slots", "repeated", _("Every proposed time differs.")))
    for position, (starts_at, minutes, where, time_zone) in enumerate(proposals):
        field = f"slots/{position}"
        if not at < starts_at <= at + MAX_AHEAD:
            rule = _("A proposed time lies within the next %(days)s days.") % {
                "days": MAX_AHEAD.days
            }
            faults.append(Fault(f"{field}/starts_at", "out_of_range", rule))
        if not 10 <= minutes <= 480:
            faults.append(
                Fault(f"{field}/minutes", "out_of_range", _("A talk takes 10 to 480 minutes."))
            )
        if len(where) > 300:
            faults.append(
                Fault(f"{field}/where", "too_long", _("A place has at most 300 characters."))
            )
        if time_zone and not clock.is_zone(time_zone):
            rule = _("time_zone is a name such as Europe/Berlin.")
            faults.append(Fault(f"{field}/time_zone", "unknown_zone", rule))
    if faults:
        raise Invalid(*faults)


def _check_offer(until: datetime, message: str, *, at: datetime) -> None:
    faults = []
    if not at + MIN_OFFER <= until <= at + MAX_AHEAD:
        rule = _("An offer stands for at least a day and at most %(days)s days.") % {
            "days": MAX_AHEAD.days
        }
        faults.append(Fault("lapses_at", "out_of_range", rule))
    faults += word_faults("message", message, most=2000, detail=_(TOO_LONG))
    if faults:
        raise Invalid(*faults)


def _default_lapse(role: Opportunity, *, at: datetime) -> datetime:
    days = Site.load().offer_days
    day = add_working_days(at.date(), days, country=country_of(role))
    return clock.last_second_of(day, role.zone).astimezone(UTC)


def _require_may_hire(role: Opportunity) -> None:
    if role.employer.status != EmployerStatus.ACTIVE:
        raise NotAllowed(_("Your organization may not make offers at present."))
    if role.status == RoleStatus.REMOVED:
        raise WrongState(_("This role was removed by a moderator."))
