"""Who opens the pages of the site in its tests."""

import pytest

from tests.factories import UserFactory


@pytest.fixture
def administrator(client, settings):
    settings.DEMO = True  # the second factor has tests of its own
    user = UserFactory(admin=True)
    client.force_login(user)
    return user
