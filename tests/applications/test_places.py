"""Nobody is promised a place that is not there, whatever happens at once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from opportunities.applications import applying, selecting
from opportunities.applications.applying import Papers
from opportunities.applications.models import Application, ApplicationEvent
from opportunities.candidates.models import CandidateProfile
from opportunities.core.errors import NoPlaceLeft, WrongState
from opportunities.core.lifecycle import ApplicationStatus, RoleStatus
from opportunities.messaging.models import Notice
from opportunities.roles.locking import lock_role
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import ClosedBecause
from tests.applications.together import at_once
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
)
from tests.matching.markets import confirmed_users

pytestmark = pytest.mark.django_db(transaction=True)


def applied(count, role):
    """Return so many waiting applications for a role, each of somebody else."""
    profiles = CandidateProfile.objects.bulk_create(
        CandidateProfileFactory.build(user=user) for user in confirmed_users("applicant", count)
    )
    return Application.objects.bulk_create(
        ApplicationFactory.build(opportunity=role, profile=profile) for profile in profiles
    )


def test_200_simultaneous_offers_on_3_places_give_exactly_3():
    now = timezone.now()
    role = OpportunityFactory(open=True, capacity=3)
    member = MembershipFactory(employer=role.employer).user
    applications = applied(200, role)

    results = at_once(
        [
            partial(selecting.offer, application_id=application.pk, actor=member, at=now)
            for application in applications
        ]
    )

    role.refresh_from_db()
    assert sum(isinstance(result, Application) for result in results) == 3
    assert sum(isinstance(result, NoPlaceLeft) for result in results) == 197
    assert role.seats_held == 3
    assert role.applications.filter(status=ApplicationStatus.OFFERED).count() == 3
    assert ApplicationEvent.objects.filter(action="offer").count() == 3


def test_200_forced_in_offers_accepted_at_once_give_exactly_3():
    now = timezone.now()
    role = OpportunityFactory(open=True, capacity=3)
    MembershipFactory(employer=role.employer)
    applications = applied(200, role)
    role.applications.update(
        status=ApplicationStatus.OFFERED,
        offered_at=now,
        offer_lapses_at=now + timedelta(days=5),
    )

    results = at_once(
        [
            partial(
                applying.accept,
                application_id=application.pk,
                candidate=application.profile.user,
                at=now,
            )
            for application in applications
        ]
    )

    role.refresh_from_db()
    assert sum(isinstance(result, Application) for result in results) == 3
    assert sum(isinstance(result, NoPlaceLeft) for result in results) == 197
    assert role.applications.filter(status=ApplicationStatus.ACCEPTED).count() == 3
    assert role.seats_held == 3


def test_an_application_pressed_ten_times_at_once_exists_once():
    now = timezone.now()
    role = OpportunityFactory(open=True)
    member = MembershipFactory(employer=role.employer).user
    candidate = CandidateProfileFactory().user

    results = at_once(
        [
            partial(
                applying.apply,
                opportunity_id=role.pk,
                candidate=candidate,
                papers=Papers("Ada"),
                at=now,
            )
        ]
        * 10
    )

    only = Application.objects.get()
    assert {result.pk for result in results} == {only.pk}
    assert ApplicationEvent.objects.count() == 1
    assert Notice.objects.filter(recipient=candidate).count() == 1
    assert Notice.objects.filter(recipient=member).count() == 1


def test_in_30_rounds_no_application_enters_a_role_after_it_closed():
    now = timezone.now()
    employer = EmployerFactory(verified=True)
    candidates = [profile.user for profile in CandidateProfileFactory.create_batch(6)]
    for number in range(30):
        role = OpportunityFactory(open=True, employer=employer)
        calls = [
            partial(
                applying.apply,
                opportunity_id=role.pk,
                candidate=candidate,
                papers=Papers("Ada"),
                at=now,
            )
            for candidate in candidates
        ]
        calls.insert(number % 7, partial(close_and_count, role.pk, now))

        results = at_once(calls)

        in_at_close = next(result for result in results if isinstance(result, int))
        applied = sum(isinstance(result, Application) for result in results)
        assert applied + sum(isinstance(result, WrongState) for result in results) == 6
        assert role.applications.count() == in_at_close == applied


@transaction.atomic
def close_and_count(opportunity_id, now):
    """Close as publishing does, and count what is in while the lock is held."""
    role = lock_role(opportunity_id)
    Opportunity.objects.filter(pk=role.pk).update(
        status=RoleStatus.CLOSED, closed_at=now, closed_because=ClosedBecause.EMPLOYER
    )
    return Application.objects.filter(opportunity=role).count()
