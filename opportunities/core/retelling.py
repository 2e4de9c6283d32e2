"""Texts that are kept, said again in the language of whoever reads them.

A finding of a check, a line of a log or of an import is written once and read by people of several
languages. It is kept in English, as the code writes it; here it is found again among the texts of
the catalogue, with the facts that were put into it, and said as the catalogue says it.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation.trans_real import translation as catalogue_of

PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sd]")
LEAST_LETTERS: Final = 6
"""A text with fewer letters beside its facts would be found in whatever people write."""

CONTEXT: Final = "\x04"
"""What gettext puts between a context and its text."""


class Sentence(NamedTuple):
    """A text of the catalogue with facts in it."""

    msgid: str
    parts: tuple[str, ...]
    """What stands around the facts."""


def retold(text: str) -> str:
    """Return an English text of the site in the active language; others come back as they are."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    if not text or language.startswith("en"):
        return text
    return _retold(text, language)


def inside(label: object) -> str:
    """Return a label as it stands within a sentence: English has it lower, others as it is."""
    english = (translation.get_language() or settings.LANGUAGE_CODE).startswith("en")
    return str(label).lower() if english else str(label)


@lru_cache(maxsize=2000)
def _retold(text: str, language: str) -> str:
    with translation.override(language):
        if (whole := gettext(text)) != text:
            return whole
        for msgid, parts in _sentences(language):
            if not all(part in text for part in parts):
                continue
            names = PLACEHOLDER.findall(msgid)
            found = re.fullmatch(_pattern(parts), text, re.DOTALL)
            if found:
                return gettext(msgid) % dict(zip(names, found.groups(), strict=True))
    return text


def _pattern(parts: tuple[str, ...]) -> str:
    return "(.+?)".join(re.escape(part) for part in parts)


@lru_cache(maxsize=16)
def _sentences(language: str) -> list[Sentence]:
    """Return every text with facts that a language has; what says most stands first."""
    found = []
    texts = catalogue_of(language)._catalog  # noqa: SLF001  (gettext has no list of its texts)
    for msgid in texts.keys():
        if not isinstance(msgid, str) or CONTEXT in msgid:
            continue
        pieces = PLACEHOLDER.split(msgid.replace("%%", "%"))
        parts = tuple(pieces[::2])
        if len(parts) > 1 and sum(map(str.isalpha, "".join(parts))) >= LEAST_LETTERS:
            found.append(Sentence(msgid, parts))
    return sorted(found, key=lambda each: -sum(map(len, each.parts)))
