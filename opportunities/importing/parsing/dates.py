"""Dates as boards write them: ISO, "12 Jan 2026", "5 Feb' 26", "June 2026", "Immediately".

A date without a year, or one that may be read day first or month first (03/04/2026), is not
read unless the file says which order it keeps.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from opportunities.core.patterns import Patterns
from opportunities.importing.parsing.languages import MONTHS

EARLIEST_YEAR: Final = 2000
LATEST_YEAR: Final = 2100
LONGEST: Final = 120
"""Characters of a text that are looked at for a date."""

type Order = Literal["", "day_first", "month_first"]

_MONTHS: Final = MONTHS["en"]
_SAID: Final = Patterns(
    Path(__file__).with_suffix(".toml"), months="|".join(sorted(_MONTHS, key=len, reverse=True))
)
_DAYS: Final = _SAID.compiled("days").values()
_WITHOUT_YEAR: Final = _SAID.compiled("without_year").values()
_CUES: Final = _SAID.compiled("cues")


@dataclass(frozen=True, slots=True)
class Start:
    """The window in which the work may begin; both are empty where no day is surely stated."""

    earliest: date | None = None
    latest: date | None = None


def parse_date(text: str, *, order: Order = "") -> date | None:
    """Return the one date that the text surely states, or None; a time of day is ignored."""
    line = _tidy(text)
    for pattern in _DAYS:
        if found := pattern.fullmatch(line):
            return _date(found["year"], found["month"], found["day"])
    if found := _CUES["numbers"].fullmatch(line):
        return _numeric(found, order)
    return None


def last_day(text: str, country: str) -> date | None:
    """Return the day on which a moment with a zone falls in a country, or None for other words.

    A day's last minute in Los Angeles is the next day in UTC. Midnight is how programs write a
    day without a time; a country of several zones takes the earliest of their days, and no day is
    later than the one that is written.
    """
    line = text.strip().casefold()
    try:
        if _CUES["moment"].fullmatch(line):
            moment = datetime.fromisoformat(line.replace(" ", "t", 1).replace(" ", "").upper())
        elif _CUES["moment_of_mail"].fullmatch(line):
            moment = parsedate_to_datetime(line)
        else:
            return None
    except ValueError:
        return None
    if moment.utcoffset() or (moment.hour, moment.minute) == (0, 0):
        return moment.date()
    return min([moment.date(), *(moment.astimezone(zone).date() for zone in _zones_of(country))])


@cache
def _zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """Return the time zones of a country, by the table of the tz database."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.startswith(f"{country}\t"))
    return tuple(ZoneInfo(row[2]) for row in rows) if country else ()


def parse_start(text: str, *, order: Order = "", today: date | None = None) -> Start:
    """Return when the work may start: a day gives the earliest, a month its first and last day.

    A week gives its Monday to its Friday. One without a year is that of the year ahead of
    ``today`` in which the day is a Monday. Calendar weeks are those of ISO 8601.
    """
    line = _tidy(text)
    if week := _calendar_week(line) or _week(line, order=order, today=today):
        return week
    if day := parse_date(line, order=order):
        return Start(earliest=day)
    ends = _CUES["ends"].split(line)
    if len(ends) == 2:
        first, last = (parse_date(end, order=order) for end in ends)
        if first and last and first <= last:
            return Start(first, last)
    if (found := _CUES["month_year"].fullmatch(line)) and not line.startswith(
        ("early", "mid", "late")
    ):
        first = _date(found["year"], found["month"], "1")
        if first:
            return Start(first, first.replace(day=monthrange(first.year, first.month)[1]))
    return Start()


def _calendar_week(line: str) -> Start | None:
    found = _CUES["calendar_week"].fullmatch(line)
    if not found:
        return None
    try:
        monday = date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
    except ValueError:
        return Start()
    return Start(monday, monday + timedelta(days=4))


def _week(line: str, *, order: Order, today: date | None) -> Start | None:
    lead = _CUES["week_of"].match(line)
    if not lead:
        return None
    line = line[lead.end() :]
    day = parse_date(line, order=order)
    found = next((m for pattern in _WITHOUT_YEAR if (m := pattern.fullmatch(line))), None)
    if day is None and today is not None and found:
        years = (str(today.year), str(today.year + 1))
        days = [each for year in years if (each := _date(year, found["month"], found["day"]))]
        ahead = [each for each in days if each >= today - timedelta(days=7)]
        day = next((each for each in ahead[:1] if each.weekday() == 0), None)
    if day is None:
        return Start()
    return Start(day, day + timedelta(days=max(0, 4 - day.weekday())))


def _tidy(text: str) -> str:
    line = " ".join(text[:LONGEST].casefold().split()).strip(" .;")
    line = re.sub(r"[\u2010-\u2015]", "-", line)
    return _CUES["time"].sub("", _CUES["weekday"].sub("", _CUES["lead"].sub("", line)))


def _date(year: str, month: str, day: str) -> date | None:
    digits = year.lstrip("'\u2019 ")
    number = int(digits) + (2000 if len(digits) == 2 else 0)
    if not EARLIEST_YEAR <= number <= LATEST_YEAR:
        return None
    try:
        return date(number, _MONTHS.get(month) or int(month), int(day))
    except ValueError:
        return None


def _numeric(found: re.Match[str], order: Order) -> date | None:
    one, two, year = found["one"], found["two"], found["year"]
    if found["mark"] == "." or int(one) == int(two):
        order = "day_first"
    else:
        order = _order_of(found) or order
    if not order:
        return None
    return _date(year, two, one) if order == "day_first" else _date(year, one, two)


def _order_of(found: re.Match[str]) -> Order:
    """Return the order that a date in figures shows itself; points part days that come first."""
    one, two = int(found["one"]), int(found["two"])
    if found["mark"] == "." or max(one, two) <= 12 or min(one, two) > 12:
        return ""
    return "day_first" if one > 12 else "month_first"


def _in_figures(text: str) -> list[re.Match[str]]:
    """Return the dates of a text that is nothing but one or two dates in figures."""
    if len(text) > LONGEST or not _CUES["numbers_within"].search(text):
        return []
    found = [
        _CUES["numbers"].fullmatch(end)
        for end in _CUES["ends"].split(_CUES["week_of"].sub("", _tidy(text)))
    ]
    return [one for one in found if one] if all(found) else []


def orders_shown(text: str) -> set[Order]:
    """Return the orders that a cell of dates in figures shows: 20/12/2026 shows one."""
    return {order for found in _in_figures(text) if (order := _order_of(found))}


def in_order(text: str, order: Order) -> str:
    """Return a cell with the dates that may be read in two ways as ISO 8601 writes them."""

    def settled(found: re.Match[str]) -> str:
        return str(_numeric(found, order) or found[0]) if not _numeric(found, "") else found[0]

    return _CUES["numbers_within"].sub(settled, text) if _in_figures(text) else text
