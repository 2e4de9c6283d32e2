"""Draw a season of a market whose true wishes do not follow our formulas.

Candidates want brands, quality, fields, learning, money and freedom in proportions of their own,
with interactions; employers want productivity, ability and real interest. Profiles report that with
noise. The same seed gives the same season.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.engine import Candidate, Opportunity, Skill
from matching.engine.records import FLEXIBILITY, STEP_HOURS

SKILLS = [f"skill {number:02}" for number in range(24)]
FIELDS = [f"field {number:02}" for number in range(10)]
SCHEDULES = sorted(FLEXIBILITY, key=FLEXIBILITY.__getitem__)
FREEDOM = np.array([1, 0.7, 0.35, 0.1])
"""How much of a load still hurts under each schedule."""
SHORT_STEPS = (("profile",), ("profile", "resume", "questions"))
LONG_STEPS = (("resume", "cover_letter", "interview", "interview"), ("resume", "interview"))

WORTH_APPLYING = 0.35
"""Candidates apply to roles above this quantile of their wishes."""
WORTH_HIRING = 0.4
"""Roles accept people above this quantile of their esteem."""


@dataclass(frozen=True)
class Kind:
    """What a market is like."""

    candidates: int = 2000
    roles: int = 300
    noise: float = 1.0
    crowding: float = 1.0
    places: float = 4.0


BASE = Kind()
VARIANTS = {
    "half the places": Kind(places=2.0),
    "double the places": Kind(places=8.0),
    "crowding x 2": Kind(crowding=2.0),
    "no noise": Kind(noise=0.0),
    "noise x 3": Kind(noise=3.0),
}


@dataclass(frozen=True)
class Season:
    """One season: what the site is told, and what is true."""

    candidates: list[Candidate]
    roles: list[Opportunity]
    places: np.ndarray
    wish: np.ndarray
    """True utility of each role to each candidate, shape (candidates, roles)."""
    esteem: np.ndarray
    """True utility of each candidate to each role, same shape."""

    @cached_property
    def wish_percentile(self) -> np.ndarray:
        """Return the place of each role among the candidate's wishes, 0 to 1."""
        return (_places_in(self.wish, 1) + 0.5) / self.wish.shape[1]

    @cached_property
    def esteem_percentile(self) -> np.ndarray:
        """Return the place of each candidate in the role's esteem, 0 to 1."""
        return (_places_in(self.esteem, 0) + 0.5) / self.esteem.shape[0]

    @cached_property
    def worth_applying(self) -> np.ndarray:
        """Return whether the role is above the candidate's threshold for applying."""
        return self.wish > np.quantile(self.wish, WORTH_APPLYING, axis=1)[:, None]

    @cached_property
    def worth_hiring(self) -> np.ndarray:
        """Return whether the candidate is above the role's threshold for accepting."""
        return self.esteem > np.quantile(self.esteem, WORTH_HIRING, axis=0)


def _places_in(amounts: np.ndarray, axis: int) -> np.ndarray:
    return np.argsort(np.argsort(amounts, axis), axis)


@dataclass(frozen=True)
class _Roles:
    micro: np.ndarray
    brand: np.ndarray
    quality: np.ndarray
    hours: np.ndarray
    weeks: np.ndarray
    field: np.ndarray
    schedule: np.ndarray
    rate: np.ndarray
    mentoring: np.ndarray
    contacts: np.ndarray
    public: np.ndarray
    steps: list[tuple[str, ...]]
    of_field: np.ndarray
    required: np.ndarray
    places: np.ndarray
    records: list[Opportunity]


def draw_season(seed: int, kind: Kind = BASE) -> Season:
    """Return a season of this kind."""
    draw = np.random.default_rng(seed)
    roles = _draw_roles(draw, kind)
    people = _People(draw, kind.candidates, roles)
    wish = people.wishes(roles, kind.crowding) + draw.gumbel(0, 0.55, (kind.candidates, kind.roles))
    esteem = people.esteem(roles) + draw.normal(0, 0.35, wish.shape)
    candidates = [people.reported(draw, number, kind.noise) for number in range(kind.candidates)]
    return Season(candidates, roles.records, roles.places, wish, esteem)


def _draw_roles(draw: np.random.Generator, kind: Kind) -> _Roles:
    m = kind.roles
    micro = draw.random(m) < 0.5
    org = draw.integers(0, m // 2, m)
    brand, quality = draw.normal(0, 1, m // 2)[org], draw.normal(0, 1, m)
    short, long = np.exp(draw.normal(3.0, 0.7, m)), np.exp(draw.normal(5.7, 0.4, m))
    hours = np.where(micro, short.clip(4, 80), long.clip(90, 700)).round()
    short, weekly = draw.uniform(0.4, 4, m), draw.choice([20, 30, 40], m)
    weeks = np.where(micro, short, (hours / weekly).clip(4.2, 26)).round(1)
    field = draw.integers(0, 10, m)
    free = draw.choice([1, 2, 3], m, p=[0.2, 0.4, 0.4])
    schedule = np.where(micro, free, draw.choice([0, 1, 2], m, p=[0.6, 0.3, 0.1]))
    short = draw.normal(20, 4, m).clip(8, 40)
    unpaid, long = draw.random(m) < 0.3, draw.normal(18, 5, m).clip(6, 45)
    rate = np.where(micro, short, np.where(unpaid, 0, long)).round(1)
    short, long = draw.choice([0, 15, 30], m), draw.choice([15, 30, 60, 90], m)
    mentoring = np.where(micro, short, long)
    short, long = draw.integers(1, 3, m), draw.integers(2, 9, m)
    contacts = np.where(micro, short, long)
    areas = np.where(micro, 1, draw.integers(2, 6, m))
    short, long = draw.integers(0, 3, m), draw.integers(0, 2, m)
    public = np.where(micro, short, long)
    steps = [
        SHORT_STEPS[int(at >= 0.5)] if is_micro else LONG_STEPS[int(at >= 0.6)]
        for is_micro, at in zip(micro, draw.random(m), strict=True)
    ]
    of_field = draw.dirichlet(np.ones(24) * 0.4, 10)
    expected = np.where(micro, kind.places * 0.6, kind.places * 1.4)
    places = np.maximum(1, draw.poisson(expected))
    completed = draw.integers(0, 30, m)
    pull = 0.7 * brand + quality * 0.5 - np.where(micro, 2.0, 0.0)
    converted = draw.binomial(completed, 1 / (1 + np.exp(-pull)))
    offered = draw.random((m, 3)) < np.where(micro[:, None], 0.35, 0.6)
    required = np.zeros((m, 24))
    records = []
    for role in range(m):
        number = draw.integers(2, 4) if micro[role] else draw.integers(3, 7)
        odds = 0.9 * of_field[field[role]] + 0.1 / 24
        skills = draw.choice(24, number, replace=False, p=odds)
        levels = draw.integers(1, 4, len(skills))
        required[role, skills] = levels
        records.append(
            Opportunity(
                id=role,
                format="micro_internship" if micro[role] else "internship",
                org=str(org[role]),
                field=FIELDS[field[role]],
                hours_total=float(hours[role]),
                weeks=float(weeks[role]),
                schedule=SCHEDULES[schedule[role]],
                pay_kind="hourly" if rate[role] else "unpaid",
                pay_amount=float(rate[role]),
                skills=tuple(
                    Skill(SKILLS[skill], int(level), int(draw.integers(1, 4)))
                    for skill, level in zip(skills, levels, strict=True)
                ),
                deliverables=1,
                public_works=int(public[role]),
                task_areas=int(areas[role]),
                hands_on=1.0 if micro[role] else 0.85,
                mentor_minutes_per_week=float(mentoring[role]),
                contacts=int(contacts[role]),
                steps=steps[role],
                evidence=tuple(
                    name
                    for name, is_offered in zip(
                        ("reference", "certificate", "evaluation"), offered[role], strict=True
                    )
                    if is_offered
                ),
                completed=int(completed[role]),
                converted=int(converted[role]),
                capacity=int(places[role]),
            )
        )
    return _Roles(
        micro, brand, quality, hours, weeks, field, schedule, rate, mentoring, contacts, public,
        steps, of_field, required, places, records,
    )  # fmt: skip


class _People:
    """Candidates as they are."""

    def __init__(self, draw: np.random.Generator, n: int, roles: _Roles) -> None:
        self.goal, self.ability = draw.beta(0.9, 0.9, n), draw.normal(0, 1, n)
        self.taste = draw.normal(0, 1, (n, 10))
        at_home = roles.of_field[self.taste.argmax(1)]
        talent = at_home * 14 * np.exp(0.25 * self.ability)[:, None]
        self.level = (talent + draw.gamma(0.6, 0.6, (n, 24))).clip(0, 4)
        curiosity = draw.gamma(0.5, 1.0, (n, 24)) * (draw.random((n, 24)) < 0.3)
        self.desire = curiosity + at_home * 4
        self.hours = draw.choice([10, 15, 20, 30, 40], n, p=[0.15, 0.2, 0.25, 0.15, 0.25])
        self.poor, self.mentoring, self.network, self.rigid = (
            draw.lognormal(0, 0.6, n) for _ in range(4)
        )

    def wishes(self, roles: _Roles, crowding: float) -> np.ndarray:
        """Return the true utility of roles, up to what nobody could know."""
        deep, quick = self.goal[:, None], 1 - self.goal[:, None]
        calendar_weeks = np.maximum(roles.weeks, 1)
        load = roles.hours / calendar_weeks * FREEDOM[roles.schedule] / self.hours[:, None]
        learning = np.sqrt((self.desire @ (roles.required > 0).T) * (1 - np.exp(-roles.hours / 60)))
        applying = np.array([sum(STEP_HOURS[step] for step in steps) for steps in roles.steps])
        mentoring = 1 - np.exp(-(roles.mentoring * calendar_weeks / 60) / 6)
        return (
            0.9 * crowding * roles.brand
            + 0.4 * roles.quality
            + 0.55 * self.taste[:, roles.field]
            + 0.66 * learning / learning.std()
            + self.poor[:, None] * 0.5 * np.tanh((roles.rate - 12) / 8)
            + (deep - 0.5) * 1.1 * (np.log(roles.hours) - np.log(roles.hours).mean())
            - quick * 0.35 * np.log1p(roles.weeks)
            - self.rigid[:, None] * 1.2 * np.maximum(0, load - 0.4) ** 2
            + self.mentoring[:, None] * deep * 0.6 * mentoring
            + self.network[:, None] * deep * 0.25 * np.sqrt(roles.contacts * calendar_weeks / 20)
            - 0.15 * applying * (1.2 - deep)
            + 0.12 * roles.public * quick
        )

    def esteem(self, roles: _Roles) -> np.ndarray:
        """Return the true utility of candidates, up to what nobody could know."""
        asked = roles.required > 0
        skilled = np.zeros((len(self.goal), len(roles.hours)))
        for skill in range(24):
            some = np.flatnonzero(asked[:, skill])
            level, required = self.level[:, [skill]] + 0.4, roles.required[some, skill] + 0.4
            skilled[:, some] += np.log(level / required).clip(-2, 0.3)
        skilled /= asked.sum(1)
        length = (np.log(roles.hours) / np.log(400)).clip(0, 1.1)
        return (
            1.3 * (1.15 - 0.55 * length) * skilled
            + 0.5 * length * self.ability[:, None]
            + 0.35 * length * self.taste[:, roles.field]
            + 0.3 * (1 - np.abs(self.goal[:, None] - length))
        )

    def reported(self, draw: np.random.Generator, number: int, noise: float) -> Candidate:
        """Return what one candidate's profile says."""
        goal = float(np.clip(self.goal[number] + draw.normal(0, 0.15 * noise), 0, 1))
        desire = self.desire[number] * np.exp(draw.normal(0, 0.5 * noise, 24))
        level = (self.level[number] + draw.normal(0, 0.6 * noise, 24)).clip(0, 4)
        taste = (self.taste[number] + draw.normal(0, 0.6 * noise, 10)).argsort()[::-1]
        ratings = draw.integers(0, 4)
        explore = float(draw.beta(2, 3))
        poor = np.log(self.poor[number])

        def rating(strength: float) -> int:
            stated = 2 + 1.2 * np.log(strength) + draw.normal(0, 0.7 * noise)
            return int(np.clip(np.rint(stated), 0, 4))

        return Candidate(
            id=number,
            goal=goal,
            explore=explore,
            hours_per_week=float(self.hours[number]),
            skills={
                SKILLS[skill]: int(stated) for skill, stated in enumerate(np.rint(level)) if stated
            },
            targets={
                SKILLS[skill]: 3 - min(2, place)
                for place, skill in enumerate(desire.argsort()[::-1][:4])
            },
            interests={FIELDS[taste[0]]: 1.0, FIELDS[taste[1]]: 1.0, FIELDS[taste[2]]: 0.5},
            rate_target=float(np.clip(14 + 5 * poor + draw.normal(0, 3 * noise), 5, 40)),
            importance={
                "mentorship": rating(self.mentoring[number]),
                "network": rating(self.network[number]),
                "pay": rating(self.poor[number]),
                "schedule": rating(self.rigid[number]),
            },
            ratings=tuple(
                int(stars)
                for stars in np.rint(
                    3.8 + 0.6 * self.ability[number] + draw.normal(0, 0.7 * noise, ratings)
                ).clip(1, 5)
            ),
        )
