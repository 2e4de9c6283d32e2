"""Processes of one machine share the market through a file, and never trust a bad one."""

import random
import threading
from dataclasses import fields, replace

import numpy as np
import pytest
from django.utils import timezone

from matching.models import Market, PackedCandidate, Run
from matching.store import State, live, loading, market_file, state
from opportunities.candidates.models import CandidateProfile
from tests.matching.markets import (
    build_market,
    edit_profile,
    fresh_lists,
    publish,
    random_edit,
    seen,
    work_off,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_markets_share_too(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(loading, "WORTH_A_FILE", 1)
    settings.VAR_DIR = tmp_path
    live.forget()
    yield
    live.forget()


@pytest.fixture
def shared() -> State:
    """Publish a market and let a process write its file; return what it knows."""
    build_market(51, roles=20, candidates=40, at=timezone.now())
    publish()
    known = live.everyone(Market.load())
    live.forget()
    return known


def files():
    return sorted(market_file.folder().iterdir())


def load(known: State) -> State:
    return loading.load_published(known.version, known.seq)


def are_equal(one: State, other: State) -> bool:
    return all(
        np.array_equal(getattr(left, item.name), getattr(right, item.name))
        for left, right in (
            (one.base_roles.roles, other.base_roles.roles),
            (one.base_pool.candidates, other.base_pool.candidates),
        )
        for item in fields(left)
    ) and np.array_equal(one.base_pool.shown, other.base_pool.shown)


def test_a_new_process_maps_the_file_and_reads_only_what_came_later(
    shared, monkeypatch, django_capture_on_commit_callbacks
):
    at = timezone.now()
    monkeypatch.setattr(loading, "read_everything", lambda **_: pytest.fail("read everything"))

    for seed in range(3):
        live.forget()
        for _ in range(4):
            random_edit(random.Random(seed), at=at)
        with django_capture_on_commit_callbacks(execute=True):
            work_off(at)

    assert not live.everyone(Market.load()).base_pool.candidates.hours.flags.writeable
    assert live.everyone(Market.load()).base == shared.seq
    assert seen(at=at) == fresh_lists(at=at)


def test_what_is_mapped_is_what_was_read(shared):
    read = loading.load_published(shared.version, shared.seq)
    for file in files():
        file.unlink()

    assert are_equal(load(shared), read)
    assert len(read.base_pool.candidates) == 40


def test_a_process_puts_late_changes_into_a_new_file_that_others_then_map(
    shared, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(state, "MOST_ADDED", 3)
    at = timezone.now()
    for profile in CandidateProfile.objects.order_by("pk")[:5]:
        edit_profile(profile, at=at, goal=0.125)
    with django_capture_on_commit_callbacks(execute=True):
        work_off(at)
    known = live.everyone(Market.load())
    assert (known.base, len(files())) == (known.seq, 2)

    live.forget()
    monkeypatch.setattr(market_file, "write", lambda *_: pytest.fail("wrote a file"))
    again = live.everyone(Market.load())

    assert again.base == known.base > shared.base
    assert are_equal(again, known)


class TestBadFile:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda _: b"",
            lambda content: content[:10],
            lambda content: content[:-1],
            lambda content: content + b"\0",
            lambda content: b"x" + content[1:],
            lambda content: content[:40] + b"?" + content[41:],
            lambda content: content[:-700] + bytes([content[-700] ^ 1]) + content[-699:],
        ],
        ids=["empty", "head only", "cut", "longer", "other magic", "head damaged", "one bit"],
    )
    def test_is_removed_and_the_database_read(self, shared, spoil):
        (file,) = files()
        sound = load(shared)
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(spoil(content))

        assert are_equal(load(shared), sound)
        assert files() == []

    def test_of_another_program_is_not_read(self, shared, monkeypatch):
        monkeypatch.setattr(market_file, "LAYOUT", "other")

        assert market_file.newest(*of(shared), until=shared.seq) is None

    def test_of_another_version_or_a_later_commit_is_not_read(self, shared):
        (file,) = files()
        (run,) = of(shared)

        assert market_file.newest(run, until=shared.seq - 1) is None
        assert market_file.newest("run_other", until=shared.seq) is None
        file.rename(file.with_name(file.name.replace(run, "run_other")))
        assert market_file.newest("run_other", until=shared.seq) is None

    def test_that_cannot_be_written_leaves_the_process_with_its_own_memory(
        self, shared, monkeypatch
    ):
        def full(*_):
            raise OSError("no space left")

        monkeypatch.setattr(market_file, "write", full)
        (file,) = files()
        file.unlink()

        assert live.everyone(Market.load()).base_pool.candidates.hours.flags.writeable


def of(known: State) -> list[str]:
    return [Run.objects.get(pk=known.version).public_id]


def test_two_writers_at_once_leave_a_sound_file(shared):
    (run,) = of(shared)
    kept = market_file.newest(run, until=shared.seq)
    found, failed = [], []

    def write(seq):
        try:
            for _ in range(10):
                market_file.write(run, replace(kept, seq=seq))
                found.append(market_file.newest(run, until=99))
        except OSError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(seq,)) for seq in (50, 50, 51)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failed
    assert len(found) == 30
    assert all(one is not None and len(one.candidates) == 40 for one in found)
    assert [file.suffix for file in files()] == [".market", ".market"]


def test_files_from_before_somebody_was_erased_are_removed(shared):
    assert market_file.forget_erased() == 0
    at = timezone.now()
    edit_profile(CandidateProfile.objects.order_by("pk").first(), at=at, erased_at=at)
    work_off(at)
    assert PackedCandidate.objects.filter(fixed__isnull=True).exists()

    assert market_file.forget_erased() == 1
    assert files() == []
