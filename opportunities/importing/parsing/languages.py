"""Words for times, money and places in English, German and French, and their English.

The parsers read English. What is said in German or French is handed to them in English words, by
the rows of ``languages.toml``.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from opportunities.core.data import read_beside

_SAID: Final = read_beside(__file__)


def _places(name: str, first: int) -> dict[str, dict[str, int]]:
    """Return each language's words of a list to their place in it, which begins with ``first``."""
    return {
        language: {
            word: place for place, words in enumerate(said[name], first) for word in words.split()
        }
        for language, said in _SAID.items()
    }


def _any_of(*languages: Mapping[str, int]) -> str:
    """Return a pattern of all words of these languages, the longest first."""
    return "|".join(sorted({word for words in languages for word in words}, key=len, reverse=True))


NUMBER_WORDS: Final = {
    language: _SAID[language]["tens"] | words for language, words in _places("numbers", 1).items()
}
"""Language to its words for numbers; articles count as one."""
COUNTED: Final = rf"(?:\d+(?:[.,]\d+)?|{_any_of(*NUMBER_WORDS.values())})"
MONTHS: Final = _places("months", 1)
MONTH: Final = _any_of(*MONTHS.values())
WEEKDAYS: Final = {
    word: place for words in _places("weekdays", 0).values() for word, place in words.items()
}
"""Monday is 0."""
WEEKDAY: Final = f"(?:{_any_of(WEEKDAYS)})"


def _in_english(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the patterns of a language in their order, each with what is read instead of it."""
    numbers = {word: number for word, number in NUMBER_WORDS[language].items() if number > 1}
    english = {place: word for word, place in reversed(MONTHS["en"].items())}
    rows = [
        # German joins them: zweiwöchig.
        *((rf"\b{word}(?:\b|(?=wöchig|monatig))", str(numbers[word]))
          for word in sorted(numbers, key=len, reverse=True)),
        *((rf"\b{word}\b(?=\.?[\s,]*\d|\s*$|\.)", english[place])
          for word, place in MONTHS[language].items() if word not in MONTHS["en"]),
        *_SAID[language]["english"],
    ]  # fmt: skip
    return [(re.compile(pattern, re.IGNORECASE), words) for pattern, words in rows]


_ENGLISH: Final = {language: _in_english(language) for language in _SAID if language != "en"}


def in_english(words: str, language: str) -> str:
    """Return words of time, money or place in the English that the parsers read."""
    text = words.replace("\u2019", "'")
    for pattern, english in _ENGLISH.get(language, ()):
        text = pattern.sub(english, text)
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def translations(words: str) -> tuple[str, ...]:
    """Return what words of a table mean in English if they are of another language.

    Remembered, since most rows of a table say their places and times alike.
    """
    plain = " ".join(words.replace("\u2019", "'").split())
    return tuple(text for name in _ENGLISH if (text := in_english(plain, name)) != plain)


def language_of(text: str) -> str:
    """Return "en", "de" or "fr", by the small words that stand in a text most."""
    words = re.findall(r"[^\W\d_]+", text[:8000].casefold())
    counts = {name: sum(word in said["telling"] for word in words) for name, said in _SAID.items()}
    return max(counts, key=lambda name: (counts[name], name == "en"))
