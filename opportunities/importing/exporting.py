"""Roles as files in the shape that ``importing`` reads: reading an export again changes nothing."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final, TextIO

from django.db.models import Prefetch

from opportunities.core.text import clean_text
from opportunities.importing.tables import guarded
from opportunities.roles import drafts
from opportunities.roles.fields import FIELDS, PARTS
from opportunities.roles.models import Opportunity, OpportunityQuerySet, OpportunitySkill

COLUMNS: Final = (
    "id", "source", "external_id", "employer", "org", *FIELDS, "unparsed",
)  # fmt: skip
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
    stated = drafts.values_of(role) | {
        "id": role.public_id,
        "source": role.source,
        "external_id": role.external_id,
        "employer": role.employer.slug,
        "org": role.employer.name,
        "unparsed": role.unparsed,
    }
    return {
        name: _plain(stated[name])
        for name in COLUMNS
        if stated[name] not in (None, "", {}) and (stated[name] != [] or name not in PARTS)
    }


def write_ndjson(roles: OpportunityQuerySet, file: TextIO) -> int:
    """Write one JSON object a line; return how many."""
    count = 0
    for count, facts in enumerate(rows(roles), 1):  # noqa: B007  (counted for the caller)
        file.write(json.dumps(facts, ensure_ascii=False) + "\n")
    return count


def write_csv(roles: OpportunityQuerySet, file: TextIO) -> int:
    """Write a table that no spreadsheet reads as formulas; lists are JSON text. Return the rows."""
    table, count = csv.writer(file), 0
    table.writerow(COLUMNS)
    for count, facts in enumerate(rows(roles), 1):  # noqa: B007  (counted for the caller)
        table.writerow([_safe(_cell(facts.get(name, ""))) for name in COLUMNS])
    return count


def _safe(cell: str) -> str:
    """Return a cell as it may leave the site: what cleaning uncovers is guarded as well."""
    marked = guarded(cell)
    return clean_text(marked) if marked != cell else guarded(clean_text(cell))


def _cell(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
