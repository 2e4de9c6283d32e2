"""Ask for the weeks with other hours: a box a week, in a row of months.

Without script one types numbers, or fills several weeks at once by two dates. With script the
arrows go from week to week, and weeks that are marked together take one number.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from opportunities.candidates.calendar_weeks import MOST_SHOWN, WEEK, Hours, monday_of
from opportunities.core import languages
from opportunities.core.forms import ENTER

MOST_HOURS: Final = 80
HOURS: Final = re.compile(r"[0-9]{1,2}([.,][0-9]{1,6})?")
FIRST: Final = "-first"
"""What is added to the field's name for the Monday of the first box."""

SPAN: Final = ("from", "until", "hours")
"""What one says to fill several weeks at once; each is sent as "span-…"."""


@dataclass(frozen=True, slots=True)
class Week:
    """One box of the strip."""

    monday: date
    hours: str
    """As it was typed or is stored; empty for the usual hours."""

    @property
    def kind(self) -> str:
        """Return what the box shows at a glance: away, other hours, or nothing."""
        if not self.hours:
            return ""
        return "away" if self.hours == "0" else "other"


class WeekStrip(forms.Widget):
    """Reads the boxes of a strip as "Monday:hours", one for each week that differs."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        """Return the weeks that differ; a value that names its week is taken as it is."""
        typed = data.getlist(name) if isinstance(data, QueryDict) else list(data.get(name, ()))
        first = parse_date_or_none(str(data.get(name + FIRST, "")))
        weeks = []
        for place, text in enumerate(typed[: MOST_SHOWN + 1]):
            if ":" in text:
                weeks.append(text)
            elif text.strip() and first is not None:
                weeks.append(f"{(first + place * WEEK).isoformat()}:{_plain(text)}")
        return weeks

    def format_value(self, value: Any) -> list[str]:
        """Return the weeks as they are sent."""
        return list(value or ())


class WeeksField(forms.Field):
    """Hours by week, of the weeks whose hours are not the usual ones."""

    widget = WeekStrip

    def prepare_value(self, value: Any) -> list[str]:
        """Return stored hours as they are sent; what was sent stays as it is."""
        return as_sent(value) if isinstance(value, dict) else list(value or ())

    def in_words(self, part: str) -> str:
        """Return one week that was sent, as a person says it."""
        day, __, hours = part.partition(":")
        monday = parse_date_or_none(day)
        said = _("away") if hours == "0" else _("%(hours)s h") % {"hours": hours}
        return f"{languages.day(monday, 'j F Y')}: {said}" if monday else part

    def to_python(self, value: Any) -> Hours:
        """Return the hours by the Monday of each week that differs."""
        hours: Hours = {}
        for each in value or ():
            day, __, text = each.partition(":")
            monday = parse_date_or_none(day)
            if monday is None or monday.weekday():
                raise forms.ValidationError(_("Send the weeks as the page shows them."))
            number = float(text.replace(",", ".")) if HOURS.fullmatch(text) else MOST_HOURS + 1
            if number > MOST_HOURS:
                raise forms.ValidationError(
                    _(
                        "Week of %(monday)s: write hours from 0 to %(most)s, or nothing"
                        " for your usual hours."
                    )
                    % {"monday": languages.day(monday, "j F Y"), "most": MOST_HOURS}
                )
            hours[monday] = number
        return hours


def as_sent(hours: Mapping[date, float]) -> list[str]:
    """Return hours as the boxes send them."""
    return [f"{monday.isoformat()}:{number:g}" for monday, number in sorted(hours.items())]


def months_of(weeks: Iterable[date], sent: Iterable[str]) -> list[tuple[date, list[Week]]]:
    """Return the boxes of a strip by month, each month named by the Monday that it begins with."""
    typed = dict(part.split(":", 1) for part in sent if ":" in part)
    boxes = [Week(monday, typed.get(monday.isoformat(), "")) for monday in weeks]
    grouped = groupby(boxes, key=lambda box: (box.monday.year, box.monday.month))
    return [(month[0].monday, month) for month in (list(found) for _, found in grouped)]


def is_asked(data: QueryDict) -> bool:
    """Say whether weeks shall be filled: by the button, or by Enter in boxes that are filled."""
    return "span" in data or (ENTER in data and any(data.get(f"span-{name}") for name in SPAN))


def fill(data: QueryDict, name: str, weeks: Iterable[date]) -> tuple[QueryDict, str]:
    """Return what was sent after the weeks between two dates took one number, or what is wrong."""
    first = parse_date_or_none(data.get("span-from", ""))
    last = parse_date_or_none(data.get("span-until", ""))
    hours = _plain(data.get("span-hours", ""))
    if first is None or last is None or last < first:
        return data, _("Choose the first and the last day, the last one not before the first.")
    if hours and (not HOURS.fullmatch(hours) or float(hours.replace(",", ".")) > MOST_HOURS):
        sentence = _("Write hours from 0 to %(most)s, or nothing for your usual hours.")
        return data, sentence % {"most": MOST_HOURS}
    shown = set(weeks)
    chosen = {monday for monday in shown if monday_of(first) <= monday <= last}
    if not chosen:
        return data, _("These weeks are not in the calendar.")
    sent = WeekStrip().value_from_datadict(data, {}, name)
    kept = [part for part in sent if part.partition(":")[0] not in {d.isoformat() for d in chosen}]
    filled = data.copy()
    added = [f"{monday.isoformat()}:{hours}" for monday in chosen] if hours else []
    filled.setlist(name, sorted([*kept, *added]))
    return filled, ""


def parse_date_or_none(text: str) -> date | None:
    """Return a date as it is written in a form, or None."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _plain(text: str) -> str:
    text = text.strip()
    return f"{float(text.replace(',', '.')):g}" if HOURS.fullmatch(text) else text[:20]
