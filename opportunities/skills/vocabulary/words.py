"""Turn text into comparable words: normalization, stop words and stems of English words.

Pure functions of their argument, shared by the files, the resolver and the stored aliases, so
that a text typed by a person and a label read from a file meet in the same spelling.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import snowballstemmer

from opportunities.core.data import read_beside

_BREAKS: Final = re.compile(r"[^\w+#.]+|_+")
_LOOSE_DOTS: Final = re.compile(r"\.(?=\s|$|\.)|(?<=\w)\.(?=\w{3,}\b)(?!net\b)")
_QUALIFIER: Final = re.compile(r"\s*\([^()]*\)\s*")

SAID: Final = read_beside(__file__)
"""Words of every text and of adverts, by what they are."""

STOP_WORDS: Final = frozenset(SAID["stop"].split())
"""Words that carry no skill; kept inside aliases, ignored when texts are compared by words."""

_SPELLINGS: Final = (
    (re.compile(r"(?<=\w{3})is(?=(?:e|ed|es|ing|ations?)$)"), "iz"),
    (re.compile(r"(?<=\w{2})y[sz](?:e|ed|es|ing|is|ts?)$"), "yz"),
    (re.compile(r"(?<=\w{2})ytic(?:s|al)?$"), "yz"),
)
"""Forms that the stemmer keeps apart: organise and organize, analysis, analyst and analytics."""

_SHORTEST: Final = 4
"""Letters of a word from which on it is shortened: "AWS" is no plural."""

_english: Final = snowballstemmer.stemmer("english")


@lru_cache(maxsize=150_000)
def normalize(text: str) -> str:
    """Return the comparable spelling of a text: lower case, no accents, single spaces.

    The signs that tell skills apart survive: ``C++``, ``C#``, ``.NET`` and ``Node.js``.
    """
    plain = text.replace("&", " and ").casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain).replace("\u2019", "")
        plain = "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
    plain = plain.replace("'", "")
    spaced = _BREAKS.sub(" ", plain)
    if "." in spaced:
        spaced = _LOOSE_DOTS.sub(" ", spaced)
    return " ".join(spaced.split())


def without_qualifier(text: str) -> str:
    """Return a label without what it says in brackets: ``Python (programming)`` is ``Python``."""
    return " ".join(_QUALIFIER.sub(" ", text).split())


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return what the forms of an English word share, by the Snowball project's stemmer.

    Words of three letters, and those with signs or digits (``C++``, ``Node.js``), stay themselves.
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return word
    for forms, spelling in _SPELLINGS:
        word = forms.sub(spelling, word)
    stemmed: str = _english.stemWord(word)
    return stemmed


def stems(normalized: str) -> list[str]:
    """Return the stems of the words that count, in their order in a normalized text."""
    return [stem(word) for word in normalized.split() if word not in STOP_WORDS]


def telling_words(label: str) -> list[str]:
    """Return the stems of a label's words, without those that every label may have left out."""
    return [some for some in stems(normalize(label)) if some not in STOP_WORDS]


def trigrams(word: str) -> list[str]:
    """Return the three-letter windows of a padded word; short words give what they have."""
    padded = f"  {word} "
    return [padded[start : start + 3] for start in range(len(padded) - 2)]
