"""Codes of countries, currencies and languages by the names that people have for them.

Names are CLDR's, by babel, shown in the language that is active. What somebody typed is read as a
code of ISO 3166-1, 4217 or 639-1, as one of its names in ``READ``, as a sign, or as one of the
common names of ``iso_names.toml``. What names several things is told apart by nobody but the
person.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name, get_currency_symbol, get_territory_currencies

from opportunities.core import languages as active
from opportunities.core.data import read_beside
from opportunities.core.pay import CURRENCIES

_SAID: Final = read_beside(__file__)
READ: Final[tuple[str, ...]] = _SAID["read"]
"""Languages in which a name may be typed."""
CURRENCY_SIGNS: Final[Mapping[str, str]] = _SAID["signs"]
"""Signs of one currency, in small letters."""
_SHARED: Final[Mapping[str, tuple[str, ...]]] = _SAID["shared"]
"""Signs and names of several currencies, the likeliest first."""
DOLLARS, YEN_OR_YUAN, KRONER = _SHARED["$"], _SHARED["¥"], _SHARED["kr"]


class SeveralAreMeant(ValueError):
    """A name that several have; ``codes`` are those, the likeliest first."""

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__()
        self.codes = tuple(codes)


@dataclass(frozen=True, slots=True)
class Names:
    """One list of codes with the name that is shown of each, and all that are read."""

    noun: str
    shown: Mapping[str, str]
    """The name of each code, in the order of the names."""
    read_as: Mapping[str, str]
    """The code of each folded name."""
    shared: Mapping[str, tuple[str, ...]]

    def name(self, code: str) -> str:
        """Return the name of a code; an unknown code stays as it is."""
        return self.shown.get(code, code)

    def read(self, text: str) -> str:
        """Return the code that a text names, or nothing; raise ``SeveralAreMeant``."""
        plain = text.strip()
        upper = plain.upper()
        if upper in self.shown:
            return upper
        if plain.lower() in self.shown:
            return plain.lower()
        folded = _fold(plain)
        if folded in self.shared:
            raise SeveralAreMeant(self.shared[folded])
        return self.read_as.get(folded, "")


def countries() -> Names:
    """Return the countries of ISO 3166-1."""
    return _countries(active.locale().language)


@cache
def _countries(language: str) -> Names:
    codes = [str(code) for code in Locale.parse(READ[0]).territories if _is_country(str(code))]
    read = dict(_names_of(codes, "territories"))
    for alias, meant in get_global("territory_aliases").items():
        if len(meant) == 1 and meant[0] in codes:
            read.setdefault(_fold(alias), meant[0])
    shown = _by_name({code: Locale.parse(language).territories[code] for code in codes})
    return Names("country", shown, read | _common("countries") | _folded(shown), {})


def currencies() -> Names:
    """Return the currencies that the site knows."""
    return _currencies(active.locale().language)


@cache
def _currencies(shown_in: str) -> Names:
    read = dict(_names_of(CURRENCIES, "currencies"))
    for code in CURRENCIES:
        read[_fold(get_currency_name(code, 2, locale="en"))] = code
        read.setdefault(_fold(get_currency_symbol(code, locale="en")), code)
        for language in READ:
            read.setdefault(_fold(get_currency_symbol(code, locale=language)), code)
    for sign in _SHARED:
        read.pop(sign, None)
    shown = _by_name({code: get_currency_name(code, locale=shown_in) for code in CURRENCIES})
    read |= _common("currencies") | dict(CURRENCY_SIGNS) | _folded(shown)
    return Names("currency", shown, read, _SHARED)


def currencies_meant(text: str) -> tuple[str, ...]:
    """Return the currencies that a name, a code or a sign may mean, the likeliest first."""
    try:
        code = currencies().read(text)
    except SeveralAreMeant as several:
        return several.codes
    return (code,) if code else ()


def currency_choices() -> list[tuple[str, str]]:
    """Return the currencies as a list to choose from names them: Euro (EUR)."""
    return [(code, f"{name} ({code})") for code, name in currencies().shown.items()]


def languages() -> Names:
    """Return the languages that people work in, by their codes of ISO 639-1."""
    return _languages(active.locale().language)


@cache
def _languages(language: str) -> Names:
    shown = _by_name({code: Locale.parse(language).languages[code] for code in _SAID["languages"]})
    read = dict(_names_of(_SAID["languages"], "languages")) | _folded(shown)
    return Names("language", shown, read, {})


def country_meant(code: str) -> str:
    """Return the code of the country that a code means, GB for UK as well, or nothing."""
    return countries().read(code)


def language_meant(code: str) -> str:
    """Return the code of the language that a code means, en-GB for en-UK as well, or nothing."""
    language, dash, country = code.partition("-")
    known = language in Locale.parse(READ[0]).languages and language not in _SAID["no_language"]
    country = country_meant(country)
    return f"{language}{dash}{country}" if known and (country or not dash) else ""


@cache
def currency_in(country: str) -> str:
    """Return the currency in which people of a country are paid, or nothing where none is known."""
    try:
        found = get_territory_currencies(country) if country else []
    except LookupError:
        return ""
    return next((code for code in found if code in CURRENCIES), "")


def _is_country(code: str) -> bool:
    return re.fullmatch(r"[A-Z]{2}", code) is not None and code not in _SAID["no_country"]


def _names_of(codes: Iterable[str], of: str) -> Iterator[tuple[str, str]]:
    """Yield each name with its code; what names several in some language names none."""
    found: dict[str, set[str]] = {}
    for language in READ:
        known = getattr(Locale.parse(language), of)
        for code in codes:
            if code in known:
                found.setdefault(_fold(known[code]), set()).add(code)
    return ((name, next(iter(meant))) for name, meant in found.items() if len(meant) == 1)


def _folded(shown: Mapping[str, str]) -> dict[str, str]:
    """Return the code of each name that is shown: what a page offers is read as it is meant."""
    return {_fold(name): code for code, name in shown.items()}


def _common(of: str) -> dict[str, str]:
    return {name: code for code, names in _SAID[of].items() for name in names}


def _by_name(shown: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(shown.items(), key=lambda each: _fold(each[1])))


def _fold(text: str) -> str:
    """Return a name in lower case, without accents and without what is no letter or sign."""
    signs = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(sign for sign in signs if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[.,'\u2019()\u2010-\u2015-]+", " ", plain).split())
