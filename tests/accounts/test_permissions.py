"""Each predicate says of one row what its queryset says of many, over every state and viewer."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from opportunities.accounts.permissions import FOREVER, require_active
from opportunities.applications.models import Application
from opportunities.applications.permissions import can_view_application
from opportunities.core.errors import NotAllowed
from opportunities.core.lifecycle import ApplicationStatus, RoleStatus
from opportunities.employers.models import EmployerStatus
from opportunities.employers.permissions import (
    can_moderate_employer,
    can_view_employer,
    is_member,
    is_owner,
    members_of,
)
from opportunities.roles.models import Opportunity
from opportunities.roles.permissions import can_moderate, can_view
from tests.factories import (
    ApplicationFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

EMPLOYERS: dict[str, dict[str, bool]] = {
    EmployerStatus.ACTIVE: {},
    EmployerStatus.SUSPENDED: {"suspended": True},
    EmployerStatus.BLOCKED: {"blocked": True},
}


def roles() -> list[Opportunity]:
    """Return a role in every state of every kind of employer, hidden or not, past or not."""
    made = []
    for facts, status, hidden, past in product(
        EMPLOYERS.values(), RoleStatus, [False, True], [False, True]
    ):
        traits = {} if status == "draft" else {status: True}
        made.append(
            OpportunityFactory(
                employer=EmployerFactory(**facts),
                past=past,
                hidden_at=timezone.now() if hidden else None,
                **traits,
            )
        )
    return made


def viewers(about: list[Opportunity]) -> dict[str, Any]:
    """Return one viewer of every kind; the related ones are related to every role."""
    made = {
        "anonymous": AnonymousUser(),
        "stranger": UserFactory(),
        "inactive": UserFactory(is_active=False),
        "member": UserFactory(),
        "owner": UserFactory(),
        "applicant": UserFactory(),
        "moderator": UserFactory(moderator=True),
        "own moderator": UserFactory(moderator=True),
        "administrator": UserFactory(admin=True),
        "other employer": MembershipFactory(owner=True).user,
    }
    applications = [
        ApplicationFactory(opportunity=role, profile__user=UserFactory()) for role in about
    ]
    profile = applications[0].profile
    profile.user = made["applicant"]
    profile.save()
    for application in applications[1:]:
        application.profile = profile
        application.save()
    for role in about:
        for name in ("member", "owner", "own moderator"):
            MembershipFactory(employer=role.employer, user=made[name], owner=name == "owner")
    return made


def test_what_one_may_view_is_what_the_queryset_gives() -> None:
    about = roles()

    for name, viewer in viewers(about).items():
        seen = set(Opportunity.objects.visible_to(viewer))
        may = {role for role in about if can_view(viewer, role)}
        assert seen == may, name


def test_who_sees_what_is_as_the_product_says() -> None:
    about = roles()
    count = {
        name: Opportunity.objects.visible_to(viewer).count()
        for name, viewer in viewers(about).items()
    }

    public = 2 * 2 * 2  # open or closed, of an active employer
    assert count["anonymous"] == count["stranger"] == count["other employer"] == public
    assert {count[name] for name in ("member", "owner", "applicant", "moderator")} == {len(about)}


def test_an_open_role_is_what_the_queryset_gives() -> None:
    about = roles()
    at = timezone.now()

    assert {role for role in about if role.is_open(at=at)} == set(Opportunity.objects.open(at=at))


@pytest.mark.parametrize("status", ApplicationStatus)
def test_whose_application_one_may_view_is_what_the_queryset_gives(status: str) -> None:
    trait = {} if status == "submitted" else {status: True}
    application = ApplicationFactory(**trait)
    people = {
        "anonymous": AnonymousUser(),
        "stranger": UserFactory(),
        "applicant": application.profile.user,
        "member": MembershipFactory(employer=application.opportunity.employer).user,
        "moderator": UserFactory(moderator=True),
        "administrator": UserFactory(admin=True),
    }

    seen = {
        name
        for name, person in people.items()
        if Application.objects.visible_to(person).filter(pk=application.pk).exists()
    }

    assert seen == {name for name, who in people.items() if can_view_application(who, application)}
    assert seen == {"applicant", "member"}


def test_moderators_never_decide_on_their_own() -> None:
    role = OpportunityFactory(in_review=True)
    own = MembershipFactory(employer=role.employer, user=UserFactory(moderator=True)).user

    assert can_moderate(UserFactory(moderator=True), role)
    assert not can_moderate(own, role)
    assert not can_moderate_employer(own, role.employer)
    assert not can_moderate(UserFactory(), role)
    assert not can_moderate(AnonymousUser(), role)


def test_a_suspension_ends_at_its_moment() -> None:
    at = timezone.now()
    person = UserFactory(suspended_until=at)

    with pytest.raises(NotAllowed, match="suspended until"):
        require_active(person, at=at - timedelta(seconds=1))
    require_active(person, at=at)
    require_active(UserFactory(), at=at)


def test_who_is_blocked_is_told_no_day() -> None:
    person = UserFactory(suspended_until=FOREVER)

    with pytest.raises(NotAllowed, match="account is blocked") as refusal:
        require_active(person, at=timezone.now())

    assert "9999" not in str(refusal.value)


def test_who_acts_for_an_employer_and_sees_it() -> None:
    employer = EmployerFactory()
    people = {
        "anonymous": AnonymousUser(),
        "stranger": UserFactory(),
        "member": MembershipFactory(employer=employer).user,
        "owner": MembershipFactory(employer=employer, owner=True).user,
        "other owner": MembershipFactory(owner=True).user,
        "moderator": UserFactory(moderator=True),
        "own moderator": MembershipFactory(
            employer=employer, user=UserFactory(moderator=True)
        ).user,
    }
    team = {"member", "owner", "own moderator"}

    assert {name for name, who in people.items() if is_member(who, employer.pk)} == team
    assert {name for name, who in people.items() if is_owner(who, employer.pk)} == {"owner"}
    assert {name for name, who in people.items() if can_view_employer(who, employer)} == set(people)
    for lost in (EmployerStatus.SUSPENDED, EmployerStatus.BLOCKED):
        employer.status = lost
        seen = {name for name, who in people.items() if can_view_employer(who, employer)}
        assert seen == team | {"moderator"}


def test_a_team_is_its_members_whose_accounts_are_alive() -> None:
    first = MembershipFactory()
    second = MembershipFactory(employer=first.employer, owner=True)
    MembershipFactory(employer=first.employer, user=UserFactory(is_active=False))
    MembershipFactory()

    assert members_of(first.employer) == [first.user, second.user]
    assert members_of(first.employer.pk) == [first.user, second.user]
