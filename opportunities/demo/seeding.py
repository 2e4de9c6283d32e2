"""Fill an empty database with the demo market: the same on every machine, for one moment ``at``.

Everything is stored in one transaction by bulk writes, so no announcement is sent: whoever seeds
computes the matches afterwards. A second call changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from opportunities.applications.models import Application
from opportunities.candidates.alerts import REMIND_DAYS
from opportunities.candidates.models import SavedRole, SavedSearch
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.models import ExchangeRate, PayFloor, Site
from opportunities.demo.accounts import SHOWN_EMPLOYER, Accounts, create_accounts
from opportunities.demo.candidates import Person, plan_people, store_people
from opportunities.demo.chance import dice, public_id
from opportunities.demo.histories import History, plan_histories, store_histories
from opportunities.demo.notices import notices_of
from opportunities.demo.postings import SOURCE, Draft, plan_roles, store_roles
from opportunities.demo.queue import plan_problems, store_reviews
from opportunities.engagements.models import Completion
from opportunities.messaging.models import Notice
from opportunities.roles.models import Opportunity


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many rows of each kind were written; all zero where the market was already there."""

    employers: int = 0
    open_roles: int = 0
    candidates: int = 0
    applications: int = 0
    completions: int = 0
    waiting: int = 0


@transaction.atomic
def seed(*, at: datetime) -> Seeded:
    """Write the demo market unless it is there already; the skills must be loaded."""
    if Opportunity.objects.filter(source=SOURCE).exists():
        return Seeded()
    with connection.cursor() as cursor:
        # Between the statements the market is thought up, which takes a busy machine minutes.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    _set_site()
    accounts = create_accounts(at=at)
    drafts = plan_roles(accounts, at=at)
    people = plan_people(accounts, at=at)
    history = plan_histories(drafts, people, accounts, at=at)
    troubled = plan_problems(drafts, accounts, at=at)
    store_people(people)
    store_roles([*drafts, *troubled])
    store_histories(history)
    store_reviews(drafts, troubled, accounts, at=at)
    _save_roles(people, drafts, at=at)
    _furnish(people[0], drafts, accounts, history, at=at)
    tell_the_planner()
    roles = [draft.role for draft in (*drafts, *troubled)]
    return Seeded(
        employers=len(accounts.employers),
        open_roles=sum(role.status == RoleStatus.OPEN for role in roles),
        candidates=len(people),
        applications=len(history[Application]),
        completions=len(history[Completion]),
        waiting=sum(role.status == RoleStatus.IN_REVIEW for role in roles),
    )


def tell_the_planner() -> None:
    """Have the database look at the site's tables: it believes them empty until it does.

    Theirs alone: until the transaction ends, nobody else could look at those of the server, which
    all of its databases share.
    """
    tables = connection.introspection.django_table_names(include_views=False)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


def _set_site() -> None:
    """Set currency, rates and pay floors where an administrator has not done so."""
    if not Site.objects.exists():
        Site(pk=1, currency="GBP").save(force_insert=True)
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(currency=currency, rate=Decimal(rate))
            for currency, rate in (("EUR", "0.86"), ("USD", "0.78"))
        ],
        ignore_conflicts=True,
    )
    PayFloor.objects.bulk_create(
        [
            PayFloor(country=country, currency=currency, hourly_minor=minor)
            for country, currency, minor in (
                ("GB", "GBP", 1221), ("IE", "EUR", 1350), ("NL", "EUR", 1440),
                ("DE", "EUR", 1282), ("BE", "EUR", 1250), ("PT", "EUR", 700), ("", "GBP", 800),
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _save_roles(people: list[Person], drafts: list[Draft], *, at: datetime) -> None:
    """Let people keep an eye on open roles of their fields, mostly others than those who apply."""
    rows: list[SavedRole] = []
    for draft in drafts:
        role = draft.role
        if role.status != RoleStatus.OPEN or role.opened_at is None:
            continue
        chance = dice("saved", role.title)
        willing = [person for person in people[1:] if role.field in person.profile.interests]
        most = 18 if draft.key == SHOWN_EMPLOYER else 8
        closes_soon = role.apply_by and role.apply_by <= at.date() + timedelta(days=REMIND_DAYS)
        rows += [
            SavedRole(
                profile=person.profile,
                opportunity=role,
                saved_at=role.opened_at + (at - role.opened_at) * chance.random(),
                reminded_at=at if closes_soon else None,
            )
            for person in chance.sample(willing, min(len(willing), chance.randint(most // 2, most)))
        ]
    SavedRole.objects.bulk_create(rows)


def _furnish(
    shown: Person, drafts: list[Draft], accounts: Accounts, history: History, *, at: datetime
) -> None:
    """Give the people whom visitors sign in as something of their own to see."""
    wanted = [
        draft.role
        for draft in drafts
        if draft.role.status == RoleStatus.OPEN and draft.role.field in {"data", "research"}
    ]
    SavedRole.objects.bulk_create(
        SavedRole(profile=shown.profile, opportunity=role, saved_at=at - timedelta(days=number))
        for number, role in enumerate(wanted[2:6], 1)
    )
    SavedSearch.objects.create(
        public_id=public_id("srch", "shown", at=at),
        profile=shown.profile,
        name="Remote data work",
        query="q=data&mode=remote",
        created_at=at - timedelta(days=8),
        looked_at=at - timedelta(days=1),
    )
    notices = notices_of(
        history,
        candidate=shown.user,
        owner=accounts.named["employer@example.org"],
        employer=accounts.employers[SHOWN_EMPLOYER],
        at=at,
    )
    Notice.objects.bulk_create(notices)
