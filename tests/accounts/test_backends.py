"""What a session reads of an account: all at once, and as Django itself would read it."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission

from opportunities.accounts.backends import OneHash
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    """Return an account with one permission of its own and two by groups, one of them both."""
    user = UserFactory()
    first, second, other = Permission.objects.order_by("pk")[:3]
    user.user_permissions.add(first)
    for number, permissions in enumerate([[first, second], [second]]):
        group = Group.objects.create(name=f"group {number}")
        group.permissions.add(*permissions)
        user.groups.add(group)
    Group.objects.create(name="of others").permissions.add(other)
    return user


def test_one_question_reads_the_account_and_all_that_it_may_do(user, django_assert_num_queries):
    by_django = ModelBackend().get_all_permissions(user)
    OneHash().get_user(user.pk)

    with django_assert_num_queries(1):
        found = OneHash().get_user(user.pk)
        granted = found.get_all_permissions()

    assert found == user
    assert (found.email, found.date_joined) == (user.email, user.date_joined)
    assert len(granted) == 2
    assert granted == by_django


def test_what_is_taken_away_is_gone_at_the_next_question(user):
    user.groups.clear()
    user.user_permissions.clear()

    assert OneHash().get_user(user.pk).get_all_permissions() == set()


def test_an_account_that_is_off_opens_nothing(user):
    user.is_active = False
    user.save()

    assert OneHash().get_user(user.pk) is None
    assert OneHash().get_user(0) is None


def test_a_superuser_may_do_everything(user):
    user.is_superuser = True
    user.save()

    granted = OneHash().get_user(user.pk).get_all_permissions()

    assert len(granted) == Permission.objects.count()
