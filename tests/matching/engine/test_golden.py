"""Every golden case that concerns a single pair, within a hundredth of a point."""

import json
from pathlib import Path

import pytest

from matching.engine import counterfactuals, dose, explain, facts, gates, weights
from matching.priors import PRIORS
from tests.matching.engine.markets import LATER, read_candidate, read_opportunity

GOLDEN = json.loads((Path(__file__).parent / "oracle" / "golden.json").read_text())
POINTS = 0.01


def golden(kind):
    cases = [case for case in GOLDEN if case["kind"] == kind]
    assert cases
    return pytest.mark.parametrize(
        ("given", "expected"),
        [pytest.param(case["input"], case["expected"], id=case["name"]) for case in cases],
    )


@golden("dose")
def test_doses(given, expected):
    for (name, amount), (_, _, value) in zip(given["points"], expected, strict=True):
        assert dose(amount, name) == pytest.approx(value, abs=1e-6)


@golden("facts")
def test_facts(given, expected):
    found = facts(read_opportunity(given["opportunity"]), PRIORS)

    for name, value in expected.items():
        actual = getattr(found, name)
        if isinstance(value, list):
            assert sorted(actual) == value
        else:
            assert actual == pytest.approx(value, abs=1e-6)


@golden("weights")
def test_weights(given, expected):
    found = weights(read_candidate(given["candidate"]))

    assert found == pytest.approx(expected | dict.fromkeys(LATER, 0.0), abs=1e-6)


@golden("gates")
def test_gates(given, expected):
    person, role = read_candidate(given["candidate"]), read_opportunity(given["opportunity"])

    assert gates(person, role, priors=PRIORS) == expected


@golden("pair")
def test_pairs(given, expected):
    person, role = read_candidate(given["candidate"]), read_opportunity(given["opportunity"])

    found = explain(person, role, priors=PRIORS)

    assert list(found.gates) == expected["gates"]
    for name in ("fit", "suit", "mutual"):
        assert getattr(found, name) == pytest.approx(expected[name], abs=POINTS)
    values = {line.name: line.value for line in found.aspects if line.name not in LATER}
    assert values == pytest.approx(expected["values"], abs=1e-4)
    for line in found.parts:
        weight, value = expected["suit_parts"][line.name]
        assert (line.weight, line.value) == pytest.approx((weight, value), abs=1e-4)


@golden("explain")
def test_explanations(given, expected):
    person, role = read_candidate(given["candidate"]), read_opportunity(given["opportunity"])

    found = explain(person, role, priors=PRIORS)

    assert found.fit == pytest.approx(expected["score"], abs=POINTS)
    disclosed = sum(line.weight for line in found.aspects if line.known)
    assert disclosed == pytest.approx(expected["disclosed"], abs=1e-4)
    assert sum(line.whole_points for line in found.aspects) == expected["score_int"]
    lines = [line for line in found.aspects if line.name not in LATER]
    for line, wanted in zip(lines, expected["aspects"], strict=True):
        assert line.name == wanted["aspect"]
        assert line.known is not wanted["imputed"]
        assert line.whole_points == wanted["points_int"]
        assert line.points == pytest.approx(wanted["points"], abs=POINTS)
        assert line.lost == pytest.approx(wanted["lost"], abs=POINTS)


@golden("counterfactuals")
def test_counterfactuals(given, expected):
    person, role = read_candidate(given["candidate"]), read_opportunity(given["opportunity"])

    found = counterfactuals(person, role, priors=PRIORS)

    assert [change.gain for change in found] == sorted((row.gain for row in found), reverse=True)
    gains = {
        (change.name, json.dumps(change.fields, sort_keys=True)): change.gain for change in found
    }
    assert gains == {
        (name, json.dumps(fields, sort_keys=True)): pytest.approx(gain, abs=POINTS)
        for gain, name, fields in expected["changes"]
    }
