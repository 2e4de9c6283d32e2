"""One row of a table: the one that is meant, and a change of some of its columns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
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

    Its SQL is made once in a process and planned once in a connection: for a question of many parts
    that finds one row, either takes longer than finding it.
    """
    sql, parameters = rows.filter(pk=0).query.sql_with_params()
    others = parameters[:-1]  # the last is the key

    def ask(key: object) -> Row | None:
        with planned_once():
            found = RawQuerySet(sql, model=rows.model, params=(*others, key))
            return next(iter(found), None)

    return ask


@contextmanager
def planned_once(*, after: int = 0) -> Iterator[None]:
    """Let the server plan a statement once for all its values, until the connection ends.

    Django's own cursors write the values into a statement, which then is another one each time.
    ``after`` is how often it must have been asked before: what is asked once is not worth a plan.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    own = connection.connection
    usual = own.cursor_factory, own.prepare_threshold
    own.cursor_factory, own.prepare_threshold = ServerBindingCursor, after
    try:
        yield
    finally:
        own.cursor_factory, own.prepare_threshold = usual


def update_row(row: Model, **columns: Any) -> None:
    """Set these columns of a row and store them, and nothing else of it."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
