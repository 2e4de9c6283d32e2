from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from opportunities.core.errors import (
    Conflict,
    Invalid,
    LimitReached,
    NotAllowed,
    NotFound,
    RuleBroken,
    WrongState,
)
from opportunities.core.lifecycle import ROLE_STEPS, RoleStatus
from opportunities.messaging.models import Notice
from opportunities.moderation.models import Decision, Finding
from opportunities.roles import drafts
from opportunities.roles.fields import FIELDS
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import ClosedBecause
from opportunities.roles.publishing import drafting, living, questions, submitting
from tests.factories import (
    ApplicationFactory,
    AutoApprovalFactory,
    DecisionFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    PayFloorFactory,
    RolePostFactory,
    SanctionFactory,
    SkillAliasFactory,
    SkillFactory,
    UserFactory,
    employer_with_owner,
)
from tests.roles.hearing import heard
from tests.roles.role_samples import SAMPLES
from tests.roles.test_drafts import COMPLETE

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def own(state: str = "", **role: Any) -> tuple[Opportunity, Any]:
    """Return a role in a state and a member of its employer."""
    role |= {state: True} if state else {}
    opportunity = OpportunityFactory(at=NOW, **role)
    return opportunity, MembershipFactory(employer=opportunity.employer).user


ACTIONS = {
    "submit": lambda role, actor: submitting.submit(opportunity_id=role.pk, actor=actor, at=NOW),
    "withdraw": lambda role, actor: submitting.withdraw(
        opportunity_id=role.pk, actor=actor, at=NOW
    ),
    "review_again": lambda role, actor: submitting.amend(
        opportunity_id=role.pk, actor=actor, values={"title": "Another title"}, at=NOW
    ),
    "pause": lambda role, actor: living.pause(opportunity_id=role.pk, actor=actor, at=NOW),
    "resume": lambda role, actor: living.resume(opportunity_id=role.pk, actor=actor, at=NOW),
    "close": lambda role, actor: living.close(
        opportunity_id=role.pk, actor=actor, outcome="filled_here", at=NOW
    ),
}


class TestEveryAction:
    @pytest.mark.parametrize("action", ACTIONS)
    @pytest.mark.parametrize("status", RoleStatus)
    def test_is_done_in_the_states_of_the_table_and_refused_in_all_others(
        self, status: str, action: str
    ) -> None:
        role, actor = own("" if status == "draft" else status)
        step = ROLE_STEPS[action]

        if status in step.sources:
            assert ACTIONS[action](role, actor).status == step.target
        else:
            with pytest.raises(WrongState) as refusal:
                ACTIONS[action](role, actor)
            assert action not in refusal.value.allowed
        role.refresh_from_db()
        assert role.status == (step.target if status in step.sources else status)

    @pytest.mark.parametrize("action", ACTIONS)
    def test_is_a_members_alone(self, action: str) -> None:
        status = min(ROLE_STEPS[action].sources)
        role, _ = own("" if status == "draft" else status)
        stranger = UserFactory()
        moderator = UserFactory(moderator=True)

        with pytest.raises(NotAllowed if status == "open" else NotFound):
            ACTIONS[action](role, stranger)
        with pytest.raises(NotAllowed):
            ACTIONS[action](role, moderator)

    @pytest.mark.parametrize("action", ACTIONS)
    def test_is_refused_to_a_suspended_account(self, action: str) -> None:
        status = min(ROLE_STEPS[action].sources)
        role, actor = own("" if status == "draft" else status)
        actor.suspended_until = NOW + timedelta(days=1)

        with pytest.raises(NotAllowed):
            ACTIONS[action](role, actor)

    @pytest.mark.parametrize("action", ACTIONS)
    def test_of_a_role_that_does_not_exist_is_not_found(self, action: str) -> None:
        role, actor = own()
        role.pk = 0

        with pytest.raises(NotFound):
            ACTIONS[action](role, actor)

    @pytest.mark.parametrize("action", ["review_again", "pause", "resume", "close"])
    def test_on_the_market_is_announced(self, action: str) -> None:
        role, actor = own(min(ROLE_STEPS[action].sources))

        assert heard(lambda: ACTIONS[action](role, actor)) == [role.pk]


class TestDrafting:
    def test_a_title_and_a_format_begin_a_draft(self) -> None:
        employer, owner = employer_with_owner()

        role = drafting.create_draft(
            employer_id=employer.pk, actor=owner,
            values={"title": "Editor", "format": "gigternship"}, at=NOW,
        )  # fmt: skip

        role.refresh_from_db()
        assert (role.status, role.kind, role.posted_by) == ("draft", "micro", owner)
        assert (role.created_at, role.changed_at) == (NOW, NOW)

    def test_everything_stated_is_stored_and_derived(self) -> None:
        employer, owner = employer_with_owner()
        python = SkillFactory(slug="python")
        script = SkillAliasFactory(normalized="js", text="JS").skill
        values = {
            **COMPLETE,
            "deliverables": [{"title": "A report", "publishable": True}],
            "questions": [{"text": "Why?", "minutes": 3}],
            "skills": [{"name": "python", "level": 2, "must": True}, {"name": "JS"}],
        }

        role = drafting.create_draft(employer_id=employer.pk, actor=owner, values=values, at=NOW)

        role.refresh_from_db()
        assert (role.hours_per_week, role.hourly_minor) == (10, 2000)
        assert [(row.skill_id, row.level, row.must) for row in role.skills.order_by("id")] == [
            (python.pk, 2, True),
            (script.pk, 1, False),
        ]
        assert drafts.values_of(role)["deliverables"][0]["publishable"] is True

    def test_an_unknown_skill_is_refused_at_its_place(self) -> None:
        employer, owner = employer_with_owner()
        SkillFactory(slug="python")
        skills = [{"name": "python"}, {"name": "juggling chainsaws"}]

        with pytest.raises(Invalid) as refusal:
            drafting.create_draft(
                employer_id=employer.pk, actor=owner, values={**COMPLETE, "skills": skills}, at=NOW
            )

        assert [fault.field for fault in refusal.value.faults] == ["skills.1.name"]
        assert not Opportunity.objects.exists()

    def test_nobody_drafts_for_an_employer_of_others(self) -> None:
        employer, _ = employer_with_owner()

        with pytest.raises(NotFound):
            drafting.create_draft(
                employer_id=employer.pk, actor=UserFactory(), values=COMPLETE, at=NOW
            )

    def test_drafts_have_a_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        role, actor = own()
        monkeypatch.setattr("opportunities.roles.publishing.drafting.MAX_DRAFTS", 1)

        with pytest.raises(LimitReached):
            drafting.create_draft(
                employer_id=role.employer_id, actor=actor, values=COMPLETE, at=NOW
            )

    def test_restating_the_weeks_changes_the_hours_a_week_and_the_pay_of_a_stipend(self) -> None:
        role, actor = own(
            pay_kind="stipend_month", pay_amount_minor=260_000, hours_total=80, weeks=4,
            hours_per_week=20,
        )  # fmt: skip

        drafting.update_draft(opportunity_id=role.pk, actor=actor, values={"weeks": 2}, at=NOW)

        role.refresh_from_db()
        assert (role.hours_total, role.weeks, role.hours_per_week) == (80, 2, 40)
        assert role.hourly_minor == 1500
        assert role.version == 2

    def test_another_currency_keeps_the_amount_in_major_units(self) -> None:
        role, actor = own(pay_amount_minor=40_000)

        drafting.update_draft(
            opportunity_id=role.pk, actor=actor, values={"pay_currency": "JPY"}, at=NOW
        )

        role.refresh_from_db()
        assert role.pay_amount_minor == 400

    def test_parts_are_replaced_only_where_they_are_restated(self) -> None:
        role, actor = own()
        drafting.update_draft(
            opportunity_id=role.pk, actor=actor, values={"questions": [{"text": "Why?"}]}, at=NOW
        )

        drafting.update_draft(
            opportunity_id=role.pk, actor=actor, values={"title": "Editor"}, at=NOW
        )

        assert role.questions.count() == 1

    def test_a_stale_version_is_refused(self) -> None:
        role, actor = own()

        with pytest.raises(Conflict):
            drafting.update_draft(
                opportunity_id=role.pk, actor=actor, values={"title": "Editor"}, version=7, at=NOW
            )

    @pytest.mark.parametrize("status", RoleStatus)
    def test_only_a_draft_or_a_role_with_changes_asked_is_edited(self, status: str) -> None:
        role, actor = own("" if status == "draft" else status)
        edit = {"opportunity_id": role.pk, "actor": actor, "values": {"title": "X"}, "at": NOW}

        if status in {"draft", "changes_asked"}:
            assert drafting.update_draft(**edit).title == "X"
        else:
            with pytest.raises(WrongState):
                drafting.update_draft(**edit)

    @pytest.mark.parametrize("status", RoleStatus)
    def test_only_a_draft_is_deleted(self, status: str) -> None:
        role, actor = own("" if status == "draft" else status)

        if status == "draft":
            drafting.delete_draft(opportunity_id=role.pk, actor=actor, at=NOW)
        else:
            with pytest.raises(WrongState):
                drafting.delete_draft(opportunity_id=role.pk, actor=actor, at=NOW)

        assert Opportunity.objects.filter(pk=role.pk).exists() == (status != "draft")

    def test_what_was_once_submitted_stays(self) -> None:
        role, actor = own("in_review")
        submitting.withdraw(opportunity_id=role.pk, actor=actor, at=NOW)

        with pytest.raises(WrongState):
            drafting.delete_draft(opportunity_id=role.pk, actor=actor, at=NOW)

    @pytest.mark.parametrize("status", RoleStatus)
    def test_a_copy_is_a_draft_that_says_the_same_without_dates(self, status: str) -> None:
        role, actor = own("" if status == "draft" else status)

        other = drafting.copy(opportunity_id=role.pk, actor=actor, at=NOW)

        assert other.pk != role.pk
        assert (other.status, other.opened_at, other.apply_by) == ("draft", None, None)
        assert other.title == role.title


class TestAssess:
    def test_shows_the_true_hourly_pay_and_what_would_be_objected_to(self) -> None:
        PayFloorFactory(hourly_minor=1300)
        employer = EmployerFactory(verified=True)

        assessment = drafting.assess(
            values={**COMPLETE, "pay_amount": "200", "description": "Write to a@b.example."},
            employer=employer, at=NOW,
        )  # fmt: skip

        assert assessment.role.hourly_minor == 1000
        assert assessment.standards.rates.currency == "GBP"
        verdicts = {result.name: result.verdict for result in assessment.results}
        assert verdicts["pay_floor"] == "stop"
        assert verdicts["off_site_contact"] == "stop"

    def test_serves_a_draft_without_an_account_or_a_format(self) -> None:
        assessment = drafting.assess(values={"title": "Editor"}, employer=None, at=NOW)

        assert assessment.results == []
        assert ("format", "required") in {(f.field, f.code) for f in assessment.faults}

    def test_stores_nothing(self, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(12):
            drafting.assess(values=COMPLETE, employer=None, at=NOW)

        assert not Opportunity.objects.exists()


class TestSubmit:
    def submit(self, role: Opportunity, actor: Any) -> Opportunity:
        return submitting.submit(opportunity_id=role.pk, actor=actor, at=NOW)

    def test_stores_what_every_check_says_of_this_version(self) -> None:
        role, actor = own(description="Call +44 20 7946 0958 to hear more.")

        role = self.submit(role, actor)

        findings = Finding.objects.filter(opportunity=role, role_version=role.version)
        look = findings.get(check_name="off_site_contact")
        span = look.spans[0]
        assert look.verdict == "look"
        assert role.description[span["start"] : span["end"]] == "+44 20 7946 0958"
        assert findings.filter(verdict="clear").count() > 10

    def test_refuses_what_is_missing_by_field(self) -> None:
        role, actor = own(description="", apply_by=None)

        with pytest.raises(Invalid) as refusal:
            self.submit(role, actor)

        assert {fault.field for fault in refusal.value.faults} == {"description", "apply_by"}

    def test_refuses_pay_below_the_floor(self) -> None:
        PayFloorFactory(hourly_minor=2001)
        role, actor = own()

        with pytest.raises(Invalid) as refusal:
            self.submit(role, actor)

        assert [(f.field, f.code) for f in refusal.value.faults] == [("pay_amount", "rule-3.1")]
        assert not Finding.objects.exists()

    @pytest.mark.parametrize("state", ["suspended", "blocked"])
    def test_refuses_an_employer_under_a_sanction(self, state: str) -> None:
        role, actor = own(employer=EmployerFactory(**{state: True}))

        with pytest.raises(NotAllowed):
            self.submit(role, actor)

    def test_waits_for_the_outcome_of_the_last_closed_role(self) -> None:
        role, actor = own()
        closed = OpportunityFactory(employer=role.employer, closed=True, at=NOW)

        with pytest.raises(Conflict):
            self.submit(role, actor)
        living.state_outcome(opportunity_id=closed.pk, actor=actor, outcome="cancelled", at=NOW)

        assert self.submit(role, actor).status == "in_review"

    def test_owes_no_outcome_of_a_role_that_a_sanction_closed(self) -> None:
        role, actor = own()
        OpportunityFactory(
            employer=role.employer, closed=True, closed_because=ClosedBecause.SANCTION, at=NOW
        )

        assert self.submit(role, actor).status == "in_review"

    def test_remembers_the_words_for_later_copies(self) -> None:
        role, actor = own()

        self.submit(role, actor)

        assert role.fingerprint.bands.count() == 24


class TestAutoApproval:
    def clean(self, employer: Any, count: int, **decision: Any) -> None:
        for _ in range(count):
            DecisionFactory(
                opportunity=OpportunityFactory(employer=employer, open=True),
                **{"action": "approve", **decision},
            )

    def submitted(self, role: Opportunity, actor: Any) -> str:
        return str(submitting.submit(opportunity_id=role.pk, actor=actor, at=NOW).status)

    def test_opens_a_clear_role_of_a_verified_employer_with_clean_roles(self) -> None:
        AutoApprovalFactory(clean_roles=2)
        role, actor = own()
        self.clean(role.employer, 2)

        assert self.submitted(role, actor) == "open"

        decision = Decision.objects.get(opportunity=role)
        assert (decision.action, decision.moderator) == ("auto_approve", None)
        assert Notice.objects.filter(recipient=actor, is_decision=True).count() == 1

    def test_is_off_until_an_administrator_switches_it_on(self) -> None:
        AutoApprovalFactory(clean_roles=1, is_on=False)
        role, actor = own()
        self.clean(role.employer, 1)

        assert self.submitted(role, actor) == "in_review"

    @pytest.mark.parametrize("count", [0, 1])
    def test_waits_for_enough_clean_roles(self, count: int) -> None:
        AutoApprovalFactory(clean_roles=2)
        role, actor = own()
        self.clean(role.employer, count)

        assert self.submitted(role, actor) == "in_review"

    def test_counts_no_role_that_needed_changes_and_none_it_opened_itself(self) -> None:
        AutoApprovalFactory(clean_roles=1)
        role, actor = own()
        self.clean(role.employer, 1, action="auto_approve")
        self.clean(role.employer, 1)
        changed = Decision.objects.filter(action="approve").get().opportunity
        DecisionFactory(opportunity=changed, action="ask_changes")

        assert self.submitted(role, actor) == "in_review"

    @pytest.mark.parametrize(
        "role_facts",
        [
            {"title": "EARN MONEY NOW TODAY"},
            {"response_days": 20},
            {"employer__verified": False},
        ],
    )
    def test_leaves_what_is_not_all_clear_to_a_person(self, role_facts: Any) -> None:
        AutoApprovalFactory(clean_roles=1)
        role, actor = own(**role_facts)
        self.clean(role.employer, 1)

        assert self.submitted(role, actor) == "in_review"

    def test_is_not_for_a_role_that_was_sent_back_before(self) -> None:
        AutoApprovalFactory(clean_roles=1)
        role, actor = own("changes_asked")
        self.clean(role.employer, 1)
        DecisionFactory(opportunity=role, action="ask_changes")

        assert self.submitted(role, actor) == "in_review"

    def test_is_not_for_an_employer_under_a_sanction(self) -> None:
        AutoApprovalFactory(clean_roles=1)
        role, actor = own()
        self.clean(role.employer, 1)
        SanctionFactory(employer=role.employer, in_force=True)

        assert self.submitted(role, actor) == "in_review"

    def test_is_for_an_employer_whose_sanction_was_lifted_whatever_others_did(self) -> None:
        AutoApprovalFactory(clean_roles=1)
        role, actor = own()
        self.clean(role.employer, 1)
        SanctionFactory(employer=role.employer, in_force=True, lifted_at=NOW)
        SanctionFactory(in_force=True)

        assert self.submitted(role, actor) == "open"


ANOTHER: dict[str, Any] = {name: sample.value for name, sample in SAMPLES.items()}


NOT_MATERIAL = {
    "start_earliest", "start_latest", "apply_by", "task_areas", "contacts", "capacity", "holistic",
}  # fmt: skip
"""What an employer changes on an open role without another review, written by hand."""


class TestAmend:
    @pytest.mark.parametrize("state", ["suspended", "blocked"])
    def test_refuses_an_employer_under_a_sanction(self, state: str) -> None:
        role, actor = own("open", employer=EmployerFactory(**{state: True}))

        with pytest.raises(NotAllowed):
            submitting.amend(opportunity_id=role.pk, actor=actor, values={"capacity": 9}, at=NOW)

        role.refresh_from_db()
        assert role.capacity != 9

    def test_what_is_not_reviewed_again_is_what_stands_here(self) -> None:
        free = {name for name, row in FIELDS.items() if not row.is_material}

        assert free == NOT_MATERIAL

    def test_every_field_is_said_to_be_material_or_not(self) -> None:
        assert set(FIELDS) == set(ANOTHER)

    @pytest.mark.parametrize("name", ANOTHER)
    @pytest.mark.parametrize("state", ["open", "paused"])
    def test_a_material_change_goes_back_to_review_and_no_other_does(
        self, name: str, state: str
    ) -> None:
        SkillFactory(slug="python")
        employer = EmployerFactory(verified=True, domain="harbour.example")
        role, actor = own(state, employer=employer, place="Hull")
        values = {name: ANOTHER[name]}
        if name == "hours_per_week":
            values |= {"hours_total": 22}
        if name == "format":
            values |= {"repeatable": True}
        if name == "pay_amount":
            values |= {"pay_max": None}

        submitting.amend(opportunity_id=role.pk, actor=actor, values=values, at=NOW)

        role.refresh_from_db()
        assert role.status == ("in_review" if FIELDS[name].is_material else state)
        assert Finding.objects.filter(opportunity=role, role_version=role.version).exists()

    def test_a_change_to_the_same_is_no_change(self) -> None:
        role, actor = own("open")

        submitting.amend(
            opportunity_id=role.pk, actor=actor, values={"title": f"  {role.title} "}, at=NOW
        )

        role.refresh_from_db()
        assert role.status == "open"

    def test_fewer_places_than_are_taken_are_refused(self) -> None:
        role, actor = own("open", capacity=3, seats_held=2)

        with pytest.raises(Invalid) as refusal:
            submitting.amend(opportunity_id=role.pk, actor=actor, values={"capacity": 1}, at=NOW)

        assert refusal.value.faults[0].field == "capacity"

    def test_an_amendment_may_not_break_a_binding_rule(self) -> None:
        PayFloorFactory(hourly_minor=1900)
        role, actor = own("open")

        with pytest.raises(Invalid):
            submitting.amend(
                opportunity_id=role.pk, actor=actor, values={"pay_amount": "300"}, at=NOW
            )

        role.refresh_from_db()
        assert (role.status, role.pay_amount_minor) == ("open", 40_000)

    def test_the_first_publication_is_never_moved(self) -> None:
        role, actor = own("open")
        first = role.opened_at
        AutoApprovalFactory(clean_roles=1)
        DecisionFactory(
            opportunity=OpportunityFactory(employer=role.employer, open=True), action="approve"
        )

        role = submitting.amend(
            opportunity_id=role.pk, actor=actor, values={"title": "Count analyst"},
            at=NOW + timedelta(days=3),
        )  # fmt: skip

        assert (role.status, role.opened_at) == ("open", first)


class TestLiving:
    def test_extends_to_a_later_day_only(self) -> None:
        role, actor = own("open")
        later = role.apply_by + timedelta(days=20)
        change = {"opportunity_id": role.pk, "actor": actor}

        assert living.extend(**change, apply_by=later, at=NOW).apply_by == later
        for day in (later, later - timedelta(days=1), NOW.date() + timedelta(days=181)):
            with pytest.raises(Invalid):
                living.extend(**change, apply_by=day, at=NOW)

    @pytest.mark.parametrize("status", RoleStatus)
    def test_only_a_role_on_the_market_is_confirmed_or_extended(self, status: str) -> None:
        role, actor = own("" if status == "draft" else status)
        later = role.apply_by + timedelta(days=1)
        call = {"opportunity_id": role.pk, "actor": actor, "at": NOW + timedelta(days=2)}

        if status in {"open", "paused"}:
            living.confirm(**call)
            living.extend(**call, apply_by=later)
            role.refresh_from_db()
            assert role.confirmed_at == NOW + timedelta(days=2)
        else:
            for refused in (
                lambda: living.confirm(**call),
                lambda: living.extend(**call, apply_by=later),
            ):
                with pytest.raises(WrongState):
                    refused()

    def test_confirming_shows_a_hidden_role_again(self) -> None:
        role, actor = own("open", hidden_at=NOW)

        assert heard(lambda: living.confirm(opportunity_id=role.pk, actor=actor, at=NOW)) == [
            role.pk
        ]
        role.refresh_from_db()
        assert role.hidden_at is None

    def test_closing_says_what_happened(self) -> None:
        role, actor = own("open")

        with pytest.raises(Invalid):
            living.close(opportunity_id=role.pk, actor=actor, outcome="", at=NOW)
        living.close(opportunity_id=role.pk, actor=actor, outcome="filled_elsewhere", at=NOW)

        role.refresh_from_db()
        assert (role.outcome, role.closed_because) == ("filled_elsewhere", "employer")

    @pytest.mark.parametrize("status", RoleStatus)
    def test_only_a_closed_role_has_an_outcome(self, status: str) -> None:
        role, actor = own("" if status == "draft" else status)
        call = {"opportunity_id": role.pk, "actor": actor, "outcome": "cancelled", "at": NOW}

        if status == "closed":
            assert living.state_outcome(**call).outcome == "cancelled"
        else:
            with pytest.raises(WrongState):
                living.state_outcome(**call)


class TestQuestions:
    def ask(self, role: Opportunity, **changes: Any) -> Any:
        call = {"author": UserFactory(), "question": "May I start in March?", "at": NOW}
        return questions.ask(opportunity_id=role.pk, **{**call, **changes})

    def test_the_employer_is_told_and_answers_in_public(self) -> None:
        role, actor = own("open")
        author = UserFactory()

        post = self.ask(role, author=author)
        questions.answer(post_id=post.pk, actor=actor, text="Yes, you may.", at=NOW)

        post.refresh_from_db()
        assert (post.answer, post.answered_by) == ("Yes, you may.", actor)
        assert Notice.objects.filter(recipient=actor, kind="role_question").count() == 1
        assert Notice.objects.filter(recipient=author, kind="role_answer").count() == 1

    @pytest.mark.parametrize(
        ("question", "code"),
        [
            (" ", "required"),
            ("x" * 601, "too_long"),
            ("Write me at me@elsewhere.example", "rule-4.3"),
        ],
    )
    def test_refuses_what_may_not_be_shown(self, question: str, code: str) -> None:
        role, _ = own("open")

        with pytest.raises(Invalid) as refusal:
            self.ask(role, question=question)

        assert refusal.value.faults[0].code == code

    def test_refuses_a_fourth_question_while_three_wait(self) -> None:
        role, _ = own("open")
        author = UserFactory()
        RolePostFactory.create_batch(3, opportunity=role, author=author)

        with pytest.raises(LimitReached):
            self.ask(role, author=author)

    @pytest.mark.parametrize(
        ("state", "error"),
        [("open", None), ("closed", WrongState), ("in_review", NotFound), ("removed", NotFound)],
    )
    def test_is_asked_while_the_role_is_open(
        self, state: str, error: type[RuleBroken] | None
    ) -> None:
        role, _ = own(state)

        if error is None:
            assert self.ask(role).pk
        else:
            with pytest.raises(error):
                self.ask(role)

    def test_employers_neither_ask_themselves_nor_answer_for_others(self) -> None:
        role, actor = own("open")
        post = RolePostFactory(opportunity=role)

        with pytest.raises(NotAllowed):
            self.ask(role, author=actor)
        with pytest.raises(NotAllowed):
            questions.answer(post_id=post.pk, actor=UserFactory(), text="Yes.", at=NOW)

    def test_one_takes_back_ones_own_question_until_it_is_answered(self) -> None:
        role, actor = own("open")
        post = RolePostFactory(opportunity=role)

        with pytest.raises(NotAllowed):
            questions.hide_own_question(post_id=post.pk, author=UserFactory(), at=NOW)
        assert questions.hide_own_question(post_id=post.pk, author=post.author, at=NOW).hidden_at
        with pytest.raises(WrongState):
            questions.answer(post_id=post.pk, actor=actor, text="Yes.", at=NOW)


def test_an_applicant_still_sees_a_role_that_went_back_to_review() -> None:
    role, actor = own("open")
    application = ApplicationFactory(opportunity=role, at=NOW)

    submitting.amend(
        opportunity_id=role.pk, actor=actor, values={"pay_amount": Decimal(500)}, at=NOW
    )

    visible = Opportunity.objects.visible_to(application.profile.user)
    assert list(visible) == [role]
