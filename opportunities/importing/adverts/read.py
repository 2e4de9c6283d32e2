"""Read an advert as a whole: title, facts, lists, and what is left for a description."""

import re
from datetime import date
from itertools import pairwise
from typing import Final

from opportunities.core.text import LINE_END
from opportunities.importing.adverts.advert import Advert, Span
from opportunities.importing.adverts.days import read_days
from opportunities.importing.adverts.labels import find_labels
from opportunities.importing.adverts.lists import Skills, read_deliverables, read_skills, read_steps
from opportunities.importing.adverts.money import read_pay
from opportunities.importing.adverts.places import read_place
from opportunities.importing.adverts.rows import fact_lists
from opportunities.importing.adverts.times import read_durations
from opportunities.importing.adverts.titles import read_title
from opportunities.importing.adverts.words import field_labelled
from opportunities.importing.adverts.words_of_roles import read_numbers, read_rights, read_words
from opportunities.importing.parsing.choices import format_named
from opportunities.importing.parsing.languages import language_of
from opportunities.roles.fields import FIELDS
from opportunities.roles.formats import FormatName

MAX_ADVERT: Final = 20_000
"""Characters of an advert that is read."""

_I: Final = re.IGNORECASE
_PLAIN: Final = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2010": "-", "\u2011": "-",
        "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-", "\u2019": "'",
        "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    }
)  # fmt: skip
"""Signs that are written in several ways, each with the one that is read; one for one."""
_NARROWEST: Final = 56
_WIDEST: Final = 100
"""Characters of a longest line that may be the width at which a mail or a PDF breaks its lines."""
_INCLUSIVE: Final = re.compile(r"(?<=[^\W\d_])\u00b7(?=[^\W\d_])")
"""The point within a French word that names both genders: it parts no facts."""
_RUN: Final = re.compile(r"\d[\d.,' ]{28,}")


def read_advert(  # what is known of the reader besides the text
    text: str, *, today: date, currency: str = "", country: str = "", skills: Skills | None = None
) -> Advert:
    """Return what an advert of at most ``MAX_ADVERT`` characters surely says.

    ``today`` tells the year of a day with its weekday; ``currency`` is that of labelled amounts
    without a sign and ``country`` tells dollars apart, both empty where nobody knows;
    ``skills`` looks names up. Positions count characters of the returned ``text``.
    """
    text = LINE_END.sub("\n", text[:MAX_ADVERT])
    plain = _plain(text)
    language, labelled = language_of(text), find_labels(plain)
    advert = Advert(text, plain, language, today, currency, country, labelled)
    lists = fact_lists(advert)
    read_title(advert, lists)
    read_durations(advert, lists)
    read_pay(advert, lists)
    read_days(advert, lists)
    read_place(advert, lists)
    read_words(advert)
    read_numbers(advert)
    read_rights(advert)
    read_steps(advert)
    read_deliverables(advert)
    read_skills(advert, skills)
    order = {name: place for place, name in enumerate(FIELDS)}
    advert.fields.sort(key=lambda one: order[one.name])
    read = [span for one in advert.fields for span in one.spans]
    advert.unread = sorted(
        (one for one in advert.unread if not any(map(one.span.is_within, read))),
        key=lambda one: one.span,
    )
    advert.description = _description(advert, set(read))
    return advert


def _plain(text: str) -> str:
    """Return the text as it is read, sign for sign.

    A run of digits longer than any number is none. The end of a long line in the midst of a
    sentence is a space: mails and PDFs break their lines.
    """
    plain = _RUN.sub(lambda found: "x" * len(found[0]), text.translate(_PLAIN))
    plain = _INCLUSIVE.sub("-", plain)
    lines = plain.split("\n")
    width = max(map(len, lines))
    joined = [lines[0]]
    for line, below in pairwise(lines):
        joined += [" " if _is_broken(line, below, width) else "\n", below]
    return "".join(joined)


def _is_broken(line: str, below: str, width: int) -> bool:
    """Say whether a line ends only because it was full: the first word below had no room in it."""
    if not below.strip() or not below[0].isalnum() or line.endswith((".", "!", "?", ":", ";")):
        return False
    first = below.split(maxsplit=1)[0]
    label = below.partition(":")
    if label[1] and field_labelled(label[0]):
        return False
    is_full = _NARROWEST <= width <= _WIDEST and len(line) + 1 + len(first) > width
    return len(line) >= _LEAST and (is_full or below[0].islower())


_LEAST: Final = 40
"""A shorter line ends where its writer ended it."""


def named_kind(advert: Advert) -> str:
    """Return the words by which an advert calls itself a format, or nothing."""
    for line in advert.of("kind"):
        if format_named(words := advert.at(line.value)):
            return words
    title = advert.find("title")
    head = str(title.value) if title else ""
    for words in (head, advert.plain):
        if found := _FORMAT_NAMES.search(words):
            return found[0]
    return head_noun[0] if (head_noun := re.search(r"\binternship\b", head, _I)) else ""


_FORMAT_NAMES: Final = re.compile(
    r"\b(?:"
    + "|".join(
        re.escape(str(name.label)).replace(r"\ ", "[ -]").replace(r"\-", "[ -]?")
        for name in sorted(FormatName, key=lambda name: -len(str(name.label)))
        if name != FormatName.INTERNSHIP
    )
    + r")\b",
    _I,
)


_STOP: Final = re.compile(r"[.;,][ \t]*")
"""What ends a labelled line in the midst of others, and goes with it."""


def _description(advert: Advert, read: set[Span]) -> str:
    """Return the text without the title's line and the labelled lines that were read whole."""
    cut: list[Span] = []
    if (title := advert.find("title")) and not advert.text[: title.spans[0].start].strip(" *#_\n"):
        line_end = advert.text.find("\n", title.spans[0].end)
        end = len(advert.text) if line_end < 0 else line_end
        if not advert.text[title.spans[0].end : end].strip(" *#_"):
            cut.append(Span(0, end))
    left = [one.span for one in advert.unread]
    for line in advert.labelled:
        inside = any(map(line.value.holds, left))
        if line.value in read and not inside:
            stop = _STOP.match(advert.text, line.line.end)
            cut.append(Span(line.line.start, stop.end() if stop else line.line.end))
    kept, place = [], 0
    for span in sorted(cut):
        if span.start >= place:
            kept.append(advert.text[place : span.start])
            place = span.end
    kept.append(advert.text[place:])
    lines = [line.rstrip() for line in "".join(kept).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(" \n|;·•")
