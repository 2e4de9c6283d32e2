"""The benchmark of the web server measures what is answered, and stops where it is refused."""

import pytest
from django.conf import settings
from django.test import Client

from tests.benchmarks import visiting
from tests.benchmarks.bench_mixed_load import require_answers
from tests.factories import UserFactory


@pytest.mark.django_db
def test_the_site_takes_the_sessions_of_its_people():
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = visiting._session_of(UserFactory(confirmed=True))

    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("statuses", "busy"),
    [
        ({"401": 60}, False),
        ({"sign-in": 60}, False),
        ({"TimeoutError": 1, "200": 59}, False),
        ({"302": 59, "503": 1}, False),
        ({"302": 59, "500": 1}, True),
        ({"503": 60}, True),
        ({}, False),
    ],
    ids=str,
)
def test_a_run_that_is_refused_stops_and_says_so(statuses, busy):
    with pytest.raises(SystemExit, match="apply was not served"):
        require_answers({"statuses": {"apply": statuses}}, may_be_busy=busy)


@pytest.mark.parametrize(
    ("statuses", "busy"), [({"200": 3, "302": 57}, False), ({"302": 40, "503": 9, "429": 1}, True)]
)
def test_a_run_that_is_served_goes_on(statuses, busy):
    require_answers({"statuses": {"apply": statuses}}, may_be_busy=busy)
