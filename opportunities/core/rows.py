"""One row of a table: the one that is meant, and a change of some of its columns."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.query import RawQuerySet

from opportunities.core.errors import NotFound
from opportunities.core.languages import Translatable


def require_row[Row: Model](rows: QuerySet[Row], missing: Translatable) -> Row:
    """Return the first of the rows, or raise ``NotFound`` in these words."""
    row = rows.first()
    if row is None:
        raise NotFound(missing)
    return row


def asked_once[Row: Model](rows: QuerySet[Row]) -> Callable[[object], Row | None]:
    """Return a question for the one of these rows that has a key.

    Its SQL is made once, because making a question of many parts takes longer than asking it.
    """
    sql, parameters = rows.filter(pk=0).query.sql_with_params()
    others = parameters[:-1]  # the last is the key

    def ask(key: object) -> Row | None:
        return next(iter(RawQuerySet(sql, model=rows.model, params=(*others, key))), None)

    return ask


def update_row(row: Model, **columns: Any) -> None:
    """Set these columns of a row and store them, and nothing else of it."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
