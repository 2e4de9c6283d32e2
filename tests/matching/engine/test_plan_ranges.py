"""The range of a plan: whatever is true of what its roles leave out, it stays within."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from matching.engine import ASPECTS, POINT, VALUE, Candidate, Opportunity, explain
from matching.engine.packing import fixed_weights
from matching.engine.planning import value_plan
from matching.priors import PRIORS
from tests.matching.engine import markets
from tests.matching.engine.test_planning import MONDAYS, drawn

UNTIMED = (
    "mentor_minutes_per_week", "contacts", "hands_on", "task_areas", "evidence", "public_works",
    "steps", "pay_kind",
)  # fmt: skip
"""Facts that a role may leave out and that do not decide when it fits."""


def plan_of(person, roles):
    return value_plan(person, roles, priors=PRIORS)


def open_plans(seed, size):
    """Draw somebody and a plan of so many roles that leave some of their facts out, or None."""
    person, roles = drawn(seed, roles=size, **MONDAYS)
    person, draw = replace(person, hours_per_week=80.0), random.Random(seed)
    left_out = [
        replace(role, **{name: None for name in UNTIMED if draw.random() < 0.4}) for role in roles
    ]
    return person, roles, left_out, plan_of(person, left_out)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_a_plan_of_one_has_the_range_of_its_role(seed):
    person, _, [role], plan = open_plans(seed, 1)
    assume(plan is not None)
    alone = explain(person, role, priors=PRIORS)
    assume(alone.fit * POINT == plan.score)  # no later week has more room
    weights = np.array(fixed_weights(person))

    for values, end in ((plan.lows, alone.low), (plan.highs, alone.high)):
        total = (weights * np.array(values)).sum() / (weights.sum() * VALUE)
        assert abs(100 * total - end) < 0.02


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 100_000), st.integers(2, 4))
@example(455, 2)  # people have completed it, and it does not say how much of it is hands-on
def test_whatever_is_stated_later_every_aspect_stays_within(seed, size):
    person, _, left_out, plan = open_plans(seed, size)
    assume(plan is not None)
    others = [markets.opportunity(random.Random(seed + 1), 100 + k) for k in range(size)]
    told = [
        replace(
            role,
            **{n: getattr(other, n) for n in UNTIMED if getattr(role, n) is None},
            pay_amount=role.pay_amount if role.pay_kind else other.pay_amount,
        )
        for role, other in zip(left_out, others, strict=True)
    ]  # fmt: skip
    later = plan_of(replace(person, rate_floor=0.0), told)
    assume(later is not None and later.starts == plan.starts)

    for name, least, value, most, count in zip(
        ASPECTS, plan.lows, later.values, plan.highs, plan.unstated, strict=True
    ):
        assert least <= value <= most, name
        assert bool(count) or least == most == value, name


ANA = Candidate(id=1, available_from="2027-01-04", hours_per_week=40.0)
STATED = Opportunity(
    id=1, hours_total=40, weeks=2, schedule="flexible", pay_kind="hourly", pay_amount=15.0,
    public_works=1, task_areas=2, hands_on=0.5, mentor_minutes_per_week=60, contacts=3, steps=(),
    evidence=("reference",), mode="remote",
)  # fmt: skip


def test_what_one_role_leaves_out_the_others_still_count_for():
    silent = replace(STATED, id=2, mentor_minutes_per_week=None, task_areas=None)
    mentoring, scope = ASPECTS.index("mentorship"), ASPECTS.index("scope")

    plan, alone = plan_of(ANA, [STATED, silent]), plan_of(ANA, [STATED])

    assert plan.unstated[mentoring] == plan.unstated[scope] == 1
    assert plan.lows[mentoring] == alone.values[mentoring] > 0
    assert plan.highs[mentoring] == VALUE
    assert 0 < plan.lows[scope] < plan.values[scope] < plan.highs[scope] < VALUE


def test_it_is_told_what_is_left_without_each_role():
    roles = {
        1: STATED,
        2: replace(STATED, id=2, hours_total=10, mentor_minutes_per_week=0),
        3: replace(STATED, id=3, weeks=4, evidence=()),
    }
    plan = plan_of(ANA, roles.values())

    left = [
        plan_of(ANA, [roles[other] for other in plan.opportunities if other != lost]).score
        for lost in plan.opportunities
    ]

    assert list(plan.without) == left
    assert len(set(left)) == 3
    assert plan_of(ANA, [STATED]).without == (0,)
