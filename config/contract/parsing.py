"""JSON as the API reads it: bounded in size and depth, strict in encoding and numbers."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO, Any, Final

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser

from opportunities.core.errors import Fault, Invalid
from opportunities.core.text import is_readable

MAX_BYTES: Final = 1_048_576
MAX_DEPTH: Final = 32
MAX_FAULTS: Final = 20
LARGEST: Final = 10**18
"""Every number of this size fits its column."""

STRINGS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
BRACKETS: Final = re.compile(r"[\[\]{}]")


class BoundedJSONParser(JSONParser):
    """Read JSON in UTF-8 that any column of the database can hold."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value, or raise ``ParseError``, ``Invalid``, a 413 or a 415."""
        charset = _charset(media_type or "")
        if charset not in {"", "utf-8", "utf8", "us-ascii"}:
            raise UnsupportedMediaType(media_type or "", "Send JSON in UTF-8.")
        content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise RequestDataTooBig("A JSON body has at most 1 MB.")
        return loads(content)


def loads(content: bytes) -> Any:
    """Return the value of a JSON text, or raise ``ParseError`` or, with pointers, ``Invalid``."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(f"The body is not UTF-8 at byte {error.start}.") from error
    _refuse_depth(text)
    try:
        value = json.loads(text, parse_constant=_constant, object_pairs_hook=_unrepeated)
    except ValueError as error:
        raise ParseError(f"The body is not JSON: {error}.") from error
    if faults := list(islice(_faults(value, ""), MAX_FAULTS)):
        raise Invalid(*faults)
    return value


def _charset(media_type: str) -> str:
    for part in media_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().casefold() == "charset":
            return value.strip().strip('"').casefold()
    return ""


def _refuse_depth(text: str) -> None:
    depth = 0
    for bracket in BRACKETS.finditer(STRINGS.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            raise ParseError(f"The body is nested more than {MAX_DEPTH} deep.")


def _constant(text: str) -> float:
    raise ParseError(f"{text} is not a number in JSON.")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError("An object names one of its members twice.")
    return found


def _faults(value: Any, pointer: str) -> Iterator[Fault]:
    """Yield what nobody can read: control characters, half characters, endless numbers."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not is_readable(name):
                yield Fault(pointer, "unreadable_characters", "A name has unreadable characters.")
            else:
                escaped = name.replace("~", "~0").replace("/", "~1")
                yield from _faults(inner, f"{pointer}/{escaped}" if pointer else escaped)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _faults(inner, f"{pointer}/{index}" if pointer else str(index))
    elif isinstance(value, str):
        if not is_readable(value):
            yield Fault(pointer, "unreadable_characters", "The text has unreadable characters.")
    elif isinstance(value, int | float) and not abs(value) < LARGEST:
        yield Fault(pointer, "out_of_range", f"A number lies below {LARGEST:.0e}.")
