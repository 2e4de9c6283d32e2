"""Texts that are kept, said again in the language of whoever reads them.

A finding of a check, a line of a log or of an import is written once and read by people of several
languages. It is kept in English, as the code writes it; here it is found again among the texts of
the catalogue, with the facts that were put into it, and said as the catalogue says it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation.trans_real import translation as catalogue_of

from opportunities.core import languages, pay

PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sd]")
LEAST_LETTERS: Final = 4
"""A text with fewer letters beside its facts would be found in whatever people write."""

CONTEXT: Final = "\x04"
"""What gettext puts between a context and its text."""

LABEL: Final = "label"
"""A fact of this name is a label of the site within a sentence, and is said anew as well."""
END_OF_SENTENCE: Final = re.compile(r"(?<=[.!?]) (?=\S)")
NAMED: Final = re.compile(r"([\w/]+): (.+)", re.DOTALL)
"""What is wrong with a field: its name stands before."""
_CODE_OF: Final = {sign: code for code, sign in languages.SYMBOLS.items()}
AMOUNT: Final = re.compile(
    rf"(?P<sign>[{''.join(map(re.escape, _CODE_OF))}])?(?P<major>\d[\d,]*(?:\.\d+)?)"
    rf"(?(sign)| (?P<code>{'|'.join(pay.CURRENCIES)}))"
)
"""An amount of money as English writes it: £2.50, 1,200 CHF."""

SHARE: Final = re.compile(r"\d{1,3}%")
"""A share as English writes it: 84%."""

NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
NUMBERS: Final = frozenset({"hours", "weeks", "weekly", "product", "stated"})
"""Facts of these names may be numbers; elsewhere "5.2" is a rule, and "2027" a year."""


class Sentence(NamedTuple):
    """A text of the catalogue with facts in it."""

    msgid: str
    parts: tuple[str, ...]
    """What stands around the facts."""


def money_kept(minor: int, currency: str) -> str:
    """Write an amount of minor units as a text that is kept has it: £2.50, 1,200 CHF."""
    with translation.override(settings.LANGUAGE_CODE):
        return languages.money(minor, currency)


def retold(text: str) -> str:
    """Return an English text of the site in the active language; others come back as they are."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    if not text or language.startswith("en"):
        return text
    return _retold(text, language)


def inside(label: object) -> str:
    """Return a label as it stands within a sentence: English begins it small, others as it is."""
    text = str(label)
    is_english = (translation.get_language() or settings.LANGUAGE_CODE).startswith("en")
    if not is_english or text[1:2].isupper():  # an abbreviation, such as SQL
        return text
    return text[:1].lower() + text[1:]


@lru_cache(maxsize=2000)
def _retold(text: str, language: str) -> str:
    with translation.override(language):
        whole = _one_retold(text, language)
        if whole is not None:
            return whole
        parts = END_OF_SENTENCE.split(text)
        return " ".join(_several_retold(parts, language)) if len(parts) > 1 else text


def _several_retold(parts: list[str], language: str) -> Iterator[str]:
    """Yield what several sentences say; some of the catalogue's texts are two of them."""
    start = 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            said = _one_retold(" ".join(parts[start:end]), language)
            if said is not None or end == start + 1:
                yield parts[start] if said is None else said
                start = end
                break


def _one_retold(text: str, language: str) -> str | None:
    """Return what one text of the catalogue says, or None if it is none."""
    if (whole := gettext(text)) != text:
        return whole
    for msgid, parts in _sentences(language):
        if not all(part in text for part in parts):
            continue
        if found := re.fullmatch(_pattern(parts), text, re.DOTALL):
            facts = dict(zip(PLACEHOLDER.findall(msgid), found.groups(), strict=True))
            return gettext(msgid) % {
                name: _fact_retold(name, fact, language) for name, fact in facts.items()
            }
    if named := NAMED.fullmatch(text):
        reason = _one_retold(named[2], language)
        return None if reason is None else f"{named[1]}: {reason}"
    return None


def _fact_retold(name: str, fact: str, language: str) -> str:
    """Return a fact as it is, unless it is a number, or a sentence or label of the site."""
    if name == LABEL:
        return _label(fact)
    if amount := AMOUNT.fullmatch(fact):
        currency = amount["code"] or _CODE_OF[amount["sign"]]
        major = Decimal(amount["major"].replace(",", ""))
        return languages.major_money(major, currency)
    if name in NUMBERS and NUMBER.fullmatch(fact):
        return languages.number(Decimal(fact))
    if SHARE.fullmatch(fact):
        return languages.percent(int(fact[:-1]) / 100)
    return _retold(fact, language) if fact.endswith(".") else fact


def _label(within: str) -> str:
    whole = within[:1].upper() + within[1:]
    said = gettext(whole)
    return within if said == whole else said


def _pattern(parts: tuple[str, ...]) -> str:
    return "(.+?)".join(re.escape(part) for part in parts)


@lru_cache(maxsize=16)
def _sentences(language: str) -> list[Sentence]:
    """Return every text with facts that a language has; what says most, or a label, is first."""
    found = []
    texts = getattr(catalogue_of(language), "_catalog")  # noqa: B009  (no public list of its texts)
    for msgid in texts.keys():  # noqa: SIM118  (it is no dict)
        if not isinstance(msgid, str) or CONTEXT in msgid:
            continue
        pieces = PLACEHOLDER.split(msgid.replace("%%", "%"))
        parts = tuple(pieces[::2])
        if len(parts) > 1 and sum(map(str.isalpha, "".join(parts))) >= LEAST_LETTERS:
            found.append(Sentence(msgid, parts))
    return sorted(
        found,
        key=lambda each: (-sum(map(len, each.parts)), f"%({LABEL})s" not in each.msgid),
    )
