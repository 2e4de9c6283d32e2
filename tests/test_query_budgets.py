"""Every list takes as many queries for many rows as for a few, and no more than its budget."""

from dataclasses import dataclass

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opportunities.accounts.models import User
from opportunities.candidates.models import CandidateProfile
from opportunities.employers.models import Employer
from tests.factories import (
    AppealFactory,
    ApplicationFactory,
    BlockedEmployerFactory,
    CandidateProfileFactory,
    CompletionFactory,
    CompletionSkillFactory,
    DecisionFactory,
    DeliverableFactory,
    EmployerFactory,
    ImportJobFactory,
    LetterFactory,
    MembershipFactory,
    MessageFactory,
    NoticeFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    ReportFactory,
    ReviewFactory,
    RoleInvitationFactory,
    RolePostFactory,
    SanctionFactory,
    SavedRoleFactory,
    SavedSearchFactory,
    TokenGrantFactory,
    UserFactory,
    WebhookEndpointFactory,
    employer_with_owner,
)
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 7


@dataclass(frozen=True)
class World:
    """Who looks at the lists, and whose rows they hold."""

    candidate: User
    profile: CandidateProfile
    owner: User
    employer: Employer
    moderator: User

    def grow(self, rows):
        """Add so many rows to every list."""
        for _ in range(rows):
            role = OpportunityFactory(open=True, employer=self.employer)
            OpportunitySkillFactory(opportunity=role)
            DeliverableFactory(opportunity=role)
            RolePostFactory(opportunity=role, answered=True)
            applied = ApplicationFactory(profile=self.profile, opportunity=role)
            MessageFactory(application=applied)
            done = ApplicationFactory(
                profile=self.profile,
                opportunity=OpportunityFactory(open=True, employer=self.employer),
                completed=True,
            )
            signed = CompletionFactory(application=done, signed=True, is_public=True)
            CompletionSkillFactory(completion=signed)
            ReviewFactory(completion=signed)
            RoleInvitationFactory(profile=self.profile)
            SavedRoleFactory(profile=self.profile)
            SavedSearchFactory(profile=self.profile)
            BlockedEmployerFactory(profile=self.profile)
            NoticeFactory(recipient=self.candidate)
            LetterFactory()
            TokenGrantFactory(user=self.owner)
            MembershipFactory(user=self.owner, employer=EmployerFactory(verified=True))
            MembershipFactory(employer=self.employer)
            ImportJobFactory(employer=self.employer)
            WebhookEndpointFactory(employer=self.employer)
            OpportunityFactory(in_review=True)
            ReportFactory()
            AppealFactory(decision=DecisionFactory())
            SanctionFactory(in_force=True)
            SanctionFactory(in_force=True, on_account=True)


LISTS = {
    "/opportunities/": ("", 2),
    "/opportunities/?q=survey&kind=micro": ("", 3),  # skills and employers of that name as well
    "/employers/{employer}/": ("", 6),
    "/feeds/opportunities.atom": ("", 4),
    "/feeds/opportunities.json": ("", 4),
    "/feeds/deadlines.ics": ("", 4),
    "/people/{profile}/": ("candidate", 9),
    "/applications/": ("candidate", 9),
    "/saved/": ("candidate", 9),
    "/notices/": ("candidate", 8),
    "/me/": ("candidate", 14),
    "/employer/": ("owner", 22),
    "/employer/team/": ("owner", 8),
    "/employer/imports/": ("owner", 8),
    "/moderate/reports/": ("moderator", 12),
    "/moderate/appeals/": ("moderator", 12),
    "/moderate/log/": ("moderator", 12),
    "/moderate/employers/": ("moderator", 12),
    "/moderate/sanctions/": ("moderator", 12),
    "/api/v1/opportunities": ("", 6),
    "/api/v1/employers": ("", 6),
    "/api/v1/applications": ("candidate", 6),
    "/api/v1/completions": ("candidate", 9),
    "/api/v1/invitations": ("candidate", 6),
    "/api/v1/saved": ("candidate", 7),
    "/api/v1/alerts": ("candidate", 6),
    "/api/v1/notices": ("candidate", 6),
    "/api/v1/profile/blocked-employers": ("candidate", 6),
    "/api/v1/imports": ("owner", 6),
    "/api/v1/webhook-endpoints": ("owner", 6),
}
"""Address, who reads it, and the most queries that it may take."""


@dataclass(frozen=True)
class Read:
    """What a list answered to somebody who came for the first time, and the queries it took."""

    status: int
    length: int
    queries: list[str]


def read(world, address):
    """Read a list of which nothing is kept yet, and leave no trace of it."""
    person, _ = LISTS[address]
    path = address.format(employer=world.employer.slug, profile=world.profile.public_id)
    for cache in caches.all():
        cache.clear()
    with transaction.atomic():
        client = Client()
        if person:
            client.force_login(getattr(world, person))
        with CaptureQueriesContext(connection) as taken:
            response = client.get(path)
        queries = [query["sql"][:90] for query in taken]
        transaction.set_rollback(True)
    return Read(response.status_code, len(response.content), queries)


def grown():
    """Return a world of many rows, and what each list took when it held a few."""
    profile = CandidateProfileFactory(portfolio_is_public=True)
    employer, owner = employer_with_owner(verified=True)
    world = World(profile.user, profile, owner, employer, UserFactory(moderator=True))
    world.grow(FEW)
    for address in LISTS:
        read(world, address)  # what a process learns once
    few = {address: read(world, address) for address in LISTS}
    world.grow(MANY - FEW)
    return world, few


@pytest.fixture(scope="module")
def lists(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker, grown) as made:
        yield made


@pytest.mark.parametrize(("address", "budget"), [(a, most) for a, (_, most) in LISTS.items()])
def test_a_list_takes_a_fixed_number_of_queries(lists, address, budget):
    world, few = lists
    short, long = few[address], read(world, address)

    assert (short.status, long.status) == (200, 200)
    assert long.length > short.length
    assert len(long.queries) == len(short.queries)
    assert len(long.queries) <= budget, long.queries
