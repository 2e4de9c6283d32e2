"""What an import says of its rows: those that were read, those that were not, and why."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class Written(NamedTuple):
    """What became of one row: the number and the title that it states, and the role it is.

    ``detail`` says in which state a role is that was written, else why it was not.
    """

    line: int
    number: str
    title: str
    fate: Fate
    detail: str = ""
    role_id: int | None = None


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

    @property
    def kept(self) -> int:
        return self.added + self.changed + self.unchanged

    @property
    def rows(self) -> int:
        """Return how many rows the file had, whatever became of them."""
        return self.kept + self.left_out + self.closed + self.asked
