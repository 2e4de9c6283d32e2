"""Every address answers everybody, in every state, as ``expected.txt`` says.

A new address, method, button or state fails until it is listed: ``UPDATE_PERMISSION_MATRIX=1
pytest tests/permissions`` writes the table anew. Read every changed line before keeping it: an
``ok`` is somebody who gets in.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import time_machine
from django.template.base import Template
from django.utils.safestring import SafeString
from drf_spectacular.generators import SchemaGenerator

from config.contract import conditions
from matching import standing
from tests.permissions.asking import Market, header
from tests.permissions.routes import AREAS, ROUTES
from tests.permissions.world import NOW, World

TABLE: Final = Path(__file__).with_name("expected.txt")
UPDATE: Final = bool(os.environ.get("UPDATE_PERMISSION_MATRIX"))
NO_PATHS: Final = {"openapi": "3.1.0", "info": {"version": "1"}, "paths": {}}
"""The API's description is the same for everybody and slow to write."""

LEGEND: Final = """\
ok: done or shown   refuse: may, but not now or not so   forbid: 403   hidden: 404
sign-in: sent to sign in, or 401   A method that an address does not offer to anybody has no line.
"""


@pytest.fixture
def market(settings: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Market]:
    """Build the market; nobody reads the words of a page here, so templates write none."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    monkeypatch.setattr(Template, "_render", lambda *_: SafeString(""))
    logging.disable(logging.CRITICAL)
    standing.forget()
    with time_machine.travel(NOW, tick=False):
        market = Market(World())
        monkeypatch.setattr("django.contrib.auth.get_user", market.who_asks)
        monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *_, **__: dict(NO_PATHS))
        monkeypatch.setattr(conditions, "needs_match", lambda *_: False)
        yield market
    standing.forget()
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


def write(area: str, lines: list[str], market: Market) -> None:
    """Put the lines of an area into the table."""
    table = {name: rows for name, rows in listed().items() if name in AREAS} | {area: lines}
    above = header(market.people)
    parts = [
        f"# {name}\n{above}\n" + "\n".join(rows) + "\n" for name, rows in sorted(table.items())
    ]
    TABLE.write_text("\n".join([LEGEND, *parts]))


@pytest.mark.parametrize("area", AREAS)
def test_every_address_answers_everybody_as_listed(area: str, market: Market) -> None:
    lines = market.lines(route for route in ROUTES if route.area == area)
    assert not [line for line in lines if "BROKEN" in line]
    if UPDATE:
        write(area, lines, market)
    assert lines == listed().get(area)


def test_the_table_lists_no_area_that_is_gone() -> None:
    assert sorted(listed()) == AREAS
