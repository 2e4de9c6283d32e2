"""Random markets and random edits for the tests of matching, and the full computation."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from unittest import mock

import numpy as np
import time_machine
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from matching.engine import ASPECTS, POINT, pack_candidates, pack_opportunities, rank
from matching.jobs import refresh
from matching.jobs.owed_work import OWED
from matching.jobs.runs import ranking, steps
from matching.models import Market, Price, RoleList, Run, RunInput, Subject
from matching.models.market import KEPT
from matching.priors import PRIORS
from matching.store import live, read_profiles, read_roles
from matching.store.vocabulary import thaw_vocabulary
from opportunities.accounts.models import User
from opportunities.candidates.models import (
    CandidateProfile,
    CandidateSkill,
    TargetSkill,
    Visibility,
)
from opportunities.core import signals
from opportunities.core.fields_of_work import Field
from opportunities.core.lifecycle import RoleStatus
from opportunities.roles.formats import FORMATS, FormatName
from opportunities.roles.models import Opportunity, OpportunitySkill
from opportunities.skills.models import Skill
from tests.factories import CandidateProfileFactory, EmployerFactory, OpportunityFactory

REGIONS = ("Leeds", "York", "Hull")


def role_facts(draw: random.Random, *, at: datetime) -> dict[str, object]:
    """Return random facts of an open role, wide enough that most candidates may take it."""
    kind = draw.choice(["micro", "micro", "internship"])
    slug = FormatName.INTERNSHIP if kind == "internship" else FormatName.MICRO_INTERNSHIP
    hours = draw.choice([8, 20, 40, 120])
    paid = draw.random() < 0.9
    return {
        "format": slug,
        "kind": FORMATS[slug].family,
        "field": draw.choice(list(Field)),
        "hours_total": hours,
        "weeks": draw.choice([1, 2, 4, 12]) if hours < 100 else 12,
        "hours_per_week": None,
        "start_earliest": None,
        "start_latest": at.date() + timedelta(draw.randrange(20, 90)),
        "schedule": draw.choice([None, "fixed", "core_hours", "flexible", "asynchronous"]),
        "mode": draw.choice(["remote", "remote", "hybrid", "onsite"]),
        "region": draw.choice(REGIONS),
        "pay_kind": draw.choice(["hourly", "fixed_fee"]) if paid else "unpaid",
        "pay_amount_minor": draw.randrange(1000, 50_000) if paid else None,
        "pay_currency": "GBP" if paid else "",
        "mentor_minutes_per_week": draw.choice([None, 0, 30, 60]),
        "contacts": draw.choice([None, 1, 4]),
        "task_areas": draw.choice([None, 1, 3]),
        "steps": draw.choice([None, ["profile"], ["resume", "interview"]]),
        "evidence": draw.choice([None, [], ["reference"]]),
        "capacity": draw.choice([1, 1, 2, 5]),
    }


def profile_facts(draw: random.Random, *, at: datetime) -> dict[str, object]:
    """Return random wishes."""
    start = at.date() + timedelta(draw.randrange(20))
    monday = start - timedelta(start.weekday())
    return {
        "goal": draw.choice([0, 0.25, 0.5, 1]),
        "explore": draw.random(),
        "available_from": start,
        "available_until": draw.choice([None, start + timedelta(200)]),
        "hours_per_week": draw.choice([12, 20, 40]),
        "blocked_weeks": draw.choice([[], [], [monday + timedelta(7)]]),
        "interests": {str(draw.choice(list(Field))): 1},
        "modes": draw.choice([["remote"], ["remote", "hybrid", "onsite"]]),
        "regions": draw.sample(REGIONS, 2),
        "rate_floor_minor": draw.choice([0, 0, 500]),
        "rate_target_minor": draw.choice([None, 1500]),
        "top3": draw.sample(ASPECTS, draw.randrange(4)),
        "visibility": draw.choice(list(Visibility)),
    }


def build_market(seed: int, *, roles: int, candidates: int, at: datetime) -> random.Random:
    """Fill the database with a random market; return what further edits are drawn from."""
    draw = random.Random(seed)
    employers = [EmployerFactory(at=at) for _ in range(5)]
    skills = Skill.objects.bulk_create(
        Skill(slug=f"market-{seed}-{n}", name=f"Market skill {seed} {n}") for n in range(20)
    )
    jobs = Opportunity.objects.bulk_create(
        OpportunityFactory.build(
            open=True, at=at, employer=draw.choice(employers), **role_facts(draw, at=at)
        )
        for _ in range(roles)
    )
    OpportunitySkill.objects.bulk_create(
        OpportunitySkill(
            opportunity=job, skill=skill, level=draw.randrange(4), importance=draw.randrange(1, 4)
        )
        for job in jobs
        for skill in draw.sample(skills, 3)
    )
    people = CandidateProfile.objects.bulk_create(
        CandidateProfileFactory.build(user=user, at=at, **profile_facts(draw, at=at))
        for user in confirmed_users(f"market-{seed}", candidates)
    )
    CandidateSkill.objects.bulk_create(
        CandidateSkill(profile=person, skill=skill, level=draw.randrange(1, 5))
        for person in people
        for skill in draw.sample(skills, 4)
    )
    TargetSkill.objects.bulk_create(
        TargetSkill(profile=person, skill=skill, priority=draw.randrange(1, 4))
        for person in people
        for skill in draw.sample(skills, 2)
    )
    return draw


def confirmed_users(name: str, count: int) -> list[User]:
    """Store accounts whose addresses are confirmed, so that their profiles count."""
    users = User.objects.bulk_create(
        User(email=f"{name}-{number}@example.org", password="!") for number in range(count)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return users


@contextmanager
def market_at(moment: datetime) -> Iterator[None]:
    """Stop the clock, with no market in memory before and none after."""
    live.forget()
    with time_machine.travel(moment, tick=False):
        yield
    live.forget()


def publish() -> Run:
    """Run a full computation here and now."""
    run = steps.request_run(at=timezone.now())
    while parts := steps.advance(run.pk, clock=timezone.now):
        for part in parts:
            ranking.rank_part(part, clock=timezone.now)
    run.refresh_from_db()
    return run


def work_off(at: datetime) -> None:
    """Do everything that is owed."""
    for kind in Subject:
        owed = OWED.rows().filter(kind=kind)
        refresh.refresh_owed(kind, owed.values_list("subject_id", flat=True), clock=lambda: at)


def edit_role(opportunity: Opportunity, *, at: datetime, **facts: object) -> None:
    """Change a role as the marketplace does: write and announce in one transaction."""
    with transaction.atomic():
        for name, value in facts.items():
            setattr(opportunity, name, value)
        opportunity.version += 1
        opportunity.save(update_fields=["version", *facts])
        opportunity.refresh_from_db()
        signals.announce_opportunity(opportunity)


def edit_profile(profile: CandidateProfile, *, at: datetime, **facts: object) -> None:
    """Change a profile as the marketplace does."""
    with transaction.atomic():
        CandidateProfile.objects.filter(pk=profile.pk).update(version=profile.version + 1, **facts)
        profile.refresh_from_db()
        signals.announce_profile(profile)


def random_edit(draw: random.Random, *, at: datetime) -> None:
    """Do one of the things people do, to a random role or profile."""
    if draw.random() < 0.5:
        role = drawn(draw, Opportunity.objects.all())
        choice = draw.random()
        if choice < 0.3:
            edit_role(role, at=at, status=RoleStatus.CLOSED, closed_at=at)
        elif choice < 0.6:
            edit_role(role, at=at, status=RoleStatus.OPEN)
        elif choice < 0.7:
            edit_role(role, at=at, apply_by=date(2020, 1, 1))
        else:
            edit_role(role, at=at, **role_facts(draw, at=at))
    elif draw.random() < 0.1:
        facts = profile_facts(draw, at=at)
        new = CandidateProfileFactory(anonymous=draw.random() < 0.5, at=at, **facts)
        edit_profile(new, at=at)
    else:
        profile = drawn(draw, CandidateProfile.objects.all())
        if draw.random() < 0.15:
            edit_profile(profile, at=at, erased_at=at)
        else:
            edit_profile(profile, at=at, **profile_facts(draw, at=at))


def drawn[Row: Model](draw: random.Random, rows: QuerySet[Row]) -> Row:
    """Return one of the rows."""
    return rows.get(pk=draw.choice(rows.order_by("pk").values_list("pk", flat=True)))


type Rows = dict[int, tuple[list[int], list[int]]]


def live_rankings(*, at: datetime) -> Rows:
    """Return what every candidate is shown: the best of the live ranking."""
    profiles = CandidateProfile.objects.values_list("pk", flat=True)
    rows: Rows = {}
    # No commit comes in between: the market is asked for once, not by each of them.
    with mock.patch.object(live, "roles", return_value=live.roles(at=at)):
        for profile, facts in read_profiles(profiles, at=at).items():
            found = live.rank_roles(facts.candidate, at=at)
            rows[profile] = found.ids[:KEPT].tolist(), found.ranks[:KEPT].tolist()
    return rows


def role_lists() -> Rows:
    """Return the stored list of every role."""
    return {row.pk: (row.ids, row.scores) for row in RoleList.objects.all()}


def seen(*, at: datetime) -> tuple[Rows, Rows]:
    """Return what candidates are shown, and the lists of roles after each was computed anew."""
    refresh.refresh_subjects(
        Subject.ROLE, Opportunity.objects.order_by("pk").values_list("pk", flat=True), at=at
    )
    return live_rankings(at=at), role_lists()


def fresh_lists(*, at: datetime) -> tuple[Rows, Rows]:
    """Compute every list from the tables alone, at the published version."""
    version = Market.load().run_id
    vocabulary = thaw_vocabulary(RunInput.objects.get(run=version).vocabulary)
    prices = dict(Price.objects.filter(version=version).values_list("opportunity_id", "price"))
    facts = read_roles(Opportunity.objects.values_list("pk", flat=True), at=at)
    roles = pack_opportunities((facts[role].opportunity for role in sorted(facts)), priors=PRIORS)
    points = np.array([prices[role] / POINT for role in roles.ids.tolist()], np.float64)
    profiles = read_profiles(CandidateProfile.objects.values_list("pk", flat=True), at=at)
    counted = set(CandidateProfile.objects.counted().values_list("pk", flat=True))
    by_candidate: Rows = {}
    by_role: Rows = {}
    for shown in (False, True):
        people = pack_candidates(
            facts.candidate
            for profile, facts in sorted(profiles.items())
            if (facts.is_shown and profile in counted) is shown
        )
        ranking = rank(people, roles, k=KEPT, vocabulary=vocabulary, prices=points)
        by_candidate |= _rows(people.ids, ranking.candidates)
        if shown:
            by_role = _rows(roles.ids, ranking.opportunities)
    return by_candidate, by_role


def _rows(owners: np.ndarray, lists: object) -> Rows:
    rows: Rows = {}
    for owner, ids, scores in zip(owners.tolist(), lists.ids, lists.scores, strict=True):
        count = int((ids >= 0).sum())
        rows[owner] = ids[:count].tolist(), scores[:count].tolist()
    return rows
