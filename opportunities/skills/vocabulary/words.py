"""Turn text into comparable words: normalization, stop words and a light English stemmer.

Pure functions of their argument, shared by the files, the resolver and the stored aliases, so
that a text typed by a person and a label read from a file meet in the same spelling.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_BREAKS: Final = re.compile(r"[^\w+#.]+|_+")
_LOOSE_DOTS: Final = re.compile(r"\.(?=\s|$|\.)|(?<=\w)\.(?=\w{3,}\b)(?!net\b)")
_QUALIFIER: Final = re.compile(r"\s*\([^()]*\)\s*")

STOP_WORDS: Final = frozenset(
    [
        "a",
        "able",
        "about",
        "across",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "both",
        "but",
        "by",
        "can",
        "could",
        "do",
        "does",
        "each",
        "eg",
        "etc",
        "every",
        "for",
        "from",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "his",
        "how",
        "i",
        "ie",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "like",
        "may",
        "me",
        "more",
        "most",
        "must",
        "my",
        "new",
        "no",
        "not",
        "of",
        "on",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "per",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "us",
        "very",
        "via",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "will",
        "with",
        "within",
        "without",
        "would",
        "you",
        "your",
    ]
)
"""Words that carry no skill; kept inside aliases, ignored when texts are compared by words."""

_SUFFIXES: Final = (
    ("izations", "iz"),
    ("isations", "iz"),
    ("ization", "iz"),
    ("isation", "iz"),
    ("izing", "iz"),
    ("ising", "iz"),
    ("ized", "iz"),
    ("ised", "iz"),
    ("izes", "iz"),
    ("ises", "iz"),
    ("ize", "iz"),
    ("ise", "iz"),
    ("yses", "ys"),
    ("ysis", "ys"),
    ("ysing", "ys"),
    ("yzing", "ys"),
    ("ysed", "ys"),
    ("yzed", "ys"),
    ("yse", "ys"),
    ("yze", "ys"),
    ("yst", "ys"),
    ("ysts", "ys"),
    ("ytics", "ys"),
    ("ytical", "ys"),
    ("ytic", "ys"),
    ("ications", "ic"),
    ("ication", "ic"),
    ("ational", "at"),
    ("ations", "at"),
    ("ation", "at"),
    ("ating", "at"),
    ("ators", "at"),
    ("ator", "at"),
    ("ated", "at"),
    ("ates", "at"),
    ("ate", "at"),
    ("ments", ""),
    ("ment", ""),
    ("ings", ""),
    ("ing", ""),
    ("ions", ""),
    ("ion", ""),
    ("ities", "it"),
    ("ity", "it"),
    ("ness", ""),
    ("ical", "ic"),
    ("ally", "al"),
    ("ies", "y"),
    ("ied", "y"),
    ("ers", ""),
    ("ors", ""),
    ("er", ""),
    ("or", ""),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
    ("e", ""),
)
_SHORTEST_STEM: Final = 3


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
    """Return the part of an English word that its forms share, at least three letters long."""
    if not word.isalpha() or len(word) <= _SHORTEST_STEM:
        return word
    if word.endswith("ss"):
        return word
    for suffix, replacement in _SUFFIXES:
        kept = len(word) - len(suffix)
        if kept >= _SHORTEST_STEM and word.endswith(suffix):
            base = word[:kept] + replacement
            return _undouble(base)
    return _undouble(word)


def _undouble(base: str) -> str:
    """Return ``plan`` for ``plann`` and ``happi`` for ``happy``: one spelling of a stem's end."""
    if len(base) > _SHORTEST_STEM and base[-1] == base[-2] and base[-1] not in "aeioufslz":
        base = base[:-1]
    return base[:-1] + "i" if base.endswith("y") and len(base) > _SHORTEST_STEM else base


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
