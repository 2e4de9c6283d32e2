"""The languages of the site: which there are, and how numbers, money, days and lists are said.

Texts stand in the catalogues of gettext; their English is written in the code. What depends on
a language beside words comes from CLDR, by babel, in the language that is active.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from babel import Locale, numbers
from babel.lists import format_list
from django.conf import settings
from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.translation import pgettext, pgettext_lazy

from opportunities.core import pay

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_CODE: Final = 16
MOST_SAID: Final = 4096
"""Numbers and days that are kept as they were written, of each of the two."""
SYMBOLS: Final[Mapping[str, str]] = {
    "GBP": "£", "USD": "$", "EUR": "€", "INR": "₹", "JPY": "¥", "NGN": "₦", "KRW": "₩",
}  # fmt: skip
"""Signs that are understood everywhere; other currencies are said by their codes."""
PATTERNS: Final = (
    pgettext_lazy("date", "D j M"),
    pgettext_lazy("date", "D j M Y"),
    pgettext_lazy("date", "D j M Y, H:i"),
    pgettext_lazy("date", "D j M, H:i"),
    pgettext_lazy("date", "F Y"),
    pgettext_lazy("date", "H:i"),
    pgettext_lazy("date", "M Y"),
    pgettext_lazy("date", "j F Y"),
    pgettext_lazy("date", "j F Y, H:i"),
    pgettext_lazy("date", "j M"),
    pgettext_lazy("date", "j M Y"),
    pgettext_lazy("date", "j M, H:i"),
    pgettext_lazy("date", "j M Y, H:i"),
    pgettext_lazy("date", "l j F Y"),
    pgettext_lazy("date", "l j F Y, H:i"),
)
"""Patterns of Django's ``date`` in which days are said; each language has its own for each."""


type Translatable = StrOrPromise
"""A text, or one that is translated when it is shown; the stubs are not there at run time."""

type Words = str | Callable[[], str]
"""A text, or what says it in the language that is active."""


class Reader(Protocol):
    """Somebody with a language: an account."""

    language: str
    browser_language: str


def codes() -> list[str]:
    """Return the codes of the languages that the site speaks, English first."""
    return [code for code, _ in settings.LANGUAGES]


def is_language(code: str) -> bool:
    """Say whether the site speaks this language."""
    return code in codes()


def tag(code: str) -> str:
    """Return a code as HTML and HTTP write it: en-GB."""
    language, *region = code.split("-")
    return "-".join([language, *(part.upper() for part in region)])


def stated(person: Reader) -> str:
    """Return the language that somebody chose, else that of their browser, else nothing."""
    return next(filter(is_language, (person.language, person.browser_language)), "")


def of(person: Reader) -> str:
    """Return the language in which somebody is written to."""
    return stated(person) or settings.LANGUAGE_CODE


def said(words: Words) -> str:
    """Return a text in the language that is active."""
    return words if isinstance(words, str) else words()


def in_each[T](say: Callable[[], T]) -> dict[str, T]:
    """Return what is said in each language of the site, by its code."""
    told = {}
    for code in codes():
        with translation.override(code):
            told[code] = say()
    return told


def speaking_to(person: Reader) -> AbstractContextManager[Any]:
    """Let what is said inside be said in somebody's language."""
    return translation.override(of(person))


def key_in_language(key: str, prefix: str, version: int) -> str:
    """Return the key of something rendered in a cache, of the language in which it is."""
    return f"{prefix}:{version}:{translation.get_language()}:{key}"


def locale() -> Locale:
    """Return what babel knows of the language that is active."""
    return _locale(translation.get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=16)
def _locale(code: str) -> Locale:
    return Locale.parse(translation.to_locale(code))


def number(value: float | Decimal, places: int | None = None) -> str:
    """Write a number with its separators: 1,234.5; ``places`` fixes the decimals it has.

    Without it there are at most three, and none in vain.
    """
    # Numbers that are equal are written alike; without "or" a -0.0 could stand for its equal.
    return _number(value or 0, places, translation.get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=MOST_SAID)
def _number(value: float | Decimal, places: int | None, code: str) -> str:
    return str(_pattern(places).apply(value, _locale(code)))


@lru_cache(maxsize=16)
def _pattern(places: int | None) -> numbers.NumberPattern:
    if places is None:
        return numbers.parse_pattern("#,##0.###")
    return numbers.parse_pattern("#,##0" + ("." + "0" * places if places else ""))


def percent(share: float) -> str:
    """Write a share of one in whole percent: 40%, German 40 %."""
    return str(numbers.format_percent(round(100 * share) / 100, locale=locale()))


def number_typed(text: str) -> str:
    """Return a number that somebody typed as programs write it: German 1.234,5 is 1234.5.

    What is no number as the language writes it comes back as it is.
    """
    decimal, group = numbers.get_decimal_symbol(locale()), numbers.get_group_symbol(locale())
    digits = rf"(?:\d+|\d{{1,3}}(?:{re.escape(group)}\d{{3}})+)"
    if not re.fullmatch(rf"-?{digits}(?:{re.escape(decimal)}\d+)?", text):
        return text
    return text.replace(group, "").replace(decimal, ".")


def amount_typed(text: str) -> str:
    """Return an amount that somebody typed as programs write it: 15,50 is 15.50 in English too.

    A comma or a point before two last digits is no sign of thousands in any language; where it may
    be one, it is read as the language has it. Thousands may stand apart.
    """
    together = re.sub(r"(?<=\d)[\s'\u2019](?=\d{3}(?!\d))", "", text)
    for group, decimal in (".,", ",."):
        digits = rf"(?:\d+|\d{{1,3}}(?:\{group}\d{{3}})+)"
        if re.fullmatch(rf"-?{digits}\{decimal}\d{{1,2}}", together):
            return together.replace(group, "").replace(decimal, ".")
    return number_typed(together)


def number_to_type(text: str) -> str:
    """Return a number that programs wrote as somebody of this language would type it."""
    is_number = re.fullmatch(r"-?\d+\.\d+", text)
    return text.replace(".", numbers.get_decimal_symbol(locale())) if is_number else text


def money(minor: int, currency: str) -> str:
    """Write an amount in minor units, as ``major_money`` writes one in major units."""
    return major_money(Decimal(minor).scaleb(-pay.EXPONENT.get(currency, 2)), currency)


def major_money(major: Decimal, currency: str) -> str:
    """Write an amount with its sign and no needless zeros: £420, £15.20, 300 CHF; German 420 £."""
    places = pay.EXPONENT.get(currency, 2)
    whole = major == major.to_integral_value()
    amount = number(major, 0 if whole else places)
    symbol = SYMBOLS.get(currency)
    pattern = str(locale().currency_formats["standard"].pattern)
    if symbol and pattern.startswith("¤"):
        return f"{symbol}{amount}"
    return f"{amount} {symbol or currency}"


def listed(words: Iterable[object], *, alternatives: bool = False) -> str:
    """Join words as a language does: a, b and c; alternatives with "or"."""
    style: Literal["or", "standard"] = "or" if alternatives else "standard"
    return format_list([str(word) for word in words], style=style, locale=locale())


def day(when: date, pattern: str) -> str:
    """Write a day or a clock time as the language that is active does.

    ``pattern`` is the English one, of ``PATTERNS``; another one stays as it is.
    """
    if isinstance(when, datetime):  # equal ones may be shown by different clocks
        return format_date(when, pgettext("date", pattern))
    return _day(when, pattern, translation.get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=MOST_SAID)
def _day(when: date, pattern: str, code: str) -> str:
    """Write a day in the language that is active, of which ``code`` is the name."""
    return format_date(when, pgettext("date", pattern))
