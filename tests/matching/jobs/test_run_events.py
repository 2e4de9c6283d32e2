"""A run can be followed: an event for every step, a last one, and room for few followers."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission

from matching.jobs import run_events
from matching.jobs.runs import steps
from matching.models import Run, RunState
from tests.factories import UserFactory

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return steps.request_run(at=NOW)


@pytest.fixture
def operator():
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="rebuild_matches"))
    return user


def events(run_id, steps=(), **more):
    """Follow a run that takes the next of these steps in every pause; return what was sent."""
    left = iter(steps)

    def step(_):
        for changes in left:
            Run.objects.filter(pk=run_id).update(**changes)
            return

    following_it = run_events.follow(
        run_id, clock=lambda: NOW + timedelta(seconds=9), sleep=step, **more
    )
    return b"".join(following_it).decode()


def told(text):
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]


def test_each_step_is_told_once_and_the_end_ends_it(run, settings):
    settings.RUN_EVENTS_SECONDS = 60
    Run.objects.filter(pk=run.pk).update(candidate_count=9)

    text = events(
        run.pk,
        steps=[
            {"state": RunState.RANKING, "done": 4},
            {},
            {"done": 9, "state": RunState.PUBLISHED, "finished_at": NOW + timedelta(seconds=3)},
        ],
    )

    assert told(text) == [
        {"state": "packing", "done": 0, "total": 9, "seconds": 9.0},
        {"state": "ranking", "done": 4, "total": 9, "seconds": 9.0},
        {"state": "published", "done": 9, "total": 9, "seconds": 3.0},
    ]
    assert text.startswith("retry: 1000\n\nid: packing-0\nevent: progress\n")
    assert text.split("\n\n")[-2].startswith("id: published-9\nevent: end\n")


def test_who_comes_back_is_told_what_is_new_and_sent_away_in_time(run, settings):
    settings.RUN_EVENTS_SECONDS = 31

    text = events(run.pk, seen="packing-0")

    assert told(text) == []
    assert text.count(": still here\n\n") == 2


def test_only_few_follow_at_once_and_each_gives_its_place_back(run):
    others = [run_events.follow(run.pk, clock=lambda: NOW) for _ in range(2)]
    for other in others:
        next(other)

    assert run_events.is_full()
    assert events(run.pk) == "retry: 5000\n\n"

    others[0].close()
    assert not run_events.is_full()
    assert told(events(run.pk))
    others[1].close()


class TestAddress:
    def test_streams_to_who_may_see_the_run(self, client, run, operator):
        url = f"/api/v1/match-runs/{run.public_id}/events"
        client.force_login(UserFactory())
        assert client.get(url, headers={"Accept": "text/event-stream"}).status_code == 404

        client.force_login(operator)
        answer = client.get(url, headers={"Accept": "text/event-stream"})

        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/event-stream"
        assert answer["Cache-Control"] == "no-store"
        assert told(b"".join(answer.streaming_content).decode())[0]["state"] == "packing"

    def test_tells_who_has_seen_the_end_to_stop(self, client, run, operator):
        Run.objects.filter(pk=run.pk).update(state=RunState.CANCELLED, finished_at=NOW)
        client.force_login(operator)
        url = f"/api/v1/match-runs/{run.public_id}/events"

        seen = client.get(url, headers={"Last-Event-ID": "cancelled-0"})

        assert seen.status_code == 204

    def test_sends_away_whom_it_has_no_room_for(self, client, run, operator, monkeypatch):
        monkeypatch.setattr(run_events, "is_full", lambda: True)
        client.force_login(operator)

        answer = client.get(f"/api/v1/match-runs/{run.public_id}/events")

        assert answer.status_code == 429
        assert answer["Retry-After"] == "5"
