"""Fold the names of places, so that accents, case and common spellings do not matter."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_LETTERS: Final = str.maketrans("øłđð\u0131", "olddi") | str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
"""How German writes small letters with dots where there are none: Köln, Koeln."""
AS_TWO_LETTERS: Final = UMLAUTS | str.maketrans({"ø": "oe", "å": "aa"})
"""The same, and how Danish and Norwegian do."""
_APOSTROPHES: Final = re.compile("['`\u00b4\u2019\u02bc]")
_BREAKS: Final = re.compile(r"[\W_]+")
_WORDS: Final = {"saint": "st", "sankt": "st", "mount": "mt", "fort": "ft"}


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Return a name in lower case without accents or signs: "Saint-Étienne" is "st etienne"."""
    plain = _APOSTROPHES.sub("", name.casefold())
    if not plain.isascii():
        signs = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
        plain = "".join(sign for sign in signs if not unicodedata.combining(sign))
    words = _BREAKS.sub(" ", plain).split()
    return " ".join(_WORDS.get(word, word) for word in words)


def spellings(name: str) -> set[str]:
    """Return the folded name, and the one that writes dots as letters: Zuerich for Zürich."""
    names = {name} if name.isascii() else {name, name.casefold().translate(AS_TWO_LETTERS)}
    return {fold(each) for each in names} - {""}
