"""Places and ways of working: "Work from home", "Mumbai (Hybrid)", "Remote - US", "London, UK"."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from opportunities.core.iso_names import countries
from opportunities.core.patterns import Patterns
from opportunities.places.folding import fold
from opportunities.places.gazetteer import named

_SAID: Final = Patterns(Path(__file__).with_suffix(".toml"))
_CUES: Final = _SAID.compiled("cues", re.IGNORECASE)
_MODES: Final = [(mode, _CUES[mode]) for mode in ("hybrid", "remote", "onsite")]

_SHORT: Final = frozenset({"uk", "us", "gb", "usa", "uae", "gbr", "ind"})
"""Short names of countries that people write behind a place, or in small letters."""
_OF_SEVERAL: Final = frozenset({"georgia"})
"""Names of countries that others have too: the town before them tells which is meant."""

_STATES: Final = frozenset([
    "AK", "CT", "DC", "FL", "HI", "IA", "KS", "MI", "ND", "NH", "NJ", "NM", "NV", "NY", "OH", "OK",
    "OR", "RI", "TX", "UT", "VT", "WA", "WI", "WV", "WY",
])  # fmt: skip
"""Two-letter states of the USA that are no country's code: they alone tell the country."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work is done; ``mode`` None where the words leave it open."""

    mode: str | None = None
    name: str = ""
    country: str = ""


def country_code(text: str) -> str:
    """Return the ISO 3166-1 code of a country's name or code, or the empty text."""
    plain = text.strip()
    is_word = plain.isupper() or len(plain) > 2 or plain.casefold() in _SHORT
    return countries().read(plain) if is_word and not any(map(str.isdigit, plain)) else ""


def says_mode(text: str) -> bool:
    """Say whether a text has words for where the work is done: from home, there, or both."""
    return any(pattern.search(text) for _, pattern in _MODES)


def parse_place(text: str) -> Place:
    """Return mode, place and country; a place without a word of remote work is on site."""
    line = " ".join(re.sub(r"[\u2010-\u2015]", "-", text[:300]).split())
    if _CUES["choice"].search(line):
        return Place(name=_cut(line))
    if maybe := _CUES["maybe"].search(line):
        rest = f"{line[: maybe.start()]}\n{line[maybe.end() :]}"
        return _open_place(_CUES["days"].sub("", rest))
    line = _CUES["days"].sub("", line)
    either = _CUES["either"].fullmatch(line)
    if either and not says_mode(place := either["place"] or either["other"]):
        return _open_place(place)
    mode = None
    for name, pattern in _MODES:
        if found := pattern.search(line):
            mode = mode or name
            line = f"{line[: found.start()]}\n{line[found.end() :]}"
    name = _cut(line)
    if _CUES["nowhere"].fullmatch(name):
        name = ""
    country = _country(name)
    if country and country == country_code(name) and not _is_city(name, country):
        name = ""
    if mode is None and (name or country):
        mode = "onsite"
    return Place(mode, name[:120], country)


def _open_place(words: str) -> Place:
    """Return a place beside words that leave open whether the work is done there."""
    name = _cut(words)
    return Place(name=name[:120], country=_country(name))


def _is_city(name: str, country: str) -> bool:
    """Say whether a country has a city of its own name, as Luxembourg has."""
    return any(is_own and city.country == country for city, is_own in named(fold(name)))


def _cut(line: str) -> str:
    """Return what stands around the words already read, without brackets and separators."""
    parts = [part.strip(" ()[]-,;:/|.&\t") for part in line.split("\n")]
    kept = [part for part in parts if part and part.casefold() not in {"in", "within", "from"}]
    joined = ", ".join(kept)
    plain = re.sub(r"^(?:in|within|from|only in)\s+", "", joined, flags=re.IGNORECASE)
    return re.sub(r"\s+only$", "", plain, flags=re.IGNORECASE)


def _country(name: str) -> str:
    """Return the country that a place names, as a whole or last."""
    last = re.split(r"[,(/-]", name)[-1].strip(" )")
    if last in _STATES:
        return "US"
    for words in (name, last):
        is_short = len(words) <= 3 and words.casefold() not in _SHORT
        if not is_short and words.casefold() not in _OF_SEVERAL and (code := country_code(words)):
            return code
    return ""
