"""Accounts, employers and teams."""

from datetime import timedelta

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.utils import timezone
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from opportunities.accounts.models import Draft, User
from opportunities.employers.models import (
    EmailVerification,
    Employer,
    EmployerStatus,
    MemberRole,
    Membership,
    TeamInvitation,
    VerifiedBy,
)
from tests.factories.situations import PASSWORD, days


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        admin = Trait(is_staff=True, is_superuser=True)
        suspended = Trait(suspended_until=LazyFunction(lambda: timezone.now() + timedelta(30)))

    email = Sequence(lambda n: f"person{n}@example.org")
    name = Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def moderator(self, create: bool, extracted: bool | None, **_: object) -> None:
        """Let the account moderate."""
        if create and extracted:
            self.user_permissions.add(Permission.objects.get(codename="moderate_opportunity"))

    @factory.post_generation
    def confirmed(self, create: bool, extracted: bool | None, **_: object) -> None:
        """Confirm the account's email address, as signing up does."""
        if create and extracted:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class EmployerFactory(DjangoModelFactory):
    class Meta:
        model = Employer

    class Params:
        at = LazyFunction(timezone.now)
        verified = Trait(verified_at=SelfAttribute("at"), verified_by=VerifiedBy.DOMAIN)
        suspended = Trait(status=EmployerStatus.SUSPENDED, suspended_until=days(30))
        blocked = Trait(status=EmployerStatus.BLOCKED)

    name = Sequence(lambda n: f"Harbour Studio {n}")
    slug = Sequence(lambda n: f"harbour-studio-{n}")
    domain = Sequence(lambda n: f"harbour{n}.example")
    website = LazyAttribute(lambda row: f"https://{row.domain}/")
    country = "GB"
    created_at = SelfAttribute("at")


class DraftFactory(DjangoModelFactory):
    class Meta:
        model = Draft

    class Params:
        at = LazyFunction(timezone.now)

    writer = SubFactory(UserFactory)
    page = "/applications/app_1/"
    form = "/applications/app_1/message/"
    name = "text"
    box = Sequence("message-{}".format)
    text = "Half a sentence"
    changed_at = SelfAttribute("at")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    class Params:
        at = LazyFunction(timezone.now)
        owner = Trait(role=MemberRole.OWNER)

    employer = SubFactory(EmployerFactory)
    user = SubFactory(UserFactory)
    role = MemberRole.MEMBER
    joined_at = SelfAttribute("at")


class TeamInvitationFactory(DjangoModelFactory):
    class Meta:
        model = TeamInvitation

    class Params:
        at = LazyFunction(timezone.now)

    employer = SubFactory(EmployerFactory)
    email = Sequence(lambda n: f"invited{n}@example.org")
    secret_digest = Sequence(lambda n: f"{n:064x}")
    created_at = SelfAttribute("at")
    expires_at = days(7)


class EmailVerificationFactory(DjangoModelFactory):
    class Meta:
        model = EmailVerification

    class Params:
        at = LazyFunction(timezone.now)

    employer = SubFactory(EmployerFactory)
    user = SubFactory(UserFactory)
    email = LazyAttribute(lambda row: f"office@{row.employer.domain}")
    secret_digest = Sequence(lambda n: f"{n:064x}")
    created_at = SelfAttribute("at")
    expires_at = days(1)


def employer_with_owner(**employer: object) -> tuple[Employer, User]:
    """Return an employer (verified unless said otherwise) and the person who owns it."""
    membership = MembershipFactory(
        owner=True, employer=EmployerFactory(**{"verified": True, **employer})
    )
    return membership.employer, membership.user
