"""Fixtures that every test may ask for."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from _pytest import runner
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.conf import settings
from django.core.cache import caches
from django.test import Client, TransactionTestCase
from hypothesis import settings as hypothesis_settings

from config.python_stack import in_one_piece
from opportunities.accounts import second_factor
from opportunities.core import bounded_reading, heartbeats
from tests.api.contract import breaches
from tests.chromium import chromium
from tests.emptying import Emptying
from tests.forked_inspector import Forking, forking

# A machine that is busy with something else fails no test.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser tests where no Chromium is found, unless REQUIRE_BROWSER forbids it."""
    if chromium() or os.environ.get("REQUIRE_BROWSER"):
        return
    browser = Path(__file__).parent / "journeys" / "browser"
    for item in items:
        if browser in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="no Chromium here; .ci/run installs it"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Run each test with room for its calls, as requests have it."""
    return in_one_piece(runner.pytest_runtest_protocol)(item, nextitem)


@pytest.fixture(scope="session", autouse=True)
def _leave_files_their_time() -> Iterator[None]:
    """Judge files by what they hold: the script's own bound, of processor time, stays as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded_reading, "SECONDS", 180)
        yield


@pytest.fixture(scope="session", autouse=True)
def _leave_codes_their_half_minute() -> Iterator[None]:
    """Stop the clock by which codes of apps age: none gets too old between two lines of a test."""
    started = time.time()
    stopped = SimpleNamespace(time=lambda: started)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "time", stopped)
        yield


@pytest.fixture(scope="session")
def forks() -> Iterator[Forking]:
    """Return what looks into files without starting Python for each."""
    with forking(str(bounded_reading.INSPECTOR)) as found:
        yield found


@pytest.fixture
def inspected_by_forks(forks: Forking, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be looked into by forks of one process, for tests of many files."""
    monkeypatch.setattr(bounded_reading, "subprocess", forks)


@pytest.fixture(scope="session", autouse=True)
def _empty_the_database_by_deleting() -> Iterator[None]:
    emptying = Emptying()

    def empty(case: TransactionTestCase) -> None:
        emptying.after(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Start every test that meets the database with its throttles at zero and no page kept."""
    if "django_db_setup" in request.fixturenames or request.node.get_closest_marker("django_db"):
        for cache in caches.all():
            cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _hold_the_api_to_its_schema() -> Iterator[None]:
    """Fail whichever test is answered by the API otherwise than the committed schema says."""
    plain = Client.request

    def request(client: Client, **environ: Any) -> Any:
        response = plain(client, **environ)
        assert breaches(response) == []
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield


@pytest.fixture
def nobody_beats() -> None:
    """Let no worker and no task have been seen, whatever ran before."""
    client = heartbeats.broker()
    for key in client.scan_iter("heartbeat:*"):
        client.delete(key)


@pytest.fixture(scope="session", autouse=True)
def _force_login_with_a_second_factor() -> Iterator[None]:
    """Let ``force_login``, which passes every form by, stand for a sign-in with all that is asked.

    What a password alone opens is tested in ``tests/attacks``, through the forms.
    """
    plain = Client.force_login

    def force_login(client: Client, user: Any, backend: str | None = None) -> None:
        if settings.SESSION_COOKIE_NAME in client.cookies:
            plain(client, user, backend)
        else:  # else Django would store an empty session, only to put another in its place
            with mock.patch.object(Client, "session", None):
                plain(client, user, backend)
        if not second_factor.demand_on(user).is_needed:
            return
        factor, _ = Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {}}
        )
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "mfa", "at": time.time(), "id": factor.pk, "type": "totp"}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_login)
        yield
