"""Turn families of roles into roles with facts, and store them with their parts."""

import copy
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from opportunities.core.lifecycle import RoleStatus
from opportunities.core.pay import to_minor
from opportunities.core.rates import Rates
from opportunities.demo.accounts import Accounts
from opportunities.demo.chance import dice, public_id
from opportunities.demo.content import DemoEmployer, Family, Post
from opportunities.demo.reading import employers, families, phrases
from opportunities.roles.checks import duplicates, texts_of
from opportunities.roles.drafts import derive
from opportunities.roles.formats import FORMATS, Kind
from opportunities.roles.models import Deliverable, Opportunity, OpportunitySkill, Question
from opportunities.roles.models.listings import ClosedBecause, RoleOutcome
from opportunities.skills.models import Skill

SOURCE: Final = "demo"
CLOSED: Final = 12
WAITING: Final = 4
PAUSED: Final = 2
EARLIER: Final = 6
"""Roles of each format that were open once before, with applicants who all had their answer."""
SEASON: Final = 3
"""In how many months those come again that opened together last year."""
SEASONAL: Final = ("data", 7)
"""Their field, and how many they were."""
SEASONAL_HOURS: Final = 15
"""The most that one of them took."""
SHOWN_EMPLOYERS: Final = frozenset({"kestrel", "openledger"})
CURRENCY: Final = {"GB": "GBP"}
RATES: Final = {"software": 17, "data": 16, "engineering": 16, "finance": 15.5, "design": 15}
WAYS_TO_INTERNSHIPS: Final = (
    "resume cover_letter interview", "resume cover_letter phone_screen interview",
    "resume questions interview", "resume cover_letter work_sample interview", None,
)  # fmt: skip
WAYS: Final = (
    "profile questions", "profile questions", "profile work_sample", "profile",
    "profile questions phone_screen", None,
)  # fmt: skip
"""By which steps people apply; None where a role does not say."""
EVIDENCE: Final = (
    "reference", "certificate", "evaluation", "reference certificate", "reference evaluation", "",
    None,
)  # fmt: skip
ABROAD: Final = 1.22
"""What an hour costs in euros where it costs one pound here."""


@dataclass(slots=True)
class Draft:
    """A role before it is stored, with its parts as checks read them."""

    role: Opportunity
    key: str
    parts: dict[str, list[dict[str, Any]]]
    is_earlier: bool = False
    """Whether it is the round before of a role that is open now."""


def plan_roles(accounts: Accounts, *, at: datetime) -> list[Draft]:
    """Return every role of the content: most open, some closed, paused or waiting.

    Last come earlier rounds of some that are open, and what opened in a month of last year.
    """
    listed = {employer.key: employer for employer in employers()}
    rates = Rates.load()
    drafts = [
        _draft(family, post, listed[post.employer], accounts, rates, at=at)
        for family in families()
        for post in family.posts
    ]
    _set_states(drafts, at=at)
    return [*drafts, *_earlier_rounds(drafts, at=at), *_last_year(drafts, at=at)]


def store_roles(drafts: list[Draft]) -> None:
    """Store roles, their parts and their fingerprints."""
    Opportunity.objects.bulk_create([draft.role for draft in drafts])
    skills = dict(Skill.objects.values_list("slug", "id"))
    Deliverable.objects.bulk_create(
        Deliverable(opportunity=draft.role, position=position, **part)
        for draft in drafts
        for position, part in enumerate(draft.parts["deliverables"])
    )
    OpportunitySkill.objects.bulk_create(
        OpportunitySkill(
            opportunity=draft.role,
            skill_id=skills[part["name"]],
            level=part["level"],
            importance=part["importance"],
            must=part["must"],
        )
        for draft in drafts
        for part in draft.parts["skills"]
    )
    Question.objects.bulk_create(
        Question(opportunity=draft.role, position=position, **part)
        for draft in drafts
        for position, part in enumerate(draft.parts["questions"])
    )
    duplicates.remember_all(
        {
            draft.role.pk: texts_of(vars(draft.role), draft.parts)
            for draft in drafts
            if draft.role.status != RoleStatus.DRAFT
        }
    )


def _draft(
    family: Family,
    post: Post,
    employer: DemoEmployer,
    accounts: Accounts,
    rates: Rates,
    *,
    at: datetime,
) -> Draft:
    chance = dice("role", post.title)
    opened = at - timedelta(days=chance.randint(1, 24), minutes=chance.randint(1, 600))
    role = Opportunity(
        public_id=public_id("opp", post.title, at=opened),
        employer=accounts.employers[post.employer],
        posted_by=accounts.owners[post.employer],
        format=family.format,
        title=post.title,
        summary=post.summary,
        field=family.field,
        status=RoleStatus.OPEN,
        created_at=opened - timedelta(days=2),
        changed_at=opened - timedelta(days=1),
        submitted_at=opened - timedelta(hours=chance.randint(2, 20)),
        opened_at=opened,
        confirmed_at=opened,
        version=3,
        source=SOURCE,
        external_id=post.title,
    )
    _set_work(role, family, employer, chance)
    _set_pay(role, family, employer, chance)
    _set_dates(role, chance, at=at)
    _set_ways(role, chance)
    derive(role, rates=rates)
    role.description = _description(role, family, post, employer, chance)
    shown = bool(role.public_works)
    deliverables = [
        {
            "title": _filled(title, post)[:160],
            "done_means": _filled(done, post),
            "publishable": shown and position == 0,
        }
        for position, (title, done) in enumerate(family.deliverables)
    ]
    skills, questions = [_skill(text) for text in family.skills], _questions(role, chance)
    parts = {"deliverables": deliverables, "skills": skills, "questions": questions}
    return Draft(role, post.employer, parts)


def _set_work(
    role: Opportunity, family: Family, employer: DemoEmployer, chance: random.Random
) -> None:
    internship = FORMATS[family.format].family == Kind.INTERNSHIP
    role.weeks = family.weeks
    if family.format == "internship":
        role.weeks += chance.choice((-1, 0, 0, 1))
    most = 38 * max(role.weeks, 1)
    role.hours_total = float(round(min(family.hours * chance.choice((0.9, 1, 1, 1.1)), most)))
    role.mode = chance.choice(family.modes)
    if role.mode != "remote":
        role.place = employer.place
    role.country = employer.country
    if internship or role.mode == "onsite":
        role.schedule = chance.choice(("fixed", "core_hours", "flexible"))
    else:
        role.schedule = chance.choice(("flexible", "asynchronous", "asynchronous", "core_hours"))
    minutes: dict[str, tuple[int | None, ...]] = {
        "internship": (30, 45, 60, 90, None),
        "sprint_internship": (60, 90, 120),
        "micro_apprenticeship": (45, 60, 90),
    }
    role.mentor_minutes_per_week = chance.choice(minutes.get(family.format, (0, 15, 30, 45, None)))
    if role.mentor_minutes_per_week:
        role.mentor_name = chance.choice(phrases()["mentors"])
    observing = "observing" in FORMATS[family.format].rules
    most_areas = 5 if internship else 2
    role.task_areas = chance.choice((None, *range(2 if internship else 1, most_areas + 1)))
    role.hands_on = 0.1 if observing else chance.choice((None, 0.7, 0.8, 0.9, 1.0))
    around = (3, 9) if role.mode == "onsite" else (1, 4)
    role.contacts = chance.choice((None, chance.randint(*around), chance.randint(*around)))
    role.public_works = chance.choice((None, 0, 0, 1))
    if family.format == "portfolio_micro_experience":
        role.public_works = chance.choice((1, 2))
    if observing:
        role.public_works = 0
    state_own_rules(role)
    role.learning = family.learning
    role.capacity = chance.choice((1, 1, 2, 2, 3, 4))
    if family.format in {"gigternship", "short_burst_internship", "virtual_job_shadowing"}:
        role.capacity += chance.randint(1, 4)


def state_own_rules(role: Opportunity) -> None:
    """State of a role what its format asks for by a yes."""
    rules = FORMATS[role.format].rules
    role.concentrated = "concentrated" in rules
    role.repeatable = "repeatable" in rules
    role.credit_possible = "credit" in rules


def _set_pay(
    role: Opportunity, family: Family, employer: DemoEmployer, chance: random.Random
) -> None:
    currency = CURRENCY.get(employer.country, "EUR")
    rate = RATES.get(family.field, 14.0) + chance.choice((-0.5, 0, 0.3, 0.8, 1.5, 2.2))
    rate = max(rate, 13) * (1 if currency == "GBP" else ABROAD)
    hours, weeks = Decimal(role.hours_total or 1), Decimal(role.weeks or 1)
    role.credit = chance.random() < 0.15
    if family.pay == "unpaid":
        role.pay_kind = "unpaid"
        return
    role.pay_currency, role.pay_days = currency, chance.choice((7, 14, 14, 30))
    if family.pay == "hourly":
        role.pay_kind, amount = "hourly", Decimal(str(round(rate, 1)))
        if chance.random() < 0.2:
            role.pay_max_minor = to_minor(amount + 2, currency)
    elif family.pay == "fee":
        role.pay_kind = "fixed_fee"
        amount = Decimal(round(float(hours) * rate / 5) * 5)
    else:
        role.pay_kind = "stipend_month"
        months = weeks * 12 / 52
        amount = Decimal(round(float(hours / months) * rate / 10) * 10)
    role.pay_amount_minor = to_minor(amount, currency)


def _set_dates(role: Opportunity, chance: random.Random, *, at: datetime) -> None:
    role.apply_by = (at + timedelta(days=chance.randint(6, 38))).date()
    if chance.random() < 0.75:
        role.start_earliest = role.apply_by + timedelta(days=chance.randint(2, 18))
        role.start_latest = role.start_earliest + timedelta(days=chance.randint(14, 80))


def _set_ways(role: Opportunity, chance: random.Random) -> None:
    """Choose how people apply and what they take away."""
    internship = FORMATS[role.format].family == Kind.INTERNSHIP
    steps = chance.choice(WAYS_TO_INTERNSHIPS if internship else WAYS)
    role.steps = steps and steps.split()
    evidence = chance.choice(EVIDENCE)
    role.evidence = None if evidence is None else evidence.split()
    role.blind_review = chance.random() < 0.15
    role.requires_enrolment = internship and chance.random() < 0.1
    role.min_age = 18 if chance.random() < 0.3 else 0
    if role.mode != "remote" and chance.random() < 0.5:
        role.work_rights = role.country
    if chance.random() < 0.3:
        role.response_days = chance.choice((8, 10, 12)) if internship else chance.choice((2, 3, 4))


def _description(
    role: Opportunity, family: Family, post: Post, employer: DemoEmployer, chance: random.Random
) -> str:
    stock = phrases()
    said = [chance.choice(stock[role.schedule or "flexible"])]
    if role.mentor_minutes_per_week:
        said.append(
            chance.choice(stock["mentoring"]).format(
                mentor=role.mentor_name, minutes=f"{role.mentor_minutes_per_week:g}"
            )
        )
    elif role.mentor_minutes_per_week == 0:
        said.append(chance.choice(stock["alone"]))
    said += [chance.choice(stock[kind]) for kind in role.evidence or ()]
    if role.public_works:
        said.append(chance.choice(stock["public"]))
    if role.pay_days:
        said.append(chance.choice(stock["paid"]).format(days=role.pay_days))
    said.append(chance.choice(stock["apply"]))
    return "\n\n".join((_filled(family.text, post), employer.setting, " ".join(said)))


def _filled(text: str, post: Post) -> str:
    filled = text.replace("{thing}", post.thing)
    return filled[:1].upper() + filled[1:]


def _skill(text: str) -> dict[str, Any]:
    name, level, importance = text.rstrip("!").split()
    numbers = {"level": int(level), "importance": int(importance)}
    return {"name": name, **numbers, "must": text.endswith("!")}


def _questions(role: Opportunity, chance: random.Random) -> list[dict[str, Any]]:
    if "questions" not in (role.steps or ()):
        return []
    chosen = chance.sample(phrases()["questions"], chance.choice((1, 2, 2, 3)))
    return [{"text": text, "minutes": chance.choice((3, 5, 8))} for text in chosen]


def _set_states(drafts: list[Draft], *, at: datetime) -> None:
    """Close some micro-internships in the past, pause some roles and let some wait."""
    chance = dice("states")
    paid_micro = [
        draft
        for draft in drafts
        if draft.role.kind == Kind.MICRO and draft.role.pay_kind != "unpaid"
    ]
    chosen = chance.sample(
        [draft for draft in paid_micro if draft.key not in SHOWN_EMPLOYERS],
        CLOSED + PAUSED + WAITING,
    )
    for draft in chosen[:CLOSED]:
        _close(draft.role, at - timedelta(days=chance.randint(80, 130)))
    for draft in chosen[CLOSED : CLOSED + PAUSED]:
        draft.role.status = RoleStatus.PAUSED
        draft.role.paused_at = at - timedelta(hours=chance.randint(4, 20))
    for draft in chosen[CLOSED + PAUSED :]:
        draft.role.status = RoleStatus.IN_REVIEW
        draft.role.submitted_at = at - timedelta(hours=chance.randint(2, 30))
        draft.role.opened_at = draft.role.confirmed_at = None
        draft.role.version = 2


def _earlier_rounds(drafts: list[Draft], *, at: datetime) -> list[Draft]:
    """Return what some roles of each format were some months ago: closed, and long answered."""
    chance = dice("earlier rounds")
    rounds = []
    for name in FORMATS:
        now_open = [
            draft
            for draft in drafts
            if draft.role.format == name
            and draft.role.status == RoleStatus.OPEN
            and draft.key not in SHOWN_EMPLOYERS
        ]
        for draft in chance.sample(now_open, min(EARLIER, len(now_open))):
            closed = at - timedelta(weeks=draft.role.weeks or 0)
            opened = closed - timedelta(days=chance.randint(80, 130))
            rounds.append(_round(draft, "earlier round", opened))
    return rounds


def _last_year(drafts: list[Draft], *, at: datetime) -> list[Draft]:
    """Return short roles of one field that opened in the same month of last year."""
    chance = dice("last year")
    field_of_work, number = SEASONAL
    months = at.year * 12 + at.month - 1 + SEASON - 12
    month = at.replace(year=months // 12, month=months % 12 + 1, day=1)
    alike = [
        draft
        for draft in drafts
        if draft.role.field == field_of_work
        and draft.role.kind == Kind.MICRO
        and (draft.role.hours_total or 0) <= SEASONAL_HOURS
        and draft.role.status == RoleStatus.OPEN
    ]
    return [
        _round(draft, str(month.year), month + timedelta(days=chance.randint(0, 26)))
        for draft in alike[:number]
    ]


def _round(draft: Draft, name: str, opened: datetime) -> Draft:
    """Return what a role was when it was open before."""
    role = copy.copy(draft.role)
    role.title = f"{role.title} ({name})"
    role.external_id = role.title
    _close(role, opened)
    role.public_id = public_id("opp", role.title, at=opened)
    return replace(draft, role=role, is_earlier=True)


def _close(role: Opportunity, opened: datetime) -> None:
    role.created_at, role.changed_at = opened - timedelta(days=3), opened - timedelta(days=1)
    role.submitted_at = opened - timedelta(hours=9)
    role.opened_at = role.confirmed_at = opened
    role.apply_by = (opened + timedelta(days=12)).date()
    role.start_earliest = role.apply_by + timedelta(days=4)
    role.start_latest = role.start_earliest + timedelta(days=10)
    role.status = RoleStatus.CLOSED
    role.closed_at = opened + timedelta(days=13)
    role.closed_because = ClosedBecause.EMPLOYER
    role.outcome = RoleOutcome.FILLED_HERE
    role.capacity = 4
