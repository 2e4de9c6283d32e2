"""One kit that reads what people and programs send: kinds of answers, and one code for each fault.

Pages, API, files and the engine's records read their fields with these kinds. A kind is called
with one raw answer; it returns the value or raises ``Refused``. What it knows (lengths, bounds,
choices) can be read off it, so that forms and shapes are derived rather than written again.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opportunities.core import iso_names, languages
from opportunities.core.errors import Fault, Invalid
from opportunities.core.languages import number_to_type
from opportunities.core.text import is_readable, normal

SENTENCES: Final[Mapping[str, str | Promise]] = {
    "required": _("This is required."),
    "wrong_number": _("This is not as many as were asked for."),
    "not_text": _("This must be text."),
    "too_long": _("At most {most} characters."),
    "unreadable_characters": _("Some characters cannot be shown."),
    "not_a_number": _("This must be a number."),
    "not_whole": _("This must be a whole number."),
    "out_of_range": _("This must lie between {low} and {high}."),
    "not_above": _("This must be more than {low}."),
    "unknown_choice": _("One of: {known}."),
    "not_a_list": _("This must be a list of at most {most} entries."),
    "not_an_object": _("This must be an object of at most {most} names."),
    "too_few": _("Choose at least {least}."),
    "too_many": _("At most {most} entries."),
    "twice": _("Name each only once."),
    "not_a_date": _("This must be a date such as 2027-01-31."),
    "not_a_flag": _("This must be true or false."),
    "malformed": _("This is not in the right form."),
    "no_such_code": _("There is no code “{name}”. {rule}"),
    "another_code": _("There is no code “{name}”. Write {meant}."),
    "not_an_address": _("The address must begin with https://."),
    "not_monday": _("Give the Monday of the week."),
    "before_first_day": _("The last day must not be before the first."),
    "overlapping": _("Periods must not overlap."),
    "unknown_field": _("There is no field {name!r}."),
}
"""Every code that a kind gives, and its sentence; what stands in braces is told with it."""

FOREIGN_CODES: Final[Mapping[str, str]] = {
    "null": "required",
    "blank": "required",
    "max_length": "too_long",
    "max_string_length": "too_long",
    "min_value": "out_of_range",
    "max_value": "out_of_range",
    "invalid_choice": "unknown_choice",
    "max_digits": "out_of_range",
    "max_whole_digits": "out_of_range",
    "max_decimal_places": "too_many_decimals",
    "null_characters_not_allowed": "unreadable_characters",
    "surrogate_characters_not_allowed": "unreadable_characters",
    "empty": "too_few",
}
"""The codes of the framework's own fields, and those of this kit that mean the same."""


class Refused(Exception):
    """An answer that cannot be read: a stable code, a sentence, and its place inside the answer."""

    def __init__(self, code: str, detail: str = "", *, place: str = "", **told: Any) -> None:
        said = {"most": languages.number(told["most"])} if "most" in told else {}
        super().__init__(detail or str(SENTENCES[code]).format(**told | said))
        self.code = code
        self.place = place
        self.told = told

    def at(self, place: object) -> "Refused":
        """Return the same refusal of something inside of which this answer stands."""
        inner = f"{place}.{self.place}" if self.place else str(place)
        return Refused(self.code, str(self), place=inner, **self.told)

    def fault(self) -> Fault:
        """Return the refusal as the fault of the field at its place."""
        return Fault(self.place, self.code, str(self))


type Kind = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most so many characters, on one line or on several; nothing is the empty text."""

    most: int
    lines: bool = False

    def __call__(self, raw: object) -> str:
        if raw is None:
            return ""
        if not isinstance(raw, str):
            raise Refused("not_text")
        if len(raw) > 4 * self.most:
            raise Refused("too_long", most=self.most)
        text = normal(raw)
        if not self.lines:
            text = " ".join(text.split())
        if not is_readable(text):
            raise Refused("unreadable_characters")
        if len(text) > self.most:
            raise Refused("too_long", most=self.most)
        return text


def read_text(field: str, raw: str, *, most: int, missing: str = "") -> str:
    """Return a text of several lines that can be shown, or raise ``Invalid`` naming the field.

    Where a sentence says what is ``missing``, there must be a text.
    """
    try:
        text = Text(most, lines=True)(raw)
    except Refused as refusal:
        raise Invalid(Fault(field, refusal.code, str(refusal))) from refusal
    if missing and not text:
        raise Invalid(Fault(field, "required", missing))
    return text


@dataclass(frozen=True, slots=True)
class Name:
    """A word of a program, kept as it is; ``empty`` says whether it may be empty."""

    most: int
    empty: bool = True

    def __call__(self, raw: object) -> str:
        if not isinstance(raw, str):
            raise Refused("not_text")
        if len(raw) > self.most:
            raise Refused("too_long", most=self.most)
        if not raw and not self.empty:
            raise Refused("required")
        return raw


@dataclass(frozen=True, slots=True)
class Amount:
    """A finite decimal number of at most 30 characters, as people or programs write it."""

    def __call__(self, raw: object) -> Decimal | None:
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
            raise Refused("not_a_number")
        if len(text := str(raw).strip()) > 30:
            raise Refused("not_a_number", gettext("This number has too many digits."))
        try:
            number = Decimal(text)
        except InvalidOperation as unreadable:
            raise Refused("not_a_number") from unreadable
        if not number.is_finite() or abs(number) > Decimal("1e15"):
            raise Refused("not_a_number", gettext("This number is out of every range."))
        return number


_decimal: Final = Amount()


@dataclass(frozen=True, slots=True)
class Number:
    """A number between both bounds; ``empty`` stands for no answer, text is read as a number."""

    low: float
    high: float
    whole: bool = False
    empty: float | None = None

    def __call__(self, raw: object) -> float | int | None:
        if (number := _decimal(raw)) is None:
            return self.empty
        if self.whole and number != number.to_integral_value():
            raise Refused("not_whole")
        value = int(number) if self.whole else float(number)
        if not self.low <= value <= self.high or math.isnan(value):
            raise _outside(self.low, self.high)
        return value


@dataclass(frozen=True, slots=True)
class StrictNumber:
    """A number of JSON between both bounds; ``above`` leaves the lowest itself out."""

    low: float
    high: float
    whole: bool = False
    above: bool = False

    def __call__(self, raw: object) -> float | int:
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise Refused("not_whole" if self.whole else "not_a_number")
        # NaN compares false, and whole numbers of any length compare without becoming floats.
        if self.whole and raw != raw // 1:
            raise Refused("not_whole")
        if not self.low <= raw <= self.high:
            raise _outside(self.low, self.high)
        if self.above and raw <= self.low:
            raise Refused("not_above", low=number_to_type(f"{self.low:g}"))
        return int(raw) if self.whole else float(raw)


def _outside(low: float, high: float) -> Refused:
    return Refused("out_of_range", low=number_to_type(f"{low:g}"), high=number_to_type(f"{high:g}"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the known words, each with its label; ``empty`` stands for no answer."""

    choices: tuple[tuple[str, str | Promise], ...]
    empty: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word, _ in self.choices)

    def __call__(self, raw: object) -> str | None:
        if raw is None or raw == "":
            return self.empty
        return _one_of(self.words, raw)


@dataclass(frozen=True, slots=True)
class Word:
    """One of the known words, and nothing else."""

    words: tuple[str, ...]

    def __call__(self, raw: object) -> str:
        return _one_of(self.words, raw)


def _one_of(words: tuple[str, ...], raw: object) -> str:
    if not isinstance(raw, str) or raw not in words:
        raise Refused("unknown_choice", known=", ".join(words))
    return str(raw)


@dataclass(frozen=True, slots=True)
class Words:
    """A list of known words, each with its label, some perhaps more than once."""

    choices: tuple[tuple[str, str | Promise], ...]
    most: int

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word, _ in self.choices)

    def __call__(self, raw: object) -> list[str] | None:
        if raw is None:
            return None
        words = self.words
        if not isinstance(raw, list | tuple) or len(raw) > self.most:
            raise Refused("not_a_list", most=self.most)
        if not all(isinstance(word, str) and word in words for word in raw):
            detail = gettext("Each is one of: %(known)s.") % {"known": ", ".join(words)}
            raise Refused("unknown_choice", detail)
        return [str(word) for word in raw]


@dataclass(frozen=True, slots=True)
class Each:
    """A list whose entries are of one kind, without empty ones; ``distinct`` keeps each once."""

    item: Kind
    most: int
    least: int = 0
    distinct: bool = False

    def __call__(self, raw: object) -> list[Any]:
        if not isinstance(raw, list | tuple | set | frozenset):
            raise Refused("not_a_list", most=self.most)
        if len(raw) > self.most:
            raise Refused("too_many", most=self.most)
        item = self.item
        entries = [read for entry in raw if (read := item(entry)) or not isinstance(read, str)]
        if self.distinct:
            entries = list(dict.fromkeys(entries))
        if len(entries) < self.least:
            raise Refused("too_few", least=self.least)
        return entries


@dataclass(frozen=True, slots=True)
class ByName:
    """An object whose names are of one kind and whose values of another."""

    name: Kind
    value: Kind
    most: int

    def __call__(self, raw: object) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise Refused("not_an_object", most=self.most)
        if len(raw) > self.most:
            raise Refused("too_many", most=self.most)
        return {self.name(name): self.value(entry) for name, entry in raw.items()}


@dataclass(frozen=True, slots=True)
class Day:
    """A date between two years; nothing is no answer."""

    first: date = date(2000, 1, 1)
    last: date = date(2100, 12, 31)

    def __call__(self, raw: object) -> date | None:
        if raw is None or raw == "":
            return None
        if isinstance(raw, datetime):
            raise Refused("not_a_date")
        if isinstance(raw, date):
            day = raw
        elif isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw, re.ASCII):
            try:
                day = date.fromisoformat(raw)
            except ValueError as unreadable:
                raise Refused("not_a_date", gettext("There is no such day.")) from unreadable
        else:
            raise Refused("not_a_date")
        if not self.first <= day <= self.last:
            raise Refused("out_of_range", low=self.first, high=self.last)
        return day


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no; nothing is no."""

    def __call__(self, raw: object) -> bool:
        if raw is None:
            return False
        if isinstance(raw, bool):
            return raw
        raise Refused("not_a_flag")


@dataclass(frozen=True, slots=True)
class Code:
    """A short code of one shape; ``empty`` stands for no answer.

    ``meant`` returns the code itself where it exists, else the one that it stands for, or nothing.
    """

    shape: re.Pattern[str]
    detail: str | Promise
    most: int
    meant: Callable[[str], str]
    empty: str = ""

    def __call__(self, raw: object) -> str:
        if raw is None or raw == "":
            return self.empty
        if not isinstance(raw, str) or not self.shape.fullmatch(raw):
            raise Refused("malformed", str(self.detail))
        meant = self.meant(raw)
        if not meant:
            raise Refused("no_such_code", name=raw, rule=self.detail)
        if meant != raw:
            raise Refused("another_code", name=raw, meant=meant)
        return raw


@dataclass(frozen=True, slots=True)
class Address:
    """A web address with https."""

    most: int = 300

    def __call__(self, raw: object) -> str:
        text = Text(self.most)(raw)
        if text:
            try:
                URLValidator(schemes=["https"])(text)
            except ValidationError as refusal:
                raise Refused("not_an_address") from refusal
        return text


@dataclass(frozen=True, slots=True)
class Parts:
    """A list of objects of known fields, one of which each must have."""

    fields: Mapping[str, Kind]
    required: str
    most: int

    def read(self, raw: object) -> tuple[list[dict[str, Any]], list[Refused]]:
        """Return the entries and every fault in them; raise ``Refused`` if it is no such list."""
        if not isinstance(raw, list | tuple):
            raise Refused("not_a_list", most=self.most)
        if len(raw) > self.most:
            raise Refused("too_many", most=self.most)
        entries: list[dict[str, Any]] = []
        refused: list[Refused] = []
        for place, entry in enumerate(raw):
            read, faults = self._entry(entry)
            entries.append(read)
            refused += [fault.at(place) for fault in faults]
        return entries, refused

    def _entry(self, entry: object) -> tuple[dict[str, Any], list[Refused]]:
        if not isinstance(entry, Mapping):
            return {}, [Refused("not_an_object", gettext("Every entry must be an object."))]
        values, faults = read_each(self.fields, entry)
        if not values.get(self.required) and all(f.place != self.required for f in faults):
            told = gettext("Fill this in, or leave the whole entry empty.")
            faults.append(Refused("required", told, place=self.required))
        return values, faults

    def __call__(self, raw: object) -> list[dict[str, Any]]:
        entries, refused = self.read(raw)
        if refused:
            raise refused[0]
        return entries


def read_each(
    kinds: Mapping[str, Kind], values: Mapping[Any, object]
) -> tuple[dict[str, Any], list[Refused]]:
    """Return what the values say, and a refusal for each that does not pass, at its name."""
    read: dict[str, Any] = {}
    refused: list[Refused] = []
    for name, raw in values.items():
        if name not in kinds:
            shown = str(name)[:40]
            refused.append(Refused("unknown_field", name=shown, place=shown))
            continue
        kind = kinds[name]
        try:
            if isinstance(kind, Parts):
                read[name], inner = kind.read(raw)
                refused += [refusal.at(name) for refusal in inner]
            else:
                read[name] = kind(raw)
        except Refused as refusal:
            refused.append(refusal.at(name))
    return read, refused


COUNTRY: Final = Code(
    re.compile(r"[A-Z]{2}"),
    _("A country is a code of two letters such as GB."),
    2,
    iso_names.country_meant,
)
LANGUAGE: Final = Code(
    re.compile(r"[a-z]{2}(-[A-Z]{2})?"),
    _("A language is a code such as en or en-GB."),
    5,
    iso_names.language_meant,
    empty="en",
)


def size_code(given: str | Sized) -> str:
    """Return the code of what is empty or too long, where both ends of its size are refused."""
    if not len(given):
        return "required"
    return "too_long" if isinstance(given, str) else "too_many"


def read_words(field: str, raw: str, *, most: int, least: int = 0, detail: str) -> str:
    """Return the words of a person as they are kept, or raise ``Invalid`` naming the field."""
    text = normal(raw)
    if not least <= len(text) <= most:
        raise Invalid(Fault(field, size_code(text), detail))
    if not is_readable(text):
        code = "unreadable_characters"
        raise Invalid(Fault(field, code, str(SENTENCES[code])))
    return text


def word_faults(field: str, text: str, *, most: int, least: int = 0, detail: str) -> list[Fault]:
    """Return what is wrong with the words of a person, for those who name every fault at once."""
    try:
        read_words(field, text, most=most, least=least, detail=detail)
    except Invalid as broken:
        return list(broken.faults)
    return []


def labelled(
    words: Iterable[str], label: Callable[[str], str | Promise] = str
) -> tuple[tuple[str, str | Promise], ...]:
    """Return words with their labels, as ``Choice`` and ``Words`` take them."""
    return tuple((word, label(word)) for word in words)
