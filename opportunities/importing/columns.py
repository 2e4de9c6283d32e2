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
from opportunities.roles.drafts import MAX_APPLY_DAYS

NAMES: Final = frozenset(
    [
        "id",
        "source",
        "external_id",
        "employer",
        "org",
        "format",
        "kind",
        "title",
        "summary",
        "description",
        "field",
        "language",
        "hours_total",
        "weeks",
        "hours_per_week",
        "start_earliest",
        "start_latest",
        "apply_by",
        "schedule",
        "mode",
        "place",
        "region",
        "country",
        "pay_kind",
        "pay_amount",
        "pay_max",
        "pay_currency",
        "pay_days",
        "credit",
        "public_works",
        "task_areas",
        "hands_on",
        "mentor_name",
        "mentor_minutes_per_week",
        "contacts",
        "steps",
        "evidence",
        "capacity",
        "holistic",
        "requires_enrolment",
        "min_age",
        "work_rights",
        "blind_review",
        "apply_url",
        "response_days",
        "skills",
        "deliverables",
        "questions",
        "unparsed",
        "duration",
        "commitment",
        "pay",
        "start",
        "location",
        "remote",
    ]
)
"""The fields of a role, and last the free texts that are read into several of them."""

_BOARDS: Final[Mapping[str, str]] = {
    alias: name
    for name, aliases in {
        "title": "job title|role|role title|position|internship title|post|designation|profile"
        "|job|internship|task|task title",
        "org": "company|company name|organisation|organization|employer name|organisation name"
        "|organization name|hiring organization|agency",
        "external_id": "job id|posting id|reference|ref|listing id|internship id|opportunity id"
        "|identifier|requisition id|job reference",
        "duration": "length|internship duration|project duration|time required|estimated time",
        "commitment": "hours|weekly hours|hours per week|hours/week|time commitment|workload"
        "|work hours|working hours|hours a week",
        "pay": "stipend|salary|compensation|remuneration|wage|wages|pay rate|budget|payment"
        "|stipend amount|pay range|salary range|fee|rate",
        "location": "city|job location|work location|locations|location(s)|where",
        "start": "start date|starts|starting|joining date|date of joining|start on|starts on"
        "|job start date",
        "apply_by": "deadline|apply before|application deadline|closing date|close date|closes"
        "|valid through|last date|last date to apply|last day to apply|expires|expiry date",
        "skills": "skills required|required skills|skill(s) required|key skills|skill|skill set"
        "|skills needed|tags",
        "mode": "work mode|workplace type|workplace|work type|working mode|remote status",
        "remote": "work from home|wfh|is remote|telecommute",
        "schedule": "working pattern|work schedule",
        "capacity": "openings|number of openings|no. of openings|positions|vacancies|places|seats"
        "|total job openings|number of positions|no of openings",
        "field": "category|industry|function|department|sector|field of work|job category",
        "description": "about|about the internship|about the role|details|job description"
        "|responsibilities|role description|about the work",
        "deliverables": "deliverable|outputs",
        "questions": "screening questions|application questions",
        "kind": "type|job type|employment type|internship type|opportunity type",
        "min_age": "minimum age",
        "credit": "academic credit|college credit|credits",
        "evidence": "certificates",
        "pay_amount": "salary min|min salary|minimum salary|pay min|stipend min|min pay",
        "pay_max": "salary max|max salary|maximum salary|stipend max|max pay",
        "pay_kind": "pay type|salary type|stipend type|pay period|salary period|pay unit",
        "pay_currency": "currency|salary currency|stipend currency",
    }.items()
    for alias in aliases.split("|")
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
