"""Take of a JSON Resume what can be taken: exporters write it otherwise than the standard has it.

An empty place may be null, a present end "Present", a number a number, a date "May 2024", a list of
skills a line. What cannot be read at all is left empty and named, so that one odd entry does not
cost the rest.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from opportunities.candidates.resumes.schema import DATE, RESUME, Shape
from opportunities.core.text import is_readable
from opportunities.importing.parsing.dates import parse_date, parse_start

MAX_DEPTH: Final = 8
MAX_ITEMS: Final = 200
MAX_TEXT: Final = 20_000
PRESENT: Final = frozenset(
    {"present", "present day", "now", "current", "currently", "ongoing", "today", "to date",
     "until now", "till date", "heute", "bis heute", "derzeit", "aktuell", "laufend", "actuel",
     "actuellement", "en cours", "à ce jour", "aujourd'hui", "presente", "actualidad", "heden",
     "obecnie"}
)  # fmt: skip
"""What is written for the end of something that goes on; the standard leaves it out."""
NAMED: Final[Mapping[str, str]] = {"skills": "name", "interests": "name", "languages": "language"}
"""Sections in which a text alone stands for the name of an entry."""
EMPTY: Final[Sequence[Any]] = (None, "", [], {})
_LISTS: Final = frozenset({"keywords", *NAMED})
_BETWEEN: Final = re.compile(r"\s*[,;|\n\u2022]\s*")
_STANDARD_DATE: Final = re.compile(r"([12]\d{3}(-[01]\d(-[0-3]\d)?)?)?", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?(?:[T ].*|\.0)?")
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})[-/.](\d{4})")

type Path = tuple[str | int, ...]


class Mended(NamedTuple):
    """A resume in the shape of the standard, and the JSON pointers of what could not be read."""

    resume: dict[str, Any]
    unread: tuple[str, ...]


def mend(resume: dict[str, Any]) -> Mended:
    """Return a resume as the standard has it; raise ``ValueError`` if it is nested too deeply."""
    unread: dict[str, None] = {}
    return Mended(_read(resume, RESUME, (), unread), tuple(unread))


def _read(value: Any, shape: Shape | None, path: Path, unread: dict[str, None]) -> Any:
    """Return what stands at a place in the shape that it has there, if the standard knows one."""
    read, is_kept = _shaped(value, shape, path)
    if len(path) >= MAX_DEPTH and isinstance(read, dict | list):
        raise ValueError("nested too deeply")
    if isinstance(read, dict):
        parts = shape if isinstance(shape, dict) else {}
        storable = {name: part for name, part in read.items() if is_readable(name)}
        is_kept = is_kept and len(storable) == len(read)
        read = {
            name: _read(part, parts.get(name), (*path, name), unread)
            for name, part in storable.items()
        }
    elif isinstance(read, list):
        item = shape[0] if isinstance(shape, list) else None
        read = [_read(part, item, (*path, place), unread) for place, part in enumerate(read)]
    if not is_kept:
        unread[_pointer(path)] = None
    return read


def _shaped(value: Any, shape: Shape | None, path: Path) -> tuple[Any, bool]:
    """Return a value of the kind that a shape asks for, and whether nothing was lost by it."""
    if isinstance(shape, dict):
        if isinstance(value, str) and path[0] in NAMED:
            value = {NAMED[str(path[0])]: value}
        return (value, True) if isinstance(value, dict) else ({}, value in EMPTY)
    if isinstance(shape, list):
        if isinstance(value, str) and path[-1] in _LISTS:
            value = list(filter(None, _BETWEEN.split(value)))
        elif isinstance(value, str | int | float | dict) and value:
            value = [value]
        is_list = isinstance(value, list)
        return (value[:MAX_ITEMS], len(value) <= MAX_ITEMS) if is_list else ([], value in EMPTY)
    return _text(value, shape)


def _text(value: Any, shape: Shape | None) -> tuple[Any, bool]:
    """Return the text or the date that a value says; where no shape is known, it stays itself."""
    if shape and isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{int(value) if isinstance(value, float) and value.is_integer() else value}"
    if not isinstance(value, str):
        return ("", value in EMPTY) if shape else (value, True)
    if shape == DATE:
        return _dated(value)
    is_kept = is_readable(value) and (not shape or len(value) <= MAX_TEXT)
    return (value if is_kept else ""), is_kept


def _dated(text: str) -> tuple[str, bool]:
    """Return a date as the standard has it, and whether the text said no other."""
    if _STANDARD_DATE.fullmatch(text):
        return text, True
    words = text.strip().casefold().replace("\u2019", "'").rstrip(".")
    date = _date(text)
    return date, bool(date) or not words or words in PRESENT


def _date(text: str) -> str:
    """Return a date that is written otherwise as the standard has it, or nothing if unsure."""
    line = text.strip()
    if found := _YEAR_FIRST.fullmatch(line):
        year, *rest = [part for part in found.groups() if part]
    elif found := _MONTH_FIRST.fullmatch(line):
        year, rest = found[2], [found[1]]
    elif day := parse_date(line):
        return day.isoformat()
    else:
        month = parse_start(line).latest
        return f"{month:%Y-%m}" if month else ""
    numbers = [int(part) for part in rest]
    if not 1900 <= int(year) <= 2100 or not all(map(_fits, numbers, (12, 31))):
        return ""
    return "-".join([year, *(f"{number:02}" for number in numbers)])


def _fits(number: int, most: int) -> bool:
    return 1 <= number <= most


def _pointer(path: Path) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
