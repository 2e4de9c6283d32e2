"""Operating matching: metrics, the doctor, replay, the admin, and the broker that is away."""

import io
import json
import time
from dataclasses import fields
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from matching import tasks
from matching.jobs import latency, owed_work, replay, watchdog
from matching.jobs.runs import cells, ranking, steps
from matching.management.commands import rebuild_matches
from matching.models import Market, OwedWork, Price, RoleList, Run, RunPart, RunState, Subject
from matching.store import live
from matching.store.frozen import candidates_of_part
from opportunities.candidates.models import CandidateProfile
from opportunities.core import heartbeats
from opportunities.core.errors import NotFound
from tests.factories import UserFactory
from tests.matching.markets import (
    build_market,
    edit_profile,
    fresh_lists,
    live_rankings,
    publish,
    random_edit,
    seen,
    work_off,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_memory():
    live.forget()
    heartbeats.broker().flushdb()


def run_command(name, *arguments):
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


class TestMetrics:
    def scrape(self, client, token="secret"):  # noqa: S107
        return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})

    def test_do_not_exist_without_a_token(self, client, settings):
        settings.METRICS_TOKEN = ""
        assert self.scrape(client).status_code == 404

    def test_refuse_another_token(self, client, settings):
        settings.METRICS_TOKEN = "secret"
        assert self.scrape(client, "guess").status_code == 401
        assert client.get("/metrics").status_code == 401

    def test_tell_what_is_owed_how_old_it_is_and_how_long_changes_took(self, client, settings):
        settings.METRICS_TOKEN = "secret"
        at = timezone.now() - timedelta(seconds=30)
        owed_work.owe(Subject.ROLE, [1, 2], at=at)
        latency.record([0.05, 0.3, 700])

        answer = self.scrape(client)

        samples = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }
        assert samples["matching_owed_rows", (("kind", "role"),)] == 2
        assert 29 < samples["matching_owed_age_seconds", (("kind", "role"),)] < 60
        assert samples["matching_broker_up", ()] == 1
        assert samples["matching_refresh_latency_seconds_count", ()] == 3
        assert samples["matching_refresh_latency_seconds_bucket", (("le", "0.1"),)] == 1
        assert samples["matching_refresh_latency_seconds_sum", ()] == pytest.approx(700.35)

    def test_answer_without_the_broker(self, client, settings):
        settings.METRICS_TOKEN = "secret"
        settings.REDIS_URL = "redis://127.0.0.1:1/0"

        assert "matching_broker_up 0.0" in self.scrape(client).text


class TestDoctor:
    def test_names_what_needs_attention_and_exits_with_one(self):
        owed_work.owe(Subject.ROLE, [1], at=timezone.now() - timedelta(minutes=5))

        out = io.StringIO()
        with pytest.raises(CommandError) as refusal:
            call_command("doctor", "--json", stdout=out)

        found = {line["check"]: line for line in map(json.loads, out.getvalue().splitlines())}
        assert refusal.value.returncode == 1
        assert found["database"]["ok"]
        assert found["migrations"]["ok"]
        assert not found["owed work"]["ok"]
        assert not found["market"]["ok"]
        assert not found["workers"]["ok"]


class TestReplay:
    def test_reproduces_a_past_list_after_the_market_has_moved_on(self):
        at = timezone.now()
        draw = build_market(11, roles=70, candidates=90, at=at)
        run = publish()
        profile = CandidateProfile.objects.order_by("pk")[17]
        then = live_rankings(at=at)[profile.pk]
        for _ in range(15):
            random_edit(draw, at=at)
        work_off(at)
        publish()

        past = replay.replay(run=run, profile_id=profile.pk)

        assert (past.ids, past.scores, past.is_same) == (*then, True)
        assert then != live_rankings(at=at)[profile.pk]
        told = json.loads(
            run_command("replay_match", "--candidate", profile.public_id, "--run", run.public_id)
        )
        assert len(told["opportunities"]) == len(then[0])
        assert told["same_as_recorded"] is True

    def test_old_runs_keep_their_record_but_not_their_input(self):
        build_market(12, roles=2, candidates=3, at=timezone.now())
        first = publish()
        for _ in range(3):
            publish()

        with pytest.raises(CommandError, match="no longer kept"):
            run_command(
                "replay_match",
                "--candidate",
                CandidateProfile.objects.first().public_id,
                "--run",
                first.public_id,
            )
        first.refresh_from_db()
        assert len(first.input_digest) == 64
        assert first.parts.get().digests is None

    def test_notices_a_digest_or_an_input_that_was_changed(self):
        at = timezone.now()
        build_market(24, roles=20, candidates=12, at=at)
        run = publish()
        one, other = CandidateProfile.objects.order_by("pk")[4:6]
        part = run.parts.get()
        whole = bytes(part.digests)
        first = 16 * 4
        swapped = whole[:first] + whole[first + 16 : first + 32] + whole[first : first + 16]

        other_byte = bytes([whole[first] ^ 1])
        run.parts.update(digests=whole[:first] + other_byte + whole[first + 1 :])
        assert not replay.replay(run=run, profile_id=one.pk).is_same
        assert replay.replay(run=run, profile_id=other.pk).is_same
        with pytest.raises(CommandError, match="does not have the digest"):
            run_command("replay_match", "--candidate", one.public_id, "--run", run.public_id)

        run.parts.update(digests=swapped + whole[first + 32 :])
        assert not replay.replay(run=run, profile_id=one.pk).is_same

        run.parts.update(digests=whole)
        assert replay.replay(run=run, profile_id=one.pk).is_same
        past = replay.replay(run=run, profile_id=one.pk)
        best = Price.objects.get(version=run.pk, opportunity_id=past.ids[0])
        for dearer, same_order in ((1, True), (40 * 10_000, False)):
            best.price += dearer
            best.save(update_fields=["price"])
            cells.arrange.cache_clear()
            changed = replay.replay(run=run, profile_id=one.pk)
            assert (changed.ids == past.ids) is same_order
            assert not changed.is_same
        cells.arrange.cache_clear()


class TestErased:
    def test_nothing_of_them_stays_in_past_runs_and_others_replay_byte_for_byte(self):
        at = timezone.now()
        build_market(18, roles=40, candidates=30, at=at)
        run = publish()
        erased, other = CandidateProfile.objects.order_by("pk")[3:5]
        then = live_rankings(at=at)[other.pk]
        part = run.parts.get()
        before = features_of(part, erased.pk), features_of(part, other.pk)
        shared = set(before[0]) & set(before[1])

        edit_profile(erased, at=at, erased_at=at)
        work_off(at)
        tasks.reconcile()

        part.refresh_from_db()
        assert part.erased == [erased.pk]
        assert features_of(part, other.pk) == before[1]
        assert set(before[0]) - shared
        assert set(features_of(part, erased.pk)) <= {erased.pk, 0}
        past = replay.replay(run=run, profile_id=other.pk)
        assert (past.ids, past.scores, past.is_same) == (*then, True)
        assert then[0]
        with pytest.raises(NotFound, match="erased"):
            replay.replay(run=run, profile_id=erased.pk)
        tasks.reconcile()
        assert run.parts.get().erased == [erased.pk]

    def test_a_run_on_its_way_keeps_its_input_until_it_ends(self):
        at = timezone.now()
        build_market(19, roles=20, candidates=20, at=at)
        publish()
        run = steps.request_run(at=at)
        [part] = steps.advance(run.pk, clock=timezone.now)
        erased = CandidateProfile.objects.order_by("pk")[3]

        edit_profile(erased, at=at, erased_at=at)
        work_off(at)
        tasks.reconcile()
        assert run.parts.get().erased == []
        ranking.rank_part(part, clock=timezone.now)
        steps.advance(run.pk, clock=timezone.now)
        tasks.reconcile()

        assert run.parts.get().erased == [erased.pk]
        assert seen(at=at) == fresh_lists(at=at)


def features_of(part: RunPart, profile_id: int) -> list[float]:
    """Return every number that a frozen part holds of one candidate."""
    columns, _ = candidates_of_part(part.pk)
    [place] = np.flatnonzero(columns.ids == profile_id)
    one = columns.take(np.array([place]))
    return [
        float(number)
        for column in fields(one)
        if not column.name.endswith("_at")
        for number in getattr(one, column.name).ravel()
    ]


class TestRuns:
    def test_a_cancelled_run_shows_nothing_and_leaves_no_lists(self):
        build_market(13, roles=2, candidates=3, at=timezone.now())
        shown = publish()
        run = steps.request_run(at=timezone.now())
        [part] = steps.advance(run.pk, clock=timezone.now)
        steps.cancel(run.pk, at=timezone.now())
        ranking.rank_part(part, clock=timezone.now)
        steps.advance(run.pk, clock=timezone.now)

        run.refresh_from_db()
        assert run.state == RunState.CANCELLED
        assert Market.load().run_id == shown.pk
        assert not RoleList.objects.filter(version=run.pk).exists()
        with pytest.raises(steps.NotNow):
            steps.cancel(run.pk, at=timezone.now())

    def test_of_two_at_once_the_newer_stays(self):
        build_market(14, roles=3, candidates=4, at=timezone.now())
        older = steps.request_run(at=timezone.now())
        parts = steps.advance(older.pk, clock=timezone.now)

        newer = publish()
        for part in parts:
            ranking.rank_part(part, clock=timezone.now)
        steps.advance(older.pk, clock=timezone.now)

        older.refresh_from_db()
        assert older.state == RunState.SUPERSEDED
        assert Market.load().run_id == newer.pk

    def test_a_part_ranked_twice_counts_once(self):
        build_market(15, roles=3, candidates=4, at=timezone.now())
        run = steps.request_run(at=timezone.now())
        [part] = steps.advance(run.pk, clock=timezone.now)

        assert ranking.rank_part(part, clock=timezone.now) == run.pk
        assert ranking.rank_part(part, clock=timezone.now) is None
        steps.advance(run.pk, clock=timezone.now)

        run.refresh_from_db()
        assert (run.state, run.done) == (RunState.PUBLISHED, 4)

    def test_steps_that_nobody_takes_are_found_and_sent_again(self):
        build_market(16, roles=3, candidates=4, at=timezone.now())
        at = timezone.now()
        run = steps.request_run(at=at)

        assert steps.waiting_runs(at=at) == []
        later = at + timedelta(seconds=20)
        assert steps.waiting_runs(at=later) == [run.pk]
        assert steps.waiting_runs(at=later) == []
        [part] = steps.advance(run.pk, clock=lambda: later)
        assert steps.waiting_parts(at=later + timedelta(seconds=20)) == [part]

    def test_a_part_that_fails_five_times_fails_its_run(self):
        build_market(17, roles=3, candidates=4, at=timezone.now())
        run = steps.request_run(at=timezone.now())
        [part] = steps.advance(run.pk, clock=timezone.now)
        run.parts.update(attempts=5)

        later = timezone.now() + timedelta(seconds=20)
        assert steps.waiting_parts(at=later) == []

        run.refresh_from_db()
        assert run.state == RunState.FAILED
        assert str(part) in run.last_error

    def test_a_log_gets_a_line_for_each_tenth_at_most(self):
        build_market(20, roles=2, candidates=3, at=timezone.now())
        run = publish()
        command = rebuild_matches.Command(stdout=io.StringIO(), stderr=io.StringIO())

        command.wait(run)

        assert command.stderr._out.getvalue() == "Published: 100 %\n"
        assert "3 candidates and 2 roles" in command.stdout._out.getvalue()

    def test_the_command_says_what_is_current(self):
        publish()

        assert "up to date" in run_command("rebuild_matches", "--if-needed")
        with pytest.raises(CommandError, match="no run"):
            run_command("rebuild_matches", "--cancel", "run_nothing")


class TestWatchdog:
    def test_a_worker_is_stuck_when_work_is_overdue_and_it_heard_nothing(self):
        assert not watchdog.is_stuck(silent=600)
        owed_work.owe(Subject.ROLE, [1], at=timezone.now() - timedelta(seconds=60))

        assert not watchdog.is_stuck(silent=5)
        assert watchdog.is_stuck(silent=31)

    def test_a_stuck_worker_ends_itself_so_that_its_supervisor_starts_it_again(self, monkeypatch):
        class Ended(BaseException):
            """The process is gone."""

        def end(code):
            raise Ended(code)

        monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0)
        monkeypatch.setattr(watchdog.os, "_exit", end)
        monkeypatch.setattr(watchdog, "connection", SimpleNamespace(close=lambda: None))
        watchdog.note_message()
        owed_work.owe(Subject.ROLE, [1], at=timezone.now() - timedelta(seconds=60))
        monkeypatch.setattr(watchdog._consumer, "received_at", time.monotonic() - 31)

        with pytest.raises(Ended, match=str(watchdog.EXIT_CODE)):
            watchdog._watch()

    def test_parked_work_makes_nobody_stuck(self):
        long_ago = timezone.now() - timedelta(seconds=60)
        owed_work.owe(Subject.ROLE, [1], at=long_ago)
        OwedWork.objects.update(dead_at=long_ago)

        assert not watchdog.is_stuck(silent=600)


class TestAdmin:
    def test_parked_work_is_visible_to_staff_and_can_be_tried_again(self, admin_client_with_mfa):
        at = timezone.now()
        owed_work.owe(Subject.CANDIDATE, [4711], at=at)
        OwedWork.objects.update(dead_at=at, attempts=5, last_error="ValueError: bad facts")

        page = admin_client_with_mfa.get("/admin/matching/owedwork/?dead_at__isempty=0")
        assert "4711" in page.text
        assert "bad facts" in page.text
        admin_client_with_mfa.post(
            "/admin/matching/owedwork/",
            {"action": "try_again", "_selected_action": [OwedWork.objects.get().pk]},
        )

        assert OwedWork.objects.get().dead_at is None

    def test_runs_can_be_stopped(self, admin_client_with_mfa):
        run = steps.request_run(at=timezone.now())

        assert run.public_id in admin_client_with_mfa.get("/admin/matching/run/").text
        admin_client_with_mfa.post(
            "/admin/matching/run/", {"action": "stop", "_selected_action": [run.pk]}
        )

        assert Run.objects.get().cancel_asked_at is not None

    @pytest.fixture
    def admin_client_with_mfa(self, client, settings):
        settings.DEMO = True  # where the second factor is not asked for
        client.force_login(UserFactory(admin=True))
        return client
