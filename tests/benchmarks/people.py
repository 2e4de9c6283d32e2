"""Write profiles into the marketplace's own tables, in the words of the drawn market."""

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from allauth.account.models import EmailAddress
from django.db import connection, transaction

from opportunities.accounts.models import User
from opportunities.candidates.models import (
    CandidateProfile,
    CandidateSkill,
    TargetSkill,
    Visibility,
)
from opportunities.core import signals
from opportunities.skills.models import Skill
from tests.benchmarks.market import COUNTRIES, FIELDS, REGIONS, SKILLS, World, power

NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)


def settle(count: int, world: World) -> None:
    """Write so many profiles of confirmed accounts, numbered from 1, with skills and targets."""
    draw = np.random.default_rng(5)
    skills = Skill.objects.bulk_create(
        (Skill(slug=f"skill-{n}", name=f"Skill {n}") for n in range(SKILLS)), batch_size=2_000
    )
    people = range(1, count + 1)
    User.objects.bulk_create(
        (User(id=n, email=f"person{n}@example.org", password="!") for n in people), batch_size=2_000
    )
    EmailAddress.objects.bulk_create(
        (
            EmailAddress(user_id=n, email=f"person{n}@example.org", verified=True, primary=True)
            for n in people
        ),
        batch_size=2_000,
    )
    field = draw.choice(FIELDS, count, p=power(FIELDS, 0.6, 1))
    region = draw.choice(REGIONS, count, p=world.place)
    begin = draw.integers(0, 270, count)
    CandidateProfile.objects.bulk_create(
        (
            CandidateProfile(
                id=n + 1,
                user_id=n + 1,
                visibility=Visibility.PSEUDONYM,
                goal=draw.random(),
                explore=draw.random(),
                available_from=NOW.date() + timedelta(int(begin[n])),
                available_until=NOW.date() + timedelta(int(begin[n]) + 180),
                hours_per_week=int(draw.choice([10, 15, 20, 30, 40])),
                interests={f"field-{field[n]}": 1},
                modes=["remote", "hybrid", "onsite"][: int(draw.integers(1, 4))],
                regions=[f"region-{region[n]}"],
                rate_floor_minor=int(draw.choice([0, 0, 900, 1_400])),
                rights=[f"{world.country_of[region[n]]:02d}"],
                created_at=NOW,
                changed_at=NOW,
                seen_at=NOW,
            )
            for n in range(count)
        ),
        batch_size=2_000,
    )
    for model, fewest, most, usual, fact in (
        (CandidateSkill, 5, 30, 12, "level"),
        (TargetSkill, 1, 6, 3, "priority"),
    ):
        _, code, owner = world.draw_skills(draw, field, fewest, most, usual)
        number = {code: n for n, code in enumerate(world.skills.tolist())}
        model.objects.bulk_create(
            (
                model(
                    profile_id=person + 1,
                    skill=skills[number[one]],
                    **{fact: int(amount)},
                )
                for person, one, amount in zip(
                    owner.tolist(), code.tolist(), draw.integers(1, 4, len(code)), strict=True
                )
            ),
            batch_size=5_000,
        )
    assert COUNTRIES < 100
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def amend(profile_id: int, goal: float) -> None:
    """Change a wish as the marketplace does: write and announce in one transaction."""
    with transaction.atomic():
        profile = CandidateProfile.objects.get(pk=profile_id)
        profile.goal, profile.version = goal, profile.version + 1
        profile.save(update_fields=["goal", "version"])
        signals.announce_profile(profile)
