"""Every address answers everybody, in every state, as ``expected.txt`` says.

A new address, method, button or state fails until it is listed: ``UPDATE_PERMISSION_MATRIX=1
pytest tests/permissions`` writes the table anew. Read every changed line before keeping it: an
``ok`` is somebody who gets in.
"""

import logging
import os
from collections.abc import Iterator
from inspect import unwrap
from pathlib import Path
from typing import Any, Final

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.base import Template
from django.test import override_settings
from django.urls import get_resolver, path
from django.utils.safestring import SafeString
from drf_spectacular.generators import SchemaGenerator
from pytest_django.plugin import DjangoDbBlocker
from rest_framework.permissions import AllowAny

from config import documentation
from config.contract import conditions
from matching.store import live
from opportunities.desk.api import views as moderation
from tests.permissions.asking import Market, differences, header
from tests.permissions.routes import AREAS, ROUTES, Route, routes
from tests.permissions.world import NOW, POWERFUL, World

TABLE: Final = Path(__file__).with_name("expected.txt")
UPDATE: Final = bool(os.environ.get("UPDATE_PERMISSION_MATRIX"))
NO_PATHS: Final = {"openapi": "3.1.0", "info": {"version": "1"}, "paths": {}}
"""The API's description is the same for everybody and slow to write."""

LOG: Final = "api/v1/moderation/decisions"

LEGEND: Final = """\
ok: done or shown   refuse: may, but not now or not so   forbid: 403   hidden: 404
sign-in: sent to sign in, or 401   A method that an address does not offer to anybody has no line.
moderator, own-moderator and admin have used their second factor; with a password alone they
are sent to use it, or forbidden (API), everywhere but where a second factor is used.
"""

OPEN_BY_PASSWORD: Final = [
    "GET accounts/2fa/authenticate/",
    "GET accounts/2fa/reauthenticate/",
    "GET accounts/2fa/webauthn/login/",
    "GET accounts/2fa/webauthn/reauthenticate/",
    "GET accounts/login/",
    "GET accounts/logout/",
    "GET healthz",
    "GET readyz",
    "POST accounts/2fa/authenticate/",
    "POST accounts/2fa/reauthenticate/",
    "POST accounts/2fa/webauthn/login/",
    "POST accounts/2fa/webauthn/reauthenticate/",
    "POST accounts/login/",
    "POST accounts/logout/",
]
"""Where somebody who needs a second factor gets with a password alone."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Build the market once; every test takes back what it changes of it."""
    caches = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    }
    storages = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    with (
        override_settings(CACHES=caches, STORAGES=storages),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        with connection.cursor() as cursor:
            # A busy machine answers for a minute and more without a question to the database.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        with time_machine.travel(NOW, tick=False):
            world = World()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def market(
    world: World, monkeypatch: pytest.MonkeyPatch, db: None, nobody_beats: None
) -> Iterator[Market]:
    """Ask in this world; nobody reads the words of a page here, so templates write none."""
    monkeypatch.setattr(Template, "_render", lambda *_: SafeString(""))
    logging.disable(logging.CRITICAL)
    live.forget()
    with time_machine.travel(NOW, tick=False):
        market = Market(world)
        monkeypatch.setattr("django.contrib.auth.get_user", market.who_asks)
        monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *_, **__: dict(NO_PATHS))
        # What is written here without paths must not be kept for other tests.
        for kept in ("_schema", "_written", "_listed"):
            monkeypatch.setattr(documentation, kept, unwrap(getattr(documentation, kept)))
        monkeypatch.setattr(conditions, "needs_match", lambda *_: False)
        yield market
    live.forget()
    logging.disable(logging.NOTSET)


def listed() -> dict[str, list[str]]:
    """Return the lines of the table by area."""
    table: dict[str, list[str]] = {}
    lines = TABLE.read_text().splitlines() if TABLE.exists() else []
    for line in lines:
        if line.startswith("# "):
            table[line.removeprefix("# ")] = []
        elif table and line.strip() and not line.startswith(" "):
            table[list(table)[-1]].append(line)
    return table


def listed_of(asked: list[Route]) -> list[str]:
    """Return the lines of the table that are about these routes."""
    starts = tuple(f"{route.method:7}{route.name} " for route in asked)
    return [line for lines in listed().values() for line in lines if line.startswith(starts)]


def write(area: str, lines: list[str], market: Market) -> None:
    """Put the lines of an area into the table."""
    table = {name: rows for name, rows in listed().items() if name in AREAS} | {area: lines}
    above = header(market.people)
    parts = [
        f"# {name}\n{above}\n" + "\n".join(rows) + "\n" for name, rows in sorted(table.items())
    ]
    TABLE.write_text("\n".join([LEGEND, *parts]))


@pytest.mark.long
@pytest.mark.parametrize("area", AREAS)
def test_every_address_answers_everybody_as_listed(area: str, market: Market) -> None:
    lines = market.lines(route for route in ROUTES if route.area == area)
    assert not [line for line in lines if "BROKEN" in line]
    if UPDATE:
        write(area, lines, market)
    assert differences(lines, listed().get(area, [])) == []


def test_the_table_lists_no_area_that_is_gone() -> None:
    assert sorted(listed()) == AREAS


@pytest.mark.long
def test_a_password_alone_opens_nothing_to_those_who_need_a_second_factor(market: Market) -> None:
    market.by_password_alone = True
    market.people = list(POWERFUL)

    asked = [(route, line) for route in ROUTES for line in market.lines([route])]
    open_to_them = {
        f"{route.method} {route.name}"
        for route, line in asked
        for words in [line.split(f" {route.name} ", 1)[1].split()[: len(POWERFUL)]]
        if not set(words) <= {"sign-in", "forbid"}
    }

    assert sorted(open_to_them) == OPEN_BY_PASSWORD


class TestTheMatrixCanFail:
    def test_a_permission_that_lets_everybody_in_is_reported_by_its_line(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = [
            route for route in ROUTES if route.area == "api moderation" and route.method == "GET"
        ]
        assert differences(market.lines(asked), listed_of(asked)) == []
        monkeypatch.setattr(moderation.Log, "permission_classes", [AllowAny])

        reported = differences(market.lines(asked), listed_of(asked))

        assert [line.split() for line in reported] == [
            ["-GET", LOG, "sign-in", *["forbid"] * 5, *["ok"] * 3],
            ["+GET", LOG, *["ok"] * 9],
        ]

    def test_a_new_address_is_reported_until_it_is_listed(
        self, market: Market, settings: Any
    ) -> None:
        here = path("rules/for-cats/", login_not_required(lambda _: HttpResponse("Miaow.")))
        settings.ROOT_URLCONF = (here, *get_resolver("config.urls").url_patterns)
        new = list(routes([here]))

        lines = market.lines(new)

        assert [line.split()[:2] for line in lines] == [
            ["GET", "rules/for-cats/"],
            ["POST", "rules/for-cats/"],
        ]
        assert differences(lines, listed_of(new)) == [f"+{line}" for line in lines]
        assert differences(lines, [*listed_of(new), *lines]) == []

    def test_what_one_request_changes_the_next_does_not_find(self, market: Market) -> None:
        withdraw = Route("POST", "api/v1/applications/<str:public_id>/withdraw")

        lines = market.lines([withdraw])

        assert any(" ok " in line for line in lines)
        assert market.lines([withdraw]) == lines
        application = market.world.applications["submitted"]
        application.refresh_from_db()
        assert application.status == "submitted"
