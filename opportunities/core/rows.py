"""One row of a table: the one that is meant, and a change of some of its columns."""

from typing import Any

from django.db.models import Model, QuerySet

from opportunities.core.errors import NotFound
from opportunities.core.languages import Translatable


def require_row[Row: Model](rows: QuerySet[Row], missing: Translatable) -> Row:
    """Return the first of the rows, or raise ``NotFound`` in these words."""
    row = rows.first()
    if row is None:
        raise NotFound(missing)
    return row


def update_row(row: Model, **columns: Any) -> None:
    """Set these columns of a row and store them, and nothing else of it."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
