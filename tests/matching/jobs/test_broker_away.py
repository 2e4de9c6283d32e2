"""The broker and the cache refuse or keep silent: people browse and apply as ever."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from matching import tasks
from matching.jobs.owed_work import OWED
from matching.models import Subject
from opportunities.applications.models import Application
from opportunities.core import nudge
from tests.factories import CandidateProfileFactory, OpportunityFactory, UserFactory
from tests.matching.markets import edit_profile, edit_role

pytestmark = pytest.mark.django_db(transaction=True)


class Silence:
    """A server that lets everyone in and never says a word."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.callers: list[socket.socket] = []
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(path)
        self.listening.listen(50)
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        while True:
            try:
                self.callers.append(self.listening.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        self.listening.close()
        for caller in self.callers:
            caller.close()


@pytest.fixture(params=["refuses", "is silent"])
def away(request, monkeypatch, settings, tmp_path) -> Iterator[Silence | None]:
    """Let both find nobody, or somebody who does not answer; give the latter."""
    silence = Silence(str(tmp_path / "s")) if request.param == "is silent" else None
    path = silence.path if silence else str(tmp_path / "nobody")
    monkeypatch.setattr(
        tasks.refresh.app.conf, "broker_url", f"redis+socket://{path}?virtual_host=0"
    )
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": f"unix://{path}?db=1"},
    }
    nudge.reset()
    yield silence
    nudge.reset()
    if silence:
        silence.close()


def browse_and_apply(client, role) -> list[int]:
    """Return the status of each step."""
    return [
        step().status_code
        for step in (
            lambda: client.get("/opportunities/"),
            lambda: client.get("/api/v1/opportunities"),
            lambda: client.post(
                reverse("opportunities:apply", args=[role.slug, role.public_id]),
                {"name": "Ana Baker"},
            ),
            lambda: client.get("/api/v1/opportunities"),
            lambda: client.get("/"),
        )
    ]


def test_nothing_fails_and_what_is_owed_stands_in_the_database(client, away):
    profile = CandidateProfileFactory(user=UserFactory())
    client.force_login(profile.user)
    role = OpportunityFactory(open=True)

    found = browse_and_apply(client, role)
    edit_profile(profile, at=timezone.now(), goal=0.9)

    assert found == [200, 200, 302, 200, 200]
    assert Application.objects.filter(opportunity=role).exists()
    assert OWED.rows().get().subject_id == profile.pk


def test_one_call_waits_for_silence_and_the_others_ask_nobody(client, away):
    waits = settings.CACHES["default"]["OPTIONS"]
    both = nudge.PATIENCE_SECONDS + waits["socket_timeout"]
    role = OpportunityFactory(open=True)
    cache.get("key")
    nudge.send(tasks.refresh, kind="role", subject_ids=[1])
    asked = len(away.callers) if away else 0

    for _ in range(3):
        cache.get("key")
        assert not nudge.send(tasks.refresh, kind="role", subject_ids=[1])
        assert client.get("/api/v1/opportunities").status_code == 200
        edit_role(role, at=timezone.now())

    assert both < 0.3
    assert (len(away.callers) if away else 0) == asked
    assert asked <= 3


class TestMessage:
    @pytest.fixture(autouse=True)
    def _own_connection(self):
        nudge.reset()
        yield
        nudge.reset()

    def test_a_refused_message_costs_little_once_and_nothing_after(self, monkeypatch):
        monkeypatch.setattr(tasks.refresh.app.conf, "broker_url", "redis://127.0.0.1:1/0")

        began = time.perf_counter()
        tasks.nudge(Subject.ROLE, [1])
        first = time.perf_counter() - began
        began = time.perf_counter()
        for _ in range(20):
            tasks.nudge(Subject.ROLE, [1])
        rest = (time.perf_counter() - began) / 20

        assert first < 0.3
        assert rest < 0.005

    def test_a_silent_broker_costs_no_more_than_a_refusing_one(self, monkeypatch, tmp_path):
        path = str(tmp_path / "silent.sock")
        with socket.socket(socket.AF_UNIX) as silent:
            silent.bind(path)
            silent.listen(5)
            monkeypatch.setattr(
                tasks.refresh.app.conf, "broker_url", f"redis+socket://{path}?virtual_host=0"
            )

            began = time.perf_counter()
            assert not nudge.send(tasks.refresh, kind="role", subject_ids=[1])
            first = time.perf_counter() - began
            began = time.perf_counter()
            assert not nudge.send(tasks.refresh, kind="role", subject_ids=[1])

            assert time.perf_counter() - began < 0.05
            assert first < 2 * nudge.PATIENCE_SECONDS + 0.3
