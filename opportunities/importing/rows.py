"""What an import says of its rows: those that were read, those that were not, and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from opportunities.importing.parsing.dates import Order, in_order, orders_shown


class Unreadable(Exception):
    """The file as a whole cannot be read; the message is fit for the person who asked."""


class BadRow(NamedTuple):
    """A row that was left out, or an answer in it that did not pass, by the codes of the kit."""

    line: int
    field: str
    reason: str
    code: str = "malformed"

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.reason}"


class Fate(models.TextChoices):
    """What became of a row of a file, or of a role that its source offers no more."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    CLOSED = "closed", _("Closed at its source")
    REFUSED = "refused", _("Left out")
    ASKED = "asked", _("Waits for your answer")
    LEFT = "left", _("Gone from the source: closed")
    HELD = "held", _("Gone from the source: waits for you")
    KEPT = "kept", _("Gone from the source: stays")


class Record(NamedTuple):
    """One row of a file, as it was written: names of fields to values of JSON."""

    line: int
    values: dict[str, Any]
    dates: "DateOrders | None" = None


@dataclass(frozen=True, slots=True)
class DateOrders:
    """How a file writes dates in figures: 20/12/2026 settles what 11/01/2027 means.

    A column goes by its own dates, else by those of all columns; where they contradict each
    other nothing is settled.
    """

    of_column: Mapping[str, Order]
    of_file: Order

    @classmethod
    def shown_by(cls, rows: "Iterable[Record | BadRow]") -> Self | None:
        """Return the orders that the dates of these rows show, or None if nothing is settled."""
        shown: defaultdict[str, set[Order]] = defaultdict(set)
        for row in rows:
            for column, value in row.values.items() if isinstance(row, Record) else ():
                for text in _texts(value):
                    shown[column] |= orders_shown(text)
        of_column = {column: _only(orders) for column, orders in shown.items() if orders}
        return cls(of_column, _only(set().union(*shown.values()))) if of_column else None

    def settle(self, words: str, column: str) -> tuple[str, str]:
        """Return words with their dates as in ISO 8601, and a note where other columns tell."""
        order = self.of_column.get(column, self.of_file)
        settled = in_order(words, order)
        if settled == words or column in self.of_column:
            return settled, ""
        return settled, f"{words} ({order.replace('_', ' ')}, as other columns have it)"


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a value and of those inside it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _only(orders: set[Order]) -> Order:
    return next(iter(orders)) if len(orders) == 1 else ""


def shown(text: str, most: int) -> str:
    """Return the beginning of a text of a file in characters that a table can hold."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:most])


class Written(NamedTuple):
    """What became of one row: the number and the title that it states, and the role it is.

    ``detail`` says in which state a role is that was written, else why it was not; ``kept`` has
    the words of its row that stayed words, by field, and ``bad`` every reason why it was left out.
    """

    line: int
    number: str
    title: str
    fate: Fate
    detail: str = ""
    role_id: int | None = None
    kept: Mapping[str, str] = {}
    bad: tuple[BadRow, ...] = ()


@dataclass(slots=True)
class Report:
    """What an import did; ``bad`` names every row that was left out, with field and reason."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: list[BadRow] = field(default_factory=list)
    left_out: int = 0
    closed: int = 0
    """Rows whose source says that they are closed or hidden: they are not brought in."""
    asked: int = 0
    """Rows that may be a role which is here already: a person says so first."""
    unread: dict[str, int] = field(default_factory=dict)
    """Columns that no field of a role reads, and in how many rows they stood."""
