"""How long and how much work: "6 Months", "2-3 weeks", "20 hours", "10 hrs/week".

A range gives its longer end (hours, weeks), the end that promises a candidate's calendar least;
a lower bound alone ("at least 3 months", "3+ months") states no duration. A month is 52/12 weeks,
as in ``pay.py``; days are calendar days, seven to a week, unless they are called working days.
Half-days have hours only where the length of one, or of a day, is stated.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Final

from opportunities.core.patterns import Patterns
from opportunities.importing.parsing.numerals import NUMBER, parse_number, spell_out

_SAID: Final = Patterns(Path(__file__).with_suffix(".toml"), number=NUMBER)
_CUES: Final = _SAID.compiled("cues")
_FILLER: Final = frozenset(_SAID.said["words"]["filler"].split())
_VAGUE: Final = frozenset(_SAID.said["words"]["vague"].split())
_MOST_DAYS: Final = 5
"""Days that nobody takes for calendar days with free ones among them."""
_WEEKS_IN: Final = {
    "day": Decimal(1) / 7,
    "week": Decimal(1),
    "month": Decimal(52) / 12,
    "year": Decimal(52),
    "working": Decimal(1) / 5,
}


@dataclass(frozen=True, slots=True)
class Duration:
    """What a text says of time; ``whole`` unless it says more than the three numbers."""

    hours_total: float | None = None
    weeks: float | None = None
    hours_per_week: float | None = None
    whole: bool = True


NOTHING: Final = Duration(whole=False)


class _Unclear(Exception):
    """The words may be read in two ways."""


class _Reader:
    """Takes phrases out of a text, one kind after the other, and remembers how sure it was."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.exact = True
        self.has_hours = False

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take out the one place where the pattern stands; two are unclear."""
        found = list(pattern.finditer(self.text))
        if len(found) > 1:
            raise _Unclear
        if not found:
            return None
        self.remove(found[0])
        return found[0]

    def remove(self, found: re.Match[str]) -> None:
        self.text = f"{self.text[: found.start()]} ; {self.text[found.end() :]}"

    def amount(self, found: re.Match[str], *, unit: str = "") -> Decimal:
        """Return the longer end of what was found, in hours or, with a unit of time, in weeks."""
        high = _sized(found["high"], unit)
        if found["low"]:
            low_unit = _unit(found["unit"]) if unit and found["unit"] else unit
            if _sized(found["low"], low_unit) > high:
                raise _Unclear
        # "20 hours within 2 weeks" says both; alone it says how long it takes at most.
        is_open = found["up"] and not (self.has_hours and found["up"] == "within ")
        if found["low"] or is_open:
            self.exact = False
        return high


def _sized(text: str, unit: str) -> Decimal:
    number = parse_number(text)
    if number is None:
        raise _Unclear
    return number * _WEEKS_IN[unit] if unit else number


def parse_duration(text: str) -> Duration:
    """Return the hours and weeks that the words state, or nothing where they are not sure."""
    line = _CUES["ish"].sub(r"about \g<count>", _CUES["circa"].sub("circa ", spell_out(text)))
    line = _CUES["on_days"].sub(r"\g<rate> about", _CUES["article"].sub("1 ", line))
    if len(line) > 200:
        return NOTHING
    if line.startswith("p") and (found := _CUES["iso"].fullmatch(line)) and any(found.groups()):
        return _iso(found)
    try:
        return _read(_Reader(line))
    except _Unclear:
        return NOTHING


def _read(reader: _Reader) -> Duration:
    total, weeks = _days_of_hours(reader)
    per_week, per_day = _rates(reader)
    if total is None and (found := reader.take(_CUES["in_all"])):
        total = reader.amount(found)
    reader.has_hours = total is not None
    spans = list(_CUES["span"].finditer(reader.text))
    if per_day is not None:
        total = total or _of_daily_hours(spans, per_day)
        reader.exact = reader.exact and total is not None
    if spans:
        if weeks is not None:
            raise _Unclear
        weeks = _span(reader, spans)
    if (total, weeks, per_week) == (None, None, None):
        return NOTHING
    _refuse_other_words(reader)
    return Duration(
        hours_total=_rounded(total),
        weeks=_rounded(weeks),
        hours_per_week=_rounded(per_week),
        whole=reader.exact,
    )


def _rates(reader: _Reader) -> tuple[Decimal | None, Decimal | None]:
    """Return the hours a week, which those of a day and the days of a week give, else a day."""
    per_week = per_day = days = None
    if found := reader.take(_CUES["hours_of_days"]):
        per_week = _sized(found["hours"], "")
    elif found := reader.take(_CUES["per_week"]):
        per_week = reader.amount(found)
    if found := reader.take(_CUES["per_day"]):
        per_day = reader.amount(found)
    if found := reader.take(_CUES["days_a_week"]):
        days = reader.amount(found)
    if per_week is None and per_day is not None and days is not None:
        return per_day * days, None
    if days is not None or (per_week is not None and per_day is not None):
        reader.exact = False
    return per_week, None if per_week is not None else per_day


def _days_of_hours(reader: _Reader) -> tuple[Decimal | None, Decimal | None]:
    """Return the hours and the weeks of "3 days of 7 hours", or the hours of half-days."""
    if found := reader.take(_CUES["half_days"]):
        return _of_half_days(reader, _sized(found["count"], "")), None
    if found := reader.take(_CUES["days_of"]):
        return _of_days(found)
    return None, None


def _of_half_days(reader: _Reader, count: Decimal) -> Decimal:
    """Return the hours of half-days, whose own length or that of a day is stated beside them."""
    if found := reader.take(_CUES["of_day"]):
        return count * _sized(found["each"], "") / 2
    if found := reader.take(_CUES["each"]):
        return count * _sized(found["each"] or found["hours"], "")
    raise _Unclear


def _of_days(found: re.Match[str]) -> tuple[Decimal, Decimal]:
    """Return the hours and the weeks of "3 days of 7 hours"."""
    count, unit = _sized(found["count"], ""), _unit(found["unit"])
    if count > _MOST_DAYS and unit != "working":
        raise _Unclear
    return count * _sized(found["each"], ""), count * _WEEKS_IN[unit]


def _of_daily_hours(spans: list[re.Match[str]], per_day: Decimal) -> Decimal | None:
    """Return the hours of "3 days, 6 hours a day", where the days are those that are worked."""
    if len(spans) != 1 or spans[0]["low"] or spans[0]["up"]:
        return None
    count, unit = _sized(spans[0]["high"], ""), _unit(spans[0]["of"])
    is_worked = unit == "working" or (unit == "day" and count <= _MOST_DAYS)
    return count * per_day if is_worked else None


def _span(reader: _Reader, spans: list[re.Match[str]]) -> Decimal:
    """Add up "1 month and 2 weeks"; refuse alternatives and repetitions ("2 weeks, 14 days")."""
    units = [_unit(found["of"]) for found in spans]
    parts = [reader.amount(found, unit=unit) for found, unit in zip(spans, units, strict=True)]
    if any(part >= _WEEKS_IN[unit] for unit, part in zip(units, parts[1:], strict=False)):
        raise _Unclear  # what follows weeks is less than one
    between = [reader.text[one.end() : other.start()].strip() for one, other in pairwise(spans)]
    if any(words not in {"", "and", ",", "&"} for words in between):
        raise _Unclear
    for found in reversed(spans):
        reader.remove(found)
    return sum(parts, Decimal(0))


def _unit(word: str) -> str:
    """Return the unit of a word of time."""
    word = word.rstrip(".")
    if word.startswith(("working", "business", "week")) and word.endswith(("day", "days")):
        return "working"
    return next(unit for unit in ("day", "week", "month", "year") if word[0] == unit[0])


def _refuse_other_words(reader: _Reader) -> None:
    rest = _CUES["over"].sub(";", _CUES["aside"].sub(" aside ", reader.text))
    if "aside" in rest:
        reader.exact = False
        rest = rest.replace("aside", " ")
    if "~" in rest:
        reader.exact = False
    words = re.findall(r"[^\s;:,.()\[\]~/&|-]+", rest)
    if any(word not in _FILLER for word in words):
        raise _Unclear
    if any(word in _VAGUE for word in words):
        reader.exact = False


def _iso(found: re.Match[str]) -> Duration:
    parts = {name: Decimal(value) for name, value in found.groupdict().items() if value}
    hours = parts.pop("h", None)
    sizes = {"y": "year", "m": "month", "w": "week", "d": "day"}
    weeks = sum((count * _WEEKS_IN[sizes[name]] for name, count in parts.items()), Decimal(0))
    return Duration(hours_total=_rounded(hours), weeks=_rounded(weeks or None))


def _rounded(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 2))
