"""What was read of an advert: facts, the words they were taken from, and words left unread."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Self

from django.utils.translation import gettext_lazy as _

from opportunities.core.languages import Translatable


class Span(NamedTuple):
    """A place in the text: characters from ``start`` up to, but not including, ``end``."""

    start: int
    end: int

    @classmethod
    def of(cls, match: re.Match[str], group: str | int = 0) -> Self:
        return cls(*match.span(group))

    def holds(self, other: "Span") -> bool:
        """Say whether another place begins within this one."""
        return self.start <= other.start < self.end


class Found(NamedTuple):
    """A field of a draft, its value as ``drafts.read`` takes it, and where the advert says it."""

    name: str
    value: Any
    spans: tuple[Span, ...]


class Unread(NamedTuple):
    """Words about a field that may be read in two ways, or in none; ``why`` is a code."""

    name: str
    span: Span
    why: str


UNKNOWN_SKILL: Final = "unknown_skill"

REASONS: Final[Mapping[str, Translatable]] = {
    "unclear": _("This may be read in more than one way."),
    "contradicts": _("The advert says two different things here."),
    "no_year": _("The year is not stated."),
    "by_the_day": _("Pay by the day: for how many days, or how long a day is, is not stated."),
    UNKNOWN_SKILL: _("The vocabulary has no skill of this name."),
    "too_long": _("This is longer than the field takes."),
}
"""Code of ``Unread.why`` to its sentence."""


@dataclass(slots=True)
class Advert:
    """One advert once read; ``text`` is that which all positions count in."""

    text: str
    language: str
    """"en", "de" or "fr": the one that it was read in."""
    fields: list[Found] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    description: str = ""
    """The text without its title and the labelled lines whose facts were read."""

    @property
    def values(self) -> dict[str, Any]:
        """Return what was found as the values of a draft."""
        return {found.name: found.value for found in self.fields}

    def words(self, span: Span) -> str:
        """Return the words that stand there, on one line."""
        return " ".join(self.text[span.start : span.end].split())

    def find(self, name: str) -> Found | None:
        """Return what was found for a field, or None."""
        return next((found for found in self.fields if found.name == name), None)

    def pieces(self) -> Iterator[tuple[str, str, str]]:
        """Yield the text in order as (words, kind, fields): kind is "read", "unread" or empty."""
        marks: list[tuple[Span, str, set[str]]] = []
        told = [(span, "read", found.name) for found in self.fields for span in found.spans]
        told += [(one.span, "unread", one.name) for one in self.unread]
        for span, kind, name in sorted(told, key=lambda mark: (mark[0].start, -mark[0].end)):
            if marks and span.start < marks[-1][0].end:
                before, first, names = marks[-1]
                joined = Span(before.start, max(before.end, span.end))
                marks[-1] = (joined, "read" if "read" in {first, kind} else kind, names | {name})
            else:
                marks.append((span, kind, {name}))
        place = 0
        for span, kind, names in marks:
            if span.start > place:
                yield self.text[place : span.start], "", ""
            yield self.text[span.start : span.end], kind, " ".join(sorted(names))
            place = span.end
        if place < len(self.text):
            yield self.text[place:], "", ""
