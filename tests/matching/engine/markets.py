"""Draw roles and candidates for the engine's tests, from the corners as much as from the middle."""

import json
import random
from pathlib import Path

from matching.engine import ASPECTS, Candidate, Opportunity, Skill
from matching.engine.records import EVIDENCE, FLEXIBILITY, MODES, STEP_HOURS, Area, Place
from matching.priors import PRIORS
from tests.matching.engine.oracle import reference

SKILLS = list("abcdefgh")
FIELDS = ["data", "law", "bio", ""]
STARTS = ["2027-01-04", "2027-02-01", "2027-04-05"]
GOLDEN = json.loads((Path(__file__).parent / "oracle" / "golden.json").read_text())
LATER = set(ASPECTS).difference(
    *(case["expected"]["values"] for case in GOLDEN if case["kind"] == "pair")
)
"""Aspects that came after the golden cases: there they weigh nothing, the oracle values them."""


POINTS = [(53.8, -1.55), (53.96, -1.08), (52.5, 13.4), (-36.85, 174.76), (0.0, 180.0), (90.0, 0.0)]
COUNTRIES = [("GB", "ENG"), ("GB", "SCT"), ("DE", "16"), ("", "")]


def place(draw: random.Random) -> Place:
    """Draw a place of one of a few points, or a country alone."""
    latitude, longitude = draw.choice([*POINTS, (None, None)])
    country, division = draw.choice(COUNTRIES)
    return Place(latitude, longitude, country, "" if latitude is None else division)


def area(draw: random.Random) -> Area:
    """Draw a circle that reaches one point or the next one as well, a country or a division."""
    country, division = draw.choice(COUNTRIES)
    if draw.random() < 0.3:
        return Area(country=country or "FR", division=draw.choice(["", division]))
    latitude, longitude = draw.choice(POINTS)
    return Area(latitude, longitude, draw.choice([0.0, 5.0, 36.0, 800.0, 20_100.0]), country)


def opportunity(draw: random.Random, number: int = 0, **fixed) -> Opportunity:
    def maybe(value):
        return None if draw.random() < 0.3 else value

    facts = {
        "id": number,
        "format": draw.choice(sorted(PRIORS)),
        "org": draw.choice(["", "acme"]),
        "field": draw.choice(FIELDS),
        "hours_total": maybe(draw.choice([draw.uniform(2, 700), 20.0, 40.0])),
        "weeks": maybe(draw.choice([draw.uniform(0.1, 30), 2.0, 4.0])),
        "hours_per_week": maybe(draw.uniform(3, 40)),
        "start_earliest": maybe(draw.choice(STARTS)),
        "start_latest": maybe(draw.choice(["2027-03-04", "2027-05-01", "2027-08-05"])),
        "schedule": maybe(draw.choice(sorted(FLEXIBILITY))),
        "mode": draw.choice(MODES),
        "region": draw.choice(["BE", "FR", ""]),
        "pay_kind": maybe(draw.choice(["hourly", "fixed_fee", "stipend_month", "unpaid"])),
        "pay_amount": draw.choice([draw.uniform(0, 3000), draw.uniform(5, 30), 20.0]),
        "credit": draw.random() < 0.4,
        "skills": tuple(
            Skill(name, draw.randint(0, 4), draw.randint(1, 3), draw.random() < 0.1)
            for name in draw.sample(SKILLS, draw.randint(0, 4))
        ),
        "public_works": maybe(draw.randint(0, 4)),
        "task_areas": maybe(draw.randint(1, 6)),
        "hands_on": maybe(draw.random()),
        "mentor_minutes_per_week": maybe(draw.uniform(0, 200)),
        "contacts": maybe(draw.randint(0, 20)),
        "steps": maybe(tuple(draw.sample(sorted(STEP_HOURS), draw.randint(0, 4)))),
        "evidence": maybe(tuple(draw.sample(EVIDENCE[:3], draw.randint(0, 3)))),
        "completed": draw.choice([0, draw.randint(0, 50)]),
        "converted": draw.randint(0, 50),
        "capacity": draw.randint(0, 5),
        "holistic": maybe(draw.random()),
        "requires_enrolment": draw.random() < 0.1,
        "min_age": draw.choice([0, 0, 0, 18]),
        "work_rights": draw.choice(["", "", "", "GH"]),
        "places": tuple(place(draw) for _ in range(draw.choice([0, 1, 1, 2, 3]))),
    }
    return Opportunity(**facts | fixed)


def candidate(draw: random.Random, number: int = 0, **fixed) -> Candidate:
    def maybe(value):
        return None if draw.random() < 0.4 else value

    facts = {
        "id": number,
        "goal": draw.random(),
        "explore": draw.random(),
        "scope_wish": maybe(draw.random()),
        "available_from": draw.choice(["2027-01-04", "2027-02-10"]),
        "available_until": maybe(draw.choice(["2027-05-04", "2027-12-10", "9999-12-31"])),
        "hours_per_week": draw.choice([draw.uniform(1, 60), 20.0, 40.0]),
        "skills": {name: draw.randint(0, 4) for name in draw.sample(SKILLS, draw.randint(0, 6))},
        "verified": frozenset(draw.sample(SKILLS, 2)),
        "targets": {name: draw.randint(1, 3) for name in draw.sample(SKILLS, draw.randint(0, 5))},
        "interests": {
            name: draw.choice([0.5, 1.0]) for name in draw.sample(FIELDS, draw.randint(0, 2))
        },
        "only_fields": frozenset(draw.sample(FIELDS[:3], draw.choice([0, 0, 1, 2]))),
        "fields_first": draw.random() < 0.3,
        "fields_done": frozenset(draw.sample(FIELDS, draw.randint(0, 2))),
        "modes": frozenset(draw.sample(MODES, draw.randint(1, 3))),
        "regions": frozenset(draw.sample(["BE", "FR", "DE"], draw.randint(0, 2))),
        "rate_floor": draw.choice([0.0, 0.0, 5.0, 20.0]),
        "rate_target": draw.choice([0.0, 20.0, draw.uniform(1, 60)]),
        "income_need": maybe(draw.uniform(10, 9000)),
        "credit": draw.choice(["none", "wanted", "required"]),
        "evidence_wanted": tuple(draw.sample(EVIDENCE, draw.randint(0, 4))),
        "importance": {
            name: draw.randint(0, 4) for name in draw.sample(ASPECTS, draw.randint(0, 5))
        },
        "top3": tuple(draw.sample(ASPECTS, draw.randint(0, 3))),
        "ratings": tuple(draw.randint(1, 5) for _ in range(draw.randint(0, 3))),
        "enrolled": draw.random() < 0.8,
        "age_ok": draw.choice([99, 17]),
        "rights": frozenset(draw.sample(["GH", "DE"], 1)),
        "areas": tuple(area(draw) for _ in range(draw.choice([0, 0, 1, 2]))),
    }
    return Candidate(**facts | fixed)


def busy(draw: random.Random, number: int = 0, **fixed) -> Candidate:
    """Draw a candidate some of whose weeks differ."""
    blocked = frozenset(
        f"2027-{draw.randint(1, 8):02}-{draw.randint(1, 28):02}" for _ in range(draw.randint(0, 4))
    )
    periods = tuple(
        (f"2027-0{month}-{draw.randint(1, 28):02}", f"2027-0{month + 1}-15", draw.uniform(0, 50))
        for month in draw.sample(range(1, 9), draw.randint(0, 2))
    )
    return candidate(draw, number, blocked_weeks=blocked, weekly_hours=periods, **fixed)


def market(seed: int, candidates: int, opportunities: int):
    """Return the candidates, a third of them with differing weeks, and the roles of a seed."""
    draw = random.Random(seed)
    people = [
        (busy if draw.random() < 1 / 3 else candidate)(draw, number) for number in range(candidates)
    ]
    return people, [opportunity(draw, number) for number in range(opportunities)]


def asked(role: Opportunity) -> reference.Opportunity:
    """Return the role as the oracle wants it, which reads more: the rules of formats, too."""
    names = reference.Opportunity.__dataclass_fields__.keys()
    known = {name: getattr(role, name) for name in names if hasattr(role, name)}
    skills = tuple(
        reference.Skill(skill.name, skill.level, skill.importance, skill.must)
        for skill in role.skills
    )
    return reference.Opportunity(**known | {"skills": skills})


def seeking(person: Candidate) -> reference.Candidate:
    """Return the candidate as the oracle wants it; the oracle knows no differing weeks."""
    return reference.Candidate(
        **{name: getattr(person, name) for name in reference.Candidate.__dataclass_fields__}
    )


def read_opportunity(fields: dict) -> Opportunity:
    """Return a role from a golden case."""
    skills = tuple(Skill(**skill) for skill in fields.get("skills", ()))
    lists = {name: tuple(fields[name]) for name in ("steps", "evidence") if fields.get(name)}
    return Opportunity(**fields | lists | {"skills": skills})


def read_candidate(fields: dict) -> Candidate:
    """Return a candidate from a golden case, to whom the aspects of ``LATER`` do not matter."""
    sets = ("verified", "only_fields", "fields_done", "modes", "regions", "rights")
    rows = ("evidence_wanted", "ratings", "top3")
    return Candidate(
        **fields
        | {"importance": fields.get("importance", {}) | dict.fromkeys(LATER, 0.0)}
        | {name: frozenset(fields[name]) for name in sets if name in fields}
        | {name: tuple(fields[name]) for name in rows if name in fields}
    )
