"""Take of a JSON Resume what can be taken: exporters write it otherwise than the standard has it.

An empty place may be null, a present end "Present", a number a number, a date "May 2024", a list of
skills a line. What cannot be read at all is left empty and named, so that one odd entry does not
cost the rest.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from jsonschema import ValidationError

from opportunities.candidates.resumes.schema import MAX_ITEMS, VALIDATOR
from opportunities.core.text import is_readable
from opportunities.importing.parsing.dates import parse_date, parse_start

PRESENT: Final = frozenset(
    {"present", "present day", "now", "current", "currently", "ongoing", "today", "to date",
     "until now", "till date", "heute", "bis heute", "derzeit", "aktuell", "laufend", "actuel",
     "actuellement", "en cours", "à ce jour", "aujourd'hui", "presente", "actualidad", "heden",
     "obecnie"}
)  # fmt: skip
"""What is written for the end of something that goes on; the standard leaves it out."""
EMPTY: Final[Mapping[str, Any]] = {"string": "", "array": [], "object": {}}
NAMED: Final[Mapping[str, str]] = {"skills": "name", "interests": "name", "languages": "language"}
"""Sections in which a text alone stands for the name of an entry."""
_LISTS: Final = frozenset({"keywords", *NAMED})
_BETWEEN: Final = re.compile(r"\s*[,;|\n\u2022]\s*")
_YEAR_FIRST: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?(?:[T ].*|\.0)?")
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})[-/.](\d{4})")
ROUNDS: Final = 4
"""What is mended may hold further faults: a list cut short has items of its own."""


class Mended(NamedTuple):
    """A resume in the shape of the standard, and the JSON pointers of what could not be read."""

    resume: dict[str, Any]
    unread: tuple[str, ...]


def mend(resume: dict[str, Any]) -> Mended:
    """Return a resume as the standard has it; expects an object."""
    mended = copy.deepcopy(resume)
    unread: dict[str, None] = {}
    for _ in range(ROUNDS):
        # The schema forbids nothing that a value alone cannot mend, so that each round ends some.
        # A list that is too long is cut short before what stands behind its end is looked at.
        errors = sorted(
            VALIDATOR.iter_errors(mended), key=lambda error: error.validator != "maxItems"
        )
        for error in errors:
            if not _mend_one(mended, error):
                unread[_pointer(list(error.absolute_path))] = None
        if not errors:
            break
    _blank_unstorable(mended, [], unread)
    return Mended(mended, tuple(unread))


def _mend_one(mended: dict[str, Any], error: ValidationError) -> bool:
    """Put something readable in the place of a fault; say whether nothing was lost by it."""
    *path, last = error.absolute_path
    holder: Any = mended
    try:
        for part in path:
            holder = holder[part]
        value = holder[last]
    except IndexError:  # it stood behind the end of a list that was cut short
        return True
    kind = str(error.validator)
    if kind == "type":
        section = str(path[0]) if path else ""
        holder[last], is_kept = _of_type(value, str(error.validator_value), str(last), section)
        return is_kept
    if kind == "maxItems":
        holder[last] = value[:MAX_ITEMS]
        return False
    holder[last] = _date(value) if kind == "pattern" else ""
    words = value.strip().casefold().replace("\u2019", "'").rstrip(".")
    return bool(holder[last]) or (kind == "pattern" and words in PRESENT | {""})


def _of_type(value: Any, wanted: str, name: str, section: str) -> tuple[Any, bool]:
    """Return a value of the type that the standard has, and whether nothing was lost by it."""
    if wanted == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        is_whole = isinstance(value, float) and value.is_integer()
        return f"{int(value) if is_whole else value}", True
    if wanted == "array" and isinstance(value, str | int | float | dict) and value:
        if name in _LISTS and isinstance(value, str):
            return list(filter(None, _BETWEEN.split(value))), True
        return [value], True
    if wanted == "object" and isinstance(value, str) and section in NAMED:
        return {NAMED[section]: value}, True
    return copy.copy(EMPTY[wanted]), value in (None, "", [], {})


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


def _blank_unstorable(value: Any, path: list[str | int], unread: dict[str, None]) -> None:
    """Empty every text that cannot be stored, and drop members whose very names cannot."""
    if isinstance(value, dict):
        for name in [name for name in value if not is_readable(name)]:
            del value[name]
            unread[_pointer(path)] = None
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(items):
        if isinstance(inner, str) and not is_readable(inner):
            value[key] = ""
            unread[_pointer([*path, key])] = None
        elif isinstance(inner, dict | list):
            _blank_unstorable(inner, [*path, key], unread)


def _pointer(path: list[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
