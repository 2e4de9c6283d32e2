"""A run copies the market range by range, goes on where it was, and publishes what is true then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching.jobs import runs
from matching.jobs.runs import freezing, merging
from matching.models import Run, RunPart, RunState
from matching.store import live
from matching.store.frozen import candidates_of_part
from opportunities.candidates.models import CandidateProfile
from tests.matching.markets import (
    build_market,
    edit_profile,
    fresh_lists,
    live_rankings,
    random_edit,
    role_lists,
    seen,
    work_off,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    live.forget()
    monkeypatch.setattr(freezing, "SMALLEST_PART", 20)
    monkeypatch.setattr(merging, "ROLES_AT_ONCE", 7)


def packed_run(at):
    """Return a run for which everything is packed and nothing is copied."""
    run = runs.request_run(at=at)
    assert freezing.pack_missing(clock=timezone.now, until=timezone.now() + timedelta(minutes=1))
    return run


def finish(run):
    while parts := runs.advance(run.pk, clock=timezone.now):
        for part in parts:
            runs.rank_part(part, clock=timezone.now)
    run.refresh_from_db()


def test_a_step_copies_as_many_ranges_as_there_is_time_for():
    at = timezone.now()
    build_market(51, roles=20, candidates=90, at=at)
    run = packed_run(at)

    for copied in range(1, 5):
        assert not runs.freeze(run.pk, clock=lambda: at, until=at)
        assert RunPart.objects.filter(run=run, fixed__isnull=False).count() == copied
        assert Run.objects.get(pk=run.pk).state == RunState.PACKING
    assert runs.freeze(run.pk, clock=lambda: at, until=at)

    run.refresh_from_db()
    assert run.state == RunState.PRICING
    assert run.candidate_count == 90
    parts = RunPart.objects.filter(run=run).order_by("number")
    ids = [candidate for part in parts for candidate in candidates_of_part(part.pk)[0].ids]
    assert ids == sorted(CandidateProfile.objects.values_list("pk", flat=True))


def test_the_same_market_has_the_same_digest_in_one_step_or_in_many():
    at = timezone.now()
    build_market(52, roles=20, candidates=90, at=at)
    one, many = packed_run(at), packed_run(at)

    runs.freeze(one.pk, clock=lambda: at, until=at + timedelta(days=1))
    while not runs.freeze(many.pk, clock=lambda: at, until=at):
        pass
    one.refresh_from_db()
    many.refresh_from_db()
    assert one.input_digest == many.input_digest != ""

    edit_profile(CandidateProfile.objects.order_by("pk").last(), at=at, hours_per_week=41)
    work_off(at)
    changed = packed_run(at)
    runs.freeze(changed.pk, clock=lambda: at, until=at + timedelta(days=1))
    changed.refresh_from_db()
    assert changed.input_digest != one.input_digest


def test_what_changes_between_two_ranges_is_in_what_is_published():
    at = timezone.now()
    draw = build_market(53, roles=40, candidates=90, at=at)
    run = packed_run(at)

    while not runs.freeze(run.pk, clock=lambda: at, until=at):
        for _ in range(8):
            random_edit(draw, at=at)
        work_off(at)
    finish(run)

    assert run.state == RunState.PUBLISHED
    assert live_rankings(at=at) == fresh_lists(at=at)[0]
    live.forget()
    assert seen(at=at) == fresh_lists(at=at)


def test_lists_of_roles_merge_in_ranges():
    at = timezone.now()
    build_market(55, roles=40, candidates=90, at=at)
    run = packed_run(at)

    finish(run)

    assert role_lists() == fresh_lists(at=at)[1]


def test_a_range_that_everybody_left_is_ranked_as_empty():
    at = timezone.now()
    build_market(54, roles=20, candidates=60, at=at)
    run = packed_run(at)
    assert not runs.freeze(run.pk, clock=lambda: at, until=at)
    last = RunPart.objects.filter(run=run).order_by("number").last()
    for profile in CandidateProfile.objects.filter(pk__range=(last.first_id, last.last_id)):
        edit_profile(profile, at=at, erased_at=at)
    work_off(at)

    finish(run)

    assert run.state == RunState.PUBLISHED
    assert run.candidate_count == 40
    assert live_rankings(at=at) == fresh_lists(at=at)[0]
