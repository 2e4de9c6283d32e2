"""Take of a JSON Resume what can be taken: exporters write it otherwise than the standard has it.

An empty place may be null, a present end "Present", a number a number. What cannot be read at all
is left empty and named, so that one odd entry does not cost the rest.
"""

import copy
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from jsonschema import ValidationError

from opportunities.candidates.resumes.schema import MAX_ITEMS, VALIDATOR
from opportunities.core.text import is_readable

PRESENT: Final = frozenset(
    {"present", "now", "current", "currently", "ongoing", "today", "to date", "heute", "actuel"}
)
"""What is written for the end of something that goes on; the standard leaves it out."""
EMPTY: Final[Mapping[str, Any]] = {"string": "", "array": [], "object": {}}
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
        wanted = str(error.validator_value)
        if wanted == "string" and isinstance(value, int | float) and not isinstance(value, bool):
            holder[last] = f"{value}"
            return True
        if wanted == "array" and isinstance(value, str | int | float | dict) and value:
            holder[last] = [value]
            return True
        holder[last] = copy.copy(EMPTY[wanted])
        return value in (None, "", [], {})
    if kind == "maxItems":
        holder[last] = value[:MAX_ITEMS]
        return False
    holder[last] = ""
    return kind == "pattern" and value.strip().casefold().rstrip(".") in PRESENT | {""}


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
