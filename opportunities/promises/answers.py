"""The response clock of applications: reminder, overdue, release; the lapse of offers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from opportunities.applications.models import Application
from opportunities.applications.tracking import count_places, lock_with_role, take_step, tell
from opportunities.core.calendar import add_working_days
from opportunities.core.claims import each_id, each_row
from opportunities.core.errors import NotFound
from opportunities.core.lifecycle import LIVE, ApplicationStatus
from opportunities.core.rows import update_row
from opportunities.employers.models import Employer

LAPSE_WARNING: Final = timedelta(hours=24)

_each: Final = partial(each_row, related=("opportunity__employer", "profile__user"))


def remind_employers(*, at: datetime) -> int:
    """Remind employers of answers due by the end of their next working day."""
    due = (
        Application.objects.live()
        .filter(answer_due_on__gte=at.date(), reminded_at__isnull=True)
        .annotate(
            country=Coalesce(
                NullIf("opportunity__employer__country", Value("")), "opportunity__country"
            )
        )
    )
    soon = Q(pk__in=[])
    for country in set(due.values_list("country", flat=True)):
        next_day = add_working_days(at.date(), 1, country=country)
        soon |= Q(country=country, answer_due_on__lte=next_day)
    act = partial(_tell_of_promise, action="remind", told="reminded_at", to=["employer"], at=at)
    return _each(due.filter(soon), act)


def tell_overdue(*, at: datetime) -> int:
    """Tell both sides of every promise whose day has passed without an answer."""
    due = Application.objects.live().filter(
        answer_due_on__lt=at.date(), release_on__gte=at.date(), overdue_told_at__isnull=True
    )
    both = ["candidate", "employer"]
    act = partial(_tell_of_promise, action="overdue", told="overdue_told_at", to=both, at=at)
    return _each(due, act)


def _tell_of_promise(
    application: Application, *, action: str, told: str, to: Iterable[str], at: datetime
) -> None:
    update_row(application, **{told: at})
    due, release_on = application.answer_due_on, application.release_on
    tell(application, action, at=at, key=due.isoformat(), to=to, due=due, release=release_on)


def release(*, at: datetime) -> int:
    """Release everybody whose employer stayed silent past promise and grace."""
    due = Application.objects.live().filter(release_on__lt=at.date())
    return _each(due, partial(_release, at=at))


def _release(application: Application, *, at: datetime) -> None:
    take_step(application, "release", actor=None, at=at, ended_at=at)
    tell(application, "release", at=at, release=application.release_on)


def warn_of_lapse(*, at: datetime) -> int:
    """Tell candidates of offers that lapse within a day."""
    due = Application.objects.filter(
        status=ApplicationStatus.OFFERED,
        offer_lapses_at__gt=at,
        offer_lapses_at__lte=at + LAPSE_WARNING,
        offered_at__lt=at - LAPSE_WARNING,
    )
    return _each(due, partial(_warn_of_lapse, at=at))


def _warn_of_lapse(application: Application, *, at: datetime) -> None:
    # Nothing is stored but the notice: its key says that this offer's end was told.
    lapses_at = application.offer_lapses_at
    key = lapses_at.isoformat() if lapses_at else ""
    tell(application, "offer_ends", at=at, key=key, to=["candidate"], lapses=lapses_at)


def lapse_offers(*, at: datetime) -> int:
    """End offers whose date has passed and give their places back."""
    due = Application.objects.filter(status=ApplicationStatus.OFFERED, offer_lapses_at__lte=at)
    return sum(_lapse(application_id, at=at) for application_id in each_id(due))


@transaction.atomic
def _lapse(application_id: int, *, at: datetime) -> bool:
    # Places are at stake: the role is locked first and waited for, as everywhere.
    try:
        application = lock_with_role(application_id)
    except NotFound:
        return False
    lapses_at = application.offer_lapses_at
    is_due = application.status == ApplicationStatus.OFFERED and lapses_at and lapses_at <= at
    if not is_due:
        return False
    take_step(application, "lapse", actor=None, at=at, ended_at=at)
    count_places(application.opportunity)
    tell(application, "lapse", at=at, lapses=lapses_at)
    return True


def count_replies(*, at: datetime) -> int:
    """Recompute every employer's public reply rate from its applications.

    Due are those answered, released, overdue, or withdrawn after the promised day; an answer
    followed by silence until the release is no answer.
    """
    overdue = Q(opportunities__applications__answer_due_on__lt=at.date())
    status = "opportunities__applications__status"
    waits = Q(**{f"{status}__in": sorted(LIVE)}) & overdue
    released = Q(**{status: ApplicationStatus.RELEASED})
    has_answer = Q(opportunities__applications__answered_at__isnull=False)
    left_late = Q(
        **{status: ApplicationStatus.WITHDRAWN},
        opportunities__applications__answered_at__isnull=True,
        opportunities__applications__ended_at__date__gt=F(
            "opportunities__applications__answer_due_on"
        ),
    )
    answered = Count("opportunities__applications", filter=has_answer & ~released & ~waits)
    due = Count("opportunities__applications", filter=has_answer | released | waits | left_late)
    changed = 0
    counts = (
        Employer.objects.annotate(answered_now=answered, due_now=due)
        .exclude(answered_count=F("answered_now"), due_count=F("due_now"))
        .order_by("id")
        .values_list("pk", "answered_now", "due_now")
    )
    for employer_id, answered_now, due_now in counts:
        changed += Employer.objects.filter(pk=employer_id).update(
            answered_count=answered_now, due_count=due_now
        )
    return changed
