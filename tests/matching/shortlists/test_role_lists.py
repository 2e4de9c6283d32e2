"""The list of a role: who may be shown is settled when it is read, who is on it now and then."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from matching.models import OwedWork, RoleList, Subject
from matching.shortlists import queries
from matching.store import live
from opportunities.candidates.models import Visibility
from opportunities.core import nudge
from opportunities.core.lifecycle import RoleStatus
from opportunities.privacy import erase as erasing
from tests.factories import (
    ApplicationFactory,
    BlockedEmployerFactory,
    CandidateProfileFactory,
    MembershipFactory,
    OpportunityFactory,
)
from tests.matching.markets import edit_profile, edit_role, publish, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    live.forget()
    monkeypatch.setattr(nudge, "send", lambda *_, **__: False)
    yield
    live.forget()


@pytest.fixture
def role():
    return OpportunityFactory(open=True, mode="remote", start_latest=None)


def candidate(**facts):
    return CandidateProfileFactory(visibility=Visibility.OPEN, **facts)


def shown(role, *, at=None, limit=10) -> set[str]:
    """Return the headlines that an employer is shown."""
    member = MembershipFactory(employer=role.employer)
    found = queries.candidates_of(role, actor=member.user, at=at or timezone.now(), limit=limit)
    return {one.headline for one in found}


def hide(profile, role):
    edit_profile(profile, at=timezone.now(), visibility=Visibility.HIDDEN)


def block(profile, role):
    BlockedEmployerFactory(profile=profile, employer=role.employer)


def erase(profile, role):
    erasing.erase(owner=profile.user, at=timezone.now())


def apply(profile, role):
    ApplicationFactory(profile=profile, opportunity=role)


@pytest.mark.parametrize("leave", [hide, block, erase, apply])
def test_who_leaves_after_the_list_was_stored_is_not_shown_from_that_moment(role, leave):
    gone, stays = candidate(headline="Gone"), candidate(headline="Stays")
    publish()
    assert set(RoleList.objects.get(pk=role.pk).ids) == {gone.pk, stays.pk}
    assert shown(role) == {"Gone", "Stays"}

    leave(gone, role)

    assert gone.pk in RoleList.objects.get(pk=role.pk).ids
    assert shown(role) == shown(role, limit=1) == {"Stays"}


def test_who_no_longer_passes_the_gates_is_not_shown_once_their_features_follow(role):
    other = candidate(headline="Elsewhere", modes=["remote", "onsite"], regions=["Leeds"])
    publish()

    edit_profile(other, at=timezone.now(), modes=["onsite"])
    work_off(timezone.now())

    assert RoleList.objects.get(pk=role.pk).ids == [other.pk]
    assert shown(role) == set()


def test_the_order_is_that_of_now(role):
    first, second = candidate(headline="First"), candidate(headline="Second")
    publish()
    listed = RoleList.objects.get(pk=role.pk)
    RoleList.objects.filter(pk=role.pk).update(ids=listed.ids[::-1])

    member = MembershipFactory(employer=role.employer)
    found = queries.candidates_of(role, actor=member.user, at=timezone.now())

    assert listed.ids == [first.pk, second.pk]
    assert [one.headline for one in found] == ["First", "Second"]


class TestAge:
    def test_a_list_that_is_looked_at_is_asked_for_when_it_is_old_and_only_once(self, role):
        candidate(headline="Before")
        publish()
        candidate(headline="After")
        now = timezone.now()
        old = now + settings.ROLE_LIST_MAX_AGE + timedelta(seconds=1)

        assert shown(role, at=now) == {"Before"}
        assert not OwedWork.objects.outstanding().exists()
        assert shown(role, at=old) == {"Before"}
        assert shown(role, at=old) == {"Before"}
        owed = OwedWork.objects.outstanding().get()
        assert (owed.kind, owed.subject_id, owed.wanted - owed.done) == (Subject.ROLE, role.pk, 1)

    def test_a_list_that_bears_a_moment_to_come_is_asked_for(self, role):
        candidate(headline="Before")
        publish()

        assert shown(role, at=timezone.now() - timedelta(hours=1)) == {"Before"}

        assert OwedWork.objects.outstanding().get().subject_id == role.pk

    def test_the_list_that_was_asked_for_has_everybody(self, role):
        candidate(headline="Before")
        publish()
        newcomer = candidate(headline="After")
        edit_profile(newcomer, at=timezone.now())
        work_off(timezone.now())
        later = timezone.now() + settings.ROLE_LIST_MAX_AGE + timedelta(seconds=1)
        assert shown(role, at=later) == {"Before"}

        work_off(later)

        assert RoleList.objects.get(pk=role.pk).computed_at == later
        assert shown(role, at=later) == {"Before", "After"}
        assert not OwedWork.objects.outstanding().exists()

    def test_a_list_that_is_missing_is_asked_for(self, role):
        candidate(headline="Somebody")
        publish()
        RoleList.objects.all().delete()

        assert shown(role) == set()
        work_off(timezone.now())
        assert shown(role) == {"Somebody"}

    def test_of_a_closed_role_none_is_asked_for(self, role):
        publish()
        edit_role(role, at=timezone.now(), status=RoleStatus.CLOSED, closed_at=timezone.now())
        work_off(timezone.now())

        assert shown(role) == set()
        assert not OwedWork.objects.outstanding().exists()
