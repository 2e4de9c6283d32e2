"""Read single answers of a record: typed, within their bounds, or refused with the reason."""

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.importing import markup
from opportunities.importing.parsing.languages import translations
from opportunities.importing.parsing.numerals import parse_number
from opportunities.importing.parsing.places import parse_place, says_mode
from opportunities.importing.postings import amount_in_words, is_undisclosed
from opportunities.importing.rows import BadRow
from opportunities.roles.fields import RANGES
from opportunities.roles.models import Opportunity

MAX_KEPT: Final = 500
"""Characters of words kept in ``unparsed``."""

MAX_MARKUP: Final = 4
"""How many times longer than its words an HTML description may be."""

_NUMERIC: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?(?:nan|inf(?:inity)?)")
_DATE_LIKE: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}\b.*")
_STRUCTURED: Final = frozenset(
    ("skills", "deliverables", "questions", "steps", "evidence", "unparsed")
)
_ABSENT: Final = frozenset(("", "-", "—", "n/a", "na", "none", "null", "nil", "not specified"))


MAX_PLACES: Final = 60
_SEVERAL: Final = re.compile(r"\s*[;|\u2022]\s*")
_OR: Final = re.compile(r"\s+/\s+|\s+or\s+", re.IGNORECASE)
_PARTS_OF_PLACES: Final = (
    ("name",), ("location",), ("full_location", "fullLocation"), ("city", "addressLocality"),
    ("region", "state", "addressRegion"), ("country", "addressCountry"),
)  # fmt: skip


class Reader:
    """The answers of one record; faults and unread words collect in it."""

    def __init__(self, line: int, values: Mapping[str, Any]) -> None:
        self.line = line
        self.values = {name: value for name, value in values.items() if not _is_absent(value)}
        self.bad: list[BadRow] = []
        for name in _STRUCTURED & self.values.keys():
            value = self.values[name]
            if isinstance(value, str) and value[:1] in "[{":
                # A cell of a table holds a list as JSON text.
                with contextlib.suppress(ValueError):
                    self.values[name] = json.loads(value)
        self._kept: dict[str, str] = {}
        if isinstance(pay := self.values.get("pay"), Mapping):
            del self.values["pay"]
            if words := "" if is_undisclosed(pay) else amount_in_words(pay):
                self.values["pay"] = words
            elif not is_undisclosed(pay):
                self.keep("pay", "; ".join(str(said) for said in pay.values() if said))

    def fault(self, name: str, reason: str, code: str = "malformed", **facts: object) -> None:
        """Put on record what is wrong: a sentence with facts in it, and a code of the kit."""
        self.bad.append(BadRow(self.line, name, reason % facts if facts else reason, code))

    def keep(self, name: str, words: object) -> None:
        """Keep words that could not be read as a value, unless they are kept among others."""
        text = str(words).strip()
        if text and text not in self._kept.get(name, ""):
            self._kept[name] = str(words)[:MAX_KEPT]

    def kept_words(self) -> dict[str, str]:
        """Return the words not read, with those that an earlier import handed on."""
        earlier = self.values.get("unparsed", {})
        if not isinstance(earlier, Mapping) or len(earlier) > 40:
            self.fault("unparsed", _("is an object of at most 40 texts."), "not_an_object")
            return self._kept
        handed_on = {
            str(name)[:40]: str(words)[:MAX_KEPT]
            for name, words in earlier.items()
            if not markup.fault_of(str(words), one_line=False)
        }
        return {**handed_on, **self._kept}

    def text(
        self, name: str, *, required: bool = False, longest: int = 0, one_line: bool = True
    ) -> str:
        """Return a text on one line, or one of several paragraphs as Markdown.

        Without ``longest`` the column's own length bounds it.
        """
        value = self._plain(name, gettext_noop("is not a text."), "not_text")
        if value is None:
            if required and name not in self.values:
                self.fault(name, _("is missing."), "required")
            return ""
        text = str(value)
        bound = longest or _length_of(name)
        is_too_long = len(text) > bound * (1 if one_line else MAX_MARKUP)
        if not is_too_long:
            if reason := markup.fault_of(text, one_line=one_line):
                self.fault(name, reason, "unsafe_text")
                return ""
            text = markup.one_line(text) if one_line else markup.plain(text)
        if len(text) > bound:
            reason = _("has %(number)s characters; at most %(most)s.")
            self.fault(name, reason, "too_long", number=f"{len(text):,}", most=f"{bound:,}")
        return "" if is_too_long else text

    def _plain(self, name: str, reason: str, code: str) -> str | int | float | None:
        """Return a text or a number; whatever else stands there is a fault."""
        value = self.values.get(name)
        if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
            return value
        self.fault(name, _(reason), code)
        return None

    def places(self, name: str) -> list[str]:
        """Return the places that a text, an object or a list of them names, each once."""
        value = self.values.get(name)
        found: dict[str, None] = {}
        for item in value if isinstance(value, list) else [value]:
            words = _place_of(item)
            if words is None:
                self.fault(name, _("names no place."))
                continue
            words = words.replace("\n", "; ")
            if reason := markup.fault_of(words, one_line=True):
                self.fault(name, reason)
                continue
            for part in _SEVERAL.split(markup.one_line(words)):
                found |= dict.fromkeys(filter(None, _either(part.strip())))
        if len(found) > MAX_PLACES or any(len(place) > 300 for place in found):
            reason = _("names %(number)s places; at most %(most)s of 300 characters.")
            self.fault(name, reason, number=len(found), most=MAX_PLACES)
            return []
        return list(found)

    def number(
        self,
        name: str,
        *,
        whole: bool = False,
        words: Callable[[str], tuple[float | None, bool]] | None = None,
    ) -> Any:
        """Return a number within its column's bounds; ``words`` reads what is no plain number."""
        value = self._plain(name, gettext_noop("is not a number."), "not_a_number")
        if value is None:
            return None
        if isinstance(value, str):
            text = self.text(name, longest=200).casefold()
            if not text:
                return None
            read = float(text) if _NUMERIC.fullmatch(text) else parse_number(text)
            if text.endswith("%") and RANGES[name][1] <= 1:
                percent = parse_number(text.rstrip("% "))
                read = None if percent is None else percent / 100
            if read is None and words is not None:
                read, is_whole = words(text)
                if not is_whole:
                    self.keep(name, value)
            if read is None:
                self.keep(name, value)
                return None
            value = float(read)
        return self.in_range(name, value, whole=whole)

    def in_range(self, name: str, value: float, *, told: str = "", whole: bool = False) -> Any:
        """Return the value if the column's bounds allow it; ``told`` is where the file says it."""
        low, high = RANGES[name]
        shown = f"{value:g}" if abs(value) < 10**300 else "the number"
        if not low <= value <= high:  # what is no number lies nowhere
            reason = _("%(shown)s does not lie between %(low)s and %(high)s.")
            self.fault(
                told or name, reason, "out_of_range", shown=shown, low=f"{low:g}", high=f"{high:g}"
            )
            return None
        if whole and int(value) != value:
            self.fault(
                told or name, _("%(value)s is not a whole number."), "not_whole", value=shown
            )
            return None
        if whole:
            return int(value)
        return value if isinstance(value, int) and name.endswith("_minor") else float(value)

    def amount(self, name: str) -> Decimal | None:
        """Return an amount of money in major units, or None where it is no plain number."""
        if isinstance(self.values.get(name), bool):
            return None
        value = self._plain(name, gettext_noop("is not an amount."), "not_a_number")
        if value is None:
            return None
        text = str(value).strip()
        if len(text) > 40:
            reason = _("has %(number)s signs; an amount has at most 40.")
            self.fault(name, reason, "not_a_number", number=f"{len(text):,}")
            return None
        try:
            amount = Decimal(text) if _NUMERIC.fullmatch(text.casefold()) else parse_number(text)
        except InvalidOperation:
            amount = None
        if amount is None:
            return None
        if not amount.is_finite() or not 0 <= amount <= Decimal(10) ** 12:
            self.fault(name, _("%(text)s is no amount of money."), "out_of_range", text=text)
            return None
        return amount

    def choice(self, name: str, meaning: Callable[[str], Any]) -> Any:
        """Return what the words mean; words without a meaning are kept and give nothing."""
        value = self.values.get(name)
        if not isinstance(value, bool):
            value = self._plain(name, gettext_noop("is not a text."), "not_text")
        if value is None:
            return ""
        words = str(value)[:MAX_KEPT]
        if reason := markup.fault_of(words, one_line=False):
            self.fault(name, reason, "unsafe_text")
            return ""
        found = meaning(words)
        if found in (None, ""):
            self.keep(name, words)
            return ""
        return found

    def date(self, name: str, meaning: Callable[[str], date | None]) -> date | None:
        """Return a date; one that is written as a date but is none is a fault."""
        words = self.text(name, longest=120)
        if not words:
            return None
        found = meaning(words)
        if found is None and _DATE_LIKE.fullmatch(words):
            reason = _("%(words)s is no date between 2000 and 2100.")
            self.fault(name, reason, "not_a_date", words=words)
        elif found is None:
            self.keep(name, words)
        return found

    def address(self, name: str) -> str:
        """Return a web address."""
        text = self.text(name)
        if not text:
            return ""
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
            self.fault(name, _("is not a web address (https://…)."), "not_an_address")
            return ""
        return text


def _either(place: str) -> list[str]:
    """Part two places of which either will do; "Leeds or from home" is one place and a mode."""
    parts = [part.strip() for part in _OR.split(place)]
    is_named = all(
        parse_place(part).name == part and not any(map(says_mode, translations(part)))
        for part in parts
    )
    return parts if is_named else [place]


def _place_of(item: Any) -> str | None:
    """Return a place as words: a text, or the parts of an address."""
    if item is None or isinstance(item, str):
        return item or ""
    inner = item.get("address", item) if isinstance(item, Mapping) else None
    if isinstance(inner, str) or not isinstance(inner, Mapping):
        return inner if isinstance(inner, str) else None
    parts = []
    for names in _PARTS_OF_PLACES:
        part = next((inner[name] for name in names if isinstance(inner.get(name), str)), "")
        if part and len(names) == 1:
            return str(part)
        if part:
            parts.append(part)
    return ", ".join(dict.fromkeys(parts)) or None


def _length_of(name: str) -> int:
    column: Any = Opportunity._meta.get_field(name)
    length: int = column.max_length
    return length


def _is_absent(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) < 20 and value.strip().casefold() in _ABSENT
    return value is None
