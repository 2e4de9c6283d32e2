"""By whose clock a person reads: the zone they chose, else their browser's, else their place's.

Somebody without an account chooses for the browser, in a cookie.

Pages are made by the clock of whoever asks (``ReadersClock``), mails by that of whoever gets them.
The API speaks UTC, whoever asks.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext

from opportunities.accounts.models import User
from opportunities.core import clock, languages
from opportunities.core.errors import Fault, Invalid
from opportunities.core.providers import Provider
from opportunities.core.rows import update_row
from opportunities.places import gazetteer
from opportunities.places.folding import fold

COOKIE: Final = "time_zone"
"""What the browser's own clock is set to; the script of the site keeps it up to date."""
CHOSEN_COOKIE: Final = "chosen_time_zone"
"""What somebody without an account chose for this browser; it stands above the browser's own."""
_OF_TOWNS: Final = (
    "UTC", "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/",
    "Europe/", "Indian/", "Pacific/",
)  # fmt: skip
OFFERED: Final = tuple(
    {
        fold(clock.town_of(clock.zone_of(name))): name
        for name in sorted(clock.names())
        if name.startswith(_OF_TOWNS)
    }.values()
)
"""Zones that a page offers, one for each town; every other name and every city is read as well."""
IN_BRACKETS: Final = re.compile(r"\s*\([^()]*\)\s*$")
IN_UTC: Final = ("/api/", "/static/", "/admin/", "/healthz", "/readyz", "/metrics")
"""Where nobody reads a clock, or programs read one."""

place_zone: Final[Provider[[HttpRequest | None, User | None], str]] = Provider(
    "the zone of somebody's place"
)
"""Where somebody lives or works: of the browser that asks, or of an account; else nothing."""


class ReadersClock:
    """Make each page by the clock of whoever asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(IN_UTC):
            return self.get_response(request)
        with timezone.override(zone_of_request(request)):
            return self.get_response(request)


def zone_of_request(request: HttpRequest) -> ZoneInfo:
    """Return the zone of whoever asks for a page; what the browser says is kept for mails."""
    said = (request.COOKIES.get(name, "") for name in (CHOSEN_COOKIE, COOKIE))
    browser = next(filter(clock.is_zone, said), "")
    user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    if not isinstance(user, User):
        return clock.zone_of(browser or (place_zone(request, None) if user else ""))
    if browser and browser != user.browser_zone:
        user.browser_zone = browser
        User.objects.filter(pk=user.pk).update(browser_zone=browser)
    return clock.zone_of(user.time_zone or browser or place_zone(request, user))


def zone_of(person: User) -> ZoneInfo:
    """Return the zone of somebody who is written to."""
    return clock.zone_of(person.time_zone or person.browser_zone or place_zone(None, person))


def by_zone(people: Iterable[User]) -> dict[ZoneInfo, list[User]]:
    """Return people by the zone whose clock they read, to write to each once."""
    found: dict[ZoneInfo, list[User]] = {}
    for person in people:
        found.setdefault(zone_of(person), []).append(person)
    return found


def read(text: str) -> str:
    """Return the zone that somebody named: Europe/London, london, New York, Leeds, Berlin (CET).

    Raises ``Invalid`` for what names none.
    """
    text = IN_BRACKETS.sub("", text[: clock.LONGEST_NAME])
    typed = "_".join(text.split()).casefold()
    spelt = {name.casefold(): name for name in clock.names()}
    if found := spelt.get(typed) or _towns().get(fold(typed)):
        return found
    for city, _ in gazetteer.named(fold(typed)):
        return city.time_zone
    detail = gettext(
        "No time zone is known by this name. A city will do, such as London or New York."
    )
    raise Invalid(Fault("time_zone", "unknown_zone", detail))


@cache
def _towns() -> dict[str, str]:
    """Return the zone of each place that a zone is named after, by its folded names.

    A town has its English name and that of every language of the site.
    """
    regions = sorted(name for name in clock.names() if "/" in name)
    known = (*regions, *OFFERED, *clock.COMMON)  # later ones stand above names of the past
    found: dict[str, str] = {}
    for code in reversed(languages.codes()):
        with translation.override(code):
            found |= {fold(clock.town_said(clock.zone_of(name))): name for name in known}
    return found | {fold(clock.town_of(clock.zone_of(name))): name for name in known}


def read_if_any(text: str) -> str:
    """Return the zone that somebody named, or nothing for an empty text."""
    return read(text) if text.strip() else ""


def choose(*, person: User, time_zone: str) -> User:
    """Set by whose clock a person reads; nothing lets it follow the browser."""
    update_row(person, time_zone=read_if_any(time_zone))
    return person
