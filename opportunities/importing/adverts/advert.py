"""What was read of an advert: facts, the words they were taken from, and words left unread."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Final, NamedTuple, Self

from django.utils.translation import gettext_lazy as _

from opportunities.core.languages import Translatable
from opportunities.importing.adverts.words import CUES
from opportunities.importing.parsing.languages import in_english

MOST: Final = 100
"""Places of one kind that are looked at; an advert has a dozen."""


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

    def is_within(self, other: "Span") -> bool:
        """Say whether another place has all of this one."""
        return other.start <= self.start and self.end <= other.end


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
    "pro_rata": _("A full-time salary, pro rata: what this role itself pays is not stated."),
    UNKNOWN_SKILL: _("The vocabulary has no skill of this name."),
    "too_long": _("This is longer than the field takes."),
}
"""Code of ``Unread.why`` to its sentence."""


class Labelled(NamedTuple):
    """A line such as "Duration: 6 weeks": the field, the line and its value."""

    name: str
    label: str
    line: Span
    value: Span


TIMES: Final = frozenset({"duration", "commitment", "period"})
"""Labelled fields of time, beside whose own facts a start or a way of working may stand."""
_READ_LIKE_SENTENCES: Final = frozenset({"other", "title", "steps", "deliverables", "skills"})


@dataclass(slots=True)
class Advert:
    """One advert, and what was found in it; ``text`` is that which all positions count in."""

    text: str
    plain: str
    """The text as it is read: one character for each of ``text``."""
    language: str
    """"en", "de" or "fr": the one that it is read in."""
    today: date
    currency: str
    country: str
    labelled: list[Labelled]
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

    def at(self, span: Span) -> str:
        """Return what is read there."""
        return self.plain[span.start : span.end]

    def english(self, span: Span) -> str:
        """Return what is read there in the English that parsers read."""
        return in_english(self.at(span), self.language)

    def of(self, *names: str) -> list[Labelled]:
        """Return the labelled lines of these fields."""
        return [line for line in self.labelled if line.name in names]

    def find(self, name: str) -> Found | None:
        """Return what was found for a field, or None."""
        return next((found for found in self.fields if found.name == name), None)

    def add(self, name: str, value: Any, spans: Iterable[Span]) -> None:
        """Keep a value, unless the field has one."""
        if not self.find(name):
            self.fields.append(Found(name, value, tuple(dict.fromkeys(spans))))

    def leave(self, name: str, *spans: Span, why: str = "unclear") -> None:
        """Keep words that were not understood."""
        for span in spans:
            if all(one.span != span for one in self.unread):
                self.unread.append(Unread(name, span, why))

    def agreed[Said](
        self, name: str, said: Mapping[Said, list[Span]]
    ) -> tuple[Said, list[Span]] | None:
        """Return the one thing that is said of a field; leave what contradicts each other."""
        if len(said) == 1:
            return next(iter(said.items()))
        for spans in said.values():
            self.leave(name, *spans, why="contradicts")
        return None

    def settle(self, name: str, said: Mapping[Any, list[Span]]) -> None:
        """Keep the one value that is said of a field, or leave those that contradict each other."""
        if found := self.agreed(name, said):
            self.add(name, *found)

    def matches(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the first places where a pattern stands."""
        return islice(pattern.finditer(self.plain), MOST)

    def before(self, place: int, most: int = 60) -> str:
        """Return what stands before a place in its own sentence."""
        return CUES["end"].split(self.plain[max(0, place - most) : place])[-1]

    def after(self, place: int, most: int = 60) -> str:
        """Return what stands behind a place in its own sentence."""
        return CUES["end"].split(self.plain[place : place + most])[0]

    def is_negated(self, place: int, most: int = 60) -> bool:
        """Say whether words before a place in its sentence turn it around."""
        return bool(CUES["negated"].search(self.before(place, most)))

    def sentence(self, span: Span) -> str:
        """Return the sentence around a place."""
        return self.before(span.start, 240) + self.at(span) + self.after(span.end, 240)

    def is_labelled(self, span: Span, *, besides: Collection[str] = ()) -> bool:
        """Say whether a place stands in the value of a labelled line that a reader reads.

        Lines of the fields ``besides`` are read like sentences too.
        """
        return any(
            line.value.holds(span)
            for line in self.labelled
            if line.name not in _READ_LIKE_SENTENCES and line.name not in besides
        )

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
