"""Cursor pages: the order always ends with the id, and a bad cursor is refused."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from opportunities.core.errors import Fault, Invalid

MAX_LIMIT: Final = 100
BAD_CURSOR: Final = Fault("cursor", "bad_cursor", "This cursor is not one that we gave.")


class Cursor(CursorPagination):
    """DRF's cursor, narrowed: ``limit`` 1 to 100, and Invalid where DRF would answer 404."""

    page_size = 25
    page_size_query_param = "limit"
    max_page_size = MAX_LIMIT
    offset_cutoff = 1000

    def get_page_size(self, request: Request) -> int:
        """Return the limit asked for, or raise ``Invalid``."""
        text = request.query_params.get("limit")
        if text is None:
            return int(self.page_size or MAX_LIMIT)
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 0 < int(text) <= MAX_LIMIT):
            raise Invalid(Fault("limit", "out_of_range", "limit is a number from 1 to 100."))
        return int(text)

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        """Return the page's rows, or raise ``Invalid`` for a cursor that no column can follow."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError, DataError) as unreadable:
            raise Invalid(BAD_CURSOR) from unreadable

    def decode_cursor(self, request: Request) -> Any:
        """Return the decoded cursor, or raise ``Invalid``."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound as unreadable:
            raise Invalid(BAD_CURSOR) from unreadable
        if cursor is not None and "\x00" in str(cursor.position or ""):
            raise Invalid(BAD_CURSOR)
        return cursor


def page_of(
    rows: QuerySet[Any], request: Any, *, order: tuple[str, ...], limit: int = 20
) -> tuple[list[Any], Cursor]:
    """Return one page of rows for a plain Django request, and the cursor with its links."""
    cursor = Cursor()
    cursor.page_size = limit
    cursor.ordering = order
    drf_request = request if isinstance(request, Request) else Request(request)
    page = cursor.paginate_queryset(rows.order_by(*order), drf_request)
    return list(page or []), cursor
