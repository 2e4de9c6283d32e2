"""Every list takes as many queries for many rows as for a few, and no more than its budget."""

from dataclasses import dataclass

import pytest
from django.core.cache import caches
from django.db import connection
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


@pytest.fixture
def world():
    profile = CandidateProfileFactory(portfolio_is_public=True)
    employer, owner = employer_with_owner(verified=True)
    return World(profile.user, profile, owner, employer, UserFactory(moderator=True))


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


@pytest.mark.parametrize(("address", "person", "budget"), [(a, *rest) for a, rest in LISTS.items()])
def test_a_list_takes_a_fixed_number_of_queries(client, world, address, person, budget):
    path = address.format(employer=world.employer.slug, profile=world.profile.public_id)
    if person:
        client.force_login(getattr(world, person))
    world.grow(FEW)
    client.get(path)  # what a process learns once
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as few:
        short = client.get(path)
    world.grow(MANY - FEW)
    caches["pages"].clear()

    with CaptureQueriesContext(connection) as many:
        long = client.get(path)

    assert (short.status_code, long.status_code) == (200, 200)
    assert len(long.content) > len(short.content)
    assert len(many) == len(few)
    assert len(many) <= budget, [query["sql"][:90] for query in many]
