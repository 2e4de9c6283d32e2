"""What an import says of its rows: those that were read, those that were not, and why."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

NO_ROLES: Final = "This is not a table of roles"


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


class Record(NamedTuple):
    """One row of a file, as it was written: names of fields to values of JSON."""

    line: int
    values: dict[str, Any]


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
    unread: dict[str, int] = field(default_factory=dict)
    """Columns that no field of a role reads, and in how many rows they stood."""

    @property
    def kept(self) -> int:
        return self.added + self.changed + self.unchanged

    @property
    def rows(self) -> int:
        """Return how many rows the file had, whatever became of them."""
        return self.kept + self.left_out + self.closed
