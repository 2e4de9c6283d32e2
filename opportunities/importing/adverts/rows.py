"""Facts in a row: "Leeds · 6 weeks · £300 in total", "two weeks, 20 hours, 300 pounds"."""

import re
from typing import Final

from opportunities.importing.adverts.advert import MOST, Advert, Span
from opportunities.importing.adverts.labels import LINE, trimmed
from opportunities.importing.adverts.words import CUES
from opportunities.places.folding import fold
from opportunities.places.gazetteer import named

_I: Final = re.IGNORECASE

TIME: Final = CUES["time"]
MONEY: Final = CUES["money"]
MODE_WORDS: Final = CUES["mode_words"]
PERIOD: Final = CUES["period"]


_PART: Final = re.compile(
    r"(?:[^,;|•·\n.!?]|(?<=\d),(?=\d)|[.!?](?=\S)"
    r"|(?<=\b\d)\.|(?<=\b\d\d)\.|(?<=Dr)\.|(?<=\bca)\.|(?<=\bapprox)\.)+"
)

_CELLS: Final = re.compile(r"(?<=\S)\s*[|·•]|\s-\s")
_CELL: Final = re.compile(r"(?:(?!\s-\s)[^|·•\n])+")


def fact_lists(advert: Advert) -> list[list[Span]]:
    """Return the parts of each line in which at least two parts are a fact and no more."""
    lists = []
    for match in LINE.finditer(advert.plain):
        if not 0 < len(match[0]) <= 800:
            continue
        # The dash between two days parts no cells.
        line = PERIOD.sub(lambda found: found[0].replace("-", "\u2013"), match[0])
        parts = [
            trimmed(advert.plain, match.start() + part.start(), match.start() + part.end())
            for part in (_CELL if _CELLS.search(line) else _PART).finditer(line)
        ]
        parts = [part for part in parts if part.start < part.end]
        parts = [each for part in parts for each in _facts_within(advert, part)]
        needed = 1 if _CELLS.search(line) and len(parts) > 1 else 2
        facts = [part for part in parts if is_fact(advert, part)]
        others = [part for part in parts if part not in facts]
        is_where = len(facts) == len(others) == 1 and is_town(advert.at(others[0]))
        if is_where or len(facts) >= needed:
            lists.append(parts[:MOST])
    return lists[:MOST]


def _facts_within(advert: Advert, part: Span) -> list[Span]:
    """Return the parts between commas of a cell that is nothing but facts: "8 weeks, 24 hours"."""
    parts = [
        trimmed(advert.plain, part.start + found.start(), part.start + found.end())
        for found in _PART.finditer(advert.at(part))
    ]
    return parts if len(parts) > 1 and all(is_fact(advert, each) for each in parts) else [part]


def begins_with_fact(words: str) -> bool:
    """Say whether a text begins with a time in figures, an amount or a way of working."""
    time = TIME.match(words)
    is_time = time and not re.match(r"(?:an?|ein\w*|une?)\b", time["low"], _I)
    return bool(is_time or MONEY.match(words) or MODE_WORDS.match(words))


def is_by_day(words: str) -> bool:
    """Say whether an amount is paid by the day."""
    return bool(CUES["by_day"].search(words))


_LEAST_TOWN: Final = 10_000
_LEAST_KNOWN: Final = 100_000
"""People of a town that is known by its name alone; many a village is called as things are.

The second is for names in another language: "München" for Munich.
"""


def is_town(words: str) -> bool:
    """Say whether words are the name of a town, and nothing more."""
    return words[:1].isupper() and any(
        city.people >= (_LEAST_TOWN if is_own else _LEAST_KNOWN)
        for city, is_own in named(fold(words))
    )


def is_fact(advert: Advert, part: Span) -> bool:
    """Say whether a part is a time, a period, an amount or a way of working, and nothing more."""
    words = CUES["about"].sub("", advert.at(part).strip())
    return any(pattern.fullmatch(words) for pattern in (TIME, MONEY, MODE_WORDS, PERIOD))
