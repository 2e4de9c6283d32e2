"""Numbers of commits are in the order of commits, and taking one is all that is done in turn."""

import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields

import numpy as np
import pytest
from django.db import connection, transaction
from django.utils import timezone

from matching.jobs import owed_work, refresh
from matching.jobs.runs import ranking, steps
from matching.models import (
    Market,
    OwedWork,
    PackedCandidate,
    PackedRole,
    Price,
    RoleList,
    Subject,
)
from matching.store import advance, live, load_published
from matching.store.write import Moved, store
from opportunities.candidates.models import CandidateProfile
from tests.factories import OpportunityFactory
from tests.matching.markets import (
    build_market,
    edit_profile,
    edit_role,
    fresh_lists,
    publish,
    seen,
)

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20


@pytest.fixture(autouse=True)
def _no_memory():
    live.forget()
    yield
    live.forget()


@contextmanager
def threads(count=4):
    """Give threads whose connections are closed after each piece of work."""
    with ThreadPoolExecutor(count) as pool:

        def begin(work, *arguments, **named) -> Future:
            def run():
                try:
                    return work(*arguments, **named)
                finally:
                    connection.close()

            return pool.submit(run)

        yield begin


def people(count, *, seed):
    build_market(seed, roles=2, candidates=count, at=timezone.now())
    publish()
    return list(CandidateProfile.objects.order_by("pk"))


def packed(profile, **facts):
    """Return the row that a profile would have after an edit."""
    edit_profile(profile, at=timezone.now(), **facts)
    return refresh.pack_profiles([profile.pk], at=timezone.now())


def other_goal(profile) -> float:
    return 0.375 if profile.goal != 0.375 else 0.625


@contextmanager
def held_up_once(monkeypatch):
    """Hold up the first refresh of candidates after it has read; give its signals."""
    reading, go_on = threading.Event(), threading.Event()
    plain = refresh.pack_profiles

    def slow_once(ids, *, at):
        rows = plain(ids, at=at)
        if not reading.is_set():
            reading.set()
            assert go_on.wait(PATIENCE)
        return rows

    monkeypatch.setattr(refresh, "pack_profiles", slow_once)
    yield reading, go_on
    go_on.set()


def is_blocked(future) -> bool:
    time.sleep(0.3)
    return not future.done()


class TestOrder:
    @pytest.mark.parametrize("commits", [True, False], ids=["committed", "rolled back"])
    def test_a_later_number_waits_until_the_earlier_is_committed_or_given_back(self, commits):
        first, second = people(2, seed=61)
        start = Market.load().seq
        rows = [packed(person, goal=other_goal(person)) for person in (first, second)]
        taken, go_on = threading.Event(), threading.Event()

        def slow():
            with transaction.atomic():
                store(PackedCandidate, rows[0])
                taken.set()
                assert go_on.wait(PATIENCE)
                transaction.set_rollback(not commits)

        with threads() as begin:
            earlier = begin(slow)
            assert taken.wait(PATIENCE)
            later = begin(store, PackedCandidate, rows[1])
            try:
                assert is_blocked(later)
                assert Market.load().seq == start
            finally:
                go_on.set()
            earlier.result(PATIENCE)
            later.result(PATIENCE)

        numbers = dict(
            PackedCandidate.objects.filter(seq__gt=start).values_list("subject_id", "seq")
        )
        if commits:
            assert numbers == {first.pk: start + 1, second.pk: start + 2}
        else:
            assert numbers == {second.pk: start + 1}
        assert Market.load().seq == max(numbers.values())

    def test_who_reads_on_from_a_number_misses_nothing_while_many_write(self):
        everyone = people(40, seed=62)
        version, start = Market.load().run_id, Market.load().seq
        done = threading.Event()
        writes = 30

        def write(seed):
            draw = random.Random(seed)
            for _ in range(writes):
                profile = draw.choice(everyone)
                with transaction.atomic():
                    goal = draw.random()
                    CandidateProfile.objects.filter(pk=profile.pk).update(goal=goal)
                    row = refresh.pack_profiles([profile.pk], at=timezone.now())
                    store(PackedCandidate, row)
                    time.sleep(draw.random() / 100)

        def read():
            state = load_published(version, start)
            numbers = [state.seq]
            while not done.is_set():
                state = advance(state, Market.load().seq)
                numbers.append(state.seq)
            return advance(state, Market.load().seq), numbers

        with threads(5) as begin:
            readers = [begin(read), begin(read)]
            for writer in [begin(write, seed) for seed in range(3)]:
                writer.result(60)
            done.set()
            read_on = [reader.result(PATIENCE) for reader in readers]

        live.forget()
        whole = load_published(version, Market.load().seq).compact()
        assert whole.seq == start + 3 * writes
        for state, numbers in read_on:
            assert len(set(numbers)) > 5
            found = state.compact().base_pool.candidates
            for column in fields(found):
                assert np.array_equal(
                    getattr(found, column.name), getattr(whole.base_pool.candidates, column.name)
                )


class TestSideBySide:
    def test_one_refresh_does_not_wait_for_another_that_is_still_reading(self, monkeypatch):
        first, second = people(2, seed=63)
        for person in (first, second):
            edit_profile(person, at=timezone.now(), goal=other_goal(person))
        reading, go_on = threading.Event(), threading.Event()
        plain = refresh.pack_profiles

        def slow(ids, *, at):
            rows = plain(ids, at=at)
            if list(ids) == [first.pk]:
                reading.set()
                assert go_on.wait(PATIENCE)
            return rows

        monkeypatch.setattr(refresh, "pack_profiles", slow)
        with threads() as begin:
            at = timezone.now()
            held_up = begin(refresh.refresh_subjects, Subject.CANDIDATE, [first.pk], at=at)
            assert reading.wait(PATIENCE)
            try:
                quick = begin(refresh.refresh_subjects, Subject.CANDIDATE, [second.pk], at=at)
                assert quick.result(5).subject_ids == [second.pk]
            finally:
                go_on.set()
            assert held_up.result(PATIENCE).subject_ids == [first.pk]

    def test_what_was_read_earlier_never_overwrites_what_was_read_later(self, monkeypatch):
        (person,) = people(1, seed=64)
        edit_profile(person, at=timezone.now(), goal=other_goal(person))
        at = timezone.now()
        with threads() as begin, held_up_once(monkeypatch) as (reading, go_on):
            earlier = begin(refresh.refresh_subjects, Subject.CANDIDATE, [person.pk], at=at)
            assert reading.wait(PATIENCE)
            edit_profile(person, at=at, goal=0.875)
            later = begin(refresh.refresh_subjects, Subject.CANDIDATE, [person.pk], at=at)
            assert later.result(PATIENCE).subject_ids == [person.pk]
            go_on.set()
            assert earlier.result(PATIENCE).subject_ids == []

        person.refresh_from_db()
        assert PackedCandidate.objects.get(pk=person.pk).source_version == person.version

    def test_nor_where_what_was_read_later_is_what_stood_there_before(self, monkeypatch):
        (person,) = people(1, seed=68)
        at, of_person = timezone.now(), CandidateProfile.objects.filter(pk=person.pk)
        stood = PackedCandidate.objects.get(pk=person.pk)

        def change(goal):
            """Announce a change that leaves the version as it is, as that of a review does."""
            with transaction.atomic():
                of_person.update(goal=goal)
                owed_work.owe(Subject.CANDIDATE, [person.pk], at=at)

        change(other_goal(person))
        with threads() as begin, held_up_once(monkeypatch) as (reading, go_on):
            earlier = begin(refresh.refresh_subjects, Subject.CANDIDATE, [person.pk], at=at)
            assert reading.wait(PATIENCE)
            change(person.goal)
            later = begin(refresh.refresh_subjects, Subject.CANDIDATE, [person.pk], at=at)
            assert len(later.result(PATIENCE).owed_since) == 1
            go_on.set()
            assert earlier.result(PATIENCE).subject_ids == []

        assert PackedCandidate.objects.get(pk=person.pk).fixed == stood.fixed
        assert not OwedWork.objects.outstanding().exists()

    @pytest.mark.parametrize("is_known", [True, False], ids=["a row to lock", "no row yet"])
    def test_nor_where_both_are_written_at_once(self, is_known):
        (person,) = people(1, seed=69)
        if not is_known:
            PackedCandidate.objects.all().delete()
        readings = []
        for version in (8, 9):
            CandidateProfile.objects.filter(pk=person.pk).update(version=version)  # unannounced
            readings.append(refresh.pack_profiles([person.pk], at=timezone.now()))
        older, newer = readings
        taken, go_on = threading.Event(), threading.Event()

        def slow():
            with transaction.atomic():
                store(PackedCandidate, newer)
                taken.set()
                assert go_on.wait(PATIENCE)

        with threads() as begin:
            later = begin(slow)
            assert taken.wait(PATIENCE)
            earlier = begin(store, PackedCandidate, older)
            try:
                assert is_blocked(earlier)
            finally:
                go_on.set()
            later.result(PATIENCE)
            with pytest.raises(Moved):
                earlier.result(PATIENCE)

        assert PackedCandidate.objects.get(pk=person.pk).source_version == 9

    def test_what_is_asked_for_while_a_refresh_computes_stays_owed(self, monkeypatch):
        (person,) = people(1, seed=67)
        edit_profile(person, at=timezone.now(), goal=other_goal(person))
        at = timezone.now()
        with threads() as begin, held_up_once(monkeypatch) as (reading, go_on):
            begun = begin(refresh.refresh_subjects, Subject.CANDIDATE, [person.pk], at=at)
            assert reading.wait(PATIENCE)
            edit_profile(person, at=at, goal=0.875)
            go_on.set()
            assert begun.result(PATIENCE).subject_ids == [person.pk]

        assert OwedWork.objects.outstanding().get().subject_id == person.pk
        refresh.refresh_owed(Subject.CANDIDATE, [person.pk], clock=timezone.now)
        person.refresh_from_db()
        assert PackedCandidate.objects.get(pk=person.pk).source_version == person.version
        assert not OwedWork.objects.outstanding().exists()

    def test_nobody_waits_for_an_editor_and_what_the_editor_asks_for_stays_owed(self):
        (person,) = people(1, seed=70)
        edit_profile(person, at=timezone.now(), goal=other_goal(person))
        at = timezone.now()
        with threads() as begin, transaction.atomic():
            owed_work.owe(Subject.CANDIDATE, [person.pk], at=at)
            done = begin(refresh.refresh_subjects, Subject.CANDIDATE, [person.pk], at=at)
            assert done.result(PATIENCE).subject_ids == [person.pk]
            assert done.result().owed_since == []

        assert OwedWork.objects.outstanding().get().subject_id == person.pk

    def test_a_role_is_computed_by_one_at_a_time_from_what_stands_when_its_turn_comes(self):
        people(25, seed=71)
        role, at = OpportunityFactory(open=True, mode="remote", start_latest=None), timezone.now()
        edit_role(role, at=at, hours_per_week=10)
        with threads() as begin:
            with transaction.atomic():
                refresh.lock_roles([role.pk])
                waiting = begin(refresh.refresh_subjects, Subject.ROLE, [role.pk], at=at)
                assert is_blocked(waiting)
                edit_role(role, at=at, hours_per_week=20)
            assert waiting.result(PATIENCE).subject_ids == [role.pk]

        assert PackedRole.objects.get(pk=role.pk).source_version == role.version
        assert not OwedWork.objects.outstanding().filter(kind=Subject.ROLE).exists()

    def test_a_role_refreshed_while_a_run_is_published_belongs_to_its_version(self, monkeypatch):
        people(25, seed=65)
        at = timezone.now()
        run = steps.request_run(at=at)
        parts = steps.advance(run.pk, clock=timezone.now)
        role = OpportunityFactory(open=True, mode="remote", start_latest=None)
        plain, tries = refresh.store, []

        def publish_first(model, rows, **named):
            tries.append(Market.load().run_id)
            if len(tries) == 1:
                with threads() as begin:
                    begin(finish).result(PATIENCE)
            return plain(model, rows, **named)

        def finish():
            for part in parts:
                ranking.rank_part(part, clock=timezone.now)
            steps.advance(run.pk, clock=timezone.now)

        monkeypatch.setattr(refresh, "store", publish_first)
        refresh.refresh_subjects(Subject.ROLE, [role.pk], at=at)

        assert tries[1:] == [run.pk]
        assert tries[0] != run.pk
        assert PackedRole.objects.get(pk=role.pk).fixed is not None
        assert Price.objects.filter(opportunity_id=role.pk).get().version == run.pk
        assert RoleList.objects.get(pk=role.pk).version == run.pk
        assert seen(at=at) == fresh_lists(at=at)

    def test_an_older_list_never_overwrites_a_newer_one(self):
        people(25, seed=66)
        kept = RoleList.objects.order_by("pk").first()
        state = live.everyone(Market.load())
        roles = state.pick_roles([kept.pk])
        RoleList.objects.filter(pk=kept.pk).update(version=kept.version + 1, seq=0)

        refresh.list_roles(state, roles, at=timezone.now())

        kept.refresh_from_db()
        assert (kept.version, kept.seq) == (state.version + 1, 0)
