"""What candidates hand in, and what becomes of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from opportunities.applications import applying, selecting
from opportunities.applications.applying import Papers
from opportunities.applications.models import Application
from opportunities.applications.selecting import Proposal
from opportunities.core.calendar import add_working_days
from opportunities.core.errors import (
    Conflict,
    Invalid,
    LimitReached,
    NotAllowed,
    NotFound,
    WrongState,
)
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.core.models import Site
from opportunities.messaging.models import Notice
from tests.factories import (
    ApplicationFactory,
    BlockedEmployerFactory,
    CandidateProfileFactory,
    InterviewSlotFactory,
    MembershipFactory,
    OpportunityFactory,
    QuestionFactory,
    ResumeFactory,
    RoleInvitationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)


def apply(role, profile, at=NOW, **papers):
    return applying.apply(
        opportunity_id=role.pk,
        candidate=profile.user,
        papers=Papers(**{"name": "Ada Example", **papers}),
        at=at,
    )


def open_role(**facts):
    return OpportunityFactory(open=True, at=NOW, **facts)


class TestApply:
    def test_a_micro_internship_takes_a_name_and_short_answers(self):
        role = open_role()
        QuestionFactory.create_batch(3, opportunity=role)
        profile = CandidateProfileFactory()

        application = apply(role, profile, answers=["One.", " Two. ", "Three."])

        assert application.status == ApplicationStatus.SUBMITTED
        assert [answer.text for answer in application.answers.order_by("position")] == [
            "One.",
            "Two.",
            "Three.",
        ]
        assert application.events.get().actor == profile.user

    def test_the_promise_counts_working_days_of_the_employers_country(self):
        role = open_role(response_days=5, employer__country="GB")

        application = apply(role, CandidateProfileFactory(), at=NOW + timedelta(days=14))

        assert application.answer_due_on == date(2026, 12, 30)  # over Christmas and Boxing Day
        assert application.release_on == date(2027, 1, 7)  # and over New Year

    def test_an_internship_asks_for_a_resume_and_a_letter(self):
        role = open_role(internship=True)
        profile = CandidateProfileFactory()

        with pytest.raises(Invalid) as refused:
            apply(role, profile)
        assert {fault.field for fault in refused.value.faults} == {"resume", "cover_letter"}

        resume = ResumeFactory(profile=profile)
        application = apply(role, profile, cover_letter="Dear all", resume_id=resume.pk)
        assert application.resume == resume

    @pytest.mark.parametrize(
        ("papers", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 121}, "name"),
            ({"answers": []}, "answers"),
            ({"answers": ["One.", "Two."]}, "answers"),
            ({"answers": [" "]}, "answers/0"),
            ({"answers": ["x" * 3001]}, "answers/0"),
            ({"cover_letter": "x" * 6001}, "cover_letter"),
            ({"work_sample_url": "http://a.example"}, "work_sample_url"),
            ({"work_sample_url": "javascript:alert(1)"}, "work_sample_url"),
            ({"work_sample_url": "https://user@a.example/"}, "work_sample_url"),
            ({"work_sample_url": "https://[bad/"}, "work_sample_url"),
            ({"work_sample_url": f"https://a.example/{'x' * 300}"}, "work_sample_url"),
            ({"resume_id": 0}, "resume"),
        ],
    )
    def test_names_every_answer_that_does_not_pass(self, papers, field):
        role = open_role()
        QuestionFactory(opportunity=role)

        with pytest.raises(Invalid) as refused:
            apply(role, CandidateProfileFactory(), **{"answers": ["One."], **papers})

        assert [fault.field for fault in refused.value.faults] == [field]
        assert not Application.objects.exists()

    def test_refuses_somebody_elses_resume(self):
        with pytest.raises(Invalid):
            apply(open_role(), CandidateProfileFactory(), resume_id=ResumeFactory().pk)

    def test_pressing_twice_gives_the_same_application_even_after_closing(self):
        role = open_role()
        profile = CandidateProfileFactory()
        first = apply(role, profile)
        role.apply_by = NOW.date() - timedelta(days=1)
        role.save(update_fields=["apply_by"])

        assert apply(role, profile) == first

    def test_who_withdrew_may_apply_anew_while_the_role_is_open(self):
        role, profile = open_role(), CandidateProfileFactory()
        QuestionFactory(opportunity=role)
        first = apply(role, profile, answers=["One."])
        applying.withdraw(application_id=first.pk, candidate=profile.user, at=NOW)

        later = NOW + timedelta(days=3)
        again = apply(role, profile, at=later, answers=["Two."])

        assert again.pk != first.pk
        assert (again.status, again.submitted_at) == ("submitted", later)
        assert again.answer_due_on > first.answer_due_on
        assert [answer.text for answer in first.answers.all()] == ["One."]
        assert apply(role, profile, at=later, answers=["Two."]) == again

    def test_nobody_applies_anew_without_end(self):
        role, profile = open_role(), CandidateProfileFactory()
        for _ in range(applying.MAX_TIMES):
            sent = apply(role, profile)
            applying.withdraw(application_id=sent.pk, candidate=profile.user, at=NOW)

        with pytest.raises(Conflict):
            apply(role, profile)

    def test_a_role_that_closed_meanwhile_takes_nobody_back(self):
        role, profile = open_role(), CandidateProfileFactory()
        sent = apply(role, profile)
        applying.withdraw(application_id=sent.pk, candidate=profile.user, at=NOW)
        role.apply_by = NOW.date() - timedelta(days=1)
        role.save(update_fields=["apply_by"])

        with pytest.raises(WrongState):
            apply(role, profile)

    @pytest.mark.parametrize("end", ["rejected", "declined", "released"])
    def test_an_ended_application_is_not_made_again(self, end):
        application = ApplicationFactory(**{end: True}, at=NOW)

        with pytest.raises(Conflict):
            apply(application.opportunity, application.profile)

    @pytest.mark.parametrize(
        "facts",
        [
            {"apply_by": NOW.date() - timedelta(days=1)},
            {"employer__suspended": True},
            {"apply_url": "https://harbour.example/apply"},
        ],
    )
    def test_refuses_a_role_that_takes_no_applications(self, facts):
        with pytest.raises(WrongState):
            apply(open_role(**facts), CandidateProfileFactory())

    @pytest.mark.parametrize("state", ["in_review", "paused", "closed", "removed", "rejected"])
    def test_refuses_every_state_but_open(self, state):
        with pytest.raises(WrongState):
            apply(OpportunityFactory(**{state: True}, at=NOW), CandidateProfileFactory())

    def test_takes_the_last_day_and_not_the_day_after(self):
        role = open_role(apply_by=NOW.date())

        apply(role, CandidateProfileFactory(), at=NOW.replace(hour=23, minute=59))
        with pytest.raises(WrongState):
            apply(role, CandidateProfileFactory(), at=NOW + timedelta(days=1))

    def test_refuses_who_has_no_profile_is_suspended_acts_for_or_blocked_the_employer(self):
        role = open_role()
        member = MembershipFactory(employer=role.employer).user
        blocked = BlockedEmployerFactory(employer=role.employer).profile
        suspended = CandidateProfileFactory(user__suspended_until=NOW + timedelta(days=1))

        with pytest.raises(NotAllowed):
            applying.apply(
                opportunity_id=role.pk, candidate=UserFactory(), papers=Papers("Ada"), at=NOW
            )
        with pytest.raises(NotAllowed):
            apply(role, CandidateProfileFactory(user=member))
        with pytest.raises(NotAllowed):
            apply(role, suspended)
        with pytest.raises(Conflict):
            apply(role, blocked)

    def test_tells_both_sides_once(self):
        role = open_role()
        member = MembershipFactory(employer=role.employer).user
        profile = CandidateProfileFactory()

        apply(role, profile)
        apply(role, profile)

        assert Notice.objects.filter(recipient=member).count() == 1
        assert Notice.objects.filter(recipient=profile.user).count() == 1


class TestPlaces:
    @pytest.mark.parametrize("leave", [applying.decline, applying.withdraw])
    def test_leaving_gives_the_place_back(self, leave):
        role = open_role(capacity=1)
        member = MembershipFactory(employer=role.employer).user
        first, second = ApplicationFactory.create_batch(2, opportunity=role, at=NOW)
        selecting.offer(application_id=first.pk, actor=member, at=NOW)

        leave(application_id=first.pk, candidate=first.profile.user, at=NOW)
        selecting.offer(application_id=second.pk, actor=member, at=NOW)

        role.refresh_from_db()
        assert role.seats_held == 1

    def test_completed_work_keeps_its_place_when_another_leaves(self):
        role = open_role(capacity=2, seats_held=2)
        ApplicationFactory(opportunity=role, completed=True, at=NOW)
        leaving = ApplicationFactory(opportunity=role, offered=True, at=NOW)

        applying.decline(application_id=leaving.pk, candidate=leaving.profile.user, at=NOW)

        role.refresh_from_db()
        assert role.seats_held == 1

    @pytest.mark.parametrize(
        ("capacity", "offers", "said"),
        [
            (4, 1, "2 of 4 places are still free."),
            (3, 1, "1 of 3 places is still free."),
            (2, 1, "No other place is free while your open offers stand."),
            (1, 0, "Every place is taken now"),
        ],
    )
    def test_the_employer_is_told_what_is_free_beside_the_offers(self, capacity, offers, said):
        role = open_role(capacity=capacity, seats_held=offers + 1)
        ApplicationFactory.create_batch(offers, opportunity=role, offered=True, at=NOW)
        member = MembershipFactory(employer=role.employer).user
        accepting = ApplicationFactory(opportunity=role, offered=True, at=NOW)

        applying.accept(application_id=accepting.pk, candidate=accepting.profile.user, at=NOW)

        assert said in Notice.objects.get(recipient=member).body

    def test_an_offer_past_its_date_cannot_be_accepted(self):
        application = ApplicationFactory(offered=True, at=NOW)

        with pytest.raises(WrongState):
            applying.accept(
                application_id=application.pk,
                candidate=application.profile.user,
                at=NOW + timedelta(days=7),
            )


class TestChooseSlot:
    def interviewing(self):
        application = ApplicationFactory(at=NOW)
        member = MembershipFactory(employer=application.opportunity.employer).user
        selecting.propose_interview(
            application_id=application.pk,
            actor=member,
            proposals=[Proposal(NOW + timedelta(days=day)) for day in (1, 2)],
            at=NOW,
        )
        return application, list(application.slots.order_by("starts_at"))

    def choose(self, application, slot, at=NOW):
        return applying.choose_slot(
            application_id=application.pk,
            slot_id=slot.pk,
            candidate=application.profile.user,
            at=at,
        )

    def test_chooses_one_once(self):
        application, (first, second) = self.interviewing()

        self.choose(application, first)
        self.choose(application, first)

        assert Notice.objects.filter(kind="application_choose_slot").count() == 2
        with pytest.raises(Conflict):
            self.choose(application, second)

    def test_the_page_offers_the_other_times_until_one_is_agreed(self, client):
        application, (first, second) = self.interviewing()
        client.force_login(application.profile.user)
        page = f"/applications/{application.public_id}/"
        button = ">Choose</button>"

        text = client.get(page).text
        assert text.count(button) == 2
        for slot in (first, second):  # which time a button is for, whoever only hears it
            assert text.count(f'id="slot-{slot.pk}"') == 1
            assert text.count(f'aria-describedby="slot-{slot.pk}"{button}') == 1

        self.choose(application, first)

        assert button not in client.get(page).text

    @pytest.mark.parametrize("chosen", [0, 1])
    def test_the_promise_counts_from_the_talk_and_not_from_the_choice(self, chosen):
        application, slots = self.interviewing()
        slot = slots[chosen]
        country = application.opportunity.employer.country
        days = application.opportunity.response_days or Site.load().response_days

        self.choose(application, slot)

        application.refresh_from_db()
        due_on = add_working_days(slot.starts_at.date(), days, country=country)
        assert application.answer_due_on == due_on
        assert due_on != add_working_days(NOW.date(), days, country=country)

    def test_refuses_a_time_that_has_passed_or_is_not_proposed(self):
        application, (first, _) = self.interviewing()

        with pytest.raises(WrongState):
            self.choose(application, first, at=NOW + timedelta(days=1))
        with pytest.raises(NotFound):
            self.choose(application, InterviewSlotFactory())


class TestConverse:
    def test_reaches_the_other_side_alone(self):
        application = ApplicationFactory(at=NOW)
        member = MembershipFactory(employer=application.opportunity.employer).user

        applying.converse(
            application_id=application.pk, sender=application.profile.user, text="Hello", at=NOW
        )
        message = applying.converse(
            application_id=application.pk, sender=member, text="Welcome", at=NOW
        )

        assert message.from_employer
        assert Notice.objects.filter(recipient=member).count() == 1
        assert Notice.objects.filter(recipient=application.profile.user).count() == 1

    def test_strangers_find_nothing_and_ended_applications_are_still(self):
        application = ApplicationFactory(at=NOW)
        ended = ApplicationFactory(rejected=True, at=NOW)

        with pytest.raises(NotFound):
            applying.converse(
                application_id=application.pk, sender=UserFactory(), text="Hello", at=NOW
            )
        with pytest.raises(WrongState):
            applying.converse(
                application_id=ended.pk, sender=ended.profile.user, text="Why?", at=NOW
            )

    def test_has_a_length_and_a_daily_cap(self, monkeypatch):
        monkeypatch.setattr(applying, "MAX_MESSAGES_A_DAY", 2)
        application = ApplicationFactory(at=NOW)

        def write(text, at=NOW):
            applying.converse(
                application_id=application.pk,
                sender=application.profile.user,
                text=text,
                at=at,
            )

        for text in ("", " ", "x" * 4001):
            with pytest.raises(Invalid):
                write(text)
        write("One")
        write("Two")
        with pytest.raises(LimitReached):
            write("Three", at=NOW + timedelta(hours=23))
        write("Three", at=NOW + timedelta(hours=24))


class TestDeclineInvitation:
    def test_only_the_invited_decline_and_once(self):
        invitation = RoleInvitationFactory()
        role, user = invitation.opportunity, invitation.profile.user
        assert applying.invitation_to(role, invitation.profile) == invitation
        assert applying.invitation_to(role, None) is None

        applying.decline_invitation(invitation_id=invitation.pk, candidate=user, at=NOW)
        assert applying.invitation_to(role, invitation.profile) is None
        later = NOW + timedelta(days=1)
        again = applying.decline_invitation(invitation_id=invitation.pk, candidate=user, at=later)

        assert again.declined_at == NOW
        with pytest.raises(NotFound):
            applying.decline_invitation(
                invitation_id=invitation.pk, candidate=UserFactory(), at=NOW
            )
