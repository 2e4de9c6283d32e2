"""What people do with notices: read them, and say how often they want them as email."""

from datetime import datetime

from django.utils.translation import gettext

from opportunities.accounts import time_zones
from opportunities.accounts.models import User
from opportunities.core import clock
from opportunities.core.errors import Fault, Invalid
from opportunities.core.rows import require_row
from opportunities.messaging.models import Notice, NoticePreference, NoticeRhythm


def read(*, notice_id: str, reader: User, at: datetime) -> Notice:
    """Mark one of the reader's notices as read; reading again keeps the first moment."""
    own = Notice.objects.filter(public_id=notice_id, recipient=reader)
    notice = require_row(own, gettext("There is no such notice."))
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at)
    notice.refresh_from_db(fields=["read_at"])
    return notice


def read_all(*, reader: User, at: datetime) -> int:
    """Mark all of the reader's notices as read; return how many were new."""
    return Notice.objects.filter(recipient=reader, read_at__isnull=True).update(read_at=at)


def choose_rhythm(*, reader: User, rhythm: str) -> NoticePreference:
    """Set how often the reader wants email that is not a decision."""
    if rhythm not in NoticeRhythm.values:
        rule = gettext("One of: %(known)s.") % {"known": ", ".join(NoticeRhythm.values)}
        raise Invalid(Fault("rhythm", "unknown_choice", rule))
    preference, _ = NoticePreference.objects.update_or_create(
        user=reader, defaults={"rhythm": rhythm}
    )
    return preference


def choose_quiet(
    *, reader: User, time_zone: str = "", quiet_from: object, quiet_until: object
) -> NoticePreference:
    """Set the reader's quiet hours, each a whole hour from 0 to 23, and perhaps their time zone.

    The same hour twice means no quiet hours. Raises ``Invalid`` that names every field at fault.
    """
    faults = []
    if time_zone and not clock.is_zone(time_zone):
        rule = gettext("A time zone has a name such as Europe/Berlin.")
        faults.append(Fault("time_zone", "unknown_zone", rule))
    hours = {"quiet_from": _hour(quiet_from), "quiet_until": _hour(quiet_until)}
    faults += [
        Fault(name, "out_of_range", gettext("This must be a whole hour from 0 to 23."))
        for name, hour in hours.items()
        if hour is None
    ]
    if faults:
        raise Invalid(*faults)
    if time_zone:
        time_zones.choose(person=reader, time_zone=time_zone)
    preference, _ = NoticePreference.objects.update_or_create(user=reader, defaults=hours)
    return preference


def _hour(given: object) -> int | None:
    text = str(given)
    hour = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 24
    return hour if hour <= 23 else None
