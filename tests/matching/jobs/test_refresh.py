"""What people see follows every change."""

from dataclasses import fields
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH

from matching.engine import Candidates, Opportunities
from matching.jobs import owed_work, refresh
from matching.jobs.owed_work import OWED
from matching.jobs.runs import ranking, steps
from matching.models import Market, OwedWork, RoleList, RunState, Subject
from matching.models.market import KEPT
from matching.store import live, state
from matching.store.binary_cursor import of_any_length
from matching.store.encode import LAYOUTS, decode
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
def _no_memory() -> None:
    live.forget()


class TestFullRun:
    def test_publishes_what_a_full_computation_gives(self):
        build_market(1, roles=30, candidates=150, at=timezone.now())

        run = publish()

        assert run.state == RunState.PUBLISHED
        assert (run.candidate_count, run.role_count, run.done) == (150, 30, 150)
        assert Market.load().run_id == run.pk
        at = timezone.now()
        assert (live_rankings(at=at), role_lists()) == fresh_lists(at=at)
        assert any(scores for _, scores in role_lists().values())

    def test_of_an_empty_market_publishes_no_lists(self):
        run = publish()

        assert run.state == RunState.PUBLISHED
        assert role_lists() == {}


class TestRefreshing:
    def test_of_a_candidate_asks_the_database_twice(self, monkeypatch):
        at = timezone.now()
        build_market(6, roles=30, candidates=40, at=at)
        publish()
        profile = CandidateProfile.objects.counted().exclude(skills=None).first()
        edit_profile(profile, at=at, hours_per_week=17)
        work_off(at)  # which reads the market into memory
        edit_profile(profile, at=at, hours_per_week=18)
        asked, plain = [], psycopg.Cursor.execute

        def execute(cursor, query, *positional, **named):
            asked.append(str(query))
            return plain(cursor, query, *positional, **named)

        monkeypatch.setattr(psycopg.Cursor, "execute", execute)
        done = refresh.refresh_subjects(Subject.CANDIDATE, [profile.pk], at=at)

        assert done.subject_ids == [profile.pk]
        assert len(asked) == 2, asked
        # Psycopg need not look for parameters: it remembers where they are, or they have numbers.
        assert len(asked[0]) <= MAX_CACHED_STATEMENT_LENGTH
        assert "%" not in asked[1]

    def test_plans_alike_for_one_and_for_many(self):
        def expected_rows(count: int) -> int:
            ids = "'{" + ", ".join(map(str, range(count))) + "}'"
            with connection.cursor() as cursor:
                cursor.execute(
                    f"EXPLAIN (FORMAT JSON) SELECT FROM unnest({of_any_length(ids)}) AS id"
                )
                return cursor.fetchone()[0][0]["Plan"]["Plan Rows"]

        assert expected_rows(1) == expected_rows(60)

    def test_ranks_exactly_what_it_stores(self):
        at = timezone.now()
        build_market(12, roles=20, candidates=30, at=at)

        for kind, pack, facts in (
            (Candidates, refresh.pack_profiles, CandidateProfile.objects),
            (Opportunities, refresh.pack_roles, Opportunity.objects),
        ):
            packed = pack(facts.values_list("pk", flat=True), at=at)
            rows = [row for _, row in sorted(packed.rows.items())]
            stored = decode(
                kind, {name: b"".join(row[name] for row in rows) for name in LAYOUTS[kind]}
            )

            assert len(stored) > 10
            for column in fields(kind):
                ranked, kept = (getattr(some, column.name) for some in (packed.columns, stored))
                assert ranked.dtype == kept.dtype
                assert ranked.tobytes() == kept.tobytes(), column.name

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
            assert live_rankings(at=at) == fresh_lists(at=at)[0]
        assert seen(at=at) == fresh_lists(at=at)

    def test_a_process_that_lives_long_puts_late_changes_among_the_many(self, monkeypatch):
        monkeypatch.setattr(state, "MOST_ADDED", 3)
        at = timezone.now()
        draw = build_market(4, roles=20, candidates=30, at=at)
        publish()

        for _ in range(5):
            for _ in range(4):
                random_edit(draw, at=at)
            work_off(at)

        assert seen(at=at) == fresh_lists(at=at)

    def test_before_the_first_run_only_packs(self):
        at = timezone.now()
        build_market(5, roles=3, candidates=3, at=at)

        people = CandidateProfile.objects.values_list("pk", flat=True)
        refresh.refresh_subjects(Subject.CANDIDATE, people, at=at)

        assert not RoleList.objects.exists()
        assert Market.load().seq == 1

    def test_twice_changes_nothing(self):
        at = timezone.now()
        draw = build_market(6, roles=10, candidates=10, at=at)
        publish()
        random_edit(draw, at=at)
        work_off(at)
        seq = Market.load().seq

        for kind, model in (
            (Subject.CANDIDATE, CandidateProfile),
            (Subject.ROLE, Opportunity),
        ):
            refresh.refresh_subjects(kind, model.objects.values_list("pk", flat=True), at=at)

        assert Market.load().seq == seq

    def test_a_closed_role_leaves_every_ranking_and_its_list_goes(self):
        at = timezone.now()
        build_market(7, roles=90, candidates=30, at=at)
        publish()
        role_id = next(ids[0] for ids, _ in live_rankings(at=at).values() if len(ids) == KEPT)

        role = Opportunity.objects.get(pk=role_id)
        edit_role(role, at=at, status=RoleStatus.CLOSED, closed_at=at)
        work_off(at)

        people = live_rankings(at=at)
        assert not any(role_id in ids for ids, _ in people.values())
        assert role_id not in role_lists()
        assert people == fresh_lists(at=at)[0]

    def test_the_list_of_a_changed_role_is_exact_at_once(self):
        at = timezone.now()
        build_market(10, roles=12, candidates=220, at=at)
        publish()
        role = Opportunity.objects.order_by("pk")[3]
        before = role_lists()[role.pk]

        edit_role(role, at=at, mode="onsite", region="York")
        work_off(at)

        stored = RoleList.objects.get(pk=role.pk)
        assert (stored.ids, stored.scores) == fresh_lists(at=at)[1][role.pk] != before
        assert stored.computed_at == at

    def test_a_run_carries_over_what_changed_while_it_ran(self):
        at = timezone.now()
        draw = build_market(8, roles=70, candidates=80, at=at)
        publish()
        run = steps.request_run(at=at)
        parts = steps.advance(run.pk, clock=timezone.now)
        for _ in range(10):
            random_edit(draw, at=at)
        work_off(at)

        for part in parts:
            ranking.rank_part(part, clock=timezone.now)
        steps.advance(run.pk, clock=timezone.now)

        assert Market.load().run_id == run.pk
        assert seen(at=at) == fresh_lists(at=at)


class TestOwing:
    def test_an_edit_owes_its_subject_until_the_lists_follow(self):
        at = timezone.now()
        build_market(9, roles=5, candidates=5, at=at)
        publish()
        profile = CandidateProfile.objects.order_by("pk").first()

        edit_profile(profile, at=at, goal=1)
        assert OWED.rows().get().subject_id == profile.pk
        edit_profile(profile, at=at, goal=0)
        assert OwedWork.objects.get().wanted - OwedWork.objects.get().done == 2
        work_off(at)

        assert not OwedWork.objects.outstanding().exists()

    def test_work_that_fails_five_times_is_parked_and_an_edit_frees_it(self, monkeypatch):
        at = datetime(2026, 11, 1, tzinfo=UTC)
        owed_work.owe(Subject.CANDIDATE, [77], at=at)

        def explode(*_: object, **__: object) -> None:
            raise ValueError("bad facts")

        monkeypatch.setattr(refresh, "refresh_subjects", explode)
        for _ in range(owed_work.OWED.most_attempts):
            with pytest.raises(ValueError, match="bad facts"):
                refresh.refresh_owed(Subject.CANDIDATE, [77], clock=lambda: at)
        refresh.refresh_owed(Subject.CANDIDATE, [77], clock=lambda: at)

        parked = OWED.buried_rows().get()
        assert (parked.attempts, parked.last_error) == (5, "ValueError: bad facts")
        owed_work.owe(Subject.CANDIDATE, [77], at=at)
        assert not OWED.buried_rows().exists()
