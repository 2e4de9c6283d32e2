"""Draw a market of any size straight into the engine's columns, for benchmarks.

Skills follow a power law within the field of study, places within countries; about one pair in
seventy is eligible. The same seed gives the same market.
"""

import numpy as np

from matching.engine import ASPECTS, VALUE, WEIGHT, Candidates, Opportunities, code_of
from matching.engine.fixed_point import FAR, SPEED_TICKS
from matching.engine.places import chord, point
from matching.engine.records import MODES

SKILLS, FIELDS, COUNTRIES, REGIONS = 8_000, 40, 30, 400
MONDAY = 739_990


def power(count: int, exponent: float, shift: float) -> np.ndarray:
    weights = 1 / np.power(np.arange(count) + shift, exponent)
    return weights / weights.sum()


class World:
    """What both sides of a market share: names, and how popular each is."""

    def __init__(self) -> None:
        draw = np.random.default_rng(1)
        self.skills = codes("skill", SKILLS)
        self.fields = codes("field", FIELDS)
        self.regions = codes("region", REGIONS)
        self.countries = np.array([code_of(f"{n:02d}") for n in range(COUNTRIES)], np.int64)
        self.special = np.stack(
            [draw.permutation(np.arange(300, SKILLS))[:700] for _ in range(FIELDS)]
        )
        # A grid with 200 km between two points: a circle of 30 km reaches its own alone.
        self.points = np.array(
            [point(1.8 * (n // 20) - 18.0, 1.8 * (n % 20) - 18.0) for n in range(REGIONS)]
        )
        self.country_of = np.sort(draw.choice(COUNTRIES, REGIONS, p=power(COUNTRIES, 1.2, 1)))
        place = np.zeros(REGIONS)
        for country, share in enumerate(power(COUNTRIES, 1.2, 1)):
            inside = np.flatnonzero(self.country_of == country)
            if len(inside):
                place[inside] = share * power(len(inside), 0.8, 1)
        self.place = place / place.sum()

    def draw_skills(self, draw, field, fewest, most, usual):
        """Return offsets, skills and owners: a quarter general, the rest of the field's own."""
        count = len(field)
        sizes = np.round(draw.triangular(fewest, usual, most, count)).astype(int)
        owner = np.repeat(np.arange(count), sizes)
        general = draw.random(len(owner)) < 0.25
        skill = np.empty(len(owner), np.int64)
        skill[general] = draw.choice(300, general.sum(), p=power(300, 0.9, 2))
        rank = draw.choice(700, (~general).sum(), p=power(700, 0.9, 3))
        skill[~general] = self.special[field[owner[~general]], rank]
        key = np.unique(owner * SKILLS + skill)
        owner, skill = key // SKILLS, key % SKILLS
        return offsets(np.bincount(owner, minlength=count)), self.skills[skill], owner


def _also(owner, skill, other_owner, other_skill):
    """Return which pairs of owner and skill (64-bit codes) are among the others, too."""
    pairs = np.zeros(len(owner), [("owner", np.int64), ("skill", np.int64)])
    others = np.zeros(len(other_owner), pairs.dtype)
    pairs["owner"], pairs["skill"] = owner, skill
    others["owner"], others["skill"] = other_owner, other_skill
    _, number = np.unique(np.concatenate([pairs, others]), return_inverse=True)
    return np.isin(number[: len(pairs)], number[len(pairs) :])


def codes(kind: str, count: int) -> np.ndarray:
    return np.array([code_of(f"{kind}-{number}") for number in range(count)], np.int64)


def offsets(counts) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _points(name: str, points: np.ndarray) -> dict[str, np.ndarray]:
    return {f"{name}_{axis}": points[:, at].astype(np.int32) for at, axis in enumerate("xyz")}


def opportunities(count: int, seed: int = 7, world: World | None = None) -> Opportunities:
    world, draw = world or World(), np.random.default_rng(seed)
    field = draw.choice(FIELDS, count, p=power(FIELDS, 0.6, 1))
    at, skill, _ = world.draw_skills(draw, field, 3, 12, 6)
    region = draw.choice(REGIONS, count, p=world.place)
    micro = draw.random(count) < 0.45
    mode = draw.choice(3, count, p=[0.35, 0.25, 0.4])
    mode = np.where(micro & (draw.random(count) < 0.6), MODES.index("remote"), mode)
    start = MONDAY + draw.integers(0, 300, count)
    weeks = np.where(micro, draw.integers(1, 5, count), draw.choice([8, 10, 12, 16, 24], count))
    weekly = np.where(
        micro, draw.choice([3, 5, 8, 10, 15], count), draw.choice([10, 15, 20, 30, 40], count)
    ).astype(float)
    rate = np.where(
        draw.random(count) < 0.2, 0.0, np.maximum(5, draw.normal(20, 7, count)).round(2)
    )
    national = draw.random(count) > 0.06
    value = lambda low, high: draw.integers(low * VALUE, high * VALUE, count, dtype=np.int32)  # noqa: E731
    return Opportunities(
        ids=np.arange(count, dtype=np.int64),
        known=draw.integers(0, 1 << len(ASPECTS), count, dtype=np.uint16),
        mode=mode.astype(np.uint8),
        region=world.regions[region],
        field=world.fields[field],
        work_rights=np.where(national, world.countries[world.country_of[region]], 0),
        start_earliest=start.astype(np.int32),
        start_latest=(start + draw.choice([14, 30, 90], count)).astype(np.int32),
        days=7.0 * weeks,
        speed_ticks=(7 * SPEED_TICKS * weeks).astype(np.int32),
        weekly=weekly,
        rigid=weekly * draw.choice([0, 1 / 3, 2 / 3, 1], count),
        rate=rate,
        income=rate * weekly * weeks,
        credit=draw.random(count) < 0.2,
        requires_enrolment=draw.random(count) < 0.2,
        min_age=draw.choice([0, 0, 0, 16, 18], count).astype(np.int16),
        depth=value(0, 1),
        breadth=(draw.integers(0, 5, count) * VALUE // 4).astype(np.int32),
        mentorship=value(0, 1),
        network=value(0, 1),
        effort=value(0, 1),
        trajectory=value(0, 1),
        evidence=draw.integers(0, 8, count, dtype=np.uint8),
        public_work=value(0, 1),
        potential=draw.integers(1_700, 10_500, count, dtype=np.int32),
        capacity=draw.integers(1, 5, count, dtype=np.int32),
        place_at=np.arange(count + 1, dtype=np.int64),
        **_points("place", world.points[region]),
        place_country=world.countries[world.country_of[region]],
        place_division=np.zeros(count, np.int64),
        skill_at=at,
        skill=skill,
        skill_level=draw.integers(0, 4, len(skill), dtype=np.uint8),
        skill_importance=draw.integers(1, 4, len(skill), dtype=np.uint8),
        skill_must=draw.random(len(skill)) < 0.08,
    )


def candidates(
    count: int, seed: int = 8, world: World | None = None, first_id: int = 0
) -> Candidates:
    world, draw = world or World(), np.random.default_rng(seed)
    field = draw.choice(FIELDS, count, p=power(FIELDS, 0.6, 1))
    at, skill, owner = world.draw_skills(draw, field, 5, 30, 12)
    target_at, target, target_owner = world.draw_skills(draw, field, 1, 6, 3)
    level = draw.choice([1, 2, 3, 4], len(skill), p=[0.2, 0.4, 0.3, 0.1]).astype(np.uint8)
    priority = draw.integers(1, 4, len(target), dtype=np.uint8)
    region = draw.choice(REGIONS, count, p=world.place)
    raw = draw.dirichlet(np.full(len(ASPECTS), 1.5), count)
    weights = np.floor(raw * WEIGHT).astype(np.int32)
    weights[:, 0] += WEIGHT - weights.sum(axis=1)
    begin = MONDAY + draw.integers(0, 270, count)
    until = begin + draw.choice([60, 90, 120, 180, 365], count)
    modes = 1 | np.where(draw.random(count) < 0.8, 2, 0) | np.where(draw.random(count) < 0.7, 4, 0)
    value = lambda: draw.integers(0, VALUE, count, dtype=np.int32)  # noqa: E731
    return Candidates(
        ids=first_id + np.arange(count, dtype=np.int64),
        weights=weights,
        goal=value(),
        wish=value(),
        explore=value(),
        available_from=begin.astype(np.int32),
        available_until=np.where(draw.random(count) < 0.1, FAR, until).astype(np.int32),
        hours=draw.choice([5.0, 10, 15, 20, 30, 40], count, p=[0.08, 0.2, 0.15, 0.27, 0.1, 0.2]),
        rate_floor=np.where(
            draw.random(count) < 0.6, np.maximum(1, draw.normal(16, 6, count)).round(2), 0.0
        ),
        pay_scale=VALUE / draw.uniform(8, 40, count),
        need_scale=np.where(draw.random(count) < 0.3, VALUE / draw.uniform(300, 9000, count), 0.0),
        credit=draw.choice(3, count, p=[0.7, 0.25, 0.05]).astype(np.uint8),
        modes=modes.astype(np.uint8),
        enrolled=draw.random(count) < 0.8,
        age_ok=draw.choice([15, 17, 99], count, p=[0.03, 0.07, 0.9]).astype(np.int16),
        evidence_wanted=draw.integers(1, 16, count, dtype=np.uint8),
        track_record=value(),
        skill_at=at,
        skill=skill,
        skill_level=level,
        skill_credited=np.minimum(level, 3),
        skill_used=(~_also(owner, skill, target_owner, target)).astype(np.uint8),
        target_at=target_at,
        target=target,
        target_priority=priority,
        interest_at=np.arange(count + 1, dtype=np.int64),
        interest=world.fields[field],
        interest_value=np.full(count, VALUE, np.int32),
        done_at=np.zeros(count + 1, np.int64),
        only_at=np.zeros(count + 1, np.int64),
        only=np.zeros(0, np.int64),
        done=np.zeros(0, np.int64),
        region_at=np.arange(count + 1, dtype=np.int64),
        region=world.regions[region],
        area_at=np.arange(count + 1, dtype=np.int64),
        **_points("area", world.points[region]),
        area_chord=np.full(count, chord(30.0)),
        area_country=world.countries[world.country_of[region]],
        area_division=np.zeros(count, np.int64),
        right_at=np.arange(count + 1, dtype=np.int64),
        right=world.countries[world.country_of[region]],
        week_at=np.zeros(count + 1, np.int64),
        week=np.zeros(0, np.int32),
        week_hours=np.zeros(0, np.float64),
    )
