"""What the columns of a file are called: our own names, the names boards use, mapping files."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft7Validator

from opportunities.importing.files import Unreadable
from opportunities.importing.parsing.dates import Order
from opportunities.roles.fields import FIELDS, MAX_APPLY_DAYS

_OF_A_FILE: Final[dict[str, str]] = {
    "id": "",
    "source": "",
    "external_id": "job id|posting id|reference|ref|listing id|internship id|opportunity id"
    "|identifier|requisition id|job reference",
    "employer": "",
    "org": "company|company name|organisation|organization|employer name|organisation name"
    "|organization name|hiring organization|agency",
    "kind": "type|job type|employment type|internship type|opportunity type",
    "unparsed": "",
    "duration": "length|internship duration|project duration|time required|estimated time",
    "commitment": "hours|weekly hours|hours per week|hours/week|time commitment|workload"
    "|work hours|working hours|hours a week",
    "pay": "stipend|salary|compensation|remuneration|wage|wages|pay rate|budget|payment"
    "|stipend amount|pay range|salary range|fee|rate",
    "start": "start date|starts|starting|joining date|date of joining|start on|starts on"
    "|job start date",
    "location": "city|job location|work location|locations|location(s)|where",
    "remote": "work from home|wfh|is remote|telecommute",
}
"""Columns beside the fields of a role: whose row it is, and free texts read into several fields."""

NAMES: Final = frozenset([*FIELDS, *_OF_A_FILE])
_BOARDS: Final[Mapping[str, str]] = {
    alias: name
    for name, aliases in ({row.name: row.columns for row in FIELDS.values()} | _OF_A_FILE).items()
    for alias in aliases.split("|")
    if alias
}


@dataclass(frozen=True, slots=True)
class Naming:
    """How one source's files are to be read: its columns and what all its rows have in common."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    currency: str = ""
    dates: Order = ""
    encoding: str = ""
    delimiter: str = ""
    skills_from: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    apply_within_days: int = 0

    def rename(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Return the values under our names, and the columns that no field reads."""
        renamed: dict[str, Any] = {}
        unread = []
        for column, value in values.items():
            name = self.columns.get(column, "") if self.columns else ""
            if not self.columns or (not name and folded(column) in NAMES):
                name = field_called(column)
            if not name:
                unread.append(column)
            elif name not in renamed:
                renamed[name] = value
        special = self.rows.get(str(renamed.get("title", "")), {})
        return {**self.constants, **special, **renamed}, unread


def folded(column: str) -> str:
    """Return a column's name in lower case with underscores."""
    return re.sub(r"[\s_-]+", "_", column.strip().casefold())


def field_called(column: str) -> str:
    """Return the field that a column means by our own names or the usual ones, or nothing."""
    name = folded(column)
    if name in NAMES:
        return name
    return _BOARDS.get(name.replace("_", " ").strip(" :*"), "")


_FACTS: Final = {"type": "object", "propertyNames": {"enum": sorted(NAMES)}}
_SHAPE: Final = Draft7Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "columns": {"type": "object"},
            "constants": _FACTS,
            "rows": {"type": "object", "additionalProperties": _FACTS},
            "source": {"type": "string", "maxLength": 60},
            "currency": {"type": "string", "maxLength": 3},
            "dates": {"enum": ["", "day_first", "month_first"]},
            "encoding": {"type": "string", "maxLength": 40},
            "delimiter": {"type": "string", "maxLength": 1},
            "skills_from": {
                "type": "array",
                "items": {"enum": ["title", "summary", "description"]},
            },
            "apply_within_days": {"type": "integer", "minimum": 0, "maximum": MAX_APPLY_DAYS},
        },
    }
)


def read_naming(path: Path) -> Naming:
    """Read a mapping file: JSON with ``columns`` (a column to a field) and what else is known.

    ``constants`` are fields that every row has unless it states them; ``source``, ``currency``,
    ``dates`` (day_first or month_first), ``encoding`` and ``delimiter`` describe the file;
    ``skills_from`` names the texts in which skills may be found by their exact names; ``rows``
    holds further facts of single rows by their title; ``apply_within_days`` closes roles that
    state no last day so long after their import. A file without ``columns`` and ``constants`` is
    read as the columns themselves.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path} is not a JSON file: {error}") from error
    if isinstance(content, dict) and not content.keys() & {"columns", "constants"}:
        content = {"columns": content}
    if fault := next(_SHAPE.iter_errors(content), None):
        place = ".".join(str(part) for part in fault.absolute_path)
        raise Unreadable(f"{path}: {place + ': ' if place else ''}{fault.message[:300]}")
    columns = _columns(path, content.pop("columns", {}))
    skills_from = tuple(content.pop("skills_from", ()))
    return Naming(columns=columns, skills_from=skills_from, **content)


def _columns(path: Path, columns: Mapping[str, Any]) -> dict[str, str]:
    """Return columns to fields; a file that says it the other way round is understood too."""
    read = {}
    for one, other in columns.items():
        if other in (None, ""):
            continue
        if isinstance(other, str) and other in NAMES:
            read[one] = other
        elif one in NAMES and isinstance(other, str):
            read[other] = one
        else:
            raise Unreadable(f"{path}: {one} is mapped to {other}, which is no field of a role.")
    return read
