"""Roles as files in the shape that ``importing`` reads: reading an export again changes nothing."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, TextIO

from django.db.models import Prefetch

from opportunities.core.pay import to_major
from opportunities.importing.operations import guarded
from opportunities.roles.models import Opportunity, OpportunityQuerySet, OpportunitySkill

COLUMNS: Final = (
    "id", "source", "external_id", "employer", "org", "format", "title", "summary", "description",
    "field", "language", "hours_total", "weeks", "hours_per_week", "start_earliest",
    "start_latest", "apply_by", "schedule", "mode", "place", "region", "country", "pay_kind",
    "pay_amount", "pay_max", "pay_currency", "pay_days", "credit", "public_works", "task_areas",
    "hands_on", "mentor_name", "mentor_minutes_per_week", "contacts", "steps", "evidence",
    "capacity", "holistic", "requires_enrolment", "min_age", "work_rights", "blind_review",
    "apply_url", "response_days", "skills", "deliverables", "questions", "unparsed",
)  # fmt: skip
_ELSEWHERE: Final = frozenset(
    ["id", "employer", "org", "pay_amount", "pay_max", "skills", "deliverables", "questions"]
)
BATCH: Final = 500


def rows(roles: OpportunityQuerySet) -> Iterator[dict[str, Any]]:
    """Yield each role's stated facts, in order of id; what is not stated is left out."""
    chosen = roles.select_related("employer").prefetch_related(
        "deliverables",
        "questions",
        Prefetch("skills", OpportunitySkill.objects.select_related("skill").order_by("id")),
    )
    for role in chosen.order_by("id").iterator(chunk_size=BATCH):
        yield row(role)


def row(role: Opportunity) -> dict[str, Any]:
    """Return one role's stated facts; money in major units as decimal text."""
    stated: dict[str, Any] = {
        name: getattr(role, name) for name in COLUMNS if name not in _ELSEWHERE
    }
    stated |= {
        "id": role.public_id,
        "employer": role.employer.slug,
        "org": role.employer.name,
        "pay_amount": _major(role.pay_amount_minor, role.pay_currency),
        "pay_max": _major(role.pay_max_minor, role.pay_currency),
        "skills": [
            {
                "name": part.skill.slug,
                "level": part.level,
                "importance": part.importance,
                "must": part.must,
            }
            for part in role.skills.all()
        ],
        "deliverables": [
            {"title": part.title, "done_means": part.done_means, "publishable": part.publishable}
            for part in sorted(role.deliverables.all(), key=lambda part: part.position)
        ],
        "questions": [
            {"text": part.text, "minutes": part.minutes}
            for part in sorted(role.questions.all(), key=lambda part: part.position)
        ],
    }
    lists = {"steps", "evidence"}
    return {
        name: _plain(stated[name])
        for name in COLUMNS
        if stated[name] not in (None, "", {}) and (stated[name] != [] or name in lists)
    }


def write_ndjson(roles: OpportunityQuerySet, file: TextIO) -> int:
    """Write one JSON object a line; return how many."""
    count = 0
    for count, facts in enumerate(rows(roles), 1):  # noqa: B007  (counted for the caller)
        file.write(json.dumps(facts, ensure_ascii=False) + "\n")
    return count


def write_csv(roles: OpportunityQuerySet, file: TextIO) -> int:
    """Write a table that no spreadsheet reads as formulas; lists are JSON text. Return the rows."""
    table = csv.writer(file)
    table.writerow(COLUMNS)
    return _write_cells(table, rows(roles))


def _write_cells(table: Any, found: Iterable[dict[str, Any]]) -> int:
    count = 0
    for count, facts in enumerate(found, 1):  # noqa: B007  (counted for the caller)
        table.writerow([guarded(_cell(facts.get(name, ""))) for name in COLUMNS])
    return count


def _cell(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _major(minor: int | None, currency: str) -> str | None:
    return None if minor is None else str(to_major(minor, currency))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value
