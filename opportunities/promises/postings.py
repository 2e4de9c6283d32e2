"""Living postings: expiry, confirmation, the question of the outcome, and silent employers."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final

from django.db.models import Exists, F, Max, Min, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from opportunities.applications.models import Application, ApplicationEvent
from opportunities.core import languages
from opportunities.core.calendar import add_working_days
from opportunities.core.claims import each_row
from opportunities.core.languages import Translatable
from opportunities.core.lifecycle import LIVE, ON_MARKET, ApplicationStatus, RoleStatus
from opportunities.core.models import Site
from opportunities.core.rows import update_row
from opportunities.core.signals import announce_opportunity
from opportunities.desk.operations import report_by_rule, sanction_by_rule
from opportunities.employers.models import Employer
from opportunities.employers.permissions import members_of
from opportunities.messaging.notify import notify
from opportunities.moderation import outcomes
from opportunities.moderation.models import Sanction
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import ClosedBecause
from opportunities.roles.response_times import country_of
from opportunities.roles.review import move

CONFIRM_WARNING: Final = timedelta(days=7)
OUTCOME_REMINDER: Final = timedelta(days=7)
SILENCE_DAYS: Final = 10
"""Working days that a silent employer's role stays hidden before it closes."""

SILENCE: Final = gettext_noop(
    "Applicants were released without an answer, and a role closed for it"
)
SILENCE_MEMORY: Final = timedelta(days=365)
"""How long one warning for silence stands before another follows."""

ANSWERS: Final = ("shortlist", "interview", "offer", "reject")

_each: Final = partial(each_row, related=("employer",))

_has_released = Exists(
    Application.objects.filter(opportunity=OuterRef("pk"), status=ApplicationStatus.RELEASED)
)


def unconfirmed(days: int, *, at: datetime) -> Q:
    """Return the condition on roles that nobody confirmed for so many days."""
    return Q(confirmed_at__lte=at - timedelta(days=days))


def close_ended(*, at: datetime) -> int:
    """Close roles whose time has ended, and ask what happened.

    A role ends when its last day to apply has passed, when nobody confirmed it in time, or when
    its employer stayed silent; a sweep that comes late names the one that came first.
    """
    days = Site.load().confirm_days
    due = Opportunity.objects.filter(
        Q(closes_at__lte=at) | unconfirmed(days, at=at) | _has_released, status__in=ON_MARKET
    )
    return _each(due, partial(_close_if_ended, days=days, at=at))


def _close_if_ended(role: Opportunity, *, days: int, at: datetime) -> None:
    ends = []
    if role.closes_at is not None:
        ends.append((role.closes_at, ClosedBecause.APPLY_BY))
    if role.confirmed_at is not None:
        ends.append((role.confirmed_at + timedelta(days=days), ClosedBecause.UNCONFIRMED))
    if (since := _silent_since(role)) is not None:
        last = add_working_days(since, SILENCE_DAYS, country=country_of(role))
        morning = datetime.combine(last + timedelta(days=1), time.min, tzinfo=UTC)
        ends.append((morning, ClosedBecause.SILENT))
    end, because = min(ends)
    if end > at:
        return
    _close(role, because=because, at=at)
    if because == ClosedBecause.SILENT:
        text = gettext_noop(
            "Closed by rule 6.1: applicants were released without an answer, and nothing "
            "followed for %(days)s working days."
        )
        report_by_rule(role=role, text=text % {"days": SILENCE_DAYS}, at=at)


def warn_silent(*, at: datetime) -> int:
    """Warn employers of whom a role closed because they stayed silent, once in a year.

    A warning by rule can be appealed, as any. What follows when it helps nothing is for the
    moderators, to whom each such role is reported.
    """
    recent = at - SILENCE_MEMORY
    warned = Sanction.objects.filter(
        employer=OuterRef("pk"), proposed_by__isnull=True, reason=SILENCE, proposed_at__gt=recent
    )
    due = Employer.objects.filter(
        ~Exists(warned),
        opportunities__closed_because=ClosedBecause.SILENT,
        opportunities__closed_at__gt=recent,
    )
    return each_row(due, partial(_warn_silent, at=at))


def _warn_silent(employer: Employer, *, at: datetime) -> None:
    sanction_by_rule(outcomes.WARN, employer_id=employer.pk, rule="6.1", reason=SILENCE, at=at)


def ask_to_confirm(*, at: datetime) -> int:
    """Ask employers to confirm roles that close for want of it within a week."""
    days = Site.load().confirm_days
    limit = at - timedelta(days=days) + min(CONFIRM_WARNING, timedelta(days=days) / 2)
    due = Opportunity.objects.filter(
        Q(confirm_asked_at__isnull=True) | Q(confirm_asked_at__lt=F("confirmed_at")),
        status__in=ON_MARKET,
        confirmed_at__lte=limit,
    )
    return _each(due, partial(_ask_to_confirm, days=days, at=at))


def _ask_to_confirm(role: Opportunity, *, days: int, at: datetime) -> None:
    update_row(role, confirm_asked_at=at)
    confirmed_at = role.confirmed_at or at
    ends_on = (confirmed_at + timedelta(days=days)).date()
    notify(
        recipients=members_of(role.employer_id),
        kind="role_confirm",
        key=f"role_confirm:{role.public_id}:{confirmed_at.date()}",
        subject=lambda: _("Is it still open? %(role)s") % {"role": role.title},
        body=lambda: (
            _(
                "Confirm that %(role)s is still open. Without a word from you it closes on "
                "%(day)s, so that nobody applies in vain."
            )
            % {"role": role.title, "day": languages.day(ends_on, "j F Y")}
        ),
        at=at,
        url=f"/employer/roles/{role.public_id}/",
    )


_CLOSED: Final[Mapping[ClosedBecause, Translatable]] = {
    ClosedBecause.APPLY_BY: gettext_lazy(
        "%(role)s is closed because its last day to apply has passed."
    ),
    ClosedBecause.UNCONFIRMED: gettext_lazy(
        "%(role)s is closed because you have not confirmed that it is still open."
    ),
    ClosedBecause.SILENT: gettext_lazy(
        "%(role)s is closed because applicants were left without an answer."
    ),
}


def _closing(role: Opportunity, because: ClosedBecause, waiting: int) -> str:
    """Say why a role is closed, what its employer is asked, and how many still wait for them."""
    said = [
        _CLOSED[because] % {"role": role.title},
        _(
            "Tell us what happened (filled here, filled elsewhere, no longer needed) "
            "before you post again."
        ),
    ]
    if waiting:
        said.append(
            ngettext(
                "%(n)s applicant still waits for your answer.",
                "%(n)s applicants still wait for your answer.",
                waiting,
            )
            % {"n": waiting}
        )
    return " ".join(said)


def _close(role: Opportunity, *, because: ClosedBecause, at: datetime) -> None:
    move(role, "close", closed_at=at, closed_because=because)
    announce_opportunity(role)
    waiting = role.applications.filter(status__in=sorted(LIVE)).count()
    notify(
        recipients=members_of(role.employer_id),
        kind="role_closed",
        key=f"role_closed:{role.public_id}",
        subject=lambda: _("Closed: %(role)s") % {"role": role.title},
        body=lambda: _closing(role, because, waiting),
        at=at,
        url=f"/employer/roles/{role.public_id}/",
        is_decision=True,
    )


def ask_outcomes(*, at: datetime) -> int:
    """Ask once more what became of roles that closed a week ago without a word."""
    due = Opportunity.objects.filter(
        status=RoleStatus.CLOSED,
        outcome="",
        outcome_asked_at__isnull=True,
        closed_at__lte=at - OUTCOME_REMINDER,
    ).exclude(closed_because=ClosedBecause.SANCTION)
    recent = due.filter(closed_at__gt=at - 4 * OUTCOME_REMINDER)
    return _each(recent, partial(_ask_outcome, at=at))


def _ask_outcome(role: Opportunity, *, at: datetime) -> None:
    update_row(role, outcome_asked_at=at)
    notify(
        recipients=members_of(role.employer_id),
        kind="role_outcome",
        key=f"role_outcome:{role.public_id}",
        subject=lambda: _("What became of it? %(role)s") % {"role": role.title},
        body=lambda: _(
            "Was it filled here, filled elsewhere or is it no longer needed? You can post again "
            "once you have told us."
        ),
        at=at,
        url=f"/employer/roles/{role.public_id}/",
    )


def hide_silent(*, at: datetime) -> int:
    """Hide roles of silent employers from lists, and show them again after a sign of life.

    A role is silent from the day on which it left somebody without an answer past promise and
    grace, until its employer answers an applicant or confirms the role.
    """
    due = Opportunity.objects.filter(
        Q(hidden_at__isnull=False) | _has_released, status__in=ON_MARKET
    )
    return _each(due, partial(_hide_or_show, at=at))


def _hide_or_show(role: Opportunity, *, at: datetime) -> None:
    since = _silent_since(role)
    if (since is None) == (role.hidden_at is None):
        return
    update_row(role, hidden_at=None if since is None else at, version=role.version + 1)
    announce_opportunity(role)
    if since is not None:
        notify(
            recipients=members_of(role.employer_id),
            kind="role_hidden",
            key=f"role_hidden:{role.public_id}:{since}",
            subject=lambda: _("Hidden from lists: %(role)s") % {"role": role.title},
            body=lambda: (
                _(
                    "An applicant to %(role)s was released without your answer. The role is "
                    "hidden until you answer an applicant or confirm that it is still open."
                )
                % {"role": role.title}
            ),
            at=at,
            url=f"/employer/roles/{role.public_id}/",
            is_decision=True,
        )


def _silent_since(role: Opportunity) -> date | None:
    """Return the day of the first silence after the employer's last sign of life."""
    answer: datetime | None = ApplicationEvent.objects.filter(
        application__opportunity=role, action__in=ANSWERS
    ).aggregate(last=Max("at"))["last"]
    signs = [moment.date() for moment in (answer, role.confirmed_at) if moment is not None]
    released = role.applications.filter(status=ApplicationStatus.RELEASED)
    if signs:
        released = released.filter(release_on__gte=max(signs))
    silent_since: date | None = released.aggregate(first=Min("release_on"))["first"]
    return silent_since
