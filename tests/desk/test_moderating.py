from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Model

from opportunities.accounts.models import User
from opportunities.applications.models import ApplicationEvent, Message
from opportunities.core.errors import (
    Conflict,
    Invalid,
    LimitReached,
    NotAllowed,
    NotFound,
    RuleBroken,
    WrongState,
)
from opportunities.core.lifecycle import RoleStatus
from opportunities.desk import operations as moderating
from opportunities.desk.operations.reports import Subject
from opportunities.desk.operations.sanctions import FOREVER
from opportunities.employers.models import Employer
from opportunities.messaging.models import Notice
from opportunities.moderation.models import Decision, Report, Sanction
from opportunities.moderation.outcomes import ROLE_STEPS
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import submitting
from tests.desk import deciding
from tests.factories import (
    AppealFactory,
    ApplicationEventFactory,
    ApplicationFactory,
    CandidateProfileFactory,
    DecisionFactory,
    EmployerFactory,
    MembershipFactory,
    MessageFactory,
    OpportunityFactory,
    PayFloorFactory,
    ReportFactory,
    RolePostFactory,
    UserFactory,
)
from tests.roles.hearing import hearing

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return UserFactory(moderator=True)


def role_in(status: str, **facts: Any) -> Opportunity:
    return OpportunityFactory(at=NOW, **({} if status == "draft" else {status: True}), **facts)


ACTIONS: dict[str, Callable[[Opportunity, User], Opportunity]] = {
    "approve": lambda role, by: deciding.approve(opportunity_id=role.pk, moderator=by, at=NOW),
    "ask_changes": lambda role, by: deciding.ask_changes(
        opportunity_id=role.pk, moderator=by, reason="Say what it pays.", at=NOW
    ),
    "reject": lambda role, by: deciding.reject(
        opportunity_id=role.pk, moderator=by, rules=["5.3"], reason="It is not real.", at=NOW
    ),
    "remove": lambda role, by: deciding.remove(
        opportunity_id=role.pk, moderator=by, rules=["4.1"], reason="It asks money.", at=NOW
    ),
}


class TestEveryDecision:
    @pytest.mark.parametrize("action", ACTIONS)
    @pytest.mark.parametrize("status", RoleStatus)
    def test_is_done_in_the_states_of_the_table_and_refused_in_all_others(
        self, status: str, action: str, moderator: User
    ) -> None:
        role = role_in(status)
        step = ROLE_STEPS[action]

        if status in step.sources:
            assert ACTIONS[action](role, moderator).status == step.target
            assert Decision.objects.get(opportunity=role).action == action
        else:
            with pytest.raises(WrongState):
                ACTIONS[action](role, moderator)
            assert not Decision.objects.exists()

    @pytest.mark.parametrize("action", ACTIONS)
    def test_is_never_on_ones_own_employer_and_never_anothers(
        self, action: str, moderator: User
    ) -> None:
        role = role_in("in_review")
        MembershipFactory(employer=role.employer, user=moderator)
        member = MembershipFactory(employer=role.employer).user

        for actor, error in (
            (moderator, NotAllowed),
            (member, NotAllowed),
            (UserFactory(), NotFound),
        ):
            with pytest.raises(error):
                ACTIONS[action](role, actor)

        role.refresh_from_db()
        assert role.status == "in_review"

    @pytest.mark.parametrize("action", ACTIONS)
    def test_tells_the_employer_once_with_the_reason(self, action: str, moderator: User) -> None:
        role = role_in("in_review")
        member = MembershipFactory(employer=role.employer).user

        ACTIONS[action](role, moderator)

        notice = Notice.objects.get(recipient=member)
        assert notice.is_decision
        decision = Decision.objects.get(opportunity=role)
        assert decision.reason in notice.body
        for rule in decision.cited:
            assert f"{rule.number} ({rule.title})" in notice.body

    @pytest.mark.parametrize("action", ACTIONS)
    def test_respects_anothers_claim_until_it_runs_out(self, action: str, moderator: User) -> None:
        role = role_in(
            "in_review", claimed_by=UserFactory(), claimed_until=NOW + timedelta(seconds=1)
        )

        with pytest.raises(Conflict):
            ACTIONS[action](role, moderator)
        Opportunity.objects.update(claimed_until=NOW)

        assert ACTIONS[action](role, moderator).status == ROLE_STEPS[action].target

    def test_is_on_the_version_that_the_moderator_has_seen(self, moderator: User) -> None:
        role = role_in("in_review")

        with pytest.raises(Conflict):
            deciding.approve(opportunity_id=role.pk, moderator=moderator, version=9, at=NOW)

    @pytest.mark.parametrize(
        ("rules", "reason", "field"),
        [
            ([], "It is not real.", "rules"),
            (["9.9"], "It is not real.", "rules"),
            (["5.3"], " ", "reason"),
            (["5.3"], "x" * 2001, "reason"),
            (["5.3"], "a\x00b", "reason"),
        ],
    )
    def test_a_rejection_names_rules_and_a_reason(
        self, rules: list[str], reason: str, field: str, moderator: User
    ) -> None:
        role = role_in("in_review")

        with pytest.raises(Invalid) as refusal:
            deciding.reject(
                opportunity_id=role.pk, moderator=moderator, rules=rules, reason=reason, at=NOW
            )

        assert refusal.value.faults[0].field == field


class TestApprove:
    def test_opens_the_role_and_keeps_its_first_publication(self, moderator: User) -> None:
        first = NOW - timedelta(days=9)
        role = role_in("in_review", opened_at=first)

        deciding.approve(opportunity_id=role.pk, moderator=moderator, at=NOW)

        role.refresh_from_db()
        assert (role.status, role.opened_at, role.confirmed_at) == ("open", first, NOW)

    def test_of_an_unverified_employer_needs_the_moderators_own_check(
        self, moderator: User
    ) -> None:
        role = role_in("in_review", employer=EmployerFactory())
        call = {"opportunity_id": role.pk, "moderator": moderator, "at": NOW}

        with pytest.raises(Invalid) as refusal:
            deciding.approve(**call)
        assert refusal.value.faults[0].code == "rule-1.1"
        deciding.approve(**call, employer_checked=True)

        role.employer.refresh_from_db()
        assert role.employer.verified_by == "moderator"
        assert set(Decision.objects.values_list("action", flat=True)) == {"verify", "approve"}

    def test_cannot_overrule_pay_below_the_floor(self, moderator: User) -> None:
        PayFloorFactory(hourly_minor=2001)
        role = role_in("in_review")

        with pytest.raises(Invalid):
            deciding.approve(opportunity_id=role.pk, moderator=moderator, at=NOW)

        role.refresh_from_db()
        assert role.status == "in_review"

    def test_cannot_open_what_nobody_can_apply_to(self, moderator: User) -> None:
        role = role_in("in_review", past=True)

        with pytest.raises(Invalid):
            deciding.approve(opportunity_id=role.pk, moderator=moderator, at=NOW)

    def test_is_refused_for_an_employer_under_a_sanction(self, moderator: User) -> None:
        role = role_in("in_review", employer=EmployerFactory(suspended=True, verified=True))

        with pytest.raises(Conflict):
            deciding.approve(opportunity_id=role.pk, moderator=moderator, at=NOW)


def test_a_removal_warns_those_who_wait_and_nobody_else(moderator: User) -> None:
    role = role_in("open")
    waiting = ApplicationFactory(opportunity=role, at=NOW)
    ApplicationFactory(opportunity=role, at=NOW, withdrawn=True)

    ACTIONS["remove"](role, moderator)

    told = Notice.objects.filter(kind="role_removed")
    assert [notice.recipient for notice in told] == [waiting.profile.user]


class TestQueue:
    def test_is_oldest_first_without_ones_own_or_those_of_sanctioned_employers(
        self, moderator: User
    ) -> None:
        late = role_in("in_review", submitted_at=NOW)
        early = role_in("in_review", submitted_at=NOW - timedelta(hours=2))
        own = role_in("in_review")
        MembershipFactory(employer=own.employer, user=moderator)
        role_in("in_review", employer=EmployerFactory(suspended=True))
        role_in("open")

        assert list(moderating.waiting(moderator=moderator, at=NOW)) == [early, late]

    def test_is_closed_to_others(self) -> None:
        with pytest.raises(NotAllowed):
            moderating.waiting(moderator=UserFactory(), at=NOW)

    def test_a_claim_hides_the_role_from_others_until_it_runs_out(self, moderator: User) -> None:
        role = role_in("in_review")
        other = UserFactory(moderator=True)

        moderating.claim(opportunity_id=role.pk, moderator=moderator, at=NOW)

        assert list(moderating.waiting(moderator=moderator, at=NOW)) == [role]
        assert not moderating.waiting(moderator=other, at=NOW + timedelta(minutes=19))
        with pytest.raises(Conflict):
            moderating.claim(opportunity_id=role.pk, moderator=other, at=NOW)
        later = NOW + timedelta(minutes=20)
        assert moderating.claim(opportunity_id=role.pk, moderator=other, at=later)

    @pytest.mark.parametrize("status", sorted(set(RoleStatus) - {"in_review"}))
    def test_only_a_role_in_review_is_claimed(self, status: str, moderator: User) -> None:
        with pytest.raises(WrongState):
            moderating.claim(opportunity_id=role_in(status).pk, moderator=moderator, at=NOW)

    def test_a_released_role_is_anybodys(self, moderator: User) -> None:
        role = role_in("in_review")
        other = UserFactory(moderator=True)
        moderating.claim(opportunity_id=role.pk, moderator=moderator, at=NOW)

        with pytest.raises(Conflict):
            moderating.release_claim(opportunity_id=role.pk, moderator=other, at=NOW)
        moderating.release_claim(opportunity_id=role.pk, moderator=moderator, at=NOW)

        assert moderating.claim_next(moderator=other, at=NOW) == role

    def test_next_takes_the_oldest_that_nobody_else_holds(self, moderator: User) -> None:
        early = role_in("in_review", submitted_at=NOW - timedelta(hours=2))
        late = role_in("in_review")

        assert moderating.claim_next(moderator=moderator, at=NOW) == early
        second, third = UserFactory.create_batch(2, moderator=True)
        assert moderating.claim_next(moderator=second, at=NOW) == late
        assert moderating.claim_next(moderator=third, at=NOW) is None


class TestAppeal:
    def rejected(self) -> tuple[Decision, User]:
        role = role_in("in_review")
        member = MembershipFactory(employer=role.employer).user
        ACTIONS["reject"](role, UserFactory(moderator=True))
        return Decision.objects.get(), member

    def test_granted_by_somebody_else_brings_the_role_back_to_review(self, moderator: User) -> None:
        decision, member = self.rejected()
        appeal = moderating.appeal(
            decision_id=decision.pk, author=member, text="It is real.", at=NOW
        )

        with pytest.raises(NotAllowed):
            moderating.hear_appeal(
                appeal_id=appeal.pk, moderator=decision.moderator, granted=True, answer="Right.",
                at=NOW,
            )  # fmt: skip
        moderating.hear_appeal(
            appeal_id=appeal.pk, moderator=moderator, granted=True, answer="Right.", at=NOW
        )

        role = Opportunity.objects.get()
        assert role.status == "in_review"
        assert Decision.objects.filter(action="reinstate", opportunity=role).count() == 1
        (told,) = Notice.objects.filter(recipient=member, kind="appeal_heard")
        day = f"{NOW:%-d %B %Y}"
        assert told.subject == f"Your appeal was granted (Rejected, {day}): {role.title}"
        assert told.body == (
            "Somebody who had no part in the decision looked at it again. "
            "The role is under review again. Right."
        )
        assert told.url == f"/employer/roles/{role.public_id}/"
        (decider,) = Notice.objects.filter(recipient=decision.moderator, kind="appeal_heard")
        undone = f"Your decision was undone on appeal (Rejected, {day}): {role.title}"
        assert decider.subject == undone
        assert decider.body == "Right."
        assert decider.url == f"/moderate/roles/{role.public_id}/"

    def test_refused_leaves_all_as_it_is(self, moderator: User) -> None:
        decision, member = self.rejected()
        appeal = moderating.appeal(decision_id=decision.pk, author=member, text="No.", at=NOW)

        moderating.hear_appeal(
            appeal_id=appeal.pk, moderator=moderator, granted=False, answer="It is not.", at=NOW
        )

        assert Opportunity.objects.get().status == "rejected"
        assert Decision.objects.filter(action="uphold").count() == 1
        with pytest.raises(WrongState):
            moderating.hear_appeal(
                appeal_id=appeal.pk, moderator=moderator, granted=True, answer="Yes.", at=NOW
            )

    def test_is_made_once_in_time_and_by_those_concerned(self) -> None:
        decision, member = self.rejected()
        call = {"decision_id": decision.pk, "text": "It is real."}

        with pytest.raises(NotFound):
            moderating.appeal(**call, author=UserFactory(), at=NOW)
        with pytest.raises(NotAllowed):
            moderating.appeal(**call, author=decision.moderator, at=NOW)
        with pytest.raises(WrongState):
            moderating.appeal(**call, author=member, at=NOW + timedelta(days=30, seconds=1))
        moderating.appeal(**call, author=member, at=NOW + timedelta(days=30))
        with pytest.raises(Conflict):
            moderating.appeal(**call, author=member, at=NOW)

    @pytest.mark.parametrize("action", ["approve", "ask_changes", "verify", "uphold"])
    def test_is_for_decisions_against_somebody(self, action: str) -> None:
        decision = DecisionFactory(action=action, at=NOW)
        member = MembershipFactory(employer=decision.employer).user

        with pytest.raises(WrongState):
            moderating.appeal(decision_id=decision.pk, author=member, text="No.", at=NOW)

    def test_waiting_appeals_leave_out_ones_own_decisions(self, moderator: User) -> None:
        mine = AppealFactory(decision=DecisionFactory(moderator=moderator))
        other = AppealFactory()

        assert list(moderating.appeals_waiting(moderator=moderator)) == [other]
        assert list(moderating.appeals_waiting(moderator=other.decision.moderator)) == [mine]


class TestReports:
    def report(self, kind: str, row: Any, reporter: User | None = None, **changes: Any) -> Report:
        call = {"reason": "scam", "text": "It asks for money.", "at": NOW, **changes}
        return moderating.report(subject=Subject(kind, row.pk), reporter=reporter, **call)

    def test_anybody_may_report_a_public_thing_without_an_account(self) -> None:
        role = role_in("open")

        self.report("opportunity", role)
        self.report("employer", role.employer)
        self.report("post", RolePostFactory(opportunity=role))

        assert Report.objects.filter(reporter=None).count() == 3

    def test_what_one_cannot_see_one_cannot_report(self) -> None:
        message = MessageFactory()
        hidden = [
            ("opportunity", role_in("draft")),
            ("message", message),
            ("post", RolePostFactory(hidden_at=NOW)),
        ]

        for kind, row in hidden:
            for reporter in (None, UserFactory()):
                with pytest.raises(NotFound):
                    self.report(kind, row, reporter)

    def test_a_message_is_reported_by_the_side_that_received_it(self) -> None:
        message = MessageFactory()
        member = MembershipFactory(employer=message.application.opportunity.employer).user

        assert self.report("message", message, member).pk
        with pytest.raises(NotAllowed):
            self.report("message", message, message.sender)

    def test_a_second_report_is_the_first(self) -> None:
        role, reporter = role_in("open"), UserFactory()

        assert self.report("opportunity", role, reporter) == self.report(
            "opportunity", role, reporter
        )

    def test_what_a_second_report_says_is_added_to_the_first(self) -> None:
        role, reporter = role_in("open"), UserFactory()
        first = self.report("opportunity", role, reporter)

        for _ in range(2):
            more = {"reason": "conduct", "text": "They rang at night."}
            self.report("opportunity", role, reporter, **more)

        first.refresh_from_db()
        assert first.text.count("Somebody's conduct: They rang at night.") == 1
        assert first.times == 1

    def test_reports_have_a_daily_limit(self) -> None:
        reporter = UserFactory()
        ReportFactory.create_batch(20, reporter=reporter, at=NOW)

        with pytest.raises(LimitReached):
            self.report("opportunity", role_in("open"), reporter)

    def test_an_answer_is_told_and_may_hide_a_message(self, moderator: User) -> None:
        message = MessageFactory()
        member = MembershipFactory(employer=message.application.opportunity.employer).user
        report = self.report("message", message, member)

        moderating.answer_report(
            report_id=report.pk, moderator=moderator, upheld=True, answer="Hidden.", hide=True,
            at=NOW,
        )  # fmt: skip

        assert Message.objects.get().hidden_at == NOW
        (told,) = Notice.objects.filter(recipient=member, kind="report_answered")
        title = message.application.opportunity.title
        assert told.subject == f"Your report is answered: a message about {title}"
        assert Decision.objects.get().action == "resolve_report"
        with pytest.raises(WrongState):
            moderating.answer_report(
                report_id=report.pk, moderator=moderator, upheld=False, answer="No.", at=NOW
            )

    def test_is_not_answered_by_the_employers_own_or_by_who_made_it(self, moderator: User) -> None:
        own = ReportFactory()
        MembershipFactory(employer=own.opportunity.employer, user=moderator)
        made = ReportFactory(reporter=moderator)
        other = ReportFactory()
        call = {"moderator": moderator, "upheld": False, "answer": "No.", "at": NOW}

        for report in (own, made):
            with pytest.raises(NotAllowed):
                moderating.answer_report(report_id=report.pk, **call)

        assert set(moderating.reports_waiting(moderator=moderator)) == {made, other}

    def test_only_messages_and_questions_are_hidden(self, moderator: User) -> None:
        report = ReportFactory()

        with pytest.raises(Invalid):
            moderating.answer_report(
                report_id=report.pk, moderator=moderator, upheld=True, answer="Yes.", hide=True,
                at=NOW,
            )  # fmt: skip


SIDES = ["employer", "account"]


def side_of(kind: str) -> dict[str, int]:
    if kind == "employer":
        return {"employer_id": EmployerFactory(verified=True).pk}
    return {"account_id": CandidateProfileFactory(pseudonym=True).user_id}


class TestSanctions:
    @pytest.mark.parametrize("kind", SIDES)
    def test_the_ladder_goes_by_rungs(self, kind: str, moderator: User) -> None:
        call = {**side_of(kind), "moderator": moderator, "reason": "Silence.", "at": NOW}

        with pytest.raises(Conflict):
            deciding.suspend(**call)
        with pytest.raises(Conflict):
            deciding.propose_block(**call)
        deciding.warn(**call)
        deciding.suspend(**call)
        deciding.propose_block(**call)

        with pytest.raises(Conflict):
            deciding.propose_block(**call)
        assert [row.level for row in Sanction.objects.order_by("id")] == [
            "warning", "suspension", "block",
        ]  # fmt: skip

    @pytest.mark.parametrize("kind", SIDES)
    def test_a_grave_matter_skips_rungs(self, kind: str, moderator: User) -> None:
        sanction = deciding.suspend(
            **side_of(kind), moderator=moderator, reason="A scam.", grave=True, at=NOW
        )

        assert sanction.ends_at == NOW + timedelta(days=30)

    @pytest.mark.parametrize("kind", SIDES)
    def test_a_block_needs_two_people(self, kind: str, moderator: User) -> None:
        sanction = deciding.propose_block(
            **side_of(kind), moderator=moderator, reason="A scam.", grave=True, at=NOW
        )

        with pytest.raises(NotAllowed):
            deciding.confirm_block(sanction_id=sanction.pk, moderator=moderator, at=NOW)
        assert not moderating.blocks_waiting(moderator=moderator)
        second = UserFactory(moderator=True)
        assert list(moderating.blocks_waiting(moderator=second)) == [sanction]
        deciding.confirm_block(sanction_id=sanction.pk, moderator=second, at=NOW)

        with pytest.raises(WrongState):
            deciding.confirm_block(sanction_id=sanction.pk, moderator=second, at=NOW)

    def test_a_suspended_employers_roles_are_hidden_until_it_ends(self, moderator: User) -> None:
        role = role_in("open")

        deciding.suspend(
            employer_id=role.employer_id, moderator=moderator, reason="A scam.", grave=True, at=NOW
        )
        assert not Opportunity.objects.open(at=NOW).exists()
        assert moderating.end_suspensions(at=NOW + timedelta(days=29)) == 0
        assert moderating.end_suspensions(at=NOW + timedelta(days=30)) == 1
        assert moderating.end_suspensions(at=NOW + timedelta(days=30)) == 0

        assert Opportunity.objects.filter(status="open", employer__status="active").exists()

    def test_the_market_hears_of_every_role_that_a_sanction_hides_or_shows(
        self, moderator: User
    ) -> None:
        employer = EmployerFactory(verified=True)
        listed = {role_in(status, employer=employer).pk for status in ("open", "paused")}
        role_in("draft", employer=employer)

        with hearing() as hidden:
            deciding.suspend(
                employer_id=employer.pk, moderator=moderator, reason="A scam.", grave=True, at=NOW
            )
        with hearing() as shown:
            moderating.end_suspensions(at=NOW + timedelta(days=30))

        assert set(hidden) == set(shown) == listed

    def test_a_block_closes_roles_and_takes_back_what_waits(self, moderator: User) -> None:
        employer = EmployerFactory(verified=True)
        for status in ("open", "paused", "in_review", "draft"):
            role_in(status, employer=employer)
        sanction = deciding.propose_block(
            employer_id=employer.pk, moderator=moderator, reason="A scam.", grave=True, at=NOW
        )

        deciding.confirm_block(
            sanction_id=sanction.pk, moderator=UserFactory(moderator=True), at=NOW
        )

        assert sorted(Opportunity.objects.values_list("status", "closed_because")) == [
            ("closed", "sanction"), ("closed", "sanction"), ("draft", ""), ("draft", ""),
        ]  # fmt: skip
        employer.refresh_from_db()
        assert employer.status == "blocked"

    def test_a_blocked_person_cannot_act_and_is_not_shown(self, moderator: User) -> None:
        profile = CandidateProfileFactory(pseudonym=True)
        sanction = deciding.propose_block(
            account_id=profile.user_id, moderator=moderator, reason="Abuse.", grave=True, at=NOW
        )

        deciding.confirm_block(
            sanction_id=sanction.pk, moderator=UserFactory(moderator=True), at=NOW
        )

        profile.refresh_from_db()
        assert profile.visibility == "hidden"
        assert profile.user.suspended_until == FOREVER

    @pytest.mark.parametrize("kind", SIDES)
    def test_lifting_gives_back_what_it_took(self, kind: str, moderator: User) -> None:
        sanction = deciding.suspend(
            **side_of(kind), moderator=moderator, reason="A scam.", grave=True, at=NOW
        )

        deciding.lift(sanction_id=sanction.pk, moderator=moderator, reason="Wrong.", at=NOW)

        sanction.refresh_from_db()
        if kind == "employer":
            assert sanction.employer.status == "active"
        else:
            assert sanction.account.suspended_until is None
        with pytest.raises(WrongState):
            deciding.lift(sanction_id=sanction.pk, moderator=moderator, reason="Wrong.", at=NOW)

    def test_lifting_one_of_two_leaves_the_other(self, moderator: User) -> None:
        employer = EmployerFactory()
        call = {"employer_id": employer.pk, "moderator": moderator, "reason": "A.", "grave": True}
        deciding.suspend(**call, at=NOW)
        later = deciding.suspend(**call, at=NOW + timedelta(days=5))

        deciding.lift(
            sanction_id=later.pk, moderator=moderator, reason="Wrong.", at=NOW + timedelta(days=6)
        )

        employer.refresh_from_db()
        assert employer.status == "suspended"
        assert employer.suspended_until == NOW + timedelta(days=30)

    @pytest.mark.parametrize("kind", SIDES)
    def test_a_refused_proposal_may_be_made_again(self, kind: str, moderator: User) -> None:
        side = side_of(kind)
        call = {**side, "moderator": moderator, "reason": "A scam.", "grave": True, "at": NOW}
        sanction = deciding.propose_block(**call)

        deciding.refuse_block(
            sanction_id=sanction.pk, moderator=UserFactory(moderator=True), reason="No.", at=NOW
        )

        assert deciding.propose_block(**call).pk != sanction.pk

    def test_nobody_sanctions_their_own(self, moderator: User) -> None:
        membership = MembershipFactory(user=moderator)
        colleague = MembershipFactory(employer=membership.employer).user
        call = {"moderator": moderator, "reason": "A.", "at": NOW}

        for side in (
            {"employer_id": membership.employer_id},
            {"account_id": moderator.pk},
            {"account_id": colleague.pk},
        ):
            with pytest.raises(NotAllowed):
                deciding.warn(**side, **call)

    def test_others_do_not_sanction_at_all(self) -> None:
        with pytest.raises(NotAllowed):
            deciding.warn(**side_of("employer"), moderator=UserFactory(), reason="A.", at=NOW)

    @pytest.mark.parametrize("kind", SIDES)
    def test_an_appeal_against_a_sanction_lifts_it(self, kind: str, moderator: User) -> None:
        side = side_of(kind)
        sanction = deciding.suspend(**side, moderator=moderator, reason="A.", grave=True, at=NOW)
        author = (
            sanction.account
            if kind == "account"
            else MembershipFactory(employer=sanction.employer).user
        )
        appeal = moderating.appeal(
            decision_id=Decision.objects.get().pk, author=author, text="It was not me.", at=NOW
        )

        moderating.hear_appeal(
            appeal_id=appeal.pk, moderator=UserFactory(moderator=True), granted=True,
            answer="Right.", at=NOW,
        )  # fmt: skip

        sanction.refresh_from_db()
        assert sanction.lifted_at == NOW


class TestVerify:
    def test_records_who_checked_and_how(self, moderator: User) -> None:
        employer = EmployerFactory()
        call = {
            "employer_id": employer.pk,
            "moderator": moderator,
            "reason": "Register.",
            "at": NOW,
        }

        moderating.verify_employer(**call)

        employer.refresh_from_db()
        assert (employer.verified_by, employer.verified_at) == ("moderator", NOW)
        with pytest.raises(Conflict):
            moderating.verify_employer(**call)

    def test_is_never_of_ones_own_employer(self, moderator: User) -> None:
        employer = MembershipFactory(user=moderator).employer

        with pytest.raises(NotAllowed):
            moderating.verify_employer(
                employer_id=employer.pk, moderator=moderator, reason="Mine.", at=NOW
            )


@pytest.mark.parametrize("table", [Decision, ApplicationEvent])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_record_is_append_only_in_the_database(table: type[Model], change: str) -> None:
    DecisionFactory()
    ApplicationEventFactory()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table._meta.db_table))


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Run the actions in threads that start together; return results and refusals in order."""
    barrier = Barrier(len(actions), timeout=60)
    outcomes: list[object] = [None] * len(actions)

    def run(index: int) -> None:
        barrier.wait()
        try:
            outcomes[index] = actions[index]()
        except RuleBroken as refusal:
            outcomes[index] = refusal
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[index]) for index in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_moderators_decide_once(self) -> None:
        role = role_in("in_review")
        moderators = [UserFactory(moderator=True) for _ in range(8)]

        outcomes = at_once(
            *(
                lambda by=by, action=action: ACTIONS[action](role, by)
                for by, action in zip(moderators, ["approve", "reject"] * 4, strict=True)
            )
        )

        assert sum(isinstance(outcome, Opportunity) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, WrongState) for outcome in outcomes) == 7
        assert Decision.objects.count() == 1

    def test_two_moderators_never_claim_the_same_next_role(self) -> None:
        roles = {role_in("in_review").pk for _ in range(4)}
        moderators = [UserFactory(moderator=True) for _ in range(4)]

        claimed = at_once(
            *(lambda by=by: moderating.claim_next(moderator=by, at=NOW) for by in moderators)
        )

        taken = [role.pk for role in claimed if isinstance(role, Opportunity)]
        assert len(taken) == len(set(taken))
        assert set(taken) <= roles

    @pytest.mark.parametrize("_round", range(5))
    def test_approval_against_withdrawal_ends_in_one_lawful_state(self, _round: int) -> None:
        role = role_in("in_review")
        member = MembershipFactory(employer=role.employer).user
        by = UserFactory(moderator=True)

        approved, withdrawn = at_once(
            lambda: ACTIONS["approve"](role, by),
            lambda: submitting.withdraw(opportunity_id=role.pk, actor=member, at=NOW),
        )

        role.refresh_from_db()
        if role.status == "open":
            assert isinstance(withdrawn, WrongState)
            assert Decision.objects.get().action == "approve"
        else:
            assert role.status == "draft"
            assert isinstance(approved, WrongState)
            assert not Decision.objects.exists()

    @pytest.mark.parametrize("_round", range(3))
    def test_a_block_against_an_approval_leaves_nothing_open(self, _round: int) -> None:
        role = role_in("in_review")
        first, second, third = (UserFactory(moderator=True) for _ in range(3))
        sanction = deciding.propose_block(
            employer_id=role.employer_id, moderator=first, reason="A scam.", grave=True, at=NOW
        )

        at_once(
            lambda: deciding.confirm_block(sanction_id=sanction.pk, moderator=second, at=NOW),
            lambda: ACTIONS["approve"](role, third),
        )

        role.refresh_from_db()
        assert role.status in {"closed", "draft"}
        assert Employer.objects.get().status == "blocked"


def test_the_lifecycle_table_names_no_action_without_an_operation() -> None:
    operations = {*ACTIONS, "submit", "withdraw", "review_again", "pause", "resume", "close"}

    # TestAppeal holds the first of these, and the tests of submitting the second.
    assert set(ROLE_STEPS) - operations == {"reinstate", "auto_approve"}
