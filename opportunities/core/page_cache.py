"""Pages kept as they were made, and shown again only while nothing that they rest on has changed.

Beside a kept page stands a question to the database: the versions of the rows that it was made
from. The next view asks that one question; if the answer is another, the page is made anew. So no
writer has to think of a page, and a cache that was emptied costs time and nothing else.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, Model, QuerySet, TextField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language

from opportunities.core.rows import planned_once

LONGEST_SECONDS: Final = 300
"""For how long a page is kept at most, however little changes."""
MIDNIGHTS_SECONDS: Final = 15 * 60
"""Somewhere in the world a day may end every quarter of an hour, and a role's last day with it."""
OFTEN: Final = 2
"""Times that questions were asked, with whatever values, from which on they are planned once."""
SHOWN_OF_SESSION: Final = ("keyboard", "answers_beside")
"""What every page shows of the session it is asked in."""
TOKEN: Final = re.compile(rb'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')


class RowVersion(Func):
    """The versions of the rows that some columns belong to; another one after every write.

    They are PostgreSQL's own: where a row stands and which transaction wrote it there.
    """

    output_field = TextField()

    def as_sql(self, compiler: Any, *_: Any, **__: Any) -> tuple[str, tuple[str, ...]]:
        """Return the versions as one text; a row that an outer join did not find has none."""
        rows = (compiler.quote_name(column.alias) for column in self.get_source_expressions())
        versions = (f"coalesce({row}.ctid::text || {row}.xmin::text, '-')" for row in rows)
        return " || ".join(versions), ()


class Question(NamedTuple):
    """A value in SQL that says how some rows stand, and its parameters."""

    sql: str
    parameters: tuple[Any, ...]


@dataclass(slots=True)
class Basis:
    """What a page rests on: questions to the database, and how they were answered.

    They are asked before what rests on them is read: a page may be newer than its basis, never
    older.
    """

    questions: list[Question] = field(default_factory=list)
    answers: list[str | None] = field(default_factory=list)
    seconds: int = LONGEST_SECONDS

    def add(self, rows: "QuerySet[Any]", *columns: str) -> None:
        """Rest on which rows these are, in their order, and on every value in them.

        ``columns`` names one column of every table that matters; without it, it is the rows' own.
        """
        versioned = rows.annotate(row_version=RowVersion(*(columns or ["pk"])))
        self._add(versioned.values("row_version"), "row_version")

    def add_read(self, rows: "QuerySet[Any]", *columns: str, read: Sequence[Any]) -> None:
        """Rest on rows that were ``read`` just now, in this order, with their ``row_version``."""
        versioned = rows.annotate(row_version=RowVersion(*(columns or ["pk"])))
        versions = [
            row["row_version"] if isinstance(row, Mapping) else row.row_version for row in read
        ]
        self._add_read(versioned.values("row_version"), "row_version", versions)

    def add_choice(self, rows: "QuerySet[Any]", *, read: Sequence[int]) -> None:
        """Rest on which rows these are, in this order, whatever stands in them."""
        self._add_read(rows.values("pk"), "pk", [str(pk) for pk in read])

    def add_of(self, model: type[Model], **owner: int) -> None:
        """Rest on every row of a table in which one column has this number."""
        [(column, number)] = owner.items()
        table, version = model._meta.db_table, "ctid::text || xmin::text"
        self.questions.append(
            Question(
                f"(SELECT string_agg({version}, ',' ORDER BY ctid)"  # noqa: S608
                f" FROM {table} WHERE {column} = %s)",
                (number,),
            )
        )

    def add_viewer(self, viewer: AbstractBaseUser | AnonymousUser) -> None:
        """Rest on what every page says of the person signed in: name, and what they may do."""
        if viewer.is_authenticated:
            accounts: Any = get_user_model()
            self.add_of(accounts, id=viewer.pk)
            self.add_of(accounts.user_permissions.through, user_id=viewer.pk)
            self.add_of(accounts.groups.through, user_id=viewer.pk)

    def keep_for(self, seconds: int) -> None:
        """Keep the page no longer, as it rests on more than is asked; 0 keeps it not at all."""
        self.seconds = min(self.seconds, seconds)

    def ask(self) -> None:
        """Ask what was not asked yet, all at once."""
        self.answers += answer(self.questions[len(self.answers) :])

    def _add_read(self, rows: "QuerySet[Any]", column: str, values: list[str]) -> None:
        self.ask()
        self._add(rows, column)
        if len(self.questions) > len(self.answers):
            text = ",".join(values).encode()
            self.answers.append(hashlib.md5(text).hexdigest() if values else None)  # noqa: S324

    def _add(self, rows: "QuerySet[Any]", column: str) -> None:
        with suppress(EmptyResultSet):
            sql, parameters = rows.query.sql_with_params()
            self.questions.append(
                Question(
                    f"(SELECT md5(string_agg({column}::text, ',')) FROM ({sql}) AS part)",  # noqa: S608
                    tuple(parameters),
                )
            )


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was made, cut where the token of a form stands."""

    pieces: list[bytes]
    headers: dict[str, str]
    questions: list[Question]
    answers: list[str | None]

    def shown_to(self, request: HttpRequest) -> HttpResponse:
        """Return the page with this browser's token."""
        content = self.pieces[0]
        if len(self.pieces) > 1:
            content = get_token(request).encode().join(self.pieces)
        return HttpResponse(content, headers=self.headers)


def answer(questions: list[Question]) -> list[str | None]:
    """Ask the database all of it at once.

    Planning takes longer than answering, and the questions of a kind of page come again.
    """
    if not questions:
        return []
    with planned_once(after=OFTEN), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(question.sql for question in questions)}",
            [value for question in questions for value in question.parameters],
        )
        return list(cursor.fetchone())


def page(
    request: HttpRequest,
    make: Callable[[Basis], HttpResponse],
    *,
    whose: object = "",
    reads: Collection[str] | None = None,
) -> HttpResponse:
    """Return a page from those kept, if the database says that it still holds; else make it.

    ``make`` names what the page rests on while it reads. ``whose`` parts what is one visitor's from
    all others'; an account has pages of its own anyway. ``reads`` are the names of the query that
    the page knows, where it does not refuse the others: those are taken out of the request, so that
    inventing names makes no page anew and none of them stands in a page that others are shown.
    """
    if reads is not None:
        _drop_unread(request, reads)
    if len(get_messages(request)):
        return make(Basis())
    pages = caches["pages"]
    key = _key(request, whose)
    known: Page | None = pages.get(key)
    if known is not None and answer(known.questions) == known.answers:
        return known.shown_to(request)
    basis = Basis()
    basis.add_viewer(request.user)
    response = make(basis)
    if response.status_code == 200 and _may_be_kept(response, basis):
        pages.set(key, _kept(response, basis), basis.seconds)
    return response


def _drop_unread(request: HttpRequest, reads: Collection[str]) -> None:
    """Leave in a request's query only names that are read, each with its last value."""
    known = QueryDict(mutable=True)
    for name in sorted(set(reads) & set(request.GET)):
        known[name] = request.GET[name]
    request.META["QUERY_STRING"] = known.urlencode()
    known._mutable = False  # noqa: SLF001  (as Django itself does with the one it reads)
    request.GET = known  # type: ignore[assignment]


def _key(request: HttpRequest, whose: object) -> str:
    """Return the name of a person's page by their clock, in their language, until a day ends."""
    parts = (
        request.build_absolute_uri(),
        request.headers.get("HX-Request", ""),
        request.user.pk,
        *(request.session.get(name) for name in SHOWN_OF_SESSION),
        whose,
        timezone.get_current_timezone_name(),
        get_language(),
        int(timezone.now().timestamp()) // MIDNIGHTS_SECONDS,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _may_be_kept(response: HttpResponse, basis: Basis) -> bool:
    """Say whether all that a page rests on was asked, and every token in it can be cut out."""
    is_known = len(basis.answers) == len(basis.questions)
    return is_known and basis.seconds > 0 and len(set(TOKEN.findall(response.content))) < 2


def _kept(response: HttpResponse, basis: Basis) -> Page:
    token = TOKEN.search(response.content)
    return Page(
        pieces=response.content.split(token[1]) if token else [response.content],
        headers=dict(response.items()),
        questions=basis.questions,
        answers=basis.answers,
    )
