"""Bodies of the API: JSON in UTF-8 of at most a megabyte."""

from io import BytesIO

import pytest
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError, UnsupportedMediaType

from config.contract.parsing import MAX_BYTES, MAX_DEPTH, BoundedJSONParser


def parsed(content: bytes, media_type: str = "application/json") -> object:
    return BoundedJSONParser().parse(BytesIO(content), media_type)


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="UTF-8"'])
def test_utf_8_is_read(charset: str) -> None:
    assert parsed('{"a": "ä"}'.encode(), f"application/json{charset}") == {"a": "ä"}


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7"])
def test_what_says_to_be_something_else_is_refused(charset: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        parsed(b"{}", f"application/json; charset={charset}")


def test_what_is_no_utf_8_is_refused_at_its_byte() -> None:
    with pytest.raises(ParseError, match="at byte 7"):
        parsed(b'{"a": "\xff"}')


def test_a_megabyte_is_read_and_not_one_byte_more() -> None:
    most = b'"' + b"a" * (MAX_BYTES - 2) + b'"'

    assert parsed(most) == "a" * (MAX_BYTES - 2)
    with pytest.raises(RequestDataTooBig):
        parsed(most + b" ")


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_what_is_nested_32_deep_is_read_and_nothing_deeper(opening: str, closing: str) -> None:
    def nested(depth: int) -> bytes:
        return (opening * depth + "1" + closing * depth).encode()

    assert parsed(nested(MAX_DEPTH))
    for depth in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(ParseError, match="more than 32 deep"):
            parsed(nested(depth))
