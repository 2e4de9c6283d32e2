"""Whom a role is introduced to: exactly those whose first ten it enters, each pair once."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from matching import limits
from matching.jobs import introducing, refresh
from matching.jobs.runs import entering
from matching.models import (
    Dismissal,
    Introduction,
    Market,
    OwedWork,
    RunPart,
    Subject,
    Toward,
)
from matching.recommending.match_number import order_of
from matching.store import live
from matching.store.firsts import FIRST, NOT_FULL, Entries, _known_of
from matching.store.profiles import read_person
from matching.store.read import UNKNOWN
from opportunities.candidates.models import BlockedEmployer, CandidateProfile, CandidateSkill
from opportunities.core.lifecycle import RoleStatus
from opportunities.roles.models import Opportunity, OpportunitySkill
from tests.factories import ApplicationFactory, OpportunityFactory
from tests.matching.markets import (
    build_market,
    edit_profile,
    edit_role,
    publish,
    random_edit,
    role_facts,
    work_off,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_memory():
    live.forget()


@pytest.fixture
def _no_limits(monkeypatch):
    """Let everybody be told of everything, so that the pairs themselves are compared."""
    for name in ("_TO_CANDIDATE", "_TO_EMPLOYER"):
        side = getattr(introducing, name)
        wide = {"a_day": 10**6, "a_week": 10**6, "of_other": 10**6}
        values = {field: getattr(side, field) for field in side.__slots__}
        monkeypatch.setattr(introducing, name, type(side)(**values | wide))


def forget_skills(count):
    """Let some candidates name no skills: their roles stand in the order of the fit."""
    people = list(CandidateProfile.objects.order_by("pk").values_list("pk", flat=True)[:count])
    CandidateSkill.objects.filter(profile__in=people).delete()
    return people


def ranking_of(profile, at):
    person = read_person(profile, at=at)
    found = live.rank_roles(person, at=at, order=order_of(person))
    return dict(zip(found.ids.tolist(), found.ranks.tolist(), strict=True))


def firsts(at):
    """Return each counted candidate's first ten, as their page ranks them."""
    return {
        profile.pk: set(list(ranking_of(profile, at))[:FIRST])
        for profile in CandidateProfile.objects.counted()
    }


def thresholds():
    state = live.everyone(Market.load())
    ids = np.array(
        sorted(CandidateProfile.objects.counted().values_list("pk", flat=True)), np.int64
    )
    return dict(zip(ids.tolist(), _known_of(state, ids)[0].tolist(), strict=True))


def expected_thresholds(at):
    found = {}
    for profile in CandidateProfile.objects.counted():
        ranks = list(ranking_of(profile, at).values())
        found[profile.pk] = ranks[FIRST - 1] if len(ranks) >= FIRST else NOT_FULL
    return found


def open_role(draw, at):
    """Open a role with random facts and do what is owed."""
    employer = Opportunity.objects.order_by("pk").first().employer
    role = OpportunityFactory(open=True, at=at, employer=employer, **role_facts(draw, at=at))
    skills = OpportunitySkill.objects.order_by("pk").values_list("skill", flat=True)[:3]
    for skill in skills:
        OpportunitySkill.objects.create(opportunity=role, skill_id=skill, level=1, importance=2)
    edit_role(role, at=at)
    work_off(at)
    return role


def introduced(role):
    rows = Introduction.objects.to_candidates().filter(role=role)
    return set(rows.values_list("candidate", flat=True))


class TestThresholds:
    def test_are_the_rank_of_everybodys_tenth_role(self):
        at = timezone.now()
        build_market(31, roles=60, candidates=80, at=at)
        forget_skills(15)
        publish()

        assert thresholds() == expected_thresholds(at)
        live.forget()
        assert thresholds() == expected_thresholds(at)
        assert NOT_FULL not in thresholds().values() or len(set(thresholds().values())) > 5

    def test_follow_a_candidate_who_changes(self):
        at = timezone.now()
        draw = build_market(32, roles=60, candidates=40, at=at)
        publish()
        for role in Opportunity.objects.order_by("pk")[:5]:
            edit_role(role, at=at, status=RoleStatus.CLOSED, closed_at=at)
        open_role(draw, at)
        profile = CandidateProfile.objects.order_by("pk").first()
        edit_profile(profile, at=at, hours_per_week=40, modes=["remote", "hybrid", "onsite"])

        work_off(at)

        assert thresholds()[profile.pk] == expected_thresholds(at)[profile.pk]
        live.forget()
        assert thresholds()[profile.pk] == expected_thresholds(at)[profile.pk]

    def test_are_unknown_before_anybody_was_ranked(self):
        at = timezone.now()
        build_market(33, roles=3, candidates=3, at=at)
        people = CandidateProfile.objects.values_list("pk", flat=True)

        refresh.refresh_subjects(Subject.CANDIDATE, people, at=at)

        assert not Introduction.objects.exists()


@pytest.mark.usefixtures("_no_limits")
class TestARoleThatOpens:
    @pytest.mark.parametrize("seed", range(3))
    def test_is_introduced_to_those_whose_first_ten_it_enters(self, seed):
        at = timezone.now()
        draw = build_market(seed, roles=60, candidates=90, at=at)
        forget_skills(20)
        publish()

        role = open_role(draw, at)

        wanted = {person for person, first in firsts(at).items() if role.pk in first}
        assert introduced(role) == wanted
        assert not wanted or 0 < len(wanted) < 90

    def test_is_introduced_to_somebody_in_each_order(self):
        at = timezone.now()
        draw = build_market(4, roles=60, candidates=90, at=at)
        by_fit = set(forget_skills(40))
        publish()

        found = set()
        for _ in range(4):
            found |= introduced(open_role(draw, at))

        assert found & by_fit
        assert found - by_fit

    def test_carries_the_number_of_the_list(self):
        at = timezone.now()
        draw = build_market(5, roles=40, candidates=60, at=at)
        publish()

        role = open_role(draw, at)

        for row in Introduction.objects.filter(role=role).select_related("candidate"):
            assert row.score == round(ranking_of(row.candidate, at)[role.pk] / 10_000)

    def test_passes_over_who_met_it(self):
        at = timezone.now()
        draw = build_market(6, roles=30, candidates=90, at=at)
        publish()
        role = open_role(draw, at)
        applied, dismissed, blocking, *rest = sorted(introduced(role))
        Introduction.objects.all().delete()
        edit_role(role, at=at, status=RoleStatus.CLOSED, closed_at=at)
        work_off(at)
        ApplicationFactory(opportunity=role, profile_id=applied)
        Dismissal.objects.create(profile_id=dismissed, opportunity=role, reason="pay", at=at)
        BlockedEmployer.objects.create(profile_id=blocking, employer=role.employer, blocked_at=at)

        edit_role(role, at=at, status=RoleStatus.OPEN)
        work_off(at)

        assert introduced(role) == set(rest)

    def test_is_introduced_once_however_often_it_is_refreshed(self):
        at = timezone.now()
        draw = build_market(7, roles=30, candidates=60, at=at)
        publish()
        role = open_role(draw, at)
        before = set(Introduction.objects.values_list("pk", flat=True))

        edit_role(role, at=at, status=RoleStatus.CLOSED, closed_at=at)
        work_off(at)
        edit_role(role, at=at, status=RoleStatus.OPEN)
        work_off(at)
        refresh.refresh_subjects(Subject.ROLE, [role.pk], at=at)

        assert before
        assert set(Introduction.objects.values_list("pk", flat=True)) == before

    def test_the_table_holds_a_pair_once(self):
        at = timezone.now()
        draw = build_market(8, roles=30, candidates=60, at=at)
        publish()
        open_role(draw, at)
        row = Introduction.objects.to_candidates().first()

        with pytest.raises(IntegrityError), transaction.atomic():
            Introduction.objects.create(
                candidate=row.candidate, role=row.role, score=1, at=at, toward=Toward.CANDIDATE
            )

    def test_nothing_is_introduced_where_the_refresh_fails(self, monkeypatch):
        at = timezone.now()
        draw = build_market(9, roles=30, candidates=60, at=at)
        publish()

        def killed(*_, **__):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(refresh, "store", killed)
            with pytest.raises(KeyboardInterrupt):
                open_role(draw, at)

        assert not Introduction.objects.exists()
        assert OwedWork.objects.outstanding().exists()
        work_off(at)
        assert Introduction.objects.exists()


@pytest.mark.usefixtures("_no_limits")
class TestARoleThatChanges:
    def test_is_no_news_to_those_who_had_it_among_their_first(self):
        at = timezone.now()
        build_market(11, roles=40, candidates=80, at=at)
        publish()
        role = Opportunity.objects.order_by("pk")[7]
        before = firsts(at)
        assert any(role.pk in first for first in before.values())

        edit_role(role, at=at, title="The same role by another name")
        work_off(at)
        assert not introduced(role)

        edit_role(
            role, at=at, pay_kind="hourly", pay_amount_minor=9000, pay_currency="GBP",
            mode="remote", steps=["profile"], apply_by=at.date() + timedelta(60),
        )  # fmt: skip
        work_off(at)

        after = firsts(at)
        wanted = {
            person for person in after if role.pk in after[person] and role.pk not in before[person]
        }
        assert wanted
        assert introduced(role) == wanted


class TestLimits:
    def test_bound_what_one_candidate_is_told_in_a_day_and_a_week(self):
        at = timezone.now()
        draw = build_market(12, roles=12, candidates=12, at=at)
        publish()

        for _ in range(limits.CANDIDATE_A_DAY + 3):
            open_role(draw, at)
        counts = Introduction.objects.to_candidates().values_list("candidate", flat=True)
        most = max(list(counts).count(person) for person in set(counts))
        assert most == limits.CANDIDATE_A_DAY

        Introduction.objects.update(at=at - timedelta(days=2))
        for _ in range(limits.CANDIDATE_A_WEEK):
            Introduction.objects.filter(at__gt=at - timedelta(days=1)).update(
                at=at - timedelta(days=2)
            )
            open_role(draw, at)
        counts = list(Introduction.objects.to_candidates().values_list("candidate", flat=True))
        assert max(counts.count(person) for person in set(counts)) == limits.CANDIDATE_A_WEEK

    def test_bound_to_how_many_one_role_is_told(self, monkeypatch):
        at = timezone.now()
        build_market(13, roles=3, candidates=30, at=at)
        side = introducing._TO_CANDIDATE
        values = {field: getattr(side, field) for field in side.__slots__} | {"of_other": 7}
        monkeypatch.setattr(introducing, "_TO_CANDIDATE", type(side)(**values))
        people = np.array(sorted(CandidateProfile.objects.values_list("pk", flat=True)), np.int64)
        role = Opportunity.objects.first()
        ranks = np.arange(len(people), dtype=np.int64) * 10_000
        pairs = Entries(people, np.full(len(people), role.pk, np.int64), ranks)

        assert introducing.introduce(pairs, at=at) == 7
        assert introduced(role) == set(people[-7:].tolist())
        assert introducing.introduce(pairs, at=at) == 0


@pytest.mark.usefixtures("_no_limits")
class TestARun:
    def test_introduces_what_new_prices_bring_into_the_first_ten(self):
        at = timezone.now()
        draw = build_market(14, roles=60, candidates=90, at=at)
        publish()
        before = {
            profile.pk: ranking_of(profile, at) for profile in CandidateProfile.objects.counted()
        }
        for _ in range(15):
            random_edit(draw, at=at)
        for role in Opportunity.objects.order_by("pk")[:20]:
            edit_role(role, at=at, capacity=50)
        work_off(at)
        Introduction.objects.all().delete()

        run = publish()
        parts = entering.waiting_introductions()
        for part in parts:
            entering.introduce_part(part, clock=timezone.now)
            entering.introduce_part(part, clock=timezone.now)

        assert parts
        assert entering.waiting_introductions() == []
        assert not RunPart.objects.filter(run=run, introduced_at=None).exists()
        after = firsts(at)
        rows = Introduction.objects.to_candidates()
        assert all(row.role_id in after[row.candidate_id] for row in rows)
        assert rows.exists()
        assert before

    def test_the_first_one_introduces_nothing(self):
        at = timezone.now()
        build_market(15, roles=30, candidates=40, at=at)

        publish()
        for part in entering.waiting_introductions():
            entering.introduce_part(part, clock=timezone.now)

        assert not Introduction.objects.exists()
        assert UNKNOWN not in thresholds().values()
