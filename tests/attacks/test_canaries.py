"""Secrets that are planted in every place where one is typed or followed are found in no log."""

import io
import logging
import re

import pytest
from celery.app.trace import trace_task
from django.test import Client
from rest_framework.test import APIClient
from structlog.stdlib import ProcessorFormatter

from config.celery import app
from opportunities.accounts.models import SCOPES
from opportunities.roles import search
from tests.api.test_tokens import token_of
from tests.factories import PASSWORD, CandidateProfileFactory, UserFactory

pytestmark = pytest.mark.django_db

CANARY = "canary0f7be2c9d4a1"

FOLLOWED = (
    "/k/{}/", "/employer/verify/{}/", "/employer/join/{}/", "/notices/stop/{}/",
    "/opportunities/?q={}", "/api/v1/opportunities?q={}", "/places/?q={}", "/api/v1/skills?q={}",
)  # fmt: skip
"""Addresses that hold a secret, or what somebody looks for."""

SENT = (
    ("/api/v1/verifications/confirm", "secret"),
    ("/api/v1/invitations/accept", "secret"),
    ("/api/v1/profile/adopt", "secret"),
    ("/api/v1/profile/erase", "confirm"),
    ("/api/v1/credentials/verify", "jwt"),
)


@pytest.fixture
def logged():
    """Return what production writes, by the formatter of its settings."""
    root, written = logging.getLogger(), io.StringIO()
    formats = [handler.formatter for handler in root.handlers]
    handler = logging.StreamHandler(written)
    handler.setFormatter(next(each for each in formats if isinstance(each, ProcessorFormatter)))
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def assert_kept(logged):
    """Fail unless something was written, and nothing of the secret."""
    assert '"logger": "request"' in logged.getvalue()
    assert CANARY not in logged.getvalue()


@pytest.mark.parametrize("address", FOLLOWED)
@pytest.mark.parametrize("person", ["nobody", "somebody"])
def test_no_log_names_what_an_address_holds(logged, address, person):
    client = Client()
    if person == "somebody":
        client.force_login(UserFactory())

    client.get(address.format(CANARY), follow=True)
    client.post(address.format(CANARY), follow=True)

    assert_kept(logged)


@pytest.mark.parametrize(("address", "field"), SENT)
def test_no_log_names_what_is_sent(logged, address, field):
    api = token_of(CandidateProfileFactory(user__confirmed=True).user, *SCOPES)

    api.post(address, {field: CANARY})

    assert_kept(logged)


def test_no_log_names_a_password_or_a_token(logged):
    person = UserFactory(confirmed=True)
    for login, password in ((person.email, CANARY), (f"{CANARY}@example.org", PASSWORD)):
        Client().post("/accounts/login/", {"login": login, "password": password})
    APIClient(headers={"Authorization": f"Bearer {CANARY}"}).get("/api/v1/me")

    assert_kept(logged)


class TestTasks:
    """What a task is called with and what breaks it may speak of a person."""

    @pytest.fixture
    def broken(self):
        @app.task(name="tests.broken", bind=True, max_retries=1)
        def broken(self, *, whom, again=False):
            try:
                {}[whom]
            except KeyError as error:
                if again:
                    raise self.retry(exc=error, countdown=0) from error
                raise ValueError(f"{whom} is no number") from error

        yield broken
        app.tasks.unregister(broken.name)

    @pytest.mark.parametrize("again", [False, True], ids=["failed", "tried again"])
    def test_the_log_says_which_failed_and_where_and_nothing_more(self, logged, broken, again):
        logging.getLogger("celery.app.trace").setLevel(logging.INFO)
        arguments = {"whom": CANARY, "again": again}
        request = {"id": "id-of-it", "kwargsrepr": repr(arguments), "called_directly": False}
        trace_task(broken, "id-of-it", (), arguments, request | {"is_eager": True}, app=app)

        written = logged.getvalue()
        assert f"Task tests.broken[id-of-it] {'retry' if again else 'raised unexpected'}" in written
        if not again:
            assert re.findall(r'"exc_type": "(\w+)"', written) == ["ValueError", "KeyError"]
            assert "test_canaries.py" in written
        assert CANARY not in written


def test_no_log_of_a_fault_names_what_was_asked(logged, monkeypatch):
    def break_down(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(search, "search", break_down)
    client = Client(raise_request_exception=False)

    for address in ("/opportunities/", "/api/v1/opportunities"):
        assert client.get(address, {"q": CANARY}).status_code == 500

    assert "broken" in logged.getvalue()
    assert_kept(logged)
