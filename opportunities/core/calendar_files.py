"""Calendar files (RFC 5545): what has a date here, as calendar programs read it.

An entry keeps its name (UID) for good, and its SEQUENCE rises when it changes, so that a program
that reads the file again moves what it has instead of keeping both. What is called off says so.
Times carry their zone with its rules (VTIMEZONE); a day is a day, wherever it is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from icalendar import Alarm, Calendar, Event

from opportunities.core.text import clean_line, clean_name, clean_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with a date; days are whole days, of which ``ends`` is the last."""

    name: str
    """Its own among all of the site, for good."""
    version: int
    """Rises whenever the entry changes."""
    changed_at: datetime
    title: str
    starts: date | datetime
    ends: date | datetime | None = None
    """A moment without an end takes no time."""
    url: str = ""
    place: str = ""
    about: str = ""
    is_called_off: bool = False
    takes_time: bool = False
    """Whether one is busy meanwhile."""
    reminded_before: timedelta | None = None
    """How long before it the program rings."""


def write(
    entries: Iterable[Entry], *, title: str, zone: tzinfo = UTC, refreshed: timedelta | None = None
) -> bytes:
    """Return a calendar file whose times are by a zone's clock.

    ``refreshed`` tells programs that follow the file how often to look again.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{clean_line(settings.SITE_NAME)}//Dates//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", clean_line(title))
    if refreshed is not None:
        calendar.add("refresh-interval", refreshed, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", f"PT{refreshed // timedelta(hours=1)}H")
    days = []
    for entry in entries:
        calendar.add_component(_event(entry, zone))
        days.append(entry.starts.year)
    if days:
        # One year around, so that the rules of the zone cover what begins and ends at their edges.
        calendar.add_missing_timezones(date(min(days) - 1, 1, 1), date(max(days) + 2, 1, 1))
    return bytes(calendar.to_ical())


def answer(content: bytes, *, name: str) -> HttpResponse:
    """Return a calendar file to be kept or opened, under a name of its own."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    named = content_disposition_header(True, f"{clean_name(name)}.ics")  # noqa: FBT003  (Django's)
    response.headers["Content-Disposition"] = named or "attachment"
    return response


def _event(entry: Entry, zone: tzinfo) -> Event:
    event = Event()
    event.add("uid", f"{entry.name}@{settings.SITE_URL.split('//')[-1]}")
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("summary", clean_line(entry.title))
    if isinstance(entry.starts, datetime):
        event.add("dtstart", entry.starts.astimezone(zone))
        if isinstance(entry.ends, datetime):
            event.add("dtend", entry.ends.astimezone(zone))
    else:
        event.add("dtstart", entry.starts)
        event.add("dtend", (entry.ends or entry.starts) + timedelta(days=1))
    for field, words in (("location", clean_line(entry.place)), ("url", entry.url)):
        if words:
            event.add(field, words)
    if about := clean_text(entry.about):
        event.add("description", about)
    event.add("transp", "OPAQUE" if entry.takes_time else "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.is_called_off else "CONFIRMED")
    if entry.reminded_before is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", clean_line(entry.title))
        alarm.add("trigger", -entry.reminded_before)
        event.add_component(alarm)
    return event
