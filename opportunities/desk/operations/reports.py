"""Reports: anybody may tell us what is wrong; a moderator answers each."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.accounts.models import User
from opportunities.accounts.permissions import Viewer
from opportunities.applications.models import Message
from opportunities.applications.permissions import can_view_application
from opportunities.core.errors import Fault, Invalid, LimitReached, NotAllowed, NotFound, WrongState
from opportunities.core.limiting import Limit
from opportunities.core.rows import update_row
from opportunities.desk.operations.reasons import read_text
from opportunities.desk.permissions import OWN, require_moderator_at_all, require_moderator_of
from opportunities.employers.models import Employer
from opportunities.employers.permissions import is_member
from opportunities.messaging.notify import notify
from opportunities.moderation import outcomes
from opportunities.moderation.models import Report, ReportReason
from opportunities.roles.models import Opportunity, RolePost
from opportunities.roles.permissions import can_view
from opportunities.roles.review import Ruling, put_on_record

MAX_REPORTS_A_DAY: Final = 20
MAX_TEXT: Final = 2000
GUESTS: Final = Limit(
    "report",
    10,
    3600,
    gettext_lazy("Your network has sent many reports within the hour. Try again later."),
)
"""Reports that people without an account may send from one address."""


class Subject(NamedTuple):
    """What a report is about."""

    kind: Literal["opportunity", "employer", "message", "post"]
    id: int


@transaction.atomic
def report(
    *,
    subject: Subject,
    reason: str,
    text: str,
    reporter: User | None,
    address: str = "",
    at: datetime,
) -> Report:
    """Tell the moderators what is wrong, with or without an account.

    A second report of the same person on the same thing adds its words to the one that still waits.
    People without an account share one that waits, which counts them; ``address`` names where they
    ask.
    """
    row = _visible(subject, reporter)
    if reason not in ReportReason.values:
        raise Invalid(Fault("reason", "unknown_choice", _("Choose a reason.")))
    words = read_text("text", text, required=reason == ReportReason.OTHER)
    about: dict[str, Any] = {subject.kind: row}
    if reporter is not None:
        mine = Report.objects.filter(reporter=reporter)
        of_mine = mine.filter(answered_at__isnull=True, **about)
        if waiting := of_mine.select_for_update(of=("self",), no_key=True).first():
            return _joined(waiting, ReportReason(reason), words)
        if mine.filter(reported_at__gt=at - timedelta(days=1)).count() >= MAX_REPORTS_A_DAY:
            raise LimitReached(_("At most %(most)s reports a day.") % {"most": MAX_REPORTS_A_DAY})
    else:
        GUESTS.use(f"address:{address}", at=at)
        row._meta.base_manager.select_for_update(no_key=True).get(pk=row.pk)
        of_guests = Report.objects.filter(reporter=None, answered_at__isnull=True, **about)
        if waiting := of_guests.select_for_update(of=("self",)).order_by("id").first():
            return _joined(waiting, ReportReason(reason), words, more=1)
    return Report.objects.create(
        reporter=reporter, reason=reason, text=words, reported_at=at, **about
    )


def report_by_rule(*, role: Opportunity, text: str, at: datetime) -> Report:
    """Put what a published rule found about somebody's conduct before the moderators."""
    return Report.objects.create(
        opportunity=role, reason=ReportReason.CONDUCT, text=text, reported_at=at
    )


def _joined(waiting: Report, reason: ReportReason, words: str, *, more: int = 0) -> Report:
    """Keep what somebody adds to a report that waits, while there is room; count more guests."""
    text = waiting.text
    if words and words not in text:
        longer = f"{text}\n\n{reason.label}: {words}".strip()
        text = longer if len(longer) <= MAX_TEXT else text
    update_row(waiting, times=waiting.times + more, text=text)
    return waiting


def reports_for(*, moderator: User) -> "models.QuerySet[Report]":
    """Return the reports, answered ones too, that do not concern this moderator's own employers."""
    require_moderator_at_all(moderator)
    own = moderator.memberships.values("employer")
    return (
        Report.objects.exclude(opportunity__employer__in=own)
        .exclude(employer__in=own)
        .exclude(message__application__opportunity__employer__in=own)
        .exclude(post__opportunity__employer__in=own)
    )


def reports_waiting(*, moderator: User) -> "models.QuerySet[Report]":
    """Return the reports that this moderator may answer, oldest first."""
    waiting = reports_for(moderator=moderator).filter(answered_at__isnull=True)
    return waiting.order_by("reported_at", "id")


@transaction.atomic
def answer_report(
    *,
    report_id: int,
    moderator: User,
    upheld: bool,
    answer: str,
    hide: bool = False,
    at: datetime,
) -> Report:
    """Answer a report; ``hide`` takes the reported message or question out of sight."""
    row = (
        Report.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "opportunity__employer",
            "employer",
            "message__application__opportunity__employer",
            "post__opportunity__employer",
            "reporter",
        )
        .filter(pk=report_id)
        .first()
    )
    require_moderator_at_all(moderator)
    if row is None:
        raise NotFound(_("There is no such report."))
    role, employer = _concerned(row)
    require_moderator_of(moderator, employer)
    if row.reporter_id == moderator.pk:
        raise NotAllowed(_("You made this report; another moderator answers it."))
    if row.answered_at is not None:
        raise WrongState(_("The report is answered already."))
    if hide and not (upheld and (row.message or row.post)):
        detail = _("Only a reported message or question can be hidden, if the report is upheld.")
        raise Invalid(Fault("hide", "nothing_to_hide", detail))
    words = read_text("answer", answer, most=1000)
    update_row(row, answer=words, upheld=upheld, answered_at=at)
    if hide:
        hidden = row.message or row.post
        if hidden is not None and hidden.hidden_at is None:
            update_row(hidden, hidden_at=at)
    put_on_record(
        Ruling(outcomes.RESOLVE_REPORT, moderator, at, reason=row.answer),
        role=role,
        employer=employer,
    )
    if row.reporter is not None:
        notify(
            recipients=[row.reporter],
            kind="report_answered",
            key=f"report_answered:{row.public_id}",
            subject=lambda: f"{_('Your report is answered')}: {_named(row, role, employer)}",
            body=lambda: (
                (_("You were right.") if upheld else _("We saw nothing to act on."))
                + f" {row.answer}"
            ),
            at=at,
            is_decision=True,
        )
    return row


def _named(row: Report, role: Opportunity | None, employer: Employer) -> str:
    """Return what a report is about, as the person who made it knows it."""
    if role is None:
        return employer.name
    if row.opportunity is not None:
        return role.title
    about = _("a message about %(role)s") if row.message else _("a question about %(role)s")
    return about % {"role": role.title}


_SEEN: Final[Mapping[str, tuple[models.QuerySet[Any], Callable[[Viewer, Any], bool]]]] = {
    "opportunity": (Opportunity.objects.select_related("employer"), can_view),
    "employer": (Employer.objects.all(), lambda _viewer, _employer: True),
    "message": (
        Message.objects.select_related("application__opportunity", "application__profile"),
        lambda viewer, message: can_view_application(viewer, message.application),
    ),
    "post": (
        RolePost.objects.select_related("opportunity__employer").filter(hidden_at__isnull=True),
        lambda viewer, post: can_view(viewer, post.opportunity),
    ),
}
"""What may be reported: the rows of each kind, and who sees one."""


def _visible(subject: Subject, reporter: User | None) -> models.Model:
    """Return the thing reported if the reporter can see it, or raise ``NotFound``."""
    viewer = reporter or AnonymousUser()
    rows, is_seen = _SEEN[subject.kind]
    row: models.Model | None = rows.filter(pk=subject.id).first()
    if row is None or not is_seen(viewer, row):
        raise NotFound(_("There is no such thing to report."))
    if isinstance(row, Message):
        own_side = is_member(viewer, row.application.opportunity.employer_id)
        if own_side == row.from_employer:
            raise NotAllowed(_("This message is your own side's."))
    return row


def _concerned(row: Report) -> tuple[Opportunity | None, Employer]:
    """Return the role, if any, and the employer that a report concerns."""
    if row.employer is not None:
        return None, row.employer
    around = row.message.application if row.message else row.post
    role = around.opportunity if around else row.opportunity
    if role is None:
        raise NotAllowed(OWN)
    return role, role.employer
