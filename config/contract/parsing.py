"""JSON as the API reads it: bounded in size and depth, strict in encoding and numbers."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO, Any, Final

from django.core.exceptions import RequestDataTooBig
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser

from opportunities.core.errors import Fault, Invalid
from opportunities.core.text import is_readable

MAX_BYTES: Final = 1_048_576
MAX_DEPTH: Final = 32
TOO_DEEP: Final = f"The body is nested more than {MAX_DEPTH} deep."
MAX_FAULTS: Final = 20
LARGEST: Final = 10**18
"""Every number of this size fits its column."""


class BoundedJSONParser(JSONParser):
    """Read JSON in UTF-8 that any column of the database can hold."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value, or raise ``ParseError``, ``Invalid``, a 413 or a 415."""
        charset = parse_header_parameters(media_type or "")[1].get("charset", "").casefold()
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
    try:
        value = json.loads(text, parse_constant=_constant, object_pairs_hook=_unrepeated)
    except RecursionError as error:
        raise ParseError(TOO_DEEP) from error
    except ValueError as error:
        raise ParseError(f"The body is not JSON: {error}.") from error
    if faults := list(islice(_faults(value, ""), MAX_FAULTS)):
        raise Invalid(*faults)
    return value


def _constant(text: str) -> float:
    raise ParseError(f"{text} is not a number in JSON.")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError("An object names one of its members twice.")
    return found


def _faults(value: Any, pointer: str, depth: int = 0) -> Iterator[Fault]:
    """Yield what nobody can read: control characters, half characters, endless numbers."""
    if depth >= MAX_DEPTH and isinstance(value, dict | list):
        raise ParseError(TOO_DEEP)
    if isinstance(value, dict):
        for name, inner in value.items():
            if not is_readable(name):
                yield Fault(pointer, "unreadable_characters", "A name has unreadable characters.")
            else:
                escaped = name.replace("~", "~0").replace("/", "~1")
                there = f"{pointer}/{escaped}" if pointer else escaped
                yield from _faults(inner, there, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _faults(inner, f"{pointer}/{index}" if pointer else str(index), depth + 1)
    elif isinstance(value, str):
        if not is_readable(value):
            yield Fault(pointer, "unreadable_characters", "The text has unreadable characters.")
    elif isinstance(value, int | float) and not abs(value) < LARGEST:
        yield Fault(pointer, "out_of_range", f"A number lies below {LARGEST:.0e}.")
