"""Clock times and days, each of a named time zone, and how both are said.

An instant is kept in UTC and shown by somebody's clock, with the zone beside it. A day alone (the
last day to apply) is the day of one zone: it ends there, and the zone is named.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_timezone_name
from django.utils import timezone
from django.utils.translation import gettext as _

from opportunities.core.languages import day as format_day
from opportunities.core.languages import locale

MOST_NAMED: Final = 2048
"""Clocks at an instant whose names are kept."""
WHOLE: Final = "D j M Y, H:i"
"""Weekday, day and clock time, as Django's ``date`` writes them."""
LONGEST_NAME: Final = 64
NO_ZONES: Final = frozenset({"Factory", "localtime", "posixrules"})
"""Names in the tz database that are no zone of any place."""
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
COMMON: Final = tuple(
    Path(__file__).with_name("common_zones.txt").read_text(encoding="ascii").split()
)
"""The zones that forms suggest; every other name is taken as well."""


class UnclearTime(ValueError):
    """A clock time that a zone never shows, or shows twice."""


@cache
def names() -> frozenset[str]:
    """Return every name of a zone, as Europe/Berlin."""
    return frozenset(available_timezones() - NO_ZONES)


def is_zone(name: str) -> bool:
    """Say whether this is the name of a time zone."""
    return name in names()


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of a name; one that is not, or no longer, known counts as UTC."""
    return ZoneInfo(name if is_zone(name) else "UTC")


def here() -> tzinfo:
    """Return the zone of whoever reads the page that is being made."""
    return timezone.get_current_timezone()


def name_of(zone: tzinfo) -> str:
    """Return the name of a zone, as Europe/Berlin."""
    return getattr(zone, "key", None) or "UTC"


def town_of(zone: tzinfo) -> str:
    """Return the place that a zone is named after: London, Buenos Aires; UTC is UTC."""
    name = name_of(zone)
    return name if name.startswith("Etc/") else name.rsplit("/", 1)[-1].replace("_", " ")


def time_of(zone: tzinfo) -> str:
    """Name whose time it is: London time; UTC is UTC."""
    return "UTC" if name_of(zone) == "UTC" else _("%(town)s time") % {"town": town_said(zone)}


def label_of(name: str, *, at: datetime) -> str:
    """Name a zone as a form offers it, with its clock at a moment: Berlin (CET, UTC+1).

    A zone without a short name has its number alone, Kathmandu (UTC+5:45); UTC is UTC.
    """
    zone = zone_of(name)
    if name_of(zone) == "UTC":
        return "UTC"
    local = at.replace(minute=0, second=0, microsecond=0).astimezone(zone)
    clock = [_letters(local), _offset_said(local)]
    return f"{town_said(zone)} ({', '.join(filter(None, clock))})"


def labels(names: Iterable[str], *, at: datetime) -> list[str]:
    """Name zones as a form offers them, in the order of their names, each once."""
    return sorted({label_of(name, at=at) for name in names}, key=str.casefold)


def town_said(zone: tzinfo) -> str:
    """Name the place of a zone in the language that is active: Lisbon, Lissabon."""
    known = locale().time_zones.get(name_of(zone), {})
    return str(known.get("city") or town_of(zone))


def day_in(zone: tzinfo, *, at: datetime) -> date:
    """Return which day it is in a zone."""
    return at.astimezone(zone).date()


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the first instant after a day of a zone, in UTC.

    A midnight that the clocks jump over is the instant of the jump; of one that comes twice the
    first counts.
    """
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)


def last_second_of(day: date, zone: tzinfo) -> datetime:
    """Return the last whole second of a day of a zone, by its clock."""
    return (end_of(day, zone) - timedelta(seconds=1)).astimezone(zone)


def instant(typed: datetime, zone: tzinfo) -> datetime:
    """Return in UTC the one instant at which a zone's clock shows this.

    Raises ``UnclearTime`` for an hour that summer time leaves out or repeats.
    """
    first, second = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    if before == after or before is None or after is None:
        return first.astimezone(UTC)
    shown = {"time": format_day(typed, "H:i"), "day": format_day(typed, "D j M Y")}
    told = {"when": _("%(time)s on %(day)s") % shown, "zone": time_of(zone)}
    if before < after:
        words = _(
            "%(when)s does not exist in %(zone)s: the clocks go forward over it. "
            "Choose another time."
        )
    else:
        words = _(
            "%(when)s comes twice in %(zone)s: the clocks go back. "
            "Choose a time before or after that hour."
        )
    raise UnclearTime(words % told)


def said(moment: datetime, zone: tzinfo | None = None, *, pattern: str = WHOLE) -> str:
    """Say an instant by the reader's clock, or by that of ``zone``, and name the zone.

    Tue 1 Dec 2026, 14:00 GMT. Where a zone has no short name but a number (``-03``), the
    number is said as what it is: 14:00 UTC-3.
    """
    local = moment.astimezone(zone or here())
    return f"{format_day(local, pattern)} {_letters(local) or _offset_said(local)}"


def said_in_town(moment: datetime, zone: tzinfo, *, pattern: str = WHOLE) -> str:
    """Say an instant by a zone's clock, named by its place: Tue 1 Dec 2026, 14:00 London time."""
    return f"{format_day(moment.astimezone(zone), pattern)} {time_of(zone)}"


def said_beside(moment: datetime, other: tzinfo, zone: tzinfo | None = None) -> str:
    """Say an instant by the reader's clock and, where that shows another time, by another's.

    Tue 1 Dec 2026, 14:00 GMT (09:00 New York time). Another day is named as well.
    """
    own, beside = moment.astimezone(zone or here()), moment.astimezone(other)
    if own.utcoffset() == beside.utcoffset():
        return said(moment, zone)
    pattern = "H:i" if own.date() == beside.date() else "D j M, H:i"
    return f"{said(moment, zone)} ({said_in_town(moment, other, pattern=pattern)})"


def day_said(day: date, zone: tzinfo, *, pattern: str = "D j M") -> str:
    """Say a day and whose it is: Thu 3 Dec, London time."""
    return _("%(day)s, %(zone)s") % {"day": format_day(day, pattern), "zone": time_of(zone)}


def differ(moment: datetime, zone: tzinfo, other: tzinfo) -> bool:
    """Say whether the clocks of two zones show different times at this instant."""
    return moment.astimezone(zone).utcoffset() != moment.astimezone(other).utcoffset()


def written(moment: datetime) -> str:
    """Return an instant as a text that is kept has it; ``read_aloud`` says it to each reader."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_aloud(text: str) -> str:
    """Return a text that was kept with each of its instants said by the reader's clock."""
    return INSTANT.sub(lambda found: said(datetime.fromisoformat(found[0])), text)


def _letters(local: datetime) -> str:
    """Return the short name of a clock in the language that is active: CET, MEZ; else nothing."""
    named = local.replace(microsecond=0)
    return _short_name(named, local.fold, name_of(local.tzinfo or UTC), locale())


@lru_cache(maxsize=MOST_NAMED)
def _short_name(local: datetime, _fold: int, _zone: str, of_locale: Locale) -> str:
    """Return what CLDR calls a clock, else what the tz database does.

    Both hours that come twice in autumn, and one instant in two zones, are equal as keys: so the
    fold and the name of the zone are keys as well.
    """
    names = (get_timezone_name(local, "short", locale=of_locale), local.tzname() or "UTC")
    return next((name for name in names if name.isalpha()), "")


def _offset_said(local: datetime) -> str:
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
