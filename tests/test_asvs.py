"""The page on the security standard names every item once, and files and tests that exist."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "asvs.md").read_text()
STATES = {"holds", "in part", "not met", "yours", "none here"}
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
"""Items of levels 1 and 2 in each section of ASVS 5.0.0: those of level 3 stand last in it."""

ROW = re.compile(r"\| ([\d. ]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
ROWS = [match.groups() for match in map(ROW.fullmatch, PAGE.splitlines()) if match]
PLACES = r"(?:config|docs|matching|opportunities|tests)/[\w./-]+(?:::\w+)?"
NAMED = sorted(set(re.findall(rf"`({PLACES}|[\w-]+\.(?:md|yml|toml))`", PAGE)))


def test_every_item_of_levels_1_and_2_stands_there_once():
    standard = [
        f"{section}.{number + 1}" for section, most in SECTIONS.items() for number in range(most)
    ]
    assert len(standard) == 253  # as the standard counts them: 70 of level 1, 183 of level 2

    assert Counter(item for items, *_ in ROWS for item in items.split()) == Counter(standard)


def test_every_row_has_a_state_and_says_where_or_why():
    assert {state for _, _, state, _ in ROWS} <= STATES
    assert not [items for items, _, _, where in ROWS if len(where.strip()) < 4]


def test_enough_is_named_to_look_at():
    assert len(NAMED) > 80
    assert sum("::" in name for name in NAMED) > 20


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists(name):
    path, _, inside = name.partition("::")

    assert (ROOT / path).exists()
    if inside:
        tree = ast.parse((ROOT / path).read_text())
        defined = {
            node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        assert inside in defined


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/", "/healthz", "/rules/", "/api/v1/meta", "/api/v1/opportunities", "/accounts/login/"],
)
def test_no_address_answers_trace(path):
    answer = Client().trace(path, headers={"X-Canary": "canary51c"})

    assert answer.status_code in {403, 405}
    assert b"canary51c" not in answer.content
