"""Judge the lists of people who said little: one or two fields, and up to five skills beside.

A market is roles with the fields and skills that they ask for; the formats and facts of the roles
are drawn, so that a list could be led by conveniences. ``titles_market`` takes titles and codes of
occupations where their file is present; ``drawn_market`` needs none.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine import (
    IDENTITY,
    POINT,
    Candidate,
    Opportunities,
    Opportunity,
    Ranker,
    Skill,
    Vocabulary,
    pack_candidates,
    pack_opportunities,
)
from matching.engine.records import FLEXIBILITY, STEP_HOURS
from matching.engine.topk import Lists
from matching.priors import PRIORS
from opportunities.skills.vocabulary.files import read_vocabulary
from tests.benchmarks import bench_skills

FIELDS = [f"field {number:02}" for number in range(20)]
TOP, ENOUGH, LISTED = 10, 8, 50
COMPARED_PEOPLE = 20
"""The first people of those judged, on whose lists ``SPREAD_BEFORE`` was measured."""
DRAWN, ESCO = "drawn", "400 occupations of ESCO"
NAMED = ((1, 0), (1, 2), (1, 5), (2, 0), (2, 2), (2, 3), (2, 5))
"""How many fields and skills people name."""
COMPARED = {"fields": ((1, 0), (2, 0)), "fields and skills": ((1, 2), (2, 3))}
"""Those whose scores are compared with what they were."""
SPREAD_BEFORE = {
    DRAWN: {(1, 0): 2.61, (2, 0): 2.72, (1, 2): 4.02, (2, 3): 4.77},
    ESCO: {(1, 0): 2.87, (2, 0): 2.95, (1, 2): 3.11, (2, 3): 3.52},
}
"""``Judged.spread`` of the engine before decision 18, on the same markets and people."""


@dataclass(frozen=True)
class Judged:
    """What the lists of some people are like."""

    wanted: float
    """Least share that the first ten hold of eight roles that are in a field, or ask for a skill,
    that was named; of all such roles that are open to the person, where these are fewer.
    """
    spread: float
    """Mean standard deviation of the first fifty scores of ``COMPARED_PEOPLE``, in points."""
    planted: float
    """Share of people whose own role, made for them, comes first."""


def facts(draw: random.Random) -> dict[str, object]:
    """Draw what a role states, or leaves out, beside its field and skills."""

    def maybe(value: object) -> object:
        return None if draw.random() < 0.2 else value

    is_short = draw.random() < 0.6
    return {
        "format": "micro_internship" if is_short else "internship",
        "hours_total": draw.choice([8, 16, 24, 40, 60] if is_short else [160, 240, 400]),
        "weeks": draw.choice([1, 2, 3, 4] if is_short else [6, 8, 11]),
        "schedule": maybe(draw.choice(sorted(FLEXIBILITY))),
        "pay_kind": "hourly",
        "pay_amount": draw.choice([12.0, 15.0, 18.0, 21.0]),
        "task_areas": maybe(draw.randint(1, 5)),
        "mentor_minutes_per_week": maybe(draw.choice([0, 15, 30, 60])),
        "contacts": maybe(draw.randint(1, 8)),
        "public_works": maybe(draw.randint(0, 2)),
        "hands_on": maybe(draw.choice([0.6, 0.8, 1.0])),
        "steps": maybe(tuple(draw.sample(sorted(STEP_HOURS), draw.randint(1, 4)))),
        "evidence": maybe(draw.choice([(), ("reference",), ("reference", "certificate")])),
    }


def drawn_market(seed: int, roles: int = 400) -> list[Opportunity]:
    """Return roles of twenty fields, each with twelve skills of its own, and some in common."""
    draw = random.Random(seed)
    market = []
    for number in range(roles):
        field = draw.choice(FIELDS)
        skills = draw.sample([f"{field}, skill {each}" for each in range(12)], draw.randint(2, 5))
        skills += draw.sample([f"skill {each}" for each in range(8)], 1)
        market.append(
            Opportunity(id=number, field=field, skills=tuple(map(Skill, skills)), **facts(draw))
        )
    return market


def some_of[T](items: Sequence[T], count: int) -> list[T]:
    """Return so many of the items, the same ones of every sequence of one length."""
    return [items[place] for place in sorted(random.Random(1).sample(range(len(items)), count))]


def titles_market(
    seed: int, asked: Sequence[Sequence[str]], kin: Sequence[str]
) -> list[Opportunity]:
    """Return a role for each occupation; its field is the first two digits of its group's code."""
    draw = random.Random(seed)
    return [
        Opportunity(
            id=number, field=group[:2], skills=tuple(map(Skill, sorted(skills))), **facts(draw)
        )
        for number, (skills, group) in enumerate(zip(asked, kin, strict=True))
    ]


def occupations(seed: int, count: int = 0) -> list[Opportunity]:
    """Return a role for each of ``count`` occupations of ESCO, or of all; none without its files.

    ``seed`` is that of the draw of what each occupation asks for.
    """
    known = bench_skills.titles(bench_skills.ESCO)
    if not known:
        return []
    needed = bench_skills.needed_everywhere(bench_skills.ESCO)
    draw = bench_skills.Draw(read_vocabulary(bench_skills.ESCO), seed, needed)
    asked, codes = draw.from_titles(known).skills, [code for code, _ in known]
    if not count:
        return titles_market(1, asked, codes)
    return titles_market(1, some_of(asked, count), some_of(codes, count))


def guests(
    seed: int, market: Sequence[Opportunity], *, fields: int, skills: int, count: int
) -> list[Candidate]:
    """Return people who name so many fields, and so many skills that some role of theirs asks."""
    draw = random.Random(seed)
    people = []
    for number in range(count):
        named = [draw.choice(market).field for _ in range(fields)]
        own = [role for role in market if role.field in named]
        known = sorted({skill.name for role in draw.sample(own, 1) for skill in role.skills})
        people.append(
            Candidate(
                id=number,
                goal=draw.choice([0.1, 0.5, 0.9]),
                hours_per_week=40,
                interests=dict.fromkeys(named, 1.0),
                skills=dict.fromkeys(draw.sample(known, min(skills, len(known))), 2),
            )
        )
    return people


def made_for(person: Candidate, number: int) -> Opportunity:
    """Return a role that is all that somebody said they want."""
    is_short = person.goal < 0.5
    return Opportunity(
        id=number,
        format="micro_internship" if is_short else "internship",
        field=max(person.interests, key=person.interests.__getitem__),
        hours_total=24 if is_short else 400,
        weeks=1 if is_short else 10,
        schedule="asynchronous",
        pay_kind="hourly",
        pay_amount=21.0,
        task_areas=round(1 + 4 * person.goal),
        mentor_minutes_per_week=60,
        contacts=8,
        public_works=2,
        hands_on=1.0,
        steps=("profile",),
        evidence=("reference", "certificate", "evaluation"),
        skills=tuple(Skill(name) for name in person.skills),
    )


def judge(
    people: Sequence[Candidate],
    market: Sequence[Opportunity],
    *,
    vocabulary: Vocabulary = IDENTITY,
) -> Judged:
    """Return what the lists are like, as the site shows them."""
    roles = pack_opportunities(market, priors=PRIORS, vocabulary=vocabulary)
    lists = shown(people, roles, vocabulary)
    compared = slice(COMPARED_PEOPLE)
    return Judged(
        wanted=least_named(people, market, lists),
        spread=float(
            np.mean(
                [
                    np.std(scores[row >= 0][:LISTED] / POINT)
                    for row, scores in zip(
                        lists.positions[compared], lists.scores[compared], strict=True
                    )
                ]
            )
        ),
        planted=float(np.mean([_is_first(person, roles, vocabulary) for person in people])),
    )


def shown(
    people: Sequence[Candidate],
    roles: Opportunities,
    vocabulary: Vocabulary = IDENTITY,
    *,
    k: int | None = None,
) -> Lists:
    """Return the lists of people, or the first ``k`` of each, as the site shows them.

    Skills count by their rarity among these roles; the order is the fit until skills are named.
    """
    ranker = Ranker(
        roles,
        k=len(roles) if k is None else k,
        vocabulary=vocabulary.weigh(roles),
        order="mutual" if any(person.skills for person in people) else "fit",
        one_sided=True,
    )
    return ranker.rank(pack_candidates(people, vocabulary=vocabulary))


def least_named(people: Sequence[Candidate], market: Sequence[Opportunity], lists: Lists) -> float:
    """Return ``Judged.wanted`` of these lists."""
    shares = [1.0]
    for person, row in zip(people, lists.positions, strict=True):
        named = [_is_wanted(market[place], person) for place in row[row >= 0]]
        asked = min(ENOUGH, sum(named))
        shares.append(min(1.0, sum(named[:TOP]) / asked) if asked else 1.0)
    return min(shares)


def apart(market: str, kind: str, judged: Mapping[tuple[int, int], Judged]) -> float:
    """Return how many times as far as before the first fifty lie apart, on the mean of a kind."""
    before = SPREAD_BEFORE[market]
    return float(np.mean([judged[row].spread / before[row] for row in COMPARED[kind]]))


def _is_wanted(role: Opportunity, person: Candidate) -> bool:
    return person.interests.get(role.field) == 1 or any(
        skill.name in person.skills for skill in role.skills
    )


def _is_first(person: Candidate, roles: Opportunities, vocabulary: Vocabulary) -> bool:
    own = pack_opportunities([made_for(person, len(roles))], priors=PRIORS, vocabulary=vocabulary)
    everything = Opportunities.concatenate([roles, own])
    best = shown([replace(person, id=0)], everything, vocabulary, k=1)
    return int(best.positions[0, 0]) == len(roles)
