"""What has a date in an application, as entries of a calendar: for the candidate or the employer.

The entries keep their names through all that happens; what no longer holds is called off.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from opportunities.applications.models import Application, InterviewSlot
from opportunities.applications.pseudonyms import shown_name
from opportunities.core.calendar_files import Entry
from opportunities.core.lifecycle import LIVE, ApplicationStatus

AT_WORK = frozenset({ApplicationStatus.ACCEPTED, ApplicationStatus.COMPLETED})


def entries(application: Application, *, by_employer: bool) -> list[Entry]:
    """Return the promised answer, the talk, the end of the offer and the first day of work."""
    role, status = application.opportunity, application.status
    other = shown_name(application) if by_employer else role.employer.name
    page = "employer-application" if by_employer else "application"
    last = application.events.order_by("-id").first()

    def entry(name: str, title: str, starts: date | datetime, **more: Any) -> Entry:
        return Entry(
            f"{application.public_id}-{name}",
            application.version,
            last.at if last else application.submitted_at,
            f"{title}: {role.title}",
            starts,
            url=settings.SITE_URL + reverse(f"opportunities:{page}", args=[application.public_id]),
            **more,
        )

    answer = (
        _("Answer %(other)s") % {"other": other}
        if by_employer
        else _("%(other)s promised an answer") % {"other": other}
    )
    found = [
        entry("answer", answer, application.answer_due_on, is_called_off=status not in LIVE),
    ]
    if slot := _agreed(application):
        ends = slot.starts_at + timedelta(minutes=slot.minutes)
        ended = application.ended_at
        is_off = slot.chosen_at is None or (ended is not None and ended < slot.starts_at)
        talk = _("Talk with %(other)s") % {"other": other}
        found.append(
            entry(
                "talk", talk, slot.starts_at, ends=ends, place=slot.where,
                is_called_off=is_off, takes_time=True,
            )
        )  # fmt: skip
    if application.offer_lapses_at is not None:
        is_off = status != ApplicationStatus.OFFERED
        title = (
            _("Offer to %(other)s ends") % {"other": other}
            if by_employer
            else _("Answer the offer")
        )
        found.append(entry("offer", title, application.offer_lapses_at, is_called_off=is_off))
    if application.accepted_at is not None and role.start_earliest is not None:
        is_off = status not in AT_WORK
        found.append(entry("start", _("Work begins"), role.start_earliest, is_called_off=is_off))
    return found


def _agreed(application: Application) -> InterviewSlot | None:
    """Return the time that was agreed; while it is arranged anew, one that is not chosen."""
    slots = list(application.slots.order_by("starts_at"))
    chosen = next((slot for slot in slots if slot.chosen_at), None)
    if chosen is None and application.events.filter(action="choose_slot").exists():
        return next(iter(slots), None)
    return chosen
