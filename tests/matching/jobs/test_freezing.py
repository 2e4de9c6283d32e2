"""A run copies the market range by range, goes on where it was, and publishes what is true then."""

from datetime import timedelta
from itertools import accumulate, repeat
from unittest import mock

import pytest
from django.utils import timezone

from matching.jobs.runs import cells, freezing, publishing, ranking, steps
from matching.models import Market, Price, RoleList, Run, RunCell, RunPart, RunRoles, RunState
from matching.store import live
from matching.store import role_lists as role_lists_store
from matching.store.frozen import candidates_of_part, roles_of
from opportunities.candidates.models import CandidateProfile
from opportunities.core.lifecycle import RoleStatus
from opportunities.roles.models import Opportunity
from tests.matching.markets import (
    build_market,
    edit_profile,
    edit_role,
    fresh_lists,
    live_rankings,
    publish,
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
    monkeypatch.setattr(freezing, "ROLES_AT_ONCE", 7)


def packed_run(at):
    """Return a run for which everything is packed and nothing is copied."""
    run = steps.request_run(at=at)
    assert freezing.pack_missing(clock=timezone.now, until=timezone.now() + timedelta(minutes=1))
    return run


def finish(run):
    while parts := steps.advance(run.pk, clock=timezone.now):
        for part in parts:
            ranking.rank_part(part, clock=timezone.now)
    run.refresh_from_db()


def test_a_step_copies_as_many_ranges_as_there_is_time_for():
    at = timezone.now()
    build_market(51, roles=20, candidates=90, at=at)
    run = packed_run(at)

    for roles, candidates in ((1, 0), (2, 0), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)):
        assert not freezing.freeze(run.pk, clock=lambda: at, until=at)
        assert RunRoles.objects.filter(run=run, fixed__isnull=False).count() == roles
        assert RunPart.objects.filter(run=run, fixed__isnull=False).count() == candidates
        assert Run.objects.get(pk=run.pk).state == RunState.PACKING
    assert freezing.freeze(run.pk, clock=lambda: at, until=at)

    run.refresh_from_db()
    assert run.state == RunState.PRICING
    assert (run.role_count, run.candidate_count) == (20, 90)
    assert roles_of(run.pk).ids.tolist() == sorted(Opportunity.objects.values_list("pk", flat=True))
    parts = RunPart.objects.filter(run=run).order_by("number")
    ids = [candidate for part in parts for candidate in candidates_of_part(part.pk)[0].ids]
    assert ids == sorted(CandidateProfile.objects.values_list("pk", flat=True))


def test_the_same_market_has_the_same_digest_in_one_step_or_in_many():
    at = timezone.now()
    build_market(52, roles=20, candidates=90, at=at)
    one, many = packed_run(at), packed_run(at)

    freezing.freeze(one.pk, clock=lambda: at, until=at + timedelta(days=1))
    while not freezing.freeze(many.pk, clock=lambda: at, until=at):
        pass
    one.refresh_from_db()
    many.refresh_from_db()
    assert one.input_digest == many.input_digest != ""

    edit_profile(CandidateProfile.objects.order_by("pk").last(), at=at, hours_per_week=41)
    work_off(at)
    changed = packed_run(at)
    freezing.freeze(changed.pk, clock=lambda: at, until=at + timedelta(days=1))
    changed.refresh_from_db()
    assert changed.input_digest != one.input_digest


def test_what_changes_between_two_ranges_is_in_what_is_published():
    at = timezone.now()
    draw = build_market(53, roles=40, candidates=90, at=at)
    run = packed_run(at)

    while not freezing.freeze(run.pk, clock=lambda: at, until=at):
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
    assert RunRoles.objects.filter(run=run, listed_at__isnull=False).count() == 6


def test_in_how_many_ranges_roles_are_frozen_changes_no_result(monkeypatch):
    at = timezone.now()
    build_market(56, roles=40, candidates=90, at=at)
    many = packed_run(at)
    finish(many)
    lists = role_lists()
    monkeypatch.setattr(freezing, "ROLES_AT_ONCE", 1_000)
    one = packed_run(at)
    finish(one)

    assert (many.role_ranges.count(), one.role_ranges.count()) == (6, 1)
    assert role_lists() == lists
    assert results_of(one) == results_of(many)


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_among_how_many_roles_at_once_a_part_is_ranked_changes_no_result(monkeypatch, at_once):
    at = timezone.now()
    build_market(58, roles=40, candidates=90, at=at)
    whole = packed_run(at)
    finish(whole)
    lists = role_lists()
    RoleList.objects.all().delete()
    monkeypatch.setattr(cells, "RANGES_AT_ONCE", at_once)
    cut = packed_run(at)
    finish(cut)

    assert role_lists() == lists == fresh_lists(at=at)[1]
    assert results_of(cut) == results_of(whole)


class TestPausing:
    """A part whose time is over goes on in another task, from where it was."""

    @pytest.fixture
    def parts(self, monkeypatch):
        """Return the parts of a run of 40 roles in 6 ranges, which are ranked by twos."""
        monkeypatch.setattr(cells, "RANGES_AT_ONCE", 2)
        at = timezone.now()
        build_market(59, roles=40, candidates=90, at=at)
        return steps.advance(packed_run(at).pk, clock=timezone.now)

    def slow_clock(self):
        """Return a clock by which a task has time for some ranges and no more."""
        return accumulate(repeat(ranking.PATIENCE), initial=timezone.now()).__next__

    def test_it_is_sent_again_and_gives_what_it_gives_in_one_go(self, parts):
        first, *others = parts
        for done in (2, 4):
            assert ranking.rank_part(first, clock=self.slow_clock()) is None
            part = RunPart.objects.get(pk=first)
            assert (part.ranked, part.attempts, part.finished_at) == (done, 0, None)
            assert part.cells.count() == done // 2
            assert steps.waiting_parts(at=timezone.now()) == [first]
        for part in (first, *others):
            ranking.rank_part(part, clock=timezone.now)
        run = RunPart.objects.get(pk=first).run
        assert run.parts.filter(finished_at=None).count() == 0
        assert run.parts.exclude(best=None).count() == 0
        finish(run)

        assert role_lists() == fresh_lists(at=timezone.now())[1]
        again = packed_run(timezone.now())
        finish(again)
        assert results_of(again) == results_of(run)
        assert not RunCell.objects.exists()

    def test_it_is_killed_after_a_pause_and_does_again_only_what_came_later(
        self, parts, monkeypatch
    ):
        first, *others = parts
        ranking.rank_part(first, clock=self.slow_clock())
        with monkeypatch.context() as broken:
            broken.setattr(ranking, "role_ids", mock.Mock(side_effect=InterruptedError))
            with pytest.raises(InterruptedError):
                ranking.rank_part(first, clock=timezone.now)
        part = RunPart.objects.get(pk=first)
        assert (part.ranked, part.attempts, part.cells.count()) == (2, 1, 3)
        with monkeypatch.context() as watched:
            plain = mock.Mock(wraps=cells.rank_cell)
            watched.setattr(cells, "rank_cell", plain)
            ranking.rank_part(first, clock=timezone.now)
        assert plain.call_count == 2

        for part in others:
            ranking.rank_part(part, clock=timezone.now)
        finish(RunPart.objects.get(pk=first).run)

        assert role_lists() == fresh_lists(at=timezone.now())[1]

    def test_a_part_without_the_lists_of_some_roles_is_not_published_as_if_there_were_none(
        self, parts
    ):
        for part in parts:
            ranking.rank_part(part, clock=timezone.now)
        RunCell.objects.filter(part=parts[1], number=2).delete()

        with pytest.raises(LookupError, match="has no lists of the roles from place 14 on"):
            steps.advance(RunPart.objects.get(pk=parts[0]).run_id, clock=timezone.now)


def results_of(run):
    """Return what a run computed: digests of lists, thresholds and roles' lists, and prices."""
    parts = run.parts.order_by("number").values_list("digests", "thresholds")
    prices = Price.objects.filter(version=run.pk).order_by("opportunity_id")
    return list(parts), list(prices.values_list("opportunity_id", "price"))


class TestStoringLists:
    """Lists of roles are stored range by range after the pointer has moved."""

    @pytest.fixture
    def ranked(self):
        """Return a run of 40 roles of which everything is ranked and nothing is shown."""
        at = timezone.now()
        build_market(57, roles=40, candidates=90, at=at)
        publish()
        run = packed_run(at)
        for part in steps.advance(run.pk, clock=timezone.now):
            ranking.rank_part(part, clock=timezone.now)
        Run.objects.filter(pk=run.pk).update(state=RunState.PUBLISHING, ranked_at=at)
        return run

    def stored(self, run):
        return RoleList.objects.filter(version=run.pk).count()

    def break_after(self, monkeypatch, count):
        """Let the process die at the range after so many."""
        plain, calls = role_lists_store.write, []

        def write(*rows, **named):
            calls.append(rows)
            if len(calls) > count:
                raise InterruptedError
            plain(*rows, **named)

        monkeypatch.setattr(role_lists_store, "write", write)

    def test_rankings_follow_the_run_before_any_list_does(self, ranked):
        at = timezone.now()

        assert not publishing.publish(ranked.pk, clock=lambda: at, until=at)

        assert Market.load().run_id == ranked.pk
        assert self.stored(ranked) == 0
        assert Run.objects.get(pk=ranked.pk).state == RunState.PUBLISHING

    def test_a_run_that_breaks_between_two_ranges_goes_on_there(self, ranked, monkeypatch):
        at, late = timezone.now(), timezone.now() + timedelta(minutes=1)
        with monkeypatch.context() as broken:
            # The first to write are the roles that changed meanwhile: there are none.
            self.break_after(broken, 1 + 2)
            with pytest.raises(InterruptedError):
                publishing.publish(ranked.pk, clock=lambda: at, until=late)
        done = list(RunRoles.objects.filter(run=ranked, listed_at__isnull=False))
        assert [each.number for each in done] == [0, 1]
        assert self.stored(ranked) == 14

        later = at + timedelta(seconds=5)
        assert steps.waiting_runs(at=at + timedelta(seconds=60)) == [ranked.pk]
        assert publishing.publish(ranked.pk, clock=lambda: later, until=late)

        ranked.refresh_from_db()
        assert (ranked.state, ranked.finished_at) == (RunState.PUBLISHED, later)
        listed = RunRoles.objects.filter(run=ranked).order_by("number")
        assert list(listed.values_list("listed_at", flat=True)) == [at] * 2 + [later] * 4
        assert role_lists() == fresh_lists(at=at)[1]
        assert self.stored(ranked) == 40

    def test_what_changes_between_two_ranges_is_not_overwritten(self, ranked, monkeypatch):
        at, late = timezone.now(), timezone.now() + timedelta(minutes=1)
        with monkeypatch.context() as broken:
            self.break_after(broken, 1 + 2)
            with pytest.raises(InterruptedError):
                publishing.publish(ranked.pk, clock=lambda: at, until=late)
        closed, edited = Opportunity.objects.order_by("-pk")[:2]
        edit_role(closed, at=at, status=RoleStatus.CLOSED, closed_at=at)
        edit_role(edited, at=at, hours_per_week=11, mode="remote")
        work_off(at)
        then = role_lists()[edited.pk]

        assert publishing.publish(ranked.pk, clock=lambda: at, until=late)

        lists = role_lists()
        assert closed.pk not in lists
        assert lists[edited.pk] == then
        assert lists == fresh_lists(at=at)[1]

    def test_a_list_of_a_role_that_left_goes_with_its_range(self, ranked):
        at, late = timezone.now(), timezone.now() + timedelta(minutes=1)
        left = Opportunity.objects.order_by("pk")[9]
        edit_role(left, at=at, status=RoleStatus.CLOSED, closed_at=at)
        work_off(at)

        assert publishing.publish(ranked.pk, clock=lambda: at, until=late)

        assert left.pk not in role_lists()
        assert len(role_lists()) == 39

    def test_a_run_that_is_shown_cannot_be_cancelled(self, ranked):
        at = timezone.now()
        publishing.publish(ranked.pk, clock=lambda: at, until=at)

        with pytest.raises(steps.NotNow):
            steps.cancel(ranked.pk, at=at)

        finish(ranked)
        assert ranked.state == RunState.PUBLISHED

    def test_a_run_that_is_to_stop_is_never_shown(self, ranked):
        at, late = timezone.now(), timezone.now() + timedelta(minutes=1)
        shown = Market.load().run_id
        steps.cancel(ranked.pk, at=at)

        publishing.publish(ranked.pk, clock=lambda: at, until=late)
        assert Market.load().run_id == shown
        finish(ranked)

        assert ranked.state == RunState.CANCELLED
        assert self.stored(ranked) == 0

    def test_a_newer_run_keeps_its_lists(self, ranked):
        at = timezone.now()
        publishing.publish(ranked.pk, clock=lambda: at, until=at)
        newer = publish()

        finish(ranked)

        assert ranked.state == RunState.PUBLISHED
        assert Market.load().run_id == newer.pk
        assert self.stored(newer) == 40


def test_a_range_that_everybody_left_is_ranked_as_empty():
    at = timezone.now()
    build_market(54, roles=20, candidates=60, at=at)
    run = packed_run(at)
    assert not freezing.freeze(run.pk, clock=lambda: at, until=at)
    last = RunPart.objects.filter(run=run).order_by("number").last()
    for profile in CandidateProfile.objects.filter(pk__range=(last.first_id, last.last_id)):
        edit_profile(profile, at=at, erased_at=at)
    work_off(at)

    finish(run)

    assert run.state == RunState.PUBLISHED
    assert run.candidate_count == 40
    assert live_rankings(at=at) == fresh_lists(at=at)[0]
