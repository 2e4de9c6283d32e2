"""Read one answer of a person or a program: a value, or a refusal that names its rule."""

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

UNREADABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What no text may hold: control characters, marks that turn text around, half characters."""


class Refused(Exception):
    """An answer that cannot be read: a stable code and a sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def text_of(most: int, *, lines: bool = False) -> Callable[[object], str]:
    """Return what reads text of at most so many characters, on one line or on several."""

    def reader(raw: object) -> str:
        if raw is None:
            return ""
        if not isinstance(raw, str):
            raise Refused("not_text", "This is text.")
        if len(raw) > 4 * most:
            raise Refused("too_long", f"At most {most} characters.")
        text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not lines:
            text = " ".join(text.split())
        if UNREADABLE.search(text):
            raise Refused("unreadable_characters", "Some characters cannot be shown.")
        if len(text) > most:
            raise Refused("too_long", f"At most {most} characters.")
        return text

    return reader


def decimal(raw: object) -> Decimal | None:
    """Read a finite number of at most 30 characters."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
        raise Refused("not_a_number", "This is a number.")
    if len(text := str(raw).strip()) > 30:
        raise Refused("not_a_number", "This number has too many digits.")
    try:
        number = Decimal(text)
    except InvalidOperation as unreadable:
        raise Refused("not_a_number", "This is a number.") from unreadable
    if not number.is_finite() or abs(number) > Decimal("1e15"):
        raise Refused("not_a_number", "This number is out of every range.")
    return number


def number(low: float, high: float, *, whole: bool) -> Callable[[object], float | int | None]:
    """Return what reads a number between both bounds."""

    def reader(raw: object) -> float | int | None:
        if (number := decimal(raw)) is None:
            return None
        if whole and number != number.to_integral_value():
            raise Refused("not_whole", "This is a whole number.")
        value = int(number) if whole else float(number)
        if not low <= value <= high or math.isnan(value):
            raise Refused("out_of_range", f"This lies between {low:g} and {high:g}.")
        return value

    return reader


def choice(known: Iterable[str], *, empty: str | None) -> Callable[[object], str | None]:
    """Return what reads one of the known words; ``empty`` stands for no answer."""
    words = tuple(known)

    def reader(raw: object) -> str | None:
        if raw is None or raw == "":
            return empty
        if not isinstance(raw, str) or raw not in words:
            raise Refused("unknown_choice", f"One of: {', '.join(words)}.")
        return str(raw)

    return reader


def words(known: tuple[str, ...], most: int) -> Callable[[object], list[str] | None]:
    """Return what reads a list of known words."""

    def reader(raw: object) -> list[str] | None:
        if raw is None:
            return None
        if not isinstance(raw, list | tuple) or len(raw) > most:
            raise Refused("not_a_list", f"This is a list of at most {most} words.")
        if not all(isinstance(word, str) and word in known for word in raw):
            raise Refused("unknown_choice", f"Each is one of: {', '.join(known)}.")
        return [str(word) for word in raw]

    return reader


def day(raw: object) -> date | None:
    """Read a date of this century."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, datetime):
        raise Refused("not_a_date", "This is a date such as 2027-01-31.")
    if isinstance(raw, date):
        day = raw
    elif isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw, re.ASCII):
        try:
            day = date.fromisoformat(raw)
        except ValueError as unreadable:
            raise Refused("not_a_date", "There is no such day.") from unreadable
    else:
        raise Refused("not_a_date", "This is a date such as 2027-01-31.")
    if not 2000 <= day.year <= 2100:
        raise Refused("out_of_range", "This lies between the years 2000 and 2100.")
    return day


def flag(raw: object) -> bool:
    """Read yes or no."""
    if isinstance(raw, bool):
        return raw
    if raw is None:
        return False
    raise Refused("not_a_flag", "This is true or false.")


def matching(pattern: re.Pattern[str], detail: str, *, empty: str) -> Callable[[object], str]:
    """Return what reads a code of that shape; ``empty`` stands for no answer."""

    def reader(raw: object) -> str:
        if raw is None or raw == "":
            return empty
        if not isinstance(raw, str) or not pattern.fullmatch(raw):
            raise Refused("malformed", detail)
        return raw

    return reader


def address(raw: object) -> str:
    """Read a web address with https."""
    text = text_of(300)(raw)
    if text:
        try:
            URLValidator(schemes=["https"])(text)
        except ValidationError as refusal:
            raise Refused("not_an_address", "An address begins with https://.") from refusal
    return text
