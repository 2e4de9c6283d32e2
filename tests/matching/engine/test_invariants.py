"""What any implementation of the model must keep, and a mutant of ours for each that breaks it."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matching.engine
from matching.engine import Skill
from matching.engine.records import FLEXIBILITY
from matching.priors import PRIORS
from tests.matching.engine.breaking import broken_engine
from tests.matching.engine.markets import SKILLS, busy, candidate, opportunity

UNIT = 0.0002
"""Two units of a score: what rounding may move."""

STATED = {
    "schedule": "fixed",
    "pay_kind": "hourly",
    "pay_amount": 15.0,
    "public_works": 1,
    "task_areas": 2,
    "hands_on": 0.8,
    "mentor_minutes_per_week": 30.0,
    "contacts": 3,
    "steps": ("resume",),
    "evidence": ("reference",),
    "hours_total": 40.0,
    "weeks": 3.0,
}
EDGES = [("a", "b"), ("b", "c"), ("d", "group"), ("e", "group"), ("f", "c"), ("g", "b")]
WORDS = {"g": ["red", "dye"], "h": ["red", "dye", "vat"]}


def drawn(seed):
    draw = random.Random(seed)
    return draw, candidate(draw), opportunity(draw)


def explained(engine, person, role, **known):
    return engine.explain(person, role, priors=PRIORS, **known)


def fit(engine, person, role):
    return explained(engine, person, role).fit


def related(engine):
    return engine.relate(SKILLS, broader=EDGES, words=WORDS)


def bounds(engine, seed):
    _, person, role = drawn(seed)
    found = explained(engine, person, role)
    weights = engine.weights(person)
    assert all(weight >= 0 for weight in weights.values())
    assert sum(weights.values()) == pytest.approx(1)
    assert sum(line.weight for line in found.aspects) == 1
    assert sum(line.weight for line in found.parts) == 1
    for line in found.aspects + found.parts:
        assert 0 <= line.value <= 1
        assert line.weight >= 0
    assert 0 <= found.low <= found.fit <= found.high <= 100
    assert 0 <= found.suit <= 100
    assert min(found.fit, found.suit) - UNIT <= found.mutual
    assert found.mutual <= max(found.fit, found.suit) + UNIT


def explanation_adds_up(engine, seed):
    _, person, role = drawn(seed)
    found = explained(engine, person, role)
    for lines, score in ((found.aspects, found.fit), (found.parts, found.suit)):
        assert sum(round(line.points * 10_000) for line in lines) == round(score * 10_000)
        assert sum(line.whole_points for line in lines) == round(score)
        for line in lines:
            assert line.points == pytest.approx(100 * line.weight * line.value, abs=UNIT)
            assert line.points + line.lost == pytest.approx(100 * line.weight, abs=UNIT)


def range_is_the_unstated(engine, seed):
    _, person, role = drawn(seed)
    found = explained(engine, person, role)
    imputed = engine.facts(role, PRIORS).imputed
    assert {line.name for line in found.aspects if not line.known} == imputed
    unknown = [line for line in found.aspects if not line.known]
    assert found.low == pytest.approx(found.fit - sum(line.points for line in unknown), abs=0.002)
    assert found.high == pytest.approx(found.fit + sum(line.lost for line in unknown), abs=0.002)


def better_facts_never_cost(engine, seed):
    draw, person, role = drawn(seed)
    lesser, more = sorted((draw.uniform(0, 60), draw.uniform(0, 60)))
    kept = replace(role, **{name: STATED[name] for name in ("hours_total", "weeks")})
    steps = draw.choice([("resume",), ("test", "profile")])
    better = [
        ({"pay_kind": "unpaid"}, {"pay_kind": "hourly", "pay_amount": lesser}),
        (
            {"pay_kind": "hourly", "pay_amount": lesser},
            {"pay_kind": "hourly", "pay_amount": more},
        ),
        ({"mentor_minutes_per_week": lesser}, {"mentor_minutes_per_week": more}),
        ({"contacts": int(lesser)}, {"contacts": int(more)}),
        ({"public_works": int(lesser / 15)}, {"public_works": int(more / 15)}),
        ({"completed": 20, "converted": int(lesser / 3)}, {"converted": int(more / 3)}),
        ({"evidence": ()}, {"evidence": ("certificate",)}),
        ({"steps": (*steps, "interview")}, {"steps": steps}),
        ({"credit": False}, {"credit": True}),
    ]
    for below, above in better:
        assert fit(engine, person, replace(kept, **below)) <= (
            fit(engine, person, replace(kept, **below | above)) + UNIT
        ), (below, above)
    rigid = [
        fit(engine, person, replace(kept, schedule=schedule))
        for schedule in sorted(FLEXIBILITY, key=FLEXIBILITY.get)
    ]
    assert rigid == sorted(rigid)


def speed_falls(engine, seed):
    draw, person, role = drawn(seed)
    role = replace(role, weeks=draw.uniform(0.2, 20), start_earliest=None, start_latest=None)

    def speed(**changed):
        found = explained(engine, person, replace(role, **changed))
        return next(line.value for line in found.aspects if line.name == "speed")

    assert speed(weeks=role.weeks + draw.uniform(0.1, 9)) <= speed()
    waiting = [speed(start_earliest=day) for day in ("2027-01-04", "2027-02-15", "2027-04-05")]
    assert waiting == sorted(waiting, reverse=True)
    assert speed(start_earliest="2027-06-01") < speed() or speed() == 0


def hiding_never_pays(engine, seed):
    _, person, role = drawn(seed)
    prior = PRIORS[role.format]
    for name in (
        "mentor_minutes_per_week",
        "contacts",
        "public_works",
        "schedule",
        "steps",
        "evidence",
        "task_areas",
        "hands_on",
    ):
        hidden = fit(engine, person, replace(role, **{name: None}))
        assert hidden <= fit(engine, person, replace(role, **{name: getattr(prior, name)})) + UNIT
    stated = replace(role, pay_kind="hourly", pay_amount=prior.rate)
    assert fit(engine, person, replace(role, pay_kind=None)) <= fit(engine, person, stated) + UNIT
    shown = replace(role, mentor_minutes_per_week=prior.mentor_minutes_per_week + 90)
    silent = replace(role, mentor_minutes_per_week=None)
    assert fit(engine, person, silent) <= fit(engine, person, shown) + UNIT


def labels_never_score(engine, seed):
    draw, person, role = drawn(seed)
    role = replace(role, **STATED)
    other = replace(role, format=draw.choice(sorted(PRIORS)), id="other", org="another")
    assert explained(engine, person, role) == explained(engine, person, other)


def names_never_score(engine, seed):
    _, person, role = drawn(seed)
    assert explained(engine, person, role) == explained(
        engine, replace(person, id="somebody else"), role
    )


def order_never_scores(engine, seed):
    _, person, role = drawn(seed)
    turned = replace(
        role,
        skills=role.skills[::-1],
        evidence=role.evidence and role.evidence[::-1],
        steps=role.steps and role.steps[::-1],
    )
    mirrored = replace(
        person,
        targets=dict(reversed(person.targets.items())),
        skills=dict(reversed(person.skills.items())),
        interests=dict(reversed(person.interests.items())),
        evidence_wanted=person.evidence_wanted[::-1],
    )
    assert explained(engine, person, role) == explained(engine, mirrored, turned)


def skills_never_cost(engine, seed):
    draw, person, role = drawn(seed)
    for known in ({}, {"vocabulary": related(engine)}):
        name = draw.choice(SKILLS)
        more = replace(
            person, skills={**person.skills, name: min(4, person.skills.get(name, 0) + 1)}
        )
        before, after = (explained(engine, each, role, **known) for each in (person, more))
        assert after.suit >= before.suit - UNIT
        if person.targets or any(person.skills.values()):  # else skills begin to count at all
            assert after.fit >= before.fit - UNIT
        taught = replace(role, skills=(*role.skills, Skill(draw.choice(SKILLS), 0)))
        assert explained(engine, person, taught, **known).fit >= before.fit - UNIT


def relatives_count_in_part(engine, seed):
    draw = random.Random(seed)
    vocabulary = related(engine)
    role = opportunity(draw, skills=(Skill("a", 2, 1),))
    narrow = opportunity(draw, skills=(Skill("b", 2, 1),))

    def competence(role, **skills):
        person = candidate(draw, skills=skills)
        return explained(engine, person, role, vocabulary=vocabulary).parts[0].value

    assert competence(role) == 3 / 8
    assert competence(role, a=3) == 1
    assert 3 / 8 < competence(role, g=3) < 1
    assert competence(narrow, a=3) > competence(role, b=3) > 3 / 8
    assert competence(role, h=3) == 3 / 8
    assert competence(role, g=4) == competence(role, g=2) > competence(role, g=1)


def counterfactuals_are_true(engine, seed):
    _, person, role = drawn(seed)
    before = fit(engine, person, role)
    for change in engine.counterfactuals(person, role, priors=PRIORS):
        after = fit(engine, person, replace(role, **change.fields))
        assert after - before == pytest.approx(change.gain, abs=0.006)


def pools_change_as_told(engine, seed):
    draw = random.Random(seed)
    people = [busy(draw, number) for number in range(12)]
    role = opportunity(draw, hours_total=30.0, weeks=3.0, hours_per_week=None)

    def passing(role):
        return sum(not engine.gates(person, role, priors=PRIORS) for person in people)

    columns = engine.pack_candidates(people)
    found = engine.pool_counterfactuals(columns, role, priors=PRIORS, rate=20.0, top=20)
    for change in found:
        assert passing(replace(role, **change.fields)) - passing(role) == change.opens_to
        assert change.opens_to > 0 or change.gain > 0.5


CHECKS = [
    bounds,
    explanation_adds_up,
    range_is_the_unstated,
    better_facts_never_cost,
    speed_falls,
    hiding_never_pays,
    labels_never_score,
    names_never_score,
    order_never_scores,
    skills_never_cost,
    relatives_count_in_part,
    counterfactuals_are_true,
    pools_change_as_told,
]

MUTANTS = [
    (bounds, "scoring", "importance / total for", "importance / total * 1.01 for"),
    (bounds, "aspects", "return WHOLE - np.abs(breadth - wish)", "return WHOLE + breadth - wish"),
    (bounds, "packing", "WEIGHT - sum(floors)", "WEIGHT - sum(floors) - 1"),
    (explanation_adds_up, "explaining", "totals - floors.sum(axis=1)", "0 * totals"),
    (explanation_adds_up, "explaining", "np.rint(totals / POINT)", "np.floor(totals / POINT)"),
    (range_is_the_unstated, "explaining", "scores.values * known)", "scores.values)"),
    (range_is_the_unstated, "packing", "aspect not in role.imputed", "aspect in role.imputed"),
    (better_facts_never_cost, "packing", "1 - dose(role.effort", "dose(role.effort"),
    (better_facts_never_cost, "packing", "* (1 - role.flex)", "* role.flex"),
    (
        better_facts_never_cost,
        "aspects",
        "np.floor((WHOLE - value + 1) * 0.5) * credited",
        "-np.floor((WHOLE - value) * 0.5) * credited",
    ),
    (
        better_facts_never_cost,
        "facts",
        "min(opportunity.converted, completed) +",
        "-min(opportunity.converted, completed) +",
    ),
    (speed_falls, "aspects", "wait_days * SPEED_TICKS + ticks", "ticks"),
    (
        speed_falls,
        "aspects",
        "VALUE * (1 - spent / full)",
        "VALUE * (spent / full)",
    ),
    (
        hiding_never_pays,
        "facts",
        "prior.mentor_minutes_per_week,",
        "prior.mentor_minutes_per_week + 60,",
    ),
    (
        labels_never_score,
        "packing",
        "round(WEIGHT * 0.8 * share / 3)",
        "len(role.opportunity.format)",
    ),
    (
        names_never_score,
        "packing",
        "total + NEWCOMER_STRENGTH * NEWCOMER_RATING",
        "total + 1 / len(str(person.id))",
    ),
    (
        order_never_scores,
        "packing",
        "max(priority, wanted.get(code, 0))",
        "max(priority, wanted.get(code, 0)) + len(wanted)",
    ),
    (
        skills_never_cost,
        "pairs",
        "stand_in * np.minimum(credited, asked)",
        "stand_in * (credited % 3)",
    ),
    (
        skills_never_cost,
        "aspects",
        "wishes = covered * (1",
        "wishes = 1 / (1 + covered) * (1",
    ),
    (relatives_count_in_part, "pairs", "np.minimum(credited, asked)", "credited"),
    (
        relatives_count_in_part,
        "taxonomy",
        "NARROWER**steps, BROADER**steps",
        "BROADER**steps, NARROWER**steps",
    ),
    (counterfactuals_are_true, "changing", "round(fit - base, 2)", "round(fit - base, 2) + 0.01"),
    (pools_change_as_told, "changing", "len(passing[n]) - len(passing[0])", "len(passing[n])"),
    (pools_change_as_told, "role_index", "-latest_rank,", "0 * latest_rank - 10**7,"),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_invariant(check, seed):
    check(matching.engine, seed)


@pytest.mark.parametrize(
    ("check", "module", "old", "new"),
    [pytest.param(*mutant, id=f"{mutant[0].__name__}-{n}") for n, mutant in enumerate(MUTANTS)],
)
def test_invariant_notices_a_mutant(check, module, old, new):
    with broken_engine((module, old, new)) as engine:
        noticed = False
        for seed in range(60):
            try:
                check(engine, seed)
            except (AssertionError, ArithmeticError, LookupError, ValueError):
                noticed = True
                break

    assert noticed


def test_every_invariant_has_a_mutant():
    assert {mutant[0] for mutant in MUTANTS} == set(CHECKS)
