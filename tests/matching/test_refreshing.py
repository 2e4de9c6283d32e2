"""Stored lists follow every change exactly."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from matching import carrying, owing, refreshing, running, sweeping
from matching.models import CandidateList, Market, OpportunityList, OwedWork, Run, RunState, Subject
from matching.models.lists import KEPT
from matching.snapshot import state
from opportunities.candidates.models import CandidateProfile
from opportunities.core.lifecycle import RoleStatus
from opportunities.roles.models import Opportunity
from tests.matching.markets import (
    build_market,
    edit_profile,
    edit_role,
    fresh_lists,
    random_edit,
    stored_lists,
)

pytestmark = pytest.mark.django_db


def publish() -> Run:
    """Run a full computation here and now."""
    run = running.request_run(at=timezone.now())
    while parts := running.advance(run.pk, clock=timezone.now):
        for part in parts:
            running.rank_part(part, clock=timezone.now)
    run.refresh_from_db()
    return run


def work_off(at: datetime) -> None:
    """Do everything that is owed."""
    for kind in Subject:
        owed = OwedWork.objects.waiting().filter(kind=kind)
        sweeping.attempt(kind, owed.values_list("subject_id", flat=True), clock=lambda: at)


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    refreshing.forget()


class TestFullRun:
    def test_publishes_what_a_full_computation_gives(self):
        build_market(1, roles=30, candidates=150, at=timezone.now())

        run = publish()

        assert run.state == RunState.PUBLISHED
        assert (run.candidate_count, run.role_count, run.done) == (150, 30, 150)
        assert Market.load().run_id == run.pk
        assert stored_lists() == fresh_lists(at=timezone.now())
        assert any(scores for _, scores in stored_lists()[0].values())

    def test_of_an_empty_market_publishes_no_lists(self):
        run = publish()

        assert run.state == RunState.PUBLISHED
        assert stored_lists() == ({}, {})


class TestRefreshing:
    @pytest.mark.parametrize("seed", range(3))
    def test_equals_a_full_computation_after_random_edits(self, seed):
        at = timezone.now()
        draw = build_market(seed, roles=90, candidates=110, at=at)
        publish()

        for _ in range(6):
            for _ in range(draw.choice([1, 3, 10])):
                random_edit(draw, at=at)
            work_off(at)

            assert not OwedWork.objects.outstanding().exists()
            assert stored_lists() == fresh_lists(at=at)

    def test_a_process_that_lives_long_puts_late_changes_among_the_many(self, monkeypatch):
        monkeypatch.setattr(state, "MOST_LATE", 3)
        at = timezone.now()
        draw = build_market(4, roles=20, candidates=30, at=at)
        publish()

        for _ in range(5):
            for _ in range(4):
                random_edit(draw, at=at)
            work_off(at)

        assert stored_lists() == fresh_lists(at=at)

    def test_before_the_first_run_only_packs(self):
        at = timezone.now()
        build_market(5, roles=3, candidates=3, at=at)

        refreshing.refresh_candidates(CandidateProfile.objects.values_list("pk", flat=True), at=at)

        assert not CandidateList.objects.exists()
        assert Market.load().seq == 1

    def test_twice_changes_nothing(self):
        at = timezone.now()
        draw = build_market(6, roles=10, candidates=10, at=at)
        publish()
        random_edit(draw, at=at)
        work_off(at)
        seq = Market.load().seq

        refreshing.refresh(
            {
                Subject.CANDIDATE: list(CandidateProfile.objects.values_list("pk", flat=True)),
                Subject.ROLE: list(Opportunity.objects.values_list("pk", flat=True)),
            },
            at=at,
        )

        assert Market.load().seq == seq

    @pytest.mark.parametrize("worth_ranking", [1, 200])
    def test_a_closed_role_leaves_every_list(self, monkeypatch, worth_ranking):
        monkeypatch.setattr(carrying, "WORTH_RANKING", worth_ranking)
        at = timezone.now()
        build_market(7, roles=90, candidates=30, at=at)
        publish()
        role_id = next(ids[0] for ids, _ in stored_lists()[0].values() if len(ids) == KEPT)

        role = Opportunity.objects.get(pk=role_id)
        edit_role(role, at=at, status=RoleStatus.CLOSED, closed_at=at)
        work_off(at)

        people, roles = stored_lists()
        assert not any(role_id in ids for ids, _ in people.values())
        assert role_id not in roles
        assert (people, roles) == fresh_lists(at=at)

    def test_a_list_that_lost_its_last_entry_is_cut_until_the_sweep_mends_it(self):
        at = timezone.now()
        build_market(10, roles=12, candidates=220, at=at)
        publish()
        role_id, (ids, _) = next(
            (role, entries)
            for role, entries in stored_lists()[1].items()
            if len(entries[0]) == KEPT
        )
        leaver, gone_next = (CandidateProfile.objects.get(pk=ids[place]) for place in (3, 40))

        edit_profile(leaver, at=at, erased_at=at)
        refreshing.refresh_candidate(leaver.pk, at=at)

        cut = OpportunityList.objects.filter(is_cut=True)
        assert role_id in cut.values_list("opportunity_id", flat=True)
        assert stored_lists()[1][role_id][0] == [other for other in ids if other != leaver.pk]

        edit_profile(gone_next, at=at, erased_at=at)
        refreshing.refresh_candidate(gone_next.pk, at=at)
        assert len(stored_lists()[1][role_id][0]) == KEPT - 2
        assert stored_lists()[1] != fresh_lists(at=at)[1]

        while claimed := sweeping.claim(at=at):
            for work in claimed:
                sweeping.attempt(work.kind, work.subject_ids, clock=lambda: at)
        assert not cut.exists()
        assert not OwedWork.objects.outstanding().exists()
        assert stored_lists() == fresh_lists(at=at)

    def test_a_run_carries_over_what_changed_while_it_ran(self):
        at = timezone.now()
        draw = build_market(8, roles=70, candidates=80, at=at)
        publish()
        run = running.request_run(at=at)
        parts = running.advance(run.pk, clock=timezone.now)
        for _ in range(10):
            random_edit(draw, at=at)
        work_off(at)

        for part in parts:
            running.rank_part(part, clock=timezone.now)
        running.advance(run.pk, clock=timezone.now)

        assert Market.load().run_id == run.pk
        assert stored_lists() == fresh_lists(at=at)


class TestOwing:
    def test_an_edit_owes_its_subject_until_the_lists_follow(self):
        at = timezone.now()
        build_market(9, roles=5, candidates=5, at=at)
        publish()
        profile = CandidateProfile.objects.order_by("pk").first()

        edit_profile(profile, at=at, goal=1)
        assert OwedWork.objects.waiting().get().subject_id == profile.pk
        edit_profile(profile, at=at, goal=0)
        assert OwedWork.objects.get().wanted - OwedWork.objects.get().done == 2
        work_off(at)

        assert not OwedWork.objects.outstanding().exists()

    def test_work_that_fails_five_times_is_parked_and_an_edit_frees_it(self, monkeypatch):
        at = datetime(2026, 11, 1, tzinfo=UTC)
        owing.owe(Subject.CANDIDATE, [77], at=at)

        def explode(*_: object, **__: object) -> None:
            raise ValueError("bad facts")

        monkeypatch.setattr(refreshing, "refresh", explode)
        for _ in range(owing.MOST_ATTEMPTS):
            with pytest.raises(ValueError, match="bad facts"):
                sweeping.attempt(Subject.CANDIDATE, [77], clock=lambda: at)
        sweeping.attempt(Subject.CANDIDATE, [77], clock=lambda: at)

        parked = OwedWork.objects.parked().get()
        assert (parked.attempts, parked.last_error) == (5, "ValueError: bad facts")
        owing.owe(Subject.CANDIDATE, [77], at=at)
        assert not OwedWork.objects.parked().exists()

    def test_a_cut_list_that_nobody_owes_is_found_by_the_sweep(self):
        at = timezone.now()
        build_market(11, roles=3, candidates=8, at=at)
        publish()
        OpportunityList.objects.update(is_cut=True, ids=[], scores=[])

        for work in sweeping.claim(at=at):
            sweeping.attempt(work.kind, work.subject_ids, clock=lambda: at)

        assert stored_lists() == fresh_lists(at=at)
        assert sweeping.claim(at=at) == []

    def test_owing_what_is_owed_or_parked_already_changes_nothing(self):
        at = timezone.now()
        owing.owe(Subject.ROLE, [1, 2], at=at)
        OwedWork.objects.filter(subject_id=1).update(parked_at=at, attempts=5)
        OwedWork.objects.filter(subject_id=2).update(attempts=2)
        OwedWork.objects.create(
            kind=Subject.ROLE, subject_id=3, wanted=4, done=4, raised_at=at, next_at=at
        )

        owing.owe_free(Subject.ROLE, [1, 2, 3, 4], at=at)

        rows = OwedWork.objects.order_by("subject_id")
        assert list(rows.values_list("subject_id", "wanted", "done", "attempts")) == [
            (1, 1, 0, 5),
            (2, 1, 0, 2),
            (3, 5, 4, 0),
            (4, 1, 0, 0),
        ]
        assert OwedWork.objects.parked().get().subject_id == 1
