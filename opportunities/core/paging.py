"""Cursor pages: a page goes on after a value and an id, and a bad cursor is refused.

A cursor names the row where a page ended, not a number of rows: a row that leaves or comes between
two pages moves no other. Every order ends with the id, so that rows of one value have an order.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import FieldError, ValidationError
from django.db import DataError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from opportunities.core.errors import Fault, Invalid

MAX_LIMIT: Final = 100
MAX_TOKEN: Final = 1_000


def bad_cursor() -> Invalid:
    """Return the refusal of a cursor that is not ours."""
    detail = gettext("This page of the list no longer exists. Begin again at the first one.")
    return Invalid(Fault("cursor", "bad_cursor", detail))


class Cursor:
    """The place of one page in its list: its links, and how many rows it has at most."""

    def __init__(self, request: Any, *, order: tuple[str, ...], limit: int) -> None:
        self._query: QueryDict = request.GET
        self._path = str(request.build_absolute_uri(request.path))
        self.order = order
        self.size = self._limit(limit)
        self._next: list[Any] | None = None
        self._previous: list[Any] | None = None

    def page(self, rows: QuerySet[Any]) -> list[Any]:
        """Return the rows of this page, or raise ``Invalid`` for a cursor that is not ours."""
        token = self._query.get("cursor")
        is_back, place = _read(token, len(self.order)) if token else (False, None)
        names = [_turned(name) for name in self.order] if is_back else list(self.order)
        try:
            rows = rows if place is None else rows.filter(_after(names, place))
            found = list(rows.order_by(*names)[: self.size + 1])
        except (ValidationError, ValueError, TypeError, OverflowError, DataError, FieldError) as no:
            if place is None:
                raise
            raise bad_cursor() from no
        has_more = len(found) > self.size
        found = found[: self.size]
        if is_back:
            found.reverse()
        if found:
            before, after = (has_more, True) if is_back else (place is not None, has_more)
            self._previous = [1, *self._place(found[0])] if before else None
            self._next = [0, *self._place(found[-1])] if after else None
        return found

    def get_next_link(self) -> str | None:
        """Return the address of the next page, or None on the last one."""
        return self._link(self._next)

    def get_previous_link(self) -> str | None:
        """Return the address of the page before, or None on the first one."""
        return self._link(self._previous)

    @property
    def links(self) -> dict[str, str | None]:
        """Return the addresses of the pages beside this one, as the API names them."""
        return {"next": self.get_next_link(), "prev": self.get_previous_link()}

    def _limit(self, default: int) -> int:
        text = self._query.get("limit")
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 0 < int(text) <= MAX_LIMIT):
            raise Invalid(Fault("limit", "out_of_range", "limit is a number from 1 to 100."))
        return int(text)

    def _place(self, row: Any) -> list[Any]:
        return [_told(_value(row, name.removeprefix("-"))) for name in self.order]

    def _link(self, place: list[Any] | None) -> str | None:
        if place is None:
            return None
        token = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
        query = self._query.copy()
        query["cursor"] = token
        return f"{self._path}?{query.urlencode()}"


def page_of(
    rows: QuerySet[Any], request: Any, *, order: tuple[str, ...], limit: int = 20
) -> tuple[list[Any], Cursor]:
    """Return one page of rows for a request of Django or of the API, and the cursor."""
    cursor = Cursor(request, order=order, limit=limit)
    return cursor.page(rows), cursor


def offset_of(request: HttpRequest) -> int | None:
    """Return after how many rows a page of ranked rows begins; None for what is no number."""
    text = request.GET.get("offset", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def link_header(links: Mapping[str, str | None]) -> dict[str, str]:
    """Return the header ``Link`` (RFC 8288) of a page with others beside it."""
    ways = [f'<{address}>; rel="{rel}"' for rel, address in links.items() if address]
    return {"Link": ", ".join(ways)} if ways else {}


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after(names: list[str], place: list[Any]) -> Q:
    """Return the rows that stand after a place: beyond its first value, or beyond its next one."""
    beyond, same = Q(pk__in=[]), Q()
    for name, value in zip(names, place, strict=True):
        column = name.removeprefix("-")
        beyond |= same & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{column: value})
    if len(names) > 1:
        # Said once more in a form that an index can follow.
        column = names[0].removeprefix("-")
        beyond &= Q(**{f"{column}__{'lte' if names[0].startswith('-') else 'gte'}": place[0]})
    return beyond


def _value(row: Any, name: str) -> Any:
    if isinstance(row, Mapping):
        return row["pk"] if name == "id" and "id" not in row else row[name]
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _told(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(token: str, length: int) -> tuple[bool, list[Any]]:
    """Return direction and place of a cursor, or raise ``Invalid``."""
    if len(token) > MAX_TOKEN:
        raise bad_cursor()
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        place = json.loads(text)
    except (binascii.Error, ValueError, RecursionError) as unreadable:
        raise bad_cursor() from unreadable
    is_place = (
        isinstance(place, list)
        and len(place) == length + 1
        and place[0] in (0, 1)
        and all(isinstance(part, str | int | float) for part in place)
        and all("\x00" not in part for part in place if isinstance(part, str))
    )
    if not is_place:
        raise bad_cursor()
    return bool(place[0]), place[1:]
