"""One row of a table: the one that is meant, and a change of some of its columns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import RawQuerySet
from django.db.models.sql.query import RawQuery

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
        query = _Planned(sql, rows.db, (*others, key))
        return next(iter(RawQuerySet(sql, model=rows.model, query=query)), None)  # type: ignore[arg-type]  # a RawQuery, which its stub does not know

    return ask


class _Planned(RawQuery):
    """A statement that the server plans once in a connection."""

    def _execute_query(self) -> None:
        self.cursor = plannable_cursor()
        with planning_once(connection.connection):
            self.cursor.execute(self.sql, self.params)


def plannable_cursor() -> CursorWrapper:
    """Open a cursor that sends values beside its statements.

    Django's own cursors write them into a statement, which is another one each time.
    """
    cursor = connection.cursor()
    cursor.cursor = psycopg.Cursor(connection.connection)
    return cursor


@contextmanager
def planning_once(own: psycopg.Connection[Any], *, after: int = 0) -> Iterator[None]:
    """Let the server plan a statement once for all its values, which it was asked so often before.

    It keeps the plan until the connection ends.
    """
    own.prepare_threshold = after
    try:
        yield
    finally:
        own.prepare_threshold = None


def update_row(row: Model, **columns: Any) -> None:
    """Set these columns of a row and store them, and nothing else of it."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
