"""A decision made at the desk waits a minute, in which nobody is told and it can be undone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from opportunities.core.errors import Conflict, Invalid, NotAllowed, WrongState
from opportunities.desk import operations as moderating
from opportunities.messaging.models import Delivery, Notice
from opportunities.moderation import outcomes
from opportunities.moderation.models import Decision, HeldDecision
from opportunities.roles.publishing import submitting
from opportunities.webhooks.models import Event
from tests.desk import deciding
from tests.desk.minute import let_the_minute_pass
from tests.factories import (
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(seconds=60)


@pytest.fixture
def moderator(client):
    moderator = UserFactory(moderator=True, name="Mona Derate")
    client.force_login(moderator)
    return moderator


@pytest.fixture
def member():
    return MembershipFactory(employer=EmployerFactory(verified=True)).user


@pytest.fixture
def role(member):
    role = OpportunityFactory(employer=member.memberships.get().employer)
    submitting.submit(opportunity_id=role.pk, actor=member, at=timezone.now())
    role.refresh_from_db()
    return role


def hold(role, moderator, outcome=outcomes.REJECT, *, at=None, **said):
    said = {"reason": "There is no vacancy.", "rules": ["5.3"]} | said
    if outcome is outcomes.APPROVE:
        said = {}
    return moderating.hold(
        outcome,
        opportunity_id=role.pk,
        moderator=moderator,
        version=role.version,
        at=at or timezone.now(),
        **said,
    )


def traces():
    """Count all by which anybody could learn of a decision."""
    return (
        Notice.objects.count(), Delivery.objects.count(), Event.objects.count(),
        Decision.objects.count(),
    )  # fmt: skip


OUTCOMES = [outcomes.APPROVE, outcomes.ASK_CHANGES, outcomes.REJECT, outcomes.REMOVE]


class TestHold:
    @pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.name)
    def test_nothing_moves_and_nobody_is_told_before_the_minute_is_over(
        self, role, moderator, outcome
    ):
        before, now = traces(), timezone.now()

        held = hold(role, moderator, outcome, at=now)
        early = moderating.carry_out_held(at=now + MINUTE - timedelta(milliseconds=1))

        role.refresh_from_db()
        assert (role.status, early, traces()) == ("in_review", 0, before)
        assert held.due_at == now + MINUTE
        assert moderating.carry_out_held(at=now + MINUTE) == 1
        role.refresh_from_db()
        assert role.status == outcome.step.target
        assert not HeldDecision.objects.exists()
        assert all(after > earlier for after, earlier in zip(traces(), before, strict=True))
        assert Decision.objects.get().moderator == moderator

    def test_the_decision_is_made_with_all_that_was_said(self, member, moderator):
        employer = member.memberships.get().employer
        employer.verified_at, employer.verified_by = None, ""
        employer.save()
        role = OpportunityFactory(employer=employer)
        submitting.submit(opportunity_id=role.pk, actor=member, at=timezone.now())

        moderating.hold(
            outcomes.APPROVE,
            opportunity_id=role.pk,
            moderator=moderator,
            reason="Welcome.",
            employer_checked=True,
            at=timezone.now(),
        )
        let_the_minute_pass()

        assert [row.action for row in Decision.objects.order_by("id")] == ["verify", "approve"]
        assert Decision.objects.get(action="approve").reason == "Welcome."

    def test_what_would_be_refused_is_refused_at_once(self, role, moderator):
        before = traces()

        with pytest.raises(Invalid):
            hold(role, moderator, reason="")
        with pytest.raises(Conflict):
            moderating.hold(
                outcomes.REJECT, opportunity_id=role.pk, moderator=moderator, reason="No.",
                rules=["5.3"], version=role.version + 1, at=timezone.now(),
            )  # fmt: skip

        assert not HeldDecision.objects.exists()
        assert traces() == before

    def test_a_role_on_the_market_is_taken_down_at_once(self, moderator):
        role = OpportunityFactory(open=True)

        assert hold(role, moderator, outcomes.REMOVE) is None

        role.refresh_from_db()
        assert role.status == "removed"

    def test_nobody_else_is_offered_the_role_meanwhile_nor_decides_on_it(self, role, moderator):
        now, other = timezone.now(), UserFactory(moderator=True)
        hold(role, moderator, at=now)

        for one in (moderator, other):
            assert role not in moderating.waiting(moderator=one, at=now)
        with pytest.raises(Conflict):
            hold(role, other, outcomes.APPROVE)

    def test_it_comes_to_nothing_where_the_role_has_changed_and_its_moderator_learns(
        self, role, member, moderator
    ):
        hold(role, moderator)
        submitting.withdraw(opportunity_id=role.pk, actor=member, at=timezone.now())

        assert let_the_minute_pass() == 0

        role.refresh_from_db()
        assert role.status == "draft"
        assert not Decision.objects.exists()
        assert not HeldDecision.objects.exists()
        told = Notice.objects.get(recipient=moderator)
        assert told.subject == f"Your decision did not take effect: {role.title}"
        assert not Notice.objects.filter(recipient=member, kind="decision_reject").exists()

    def test_one_over_the_api_takes_the_place_of_ones_own_held_one(self, role, moderator):
        hold(role, moderator)

        deciding.approve(opportunity_id=role.pk, moderator=moderator, at=timezone.now())

        assert let_the_minute_pass() == 0
        assert [row.action for row in Decision.objects.all()] == ["approve"]


class TestUndo:
    @pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.name)
    def test_restores_everything_and_is_on_record_for_moderators_alone(
        self, role, member, moderator, client, outcome
    ):
        before = traces()
        hold(role, moderator, outcome)

        moderating.undo(opportunity_id=role.pk, moderator=moderator, at=timezone.now())

        version = role.version
        role.refresh_from_db()
        assert (role.status, role.version, role.claimed_by) == ("in_review", version, moderator)
        assert traces()[:3] == before[:3]
        undone = Decision.objects.get()
        assert (undone.action, undone.moderator, undone.opportunity) == ("undo", moderator, role)
        assert outcome.label.lower() in undone.reason
        assert let_the_minute_pass() == 0
        assert "Undone before anybody was told" in client.get("/moderate/log/").text
        review = client.get(f"/moderate/roles/{role.public_id}/").text
        assert "Undone before anybody was told, by " in review
        client.force_login(member)
        assert "Undone before" not in client.get(f"/employer/roles/{role.public_id}/").text
        employer = role.employer.public_id
        assert client.get(f"/api/v1/employers/{employer}/decisions").json()["data"] == []

    def test_is_refused_when_the_minute_is_over_though_no_worker_came_by(self, role, moderator):
        now = timezone.now()
        hold(role, moderator, at=now)

        with pytest.raises(WrongState, match="The minute is over"):
            moderating.undo(opportunity_id=role.pk, moderator=moderator, at=now + MINUTE)

        assert moderating.carry_out_held(at=now + MINUTE) == 1
        with pytest.raises(WrongState, match="The minute is over"):
            moderating.undo(opportunity_id=role.pk, moderator=moderator, at=now)

    def test_holds_to_the_last_moment_of_the_minute(self, role, moderator):
        now = timezone.now()
        hold(role, moderator, at=now)
        last = now + MINUTE - timedelta(milliseconds=1)

        assert list(moderating.undoable(moderator=moderator, at=last))
        assert not moderating.undoable(moderator=moderator, at=now + MINUTE)
        moderating.undo(opportunity_id=role.pk, moderator=moderator, at=last)

        with pytest.raises(WrongState, match="undone already"):
            moderating.undo(opportunity_id=role.pk, moderator=moderator, at=last)

    def test_words_that_are_not_used_again_are_forgotten_after_a_day(self, role, moderator):
        now = timezone.now()
        hold(role, moderator, at=now)
        moderating.undo(opportunity_id=role.pk, moderator=moderator, at=now)

        moderating.carry_out_held(at=now + timedelta(hours=23))
        assert HeldDecision.objects.exists()
        moderating.carry_out_held(at=now + timedelta(days=1))

        assert not HeldDecision.objects.exists()

    def test_is_the_deciding_moderators_alone(self, role, moderator):
        hold(role, moderator)
        other = UserFactory(moderator=True)

        with pytest.raises(NotAllowed):
            moderating.undo(opportunity_id=role.pk, moderator=other, at=timezone.now())

        assert not moderating.undoable(moderator=other, at=timezone.now())


class TestPages:
    def page(self, role):
        return reverse("opportunities:review-role", args=[role.public_id])

    def test_a_decision_is_undone_from_the_next_page_and_its_words_come_back(
        self, client, role, moderator
    ):
        said = {"outcome": "reject", "message": "There is <no> vacancy.", "rule": ["5.3"]}
        client.post(self.page(role), said | {"version": role.version})

        after = client.get("/moderate/").text
        assert "nobody has been told yet" in after
        undone = client.post(f"{self.page(role)}undo/", follow=True)

        assert "Undone. Nobody was told" in undone.text
        assert "There is &lt;no&gt; vacancy.</textarea>" in undone.text
        assert 'name="rule" value="5.3" checked' in undone.text
        assert 'type="radio" name="outcome" value="reject" data-key="3">' in undone.text
        assert "nobody has been told yet" not in undone.text

    def test_what_one_moderator_had_typed_is_not_shown_to_another(self, client, role, moderator):
        hold(role, moderator, reason="Between us.")
        moderating.undo(opportunity_id=role.pk, moderator=moderator, at=timezone.now())
        client.force_login(UserFactory(moderator=True))

        assert "Between us." not in client.get(self.page(role)).text

    def test_a_held_role_says_who_decided_and_takes_no_second_decision(
        self, client, role, moderator
    ):
        hold(role, moderator)
        client.force_login(UserFactory(moderator=True))

        text = client.get(self.page(role)).text

        assert "Mona Derate has decided: rejected." in text
        assert 'name="outcome"' not in text
        assert "/undo/" not in text

    def test_too_late_says_so(self, client, role, moderator):
        client.post(self.page(role), {"outcome": "approve", "version": role.version})
        let_the_minute_pass()

        answer = client.post(f"{self.page(role)}undo/", follow=True)

        assert "The minute is over" in answer.text
        role.refresh_from_db()
        assert role.status == "open"

    def test_leaving_a_role_opens_the_one_behind_it_and_the_last_leads_to_the_first(
        self, client, role, moderator
    ):
        other = OpportunityFactory(employer=role.employer)
        actor = role.employer.memberships.get().user
        submitting.submit(opportunity_id=other.pk, actor=actor, at=timezone.now())

        second = client.get("/moderate/", {"after": role.public_id}).url
        assert second == self.page(other)
        assert client.get("/moderate/", {"after": other.public_id}).url == self.page(role)
        assert client.get("/moderate/", {"after": "nothing"}).url == self.page(role)

    def test_every_key_that_is_listed_is_on_the_page(self, client, role, moderator):
        hold(OpportunityFactory(in_review=True), moderator, outcomes.ASK_CHANGES)
        role.employer.verified_at, role.employer.verified_by = None, ""
        role.employer.save()

        text = client.get(self.page(role)).text

        for key in ("1", "2", "3", "4", "v", "d", "u", "c", "n", "?"):
            assert f'data-key="{key}"' in text, key
