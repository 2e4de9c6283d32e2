"""Six hundred invented candidates: what they study, can, want and are free for."""

import dataclasses
import random
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from opportunities.accounts.models import User
from opportunities.candidates.models import (
    CandidateProfile,
    CandidateSkill,
    CreditWish,
    TargetSkill,
    Visibility,
)
from opportunities.core.fields_of_work import Field, related_fields
from opportunities.demo.accounts import Accounts, add_users
from opportunities.demo.chance import dice, public_id
from opportunities.demo.content import Family
from opportunities.demo.reading import employers, families, people, phrases
from opportunities.skills.models import Skill

CANDIDATES: Final = 600
LOCALES: Final = ("en_GB", "en_GB", "en_IE", "fr_FR", "pl_PL", "it_IT", "es_ES", "en_IN", "tr_TR")
HOMES: Final = ("GB",) * 13 + ("IE", "IE", "NL", "DE", "PT", "BE")


@dataclasses.dataclass(slots=True)
class Person:
    """A candidate who is not stored yet: account, profile, skills and targets by slug."""

    user: User
    profile: CandidateProfile
    field: str
    skills: dict[str, int]
    targets: dict[str, int]
    verified: set[str] = dataclasses.field(default_factory=set)


def plan_people(accounts: Accounts, *, at: datetime) -> list[Person]:
    """Return the candidates, the one to sign in as first."""
    shown = _shown(accounts.named["candidate@example.org"], at=at)
    password = make_password(None)
    others = enumerate(_names()[: CANDIDATES - 1], 1)
    return [shown, *(_person(number, name, password, at=at) for number, name in others)]


def store_people(everybody: list[Person]) -> None:
    """Store accounts (the first has one), profiles, skills and targets."""
    add_users([person.user for person in everybody[1:]])
    CandidateProfile.objects.bulk_create([person.profile for person in everybody])
    ids = dict(Skill.objects.values_list("slug", "id"))
    CandidateSkill.objects.bulk_create(
        CandidateSkill(
            profile=person.profile, skill_id=ids[slug], level=level,
            verified=slug in person.verified,
        )
        for person in everybody
        for slug, level in person.skills.items()
    )  # fmt: skip
    TargetSkill.objects.bulk_create(
        TargetSkill(profile=person.profile, skill_id=ids[slug], priority=priority)
        for person in everybody
        for slug, priority in person.targets.items()
    )


def _names() -> list[str]:
    """Return distinct invented names from several languages."""
    from faker import Faker  # noqa: PLC0415  (of the extra `demo`, which production leaves out)

    makers = {locale: Faker(locale, providers=["faker.providers.person"]) for locale in LOCALES}
    for number, maker in enumerate(makers.values()):
        maker.seed_instance(2026 + number)
    chance = dice("names")
    names: dict[str, None] = {}
    while len(names) < CANDIDATES:
        maker = makers[chance.choice(LOCALES)]
        names[f"{maker.first_name()} {maker.last_name()}"] = None
    return list(names)


def _person(number: int, name: str, password: str, *, at: datetime) -> Person:
    chance = dice("candidate", number)
    home = chance.choice(HOMES)
    chosen = chance.choice(Field.values)
    since = at - timedelta(days=chance.randint(3, 200), minutes=chance.randint(0, 900))
    user = User(
        email=f"{slugify(name).replace('-', '.')}.{number}@example.net",
        name=name,
        password=password,
        date_joined=since,
    )
    first = at.date() + timedelta(days=chance.randint(-30, 50))
    stays = chance.random() < 0.4
    nearby = _places(home)
    places = chance.sample(nearby, min(len(nearby), chance.randint(1, 4)))
    profile = CandidateProfile(
        public_id=public_id("cnd", number, at=since),
        user=user,
        headline=_headline(chosen, chance),
        about=chance.choice(phrases()["abouts"]).format(hobby=chance.choice(phrases()["hobbies"])),
        school=chance.choice(people()["schools"]),
        visibility=chance.choice((Visibility.HIDDEN, Visibility.PSEUDONYM, Visibility.OPEN)),
        goal=chance.choice((0.1, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9)),
        explore=chance.choice((0.1, 0.3, 0.5, 0.7)),
        scope_wish=chance.choice((None, None, 0.2, 0.8)),
        available_from=first,
        available_until=None if stays else first + timedelta(days=chance.randint(40, 240)),
        hours_per_week=chance.choice((8, 10, 12, 16, 20, 30, 38, 40, 40)),
        blocked_weeks=_exam_weeks(first, chance),
        interests=_interests(chosen, chance),
        fields_done=chance.sample([chosen, *related_fields(chosen)], chance.choice((0, 0, 1))),
        modes=chance.choice(
            (["remote"], ["remote", "hybrid"], ["onsite", "hybrid", "remote"],
             ["onsite", "hybrid", "remote"])
        ),
        regions=places,
        currency="GBP" if home == "GB" else "EUR",
        rate_floor_minor=chance.choice((0, 0, 1200, 1300)),
        rate_target_minor=chance.choice((None, 1500, 1700, 2000)),
        income_need_minor=chance.choice((None, None, None, 120_000, 300_000)),
        credit=CreditWish.WANTED if chance.random() < 0.25 else CreditWish.NONE,
        evidence_wanted=chance.sample(
            ["reference", "certificate", "evaluation", "public_work"], chance.randint(1, 4)
        ),
        top3=chance.choice(([], [], ["skills"], ["pay", "schedule"], ["mentorship", "depth"])),
        enrolled=chance.random() < 0.85,
        age_ok=18,
        rights=[home] if chance.random() < 0.9 else [home, "GB"] if home != "GB" else ["GB", "IE"],
        created_at=since,
        changed_at=since,
        seen_at=at - timedelta(days=chance.randint(0, 3)),
    )  # fmt: skip
    skills, targets = _skills(chosen, chance)
    return Person(user, profile, chosen, skills, targets)


def _shown(user: User, *, at: datetime) -> Person:
    """Return the candidate that visitors sign in as."""
    since, shown = at - timedelta(days=160), people()["shown"]
    profile = CandidateProfile(
        public_id=public_id("cnd", "shown", at=since),
        user=user,
        available_from=at.date() + timedelta(days=2),
        available_until=at.date() + timedelta(days=300),
        blocked_weeks=[_monday_after(at.date() + timedelta(days=wait)) for wait in (49, 56)],
        created_at=since,
        changed_at=at - timedelta(days=6),
        seen_at=at,
        **shown["profile"],
    )
    return Person(user, profile, "data", dict(shown["skills"]), dict(shown["targets"]))


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


@cache
def _places(country: str) -> tuple[str, ...]:
    return tuple(sorted({row.place for row in employers() if row.country == country}))


def _headline(chosen: str, chance: random.Random) -> str:
    year = chance.choice(phrases()["years"])
    text: str = chance.choice(phrases()["headlines"]).format(
        year=year,
        year_lower=year.lower(),
        study=chance.choice(people()["studies"][chosen]),
        field=Field(chosen).label.lower(),
    )
    return text[:1].upper() + text[1:120]


def _exam_weeks(first: date, chance: random.Random) -> list[date]:
    if chance.random() < 0.6:
        return []
    monday = _monday_after(first + timedelta(days=chance.randint(7, 63)))
    return [monday + timedelta(weeks=week) for week in range(chance.choice((1, 2, 3)))]


def _interests(chosen: str, chance: random.Random) -> dict[str, float]:
    wanted: dict[str, float] = {chosen: 1}
    for other in related_fields(chosen):
        if chance.random() < 0.7:
            wanted[other] = 0.5
    if chance.random() < 0.4:
        wanted[chance.choice(Field.values)] = 1
    return wanted


def _skills(chosen: str, chance: random.Random) -> tuple[dict[str, int], dict[str, int]]:
    """Return the skills held with levels, and those wanted with priorities."""
    near = [family for family in families() if family.field == chosen]
    beside = [family for family in families() if family.field in related_fields(chosen)]
    asked = _asked([*near, *near, chance.choice(beside)])
    has: dict[str, int] = {}
    for slug in chance.sample(asked, min(len(asked), chance.randint(3, 8))):
        has[slug] = chance.choice((1, 1, 2, 2, 3))
    for slug in chance.sample(people()["shared_skills"], chance.randint(1, 4)):
        has[slug] = chance.choice((2, 2, 3))
    wishes = sorted({*asked, *_asked([chance.choice(beside)])} - {s for s in has if has[s] > 1})
    targets = {
        slug: chance.choice((1, 2, 3))
        for slug in chance.sample(wishes, min(len(wishes), chance.randint(2, 6)))
    }
    return has, targets


def _asked(group: list[Family]) -> list[str]:
    return sorted({text.split()[0] for family in group for text in family.skills})
