"""Requests that no operation can mean: bodies, media types, spoiled examples, addresses, headers.

Each case is written by hand and named by what is wrong with it. ``BODIES`` are sent as they are,
``SPOILERS`` replace the values of an operation's own documented example.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

JSON: Final = "application/json"
MEGABYTE: Final = 1_048_576


class Body(NamedTuple):
    """A body with its media type, sent to every operation as it is."""

    content: bytes
    media: str = JSON


BODIES: Final[dict[str, Body]] = {
    # Not JSON at all
    "an opening brace alone": Body(b"{"),
    "a closing brace alone": Body(b"}"),
    "an object cut off after a name": Body(b'{"title"'),
    "an object cut off after a colon": Body(b'{"title":'),
    "an object cut off inside a text": Body(b'{"title": "Surv'),
    "an array cut off": Body(b'[1, 2, 3'),
    "a comma too many in an object": Body(b'{"title": "a",}'),
    "a comma too many in an array": Body(b'{"steps": ["resume",]}'),
    "names in single quotes": Body(b"{'title': 'a'}"),
    "names without quotes": Body(b'{title: "a"}'),
    "a comment": Body(b'{"title": "a"} // a comment'),
    "two objects": Body(b'{"title": "a"}{"title": "b"}'),
    "two objects on two lines": Body(b'{"title": "a"}\n{"title": "b"}'),
    "text after the object": Body(b'{"title": "a"} and more'),
    "a bare word": Body(b"hello"),
    "Python's None": Body(b'{"title": None}'),
    "Python's True": Body(b'{"credit": True}'),
    "a page of HTML": Body(b"<!doctype html><title>a</title>"),
    "XML": Body(b'<?xml version="1.0"?><a/>'),
    "XML with an entity": Body(
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    ),
    "a form under the name of JSON": Body(b"title=a&format=micro_internship"),
    "YAML": Body(b"title: a\nformat: micro_internship\n"),
    "a line feed inside a text": Body(b'{"title": "a\nb"}'),
    "a tab inside a text": Body(b'{"title": "a\tb"}'),
    "an unknown escape": Body(rb'{"title": "a\x41"}'),
    "half an escape": Body(rb'{"title": "a\u00"}'),
    "a number with a leading zero": Body(b'{"weeks": 012}'),
    "a number with a plus": Body(b'{"weeks": +1}'),
    "a hexadecimal number": Body(b'{"weeks": 0x10}'),
    "a number that ends in a point": Body(b'{"weeks": 1.}'),
    # Bytes that are no text
    "a byte that UTF-8 never has": Body(b'{"title": "\xff"}'),
    "a sequence of UTF-8 cut off": Body(b'{"title": "\xe2\x82"}'),
    "an overlong slash": Body(b'{"title": "\xc0\xaf"}'),
    "a surrogate in UTF-8": Body(b'{"title": "\xed\xa0\x80"}'),
    "Latin-1": Body('{"title": "café"}'.encode("latin-1")),
    "UTF-16": Body('{"title": "a"}'.encode("utf-16")),
    "UTF-32": Body('{"title": "a"}'.encode("utf-32")),
    "UTF-7 by its name": Body(b'{"title": "+AGE-"}', f"{JSON}; charset=utf-7"),
    "a charset that nobody knows": Body(b'{"title": "a"}', f"{JSON}; charset=klingon"),
    "a byte order mark": Body(b'\xef\xbb\xbf{"title": "a"}'),
    "NUL bytes alone": Body(bytes(64)),
    "a packed body": Body(gzip.compress(b'{"title": "a"}')),
    "a picture": Body(b"\x89PNG\r\n\x1a\n" + bytes(32)),
    # Characters that no column holds or nobody can read
    "a NUL in a text": Body(rb'{"title": "a\u0000b"}'),
    "a NUL in a name": Body(rb'{"ti\u0000tle": "a"}'),
    "a lone high surrogate": Body(rb'{"title": "\ud800"}'),
    "a lone low surrogate": Body(rb'{"title": "\udc00 a"}'),
    "surrogates the wrong way round": Body(rb'{"title": "\udc00\ud800"}'),
    "a surrogate in a name": Body(rb'{"\ud800": "a"}'),
    "a bell": Body(rb'{"title": "a\u0007"}'),
    "an escape for terminals": Body(rb'{"title": "\u001b[31mred"}'),
    "a control character of Latin-1": Body(rb'{"title": "a\u0085b"}'),
    "text turned around": Body(rb'{"title": "invoice\u202efdp.exe"}'),
    "text isolated from its line": Body(rb'{"title": "a\u2066b\u2069"}'),
    "a character that is none": Body(rb'{"title": "a\uffff"}'),
    # Numbers that no column holds
    "NaN": Body(b'{"pay_amount": NaN}'),
    "Infinity": Body(b'{"pay_amount": Infinity}'),
    "minus Infinity": Body(b'{"pay_amount": -Infinity}'),
    "a number beyond every float": Body(b'{"pay_amount": 1e999}'),
    "a number below every float": Body(b'{"pay_amount": -1e999}'),
    "a number of 4,000 digits": Body(b'{"weeks": ' + b"9" * 4_000 + b"}"),
    "a number of 100,000 digits": Body(b'{"weeks": ' + b"9" * 100_000 + b"}"),
    "two to the power of 64": Body(b'{"capacity": 18446744073709551616}'),
    # Shapes
    "null": Body(b"null"),
    "true": Body(b"true"),
    "a number": Body(b"7"),
    "a text": Body(b'"hello"'),
    "an empty text": Body(b'""'),
    "an empty array": Body(b"[]"),
    "an array of objects": Body(b'[{"title": "a"}]'),
    "a name twice": Body(b'{"title": "a", "title": "b"}'),
    "a name twice, further down": Body(b'{"skills": [{"name": "sql", "name": "python"}]}'),
    "arrays nested 100,000 deep": Body(b"[" * 100_000 + b"]" * 100_000),
    "arrays nested 100,000 deep and cut off": Body(b"[" * 100_000),
    "objects nested 1,000 deep": Body(b'{"a":' * 1_000 + b"1" + b"}" * 1_000),
    "objects nested 33 deep": Body(b'{"a":' * 33 + b"1" + b"}" * 33),
    "more than a megabyte": Body(b'{"title": "' + b"a" * MEGABYTE + b'"}'),
    "three megabytes of spaces": Body(b'{"title": "a"' + b" " * 3 * MEGABYTE + b"}"),
    "the name of a prototype": Body(b'{"__proto__": {"is_admin": true}}'),
    "a name of a hundred thousand letters": Body(b'{"' + b"a" * 100_000 + b'": 1}'),
    "ten thousand names": Body(
        json.dumps({f"field_{number}": number for number in range(10_000)}).encode()
    ),
    "what only the site may set": Body(
        b'{"status": "open", "owner": 1, "is_superuser": true, "verified": true, "version": 0}'
    ),
    "an empty name": Body(b'{"": 1}'),
    # Media types
    "plain text": Body(b'{"title": "a"}', "text/plain"),
    "a form": Body(b"title=a", "application/x-www-form-urlencoded"),
    "XML by its name": Body(b"<title>a</title>", "application/xml"),
    "JSON of another kind": Body(b'{"title": "a"}', "application/vnd.api+json"),
    "a pickle": Body(b"\x80\x04K\x01.", "application/python-pickle"),
    "a media type without a slash": Body(b'{"title": "a"}', "json"),
    "an empty media type": Body(b'{"title": "a"}', " "),
    "a form of parts without a boundary": Body(b"--x\r\n\r\na\r\n--x--", "multipart/form-data"),
    "a form of parts without parts": Body(b"nothing", "multipart/form-data; boundary=x"),
    "a form of parts with a file that nobody asked for": Body(
        b'--x\r\nContent-Disposition: form-data; name="title"; filename="a.exe"\r\n\r\nMZ\r\n'
        b"--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
}  # fmt: skip

type Spoiler = Callable[[Any], Any]


def everywhere(value: Any) -> Spoiler:
    """Return what replaces every value of an example by this one."""

    def spoil(example: Any) -> Any:
        if isinstance(example, dict) and example:
            return {name: spoil(inner) for name, inner in example.items()}
        if isinstance(example, list) and example:
            return [spoil(inner) for inner in example]
        return value

    return spoil


def of_other_shape(example: Any) -> Any:
    """Return the example with objects for its texts, texts for its lists and its numbers."""
    if not isinstance(example, dict):
        return [example]
    swapped: dict[type, Any] = {str: {"text": 1}, list: "a, b", dict: ["a"], bool: "yes"}
    return {name: swapped.get(type(value), "seven") for name, value in example.items()}


def with_a_stranger(example: Any) -> Any:
    """Return the example with a field that no operation has."""
    return {**(example if isinstance(example, dict) else {}), "no_such_field": 1}


def without_a_name(example: Any) -> Any:
    """Return the example's values without their names."""
    return list(example.values()) if isinstance(example, dict) else [example]


def inside_itself(example: Any) -> Any:
    """Return the example as the value of each of its names."""
    return dict.fromkeys(example, example) if isinstance(example, dict) and example else [example]


SPOILERS: Final[dict[str, Spoiler]] = {
    "objects for texts, texts for lists": of_other_shape,
    "a field that no operation has": with_a_stranger,
    "values without names": without_a_name,
    "the example inside itself": inside_itself,
    "empty objects for every value": everywhere({}),
    "empty arrays in every value": everywhere([[]]),
    "objects of unknown names for every value": everywhere({"no_such_field": 1}),
    "texts of 200,000 letters": everywhere("a" * 200_000),
    "a day that February lacks": everywhere({"date": "2026-02-30"}),
    "numbers far below zero": everywhere(-(10**17)),
    "numbers of nine thousand bits": everywhere(10**2_700),
    "fractions without end": everywhere(1e308),
    "texts of a NUL": everywhere("\x00"),
    "texts of half a character": everywhere("\udfff"),
    "texts turned around": everywhere("\u202etxt.exe"),
}  # fmt: skip

DATES: Final = (
    "2026-02-30", "2026-13-01", "2026-00-10", "0000-01-01", "99999-01-01", "2026-1-1", "20260101",
    "01/02/2026", "tomorrow", "1767225600", "2026-11-23T25:00:00Z", "2026-11-23T09:00:00+99:00",
    "\u0662\u0660\u0662\u0666-11-23", "-2026-01-01",
)  # fmt: skip
"""Days that are none, for every field that holds one."""

ADDRESSES: Final = (
    "%00", "a%00b", "%ED%A0%80", "%FF", "..%2F..%2Fetc", "a" * 4_000, "opp_", "'", "%E2%80%AE",
    "9" * 400, "-1", "1e9", "NaN", "null", "opp_00000000000000000000000000",
)  # fmt: skip
"""What stands for an id in an address."""

HEADERS: Final[dict[str, dict[str, str]]] = {
    "an empty key": {"Idempotency-Key": ""},
    "a key that is too long": {"Idempotency-Key": "k" * 65},
    "a key of two words": {"Idempotency-Key": "two words"},
    "a token that is none": {"Authorization": "Bearer not-a-token"},
    "a token of 10,000 letters": {"Authorization": "Bearer " + "a" * 10_000},
    "a token of two words": {"Authorization": "Bearer one two"},
    "no token at all": {"Authorization": "Bearer"},
}


def spoiled(example: Any) -> Iterator[tuple[str, Body]]:
    """Yield every spoiled form of an example, by its name."""
    for name, spoil in SPOILERS.items():
        yield name, Body(json.dumps(spoil(example)).encode())
    fields = _dates(example)
    for day in DATES if fields else ():
        content = {**example, **dict.fromkeys(fields, day)}
        yield f"on {day}", Body(json.dumps(content).encode())


def _dates(example: Any) -> list[str]:
    """Return the fields of an example that hold a day or a moment."""
    if not isinstance(example, dict):
        return []
    return [
        name
        for name, value in example.items()
        if isinstance(value, str) and value.startswith("2027-03-01")
    ]
