import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from matching.engine import POINT, facts
from matching.engine.planning import best_paths, fallbacks, paths, placing, pool, value_plan
from matching.engine.planning.placing import Span, Weeks, Worth, freedom
from matching.engine.records import FLEXIBILITY
from matching.priors import PRIORS
from tests.matching.engine import markets
from tests.matching.engine.mutating import mutant, notices
from tests.matching.engine.oracle import reference
from tests.matching.engine.test_planning import OPEN_MINDED, hours_of

MONDAY = date(2027, 1, 4)


def monday(week):
    return str(MONDAY + timedelta(weeks=week))


def tight(seed, size):
    """Draw somebody with little room and blocked weeks, and roles whose windows are narrow."""
    draw = random.Random(seed)
    person = markets.candidate(draw, **OPEN_MINDED)
    person = replace(
        person,
        available_from=monday(0),
        available_until=monday(16),
        hours_per_week=draw.choice([10.0, 20.0, 30.0]),
        importance={"speed": draw.randint(1, 4), "schedule": draw.randint(1, 4)},
        top3=draw.choice([(), ("schedule",), ("speed",)]),
        blocked_weeks=frozenset(
            monday(week) for week in draw.sample(range(14), draw.randint(1, 4))
        ),
        weekly_hours=((monday(5), str(MONDAY + timedelta(weeks=7, days=-1)), 12.0),),
    )
    roles = []
    for number in range(size):
        weeks, first = draw.choice([1.0, 2.0, 3.0, 4.0]), draw.randint(0, 6)
        roles.append(
            replace(
                markets.opportunity(draw, number),
                weeks=weeks,
                hours_total=weeks * draw.choice([6.0, 10.0, 14.0]),
                hours_per_week=None,
                start_earliest=monday(first),
                start_latest=monday(first + draw.randint(0, 4 if size > 4 else 7)),
                schedule=draw.choice(sorted(FLEXIBILITY)),
                skills=(),
                requires_enrolment=False,
                min_age=0,
                work_rights="",
                pay_kind="hourly",
                pay_amount=20.0,
                places=(),
                region="",
                mode="remote",
            )
        )
    return person, roles


def weeks_of(person):
    return lambda day: hours_of(person, date.fromordinal(day))


def exhaustive(person, roles):
    known = [reference.facts(markets.asked(role)) for role in roles]
    return reference.best_placing(markets.seeking(person), known, weeks_of(person))


def check_placing(module, seed):
    person, roles = tight(seed, 2 + seed % 5)
    expected = exhaustive(person, roles)
    found = module.value_plan(person, roles, priors=PRIORS)
    if expected is None:
        assert found is None, seed
    else:
        assert found is not None, seed
        assert found.score / POINT == pytest.approx(expected[0], abs=0.01), seed
    return expected is None


@pytest.mark.parametrize("part", range(8))
def test_placing_equals_brute_force_on_tight_calendars_with_blocked_weeks(part):
    """25 calendars each: feasible exactly when some starts are, and worth as much as the best."""
    assert {check_placing(paths, 25 * part + seed) for seed in range(25)} == {True, False}


ORDERS = "for role, start in next_ones.items():\n            part"
PLACING_MUTANTS = [
    ("if self._fit_together(next_ones):", "if True:"),
    (ORDERS, ORDERS.replace("next_ones.items()", "list(next_ones.items())[:1]")),
    ("worth_of(found.speed, least, worth) >", "worth_of(found.speed, least, worth) <"),
    ("room[week] < weekly or ", ""),
    ("self._fixed[part] = [hours + span.rigid for hours in fixed]", "pass"),
    ("self._room[part], self._fixed[part] = room, fixed", "pass"),
]


@pytest.mark.parametrize(("old", "new"), PLACING_MUTANTS)
def test_a_broken_placing_is_noticed(old, new):
    broken, broken_pool = (
        mutant(paths, "class Paths:", "class Paths:"),
        mutant(pool, "class Pool:", "class Pool:"),
    )
    broken_pool.Weeks = mutant(placing, old, new).Weeks
    broken.Pool = broken_pool.Pool

    assert notices(check_placing, broken, range(200))


def test_the_best_plan_of_tight_calendars_is_the_best_there_is():
    """Every set of roles at every start: as 40 calendars once lost up to nine points."""
    gaps = []
    for seed in range(40):
        person, roles = tight(1000 + seed, 6)
        found = best_paths(person, roles, priors=PRIORS)
        scores = [
            best[0]
            for size in range(1, 7)
            for chosen in combinations(roles, size)
            if (best := exhaustive(person, chosen))
        ]
        gaps.append(max(scores, default=0.0) - found.mix.score / POINT)
    assert min(gaps) > -0.01
    assert sum(gap < 0.01 for gap in gaps) >= 38
    assert max(gaps) < 0.5


def test_a_role_that_fits_later_makes_way_for_one_that_does_not():
    """Placed one after the other, the longer role takes the only weeks of the other one."""
    person, roles = tight(0, 2)
    person = replace(person, hours_per_week=10.0, blocked_weeks=frozenset(), weekly_hours=())
    early, late = (
        replace(role, hours_total=20.0, weeks=2.0, start_earliest=monday(0), start_latest=latest)
        for role, latest in zip(roles, (monday(2), monday(1)), strict=True)
    )
    longer = replace(early, hours_total=30.0, weeks=3.0, start_latest=monday(0))
    only = replace(late, start_earliest=monday(3), start_latest=monday(3))

    assert value_plan(person, [longer, only], priors=PRIORS).starts == (monday(0), monday(3))
    assert value_plan(person, [replace(longer, start_latest=monday(1)), only], priors=PRIORS)
    assert value_plan(person, [replace(longer, start_earliest=monday(1), start_latest=monday(1)),
                               only], priors=PRIORS) is None  # fmt: skip
    assert sorted(value_plan(person, [early, late], priors=PRIORS).starts) == [monday(0), monday(2)]


def test_roles_begin_early_unless_a_freer_week_is_worth_more():
    weeks = Weeks([20.0] * 12, first=MONDAY.toordinal() // 7, available=MONDAY.toordinal())
    first = MONDAY.toordinal()
    roles = [weeks.placing(Span(first, first + 49, 7, 10.0, rigid, 100)) for rigid in (10.0, 10.0)]

    together = weeks.place(roles, Worth(speed=1, schedule=0))
    apart = weeks.place(roles, Worth(speed=1, schedule=1))

    assert [start.day - first for start in together.starts] == [0, 0]
    assert [start.day - first for start in apart.starts] == [0, 7]
    assert freedom(together.fullest) < freedom(apart.fullest)


# The day of the decision


@pytest.mark.parametrize("seed", range(30))
def test_no_role_starts_before_it_can_be_decided(seed):
    draw = random.Random(seed)
    person, roles = tight(seed, 8)
    begins = {role.id: str(MONDAY + timedelta(days=draw.randint(0, 60))) for role in roles[:6]}

    found = best_paths(person, roles, priors=PRIORS, begins=begins)

    for plan in (found.one, found.stack, found.mix):
        for role, start in zip(plan.opportunities, plan.starts, strict=True):
            assert start >= begins.get(role, "")
            assert start <= roles[role].start_latest


def test_a_role_that_is_decided_too_late_to_begin_is_in_no_plan():
    person, roles = tight(3, 1)
    latest = date.fromisoformat(roles[0].start_latest)
    person = replace(person, hours_per_week=40.0, blocked_weeks=frozenset(), weekly_hours=())

    on_time = value_plan(person, roles, priors=PRIORS, begins={0: str(latest)})
    too_late = value_plan(person, roles, priors=PRIORS, begins={0: str(latest + timedelta(days=1))})

    assert on_time.starts == (str(latest),)
    assert too_late is None


# Fallbacks


def loads(person, roles, chosen):
    """Return the hours of every week that these roles at these starts take."""
    load = {}
    for role, start in chosen:
        known = facts(roles[role], PRIORS)
        first = date.fromisoformat(start)
        day = first - timedelta(days=first.weekday())
        while day < first + timedelta(weeks=known.weeks):
            load[day] = load.get(day, 0.0) + known.weekly
            day += timedelta(days=7)
    return load


def check_fallbacks(module, seed):
    """Whichever roles fall through, those that stand in for them are free at that time."""
    draw = random.Random(seed)
    person, roles = tight(seed, 14)
    roles = [replace(role, org=f"org {role.id % 5}") for role in roles]
    begins = {role.id: str(MONDAY + timedelta(days=draw.randint(0, 30))) for role in roles}
    found = module.best_paths(person, roles, priors=PRIORS, begins=begins)
    count = 0
    for plan in (found.one, found.stack, found.mix):
        legs = list(zip(plan.opportunities, plan.starts, plan.fallbacks, strict=True))
        used = [role for role, _, _ in legs] + [spare.opportunity for *_, spare in legs if spare]
        assert len(used) == len(set(used))
        count += sum(spare is not None for *_, spare in legs)
        for role, _, spare in legs:
            if spare is not None:
                assert spare.start >= max(begins[role], begins[spare.opportunity])
                assert spare.start <= roles[spare.opportunity].start_latest
                assert roles[role].org != roles[spare.opportunity].org
        for failed in range(2 ** len(legs)):
            happens = [
                (spare.opportunity, spare.start) if failed >> place & 1 and spare else (role, start)
                for place, (role, start, spare) in enumerate(legs)
            ]
            for day, load in loads(person, roles, happens).items():
                assert load <= hours_of(person, day) + 1e-6
    return count


def test_fallbacks_are_free_at_their_time_whatever_else_happens():
    assert sum(check_fallbacks(paths, seed) for seed in range(25)) > 25


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("taken[place] = np.maximum(", "taken[place] = np.minimum("),
        ("np.sum(taken[:place] + taken[place + 1 :], axis=0)", "np.sum(taken[:place], axis=0)"),
        ("if start.day >= since and", "if"),
        ("free.remove(other)", "pass"),
        ("if pool.may_stand_in(other, member)", "if True"),
    ],
)
def test_a_broken_fallback_is_noticed(old, new):
    broken = mutant(paths, "class Paths:", "class Paths:")
    broken.find_fallbacks = mutant(fallbacks, old, new).find_fallbacks

    assert notices(check_fallbacks, broken, range(60))


def test_the_score_of_a_fallback_is_that_of_the_plan_with_it():
    compared = 0
    for seed in range(20):
        person, roles = tight(seed, 10)
        found = best_paths(person, roles, priors=PRIORS)
        for spare in filter(None, found.one.fallbacks):
            alone = value_plan(
                person, [roles[spare.opportunity]], priors=PRIORS,
                begins={spare.opportunity: spare.start},
            )  # fmt: skip
            if alone.starts == (spare.start,):
                assert spare.score == alone.score
                compared += 1
        chosen = found.stack.opportunities
        for place, spare in enumerate(found.stack.fallbacks):
            if spare is not None:
                members = [role for role in chosen if role != chosen[place]]
                whole = value_plan(
                    person, [roles[role] for role in (*members, spare.opportunity)], priors=PRIORS
                )
                assert spare.score <= whole.score
                compared += 1
    assert compared > 10
