"""Each fault that people met has a test, and its kind has tests of what could be met next."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FAULTS = tomllib.loads((ROOT / "tests" / "told_faults.toml").read_text(encoding="utf-8"))["fault"]


@cache
def names(path):
    return [
        node.name
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["told"] for fault in FAULTS])
def test_has_its_test_and_three_beside_it(fault):
    tests = [fault["test"], *fault["beside"]]
    missing = [each for each in tests if names(each.split("::")[0]).count(each.split("::")[1]) != 1]

    assert missing == []
    assert len(set(tests)) == len(tests) >= 4


def test_no_test_stands_for_two_faults_that_were_told():
    assert len({fault["test"] for fault in FAULTS}) == len(FAULTS) >= 22
    kinds = {"text", "time", "together", "finding", "files in", "out"}
    assert {fault["kind"] for fault in FAULTS} == kinds
