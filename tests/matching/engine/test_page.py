"""The numbers of docs/matching.md are those of the engine."""

import json
import math
import re
from pathlib import Path

import pytest

from matching.engine import (
    ASPECTS,
    GATES,
    SUIT_PARTS,
    Candidate,
    Opportunity,
    Skill,
    explain,
    relate,
)
from matching.engine.aspects import POLES
from matching.priors import PRIORS
from tests.matching.engine.markets import read_candidate, read_opportunity

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "matching.md").read_text()
GOLDEN = json.loads((Path(__file__).parent / "oracle" / "golden.json").read_text())
NUMBER = r"\*{0,2}([\d.]+)\*{0,2}"
LINE = re.compile(rf"^\| `(\w+)` \| {NUMBER} \| {NUMBER} \| {NUMBER} \| {NUMBER} \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def pair():
    [case] = [case["input"] for case in GOLDEN if case["name"] == "Ana and the dashboard project"]
    person, role = read_candidate(case["candidate"]), read_opportunity(case["opportunity"])
    return explain(person, role, priors=PRIORS)


def test_the_pair_worked_by_hand_is_the_engines(pair):
    shown = {name: numbers for name, *numbers in LINE.findall(PAGE)}

    assert set(shown) == set(ASPECTS) | set(SUIT_PARTS)
    for line in pair.aspects + pair.parts:
        weight, value, points, whole = shown[line.name]
        assert line.weight == pytest.approx(float(weight), abs=6e-5), line.name
        assert line.value == pytest.approx(float(value), abs=6e-5), line.name
        assert line.points == pytest.approx(float(points), abs=6e-4), line.name
        assert line.whole_points == int(whole), line.name


@pytest.mark.parametrize("name", ["fit", "suit"])
def test_the_columns_worked_by_hand_add_up(pair, name):
    points, whole = re.search(rf"\*\*{name}\*\* \| \| \| {NUMBER} \| {NUMBER} \|", PAGE).groups()

    assert getattr(pair, name) == pytest.approx(float(points), abs=6e-4)
    assert round(getattr(pair, name)) == int(whole)


def test_the_mutual_score_worked_by_hand_is_the_engines(pair):
    fit, suit, mutual = re.search(r"sqrt\(([\d.]+) x ([\d.]+)\) = \*\*([\d.]+)\*\*", PAGE).groups()

    assert math.sqrt(float(fit) * float(suit)) == pytest.approx(float(mutual), abs=6e-4)
    assert pair.mutual == pytest.approx(float(mutual), abs=6e-4)
    assert pair.low == pair.fit == pair.high


def test_the_skills_worked_by_hand_are_the_engines():
    vocabulary = relate(
        ["baking", "bread", "cakes", *"abcde"],
        broader=[("bread", "baking"), ("cakes", "baking")],
    )
    role = Opportunity(id=1, skills=(Skill("bread", 2), Skill("baking", 1)))
    person = Candidate(id=1, skills={"cakes": 3})

    found = explain(person, role, priors=PRIORS, vocabulary=vocabulary).parts[0].value

    shown = float(re.search(r"3/8 \+ 5/8 x \(0\.321 \+ 0\.5\)/2 = (\d\.\d+)", PAGE)[1])
    assert shown == round(3 / 8 + 5 / 8 * (0.321 + 0.5) / 2, 3)
    assert found == pytest.approx(shown, abs=0.002)


def test_the_poles_are_the_engines():
    for place, pole in enumerate(("quick", "deep")):
        shown = re.search(rf"^\| {pole} \|(.*)\|$", PAGE, re.MULTILINE)[1].split("|")
        assert list(map(int, shown)) == [levels[place] for levels in POLES.values()]


def test_every_gate_is_named():
    for gate in GATES:
        assert f"`{gate}`" in PAGE
