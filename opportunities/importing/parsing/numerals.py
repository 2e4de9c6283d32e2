"""Numbers as people write them: grouped by thousands or lakhs, with a point or a comma."""

import re
from decimal import Decimal
from typing import Final

from opportunities.importing.parsing.languages import NUMBER_WORDS

NUMBER: Final = (
    r"\d[\d.,'\u2019\u00a0\u202f]*(?:(?<=\d) \d{3}(?!\d))*(?:[.,]\d{1,2})?(?:e\+?\d{1,3})?"
)
"""A pattern that finds what may be a number; ``parse_number`` decides whether it is one."""

_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?(?:e\+?\d{1,3})?")
_COMMA_GROUPS: Final = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")
_DOT_GROUPS: Final = re.compile(r"\d{1,3}(?:(?:\.\d{3}){2,}(?:,\d{1,2})?|\.\d{3},\d{1,2})")
_SPACE_GROUPS: Final = re.compile(r"\d{1,3}(?:[ '\u2019\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?")
_DECIMAL_COMMA: Final = re.compile(r"\d+,\d{1,2}")
_EITHER: Final = re.compile(r"\d{1,3}\.\d{3}")

_FORMS: Final = (
    (_PLAIN, r"$"),
    (_COMMA_GROUPS, ","),
    (_DOT_GROUPS, r"\."),
    (_SPACE_GROUPS, "[ '\u2019\u00a0\u202f]"),
    (_DECIMAL_COMMA, r"$"),
)
"""Each way of writing a number, and the signs in it that only group digits."""

_WORD: Final = re.compile(r"\b(" + "|".join(NUMBER_WORDS["en"].keys() - {"a", "an"}) + r")\b")


def parse_number(text: str) -> Decimal | None:
    """Return the number, or None where the text is none or may be read in two ways (1.000)."""
    text = text.strip()
    if len(text) > 40 or _EITHER.fullmatch(text):
        return None
    for pattern, grouping in _FORMS:
        if pattern.fullmatch(text):
            return Decimal(re.sub(grouping, "", text).replace(",", "."))
    return None


def spell_out(text: str) -> str:
    """Return the text with number words as digits, one kind of dash and single spaces."""
    text = text.casefold().replace("\u00a0", " ").replace("\u202f", " ")
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    text = _WORD.sub(lambda found: str(NUMBER_WORDS["en"][found[1]]), text)
    return " ".join(text.split())
