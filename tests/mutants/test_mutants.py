"""The list of mutants cannot rot: whatever it names is there, once, and is Python when broken."""

import ast
import importlib
from collections import Counter

import pytest

from tests.mutants.areas import AREAS
from tests.mutants.by_hand import BY_HAND
from tests.mutants.generating import ROOT, mutants_of, sample
from tests.mutants.running import by_hand, drawn


@pytest.mark.parametrize("row", BY_HAND, ids=[row[0] for row in BY_HAND])
def test_the_passage_of_a_fault_stands_once_in_its_file(row):
    meaning, path, passage, instead, tests = row

    assert (ROOT / path).read_text().count(passage) == 1, meaning
    assert passage != instead
    assert all((ROOT / test).is_file() for test in tests)


@pytest.mark.parametrize("area", AREAS)
def test_every_file_that_an_area_names_is_there(area):
    row = AREAS[area]

    assert [path for path in row.modules + row.tests if not (ROOT / path).is_file()] == []
    assert len(sample(row.modules, row.number)) == row.number


def test_at_least_300_faults_are_put_in_each_once_and_each_is_python():
    mutants = [*by_hand(), *drawn()]

    assert len(mutants) >= 300
    assert [key for key, count in Counter(row.key for row in mutants).items() if count > 1] == []
    for mutant in mutants:
        ast.parse(mutant.source())
        assert mutant.source() != (ROOT / mutant.path).read_bytes()


def test_a_change_elsewhere_draws_no_other_faults(tmp_path, monkeypatch):
    # Offsets move, the names of the faults and with them the draw do not.
    path = "opportunities/core/pay.py"
    before = [mutant.key for mutant in sample([path], 10)]
    changed = tmp_path / path
    changed.parent.mkdir(parents=True)
    changed.write_text('"""Anew."""\n\nUSED = ()\n' + (ROOT / path).read_text())
    monkeypatch.setattr("tests.mutants.generating.ROOT", tmp_path)

    assert [mutant.key for mutant in sample([path], 10)] == before


def test_every_kind_of_slip_is_found_where_it_can_be_made(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text(
        "def f(rows, x, logger):\n"
        "    logger.info('said', times=1)\n"
        "    rows.save()\n"
        "    if not x or x <= 3 and x is not None:\n"
        "        raise ValueError\n"
        "    return max(rows.filter(a=True)) - x\n"
    )
    monkeypatch.setattr("tests.mutants.generating.ROOT", tmp_path)

    assert [(mutant.was, mutant.text) for mutant in mutants_of("a.py")] == [
        ("rows.save()", "pass"),
        ("not ", ""),
        ("or", "and"),
        ("<=", "<"),
        ("3", "4"),
        ("and", "or"),
        ("is not", "is"),
        ("raise ValueError", "pass"),
        ("max", "min"),
        (".filter(a=True)", ""),
        ("True", "False"),
        ("-", "+"),
    ]


def test_a_fault_is_put_into_functions_that_are_there_and_no_other_way(tmp_path, monkeypatch):
    monkeypatch.setenv("MUTANTS", "[]")
    monkeypatch.syspath_prepend(tmp_path)
    forking = importlib.import_module("tests.mutants.forking")
    sound = "def told(add):\n    add(lambda: 1)\n    return add(2)\n"
    (tmp_path / "mutated.py").write_text(sound)
    module = importlib.import_module("mutated")

    def put_in(source):
        (tmp_path / "faulty.py").write_text(source)
        return forking.put_in({"module": "mutated", "source": str(tmp_path / "faulty.py")})

    assert not put_in(sound.replace("add(lambda: 1)", "pass"))
    assert put_in(sound.replace("add(2)", "add(3)"))
    assert module.told(lambda given: given) == 3
