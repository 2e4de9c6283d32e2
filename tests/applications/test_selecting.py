"""What employers may do with an application, and what they may know."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from opportunities.applications import applying, selecting
from opportunities.applications.models import Application, ApplicationNote, RoleInvitation
from opportunities.applications.possible import possible
from opportunities.applications.pseudonyms import dossier, handle, shown_name
from opportunities.applications.selecting import Proposal
from opportunities.candidates.models import ProfileSight, Visibility
from opportunities.core.errors import (
    Conflict,
    Invalid,
    LimitReached,
    NoPlaceLeft,
    NotAllowed,
    NotFound,
    WrongState,
)
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.core.rows import update_row
from opportunities.messaging.models import Notice
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    BlockedEmployerFactory,
    CandidateProfileFactory,
    CompletionFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    ResumeFactory,
    SiteFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)


def case(**role):
    """Return a waiting application and a member of its employer."""
    application = ApplicationFactory(opportunity=OpportunityFactory(open=True, at=NOW, **role))
    return application, MembershipFactory(employer=application.opportunity.employer).user


class TestOffer:
    def offer(self, application, member, **more):
        return selecting.offer(application_id=application.pk, actor=member, at=NOW, **more)

    def test_lapses_by_default_after_the_sites_working_days(self):
        application, member = case()

        offered = self.offer(application, member, message="Join us")

        assert offered.offer_lapses_at.date() == date(2026, 12, 14)
        assert "Join us" in Notice.objects.get(recipient=application.profile.user).body

    @pytest.mark.parametrize("ahead", [timedelta(hours=23), timedelta(days=61)])
    def test_refuses_a_date_too_near_or_too_far_and_keeps_the_place(self, ahead):
        application, member = case()

        with pytest.raises(Invalid):
            self.offer(application, member, lapses_at=NOW + ahead)

        application.opportunity.refresh_from_db()
        assert application.opportunity.seats_held == 0

    def test_refuses_when_every_place_is_held(self):
        application, member = case(capacity=1)
        self.offer(ApplicationFactory(opportunity=application.opportunity, at=NOW), member)

        with pytest.raises(NoPlaceLeft):
            self.offer(application, member)

    def test_refuses_a_suspended_employer_and_a_removed_role(self):
        suspended, member = case(employer__suspended=True)
        with pytest.raises(NotAllowed):
            self.offer(suspended, member)

        removed = ApplicationFactory(opportunity=OpportunityFactory(removed=True, at=NOW))
        member = MembershipFactory(employer=removed.opportunity.employer).user
        with pytest.raises(WrongState):
            self.offer(removed, member)


class TestReject:
    def test_takes_a_reason_of_the_list_alone(self):
        application, member = case()

        with pytest.raises(Invalid):
            selecting.reject(application_id=application.pk, actor=member, reason="dislike", at=NOW)

    def test_a_reason_need_not_be_given_and_how_often_one_is_is_public(self, client):
        first, member = case(employer__verified=True)
        second = ApplicationFactory(opportunity=first.opportunity, at=NOW)
        page = f"/employers/{first.opportunity.employer.slug}/"
        assert "A reason was given" not in client.get(page).text

        selecting.reject(application_id=first.pk, actor=member, at=NOW)
        selecting.reject(application_id=second.pk, actor=member, reason="skills", at=NOW)

        told = Notice.objects.get(recipient=first.profile.user)
        assert "Reason: none given." in told.body
        assert "A reason was given with 1 of 2 refusals." in client.get(page).text
        client.force_login(first.profile.user)
        assert "No reason given." in client.get(f"/applications/{first.public_id}/").text

    def test_tells_the_reason_as_a_decision(self):
        application, member = case()

        selecting.reject(
            application_id=application.pk,
            actor=member,
            reason="availability",
            message="We start on Monday.",
            at=NOW,
        )

        notice = Notice.objects.get(recipient=application.profile.user)
        assert notice.is_decision
        assert "the times do not fit" in notice.body
        assert "We start on Monday." in notice.body


@pytest.mark.parametrize(
    "proposal",
    [
        Proposal(NOW + timedelta(seconds=1)),
        Proposal(NOW + timedelta(days=60)),
        Proposal(NOW + timedelta(days=1), minutes=10),
        Proposal(NOW + timedelta(days=1), minutes=480),
        Proposal(NOW + timedelta(days=1), where="x" * 300),
    ],
)
def test_a_time_at_the_edge_of_what_may_be_proposed_is_proposed(proposal):
    application, member = case()

    selecting.propose_interview(
        application_id=application.pk, actor=member, proposals=[proposal], at=NOW
    )

    assert [slot.starts_at for slot in application.slots.all()] == [proposal.starts_at]


@pytest.mark.parametrize(
    "proposals",
    [
        [],
        [Proposal(NOW + timedelta(days=day)) for day in range(1, 8)],
        [Proposal(NOW)],
        [Proposal(NOW + timedelta(days=60, seconds=1))],
        [Proposal(NOW + timedelta(days=1))] * 2,
        [Proposal(NOW + timedelta(days=1), minutes=9)],
        [Proposal(NOW + timedelta(days=1), minutes=481)],
        [Proposal(NOW + timedelta(days=1), where="x" * 301)],
    ],
)
def test_proposed_times_are_few_distinct_ahead_and_short(proposals):
    application, member = case()

    with pytest.raises(Invalid):
        selecting.propose_interview(
            application_id=application.pk, actor=member, proposals=proposals, at=NOW
        )


def test_a_new_proposal_replaces_the_one_before():
    application, member = case()
    for day in (1, 2):
        selecting.propose_interview(
            application_id=application.pk,
            actor=member,
            proposals=[Proposal(NOW + timedelta(days=day))],
            at=NOW,
        )

    assert application.slots.get().starts_at == NOW + timedelta(days=2)


@pytest.mark.parametrize("days", [1, 30])
def test_nobody_is_absent_before_the_day_on_which_the_work_begins(days):
    start = (NOW + timedelta(days)).date()
    application = ApplicationFactory(accepted=True, opportunity__start_earliest=start, at=NOW)
    member = MembershipFactory(employer=application.opportunity.employer).user

    with pytest.raises(WrongState):
        selecting.no_show(application_id=application.pk, actor=member, at=NOW)

    on_the_day = NOW + timedelta(days)
    absent = selecting.no_show(application_id=application.pk, actor=member, at=on_the_day)
    assert absent.status == ApplicationStatus.NO_SHOW


def test_nobody_is_absent_whose_work_the_employer_has_signed():
    application = ApplicationFactory(accepted=True, at=NOW)
    member = MembershipFactory(employer=application.opportunity.employer).user
    written = CompletionFactory(application=application, candidate_signed_at=NOW)
    assert "no_show" in possible(Application.objects.get(pk=application.pk), at=NOW)

    update_row(written, employer_signed_at=NOW)

    assert possible(Application.objects.get(pk=application.pk), at=NOW) == ["withdraw", "complete"]
    with pytest.raises(WrongState, match="signed"):
        selecting.no_show(application_id=application.pk, actor=member, at=NOW)


def test_a_later_step_never_moves_the_first_answer():
    early = NOW - timedelta(days=3)
    for step in (
        selecting.shortlist,
        partial(selecting.propose_interview, proposals=[Proposal(NOW + timedelta(days=1))]),
        selecting.offer,
        partial(selecting.reject, reason="skills"),
    ):
        application, member = case()
        application.answered_at = early
        application.save()

        answered = step(application_id=application.pk, actor=member, at=NOW)

        assert answered.answered_at == early


def test_every_message_is_told_though_the_application_stays_as_it_is():
    application, member = case()

    for text in ("When could you begin?", "And until when?"):
        applying.converse(application_id=application.pk, sender=member, text=text, at=NOW)

    candidate = application.profile.user
    assert Notice.objects.filter(recipient=candidate, kind="application_message").count() == 2


def test_notes_are_the_teams_own():
    application, member = case()

    note = selecting.note(application_id=application.pk, actor=member, text=" Good. ", at=NOW)

    assert note.text == "Good."
    with pytest.raises(NotAllowed):
        selecting.note(
            application_id=application.pk, actor=application.profile.user, text="Me", at=NOW
        )
    with pytest.raises(Invalid):
        selecting.note(application_id=application.pk, actor=member, text=" ", at=NOW)


def test_in_bulk_one_refusal_stops_no_other():
    application, member = case()
    role = application.opportunity
    withdrawn = ApplicationFactory(opportunity=role, withdrawn=True, at=NOW)
    foreign = ApplicationFactory(at=NOW)
    reject = {"action": "reject", "actor": member, "at": NOW, "reason": "filled", "message": ""}

    refusals = selecting.in_bulk(
        [application.pk, withdrawn.pk, foreign.pk, application.pk], **reject
    )

    assert {number: type(refusal) for number, refusal in refusals.items()} == {
        application.pk: type(None),
        withdrawn.pk: WrongState,
        foreign.pk: NotFound,
    }
    application.refresh_from_db()
    assert application.status == ApplicationStatus.REJECTED
    with pytest.raises(Invalid):
        selecting.in_bulk([], **reject)


@pytest.mark.parametrize("action", ["shortlist", "reject"])
def test_the_act_done_in_bulk_is_the_one_that_is_named(action):
    application, member = case()

    refusals = selecting.in_bulk(
        [application.pk], action, actor=member, at=NOW, reason="filled", message="Thank you."
    )

    assert refusals == {application.pk: None}
    application.refresh_from_db()
    assert application.status == {"shortlist": "shortlisted", "reject": "rejected"}[action]


def test_in_bulk_at_most_a_hundred_are_chosen(monkeypatch):
    taken = []
    monkeypatch.setattr(selecting, "shortlist", lambda **given: taken.append(given))
    shortlist = {"action": "shortlist", "actor": None, "at": NOW, "reason": "", "message": ""}

    assert len(selecting.in_bulk(range(1, 101), **shortlist)) == len(taken) == 100
    with pytest.raises(Invalid, match="Choose 1 to 100 applications"):
        selecting.in_bulk(range(1, 102), **shortlist)
    assert len(taken) == 100


def test_an_application_takes_at_most_a_hundred_notes():
    application, member = case()
    note = partial(
        selecting.note, application_id=application.pk, actor=member, text="Good.", at=NOW
    )
    ApplicationNote.objects.bulk_create(
        ApplicationNote(application=application, author=member, text="Good.", at=NOW)
        for _ in range(99)
    )

    note()

    with pytest.raises(LimitReached, match="at most 100 notes"):
        note()


class TestBlindReview:
    def blind(self, **application):
        profile = CandidateProfileFactory(school="Leith Academy")
        return ApplicationFactory(
            opportunity=OpportunityFactory(open=True, blind_review=True),
            profile=profile,
            name="Ada Lovelace",
            cover_letter="I am ADA, and Lovelace is my name; adamant.",
            work_sample_url="https://ada.example",
            resume=ResumeFactory(profile=profile),
            **application,
        )

    def test_hides_name_school_sample_and_resume_until_the_shortlist(self):
        application = self.blind()
        AnswerFactory(application=application, text="Ask Ada.")

        seen = dossier(application)

        assert seen.is_blind
        assert "Ada" not in seen.name
        assert (seen.school, seen.email, seen.work_sample_url, seen.resume) == ("", "", "", None)
        assert seen.cover_letter == "I am …, and … is my name; adamant."
        assert seen.answers[0][1] == "Ask …."

    def test_opens_with_the_shortlist(self):
        application = self.blind(shortlisted=True)

        seen = dossier(application)

        assert seen.name == "Ada Lovelace"
        assert seen.school == "Leith Academy"
        assert seen.email == application.profile.user.email
        assert seen.resume == application.resume

    def test_the_address_shows_only_once_shortlisted_blind_or_not(self):
        assert dossier(ApplicationFactory()).email == ""
        assert dossier(ApplicationFactory(shortlisted=True)).email != ""

    def test_the_employers_notices_keep_the_name_hidden_too(self):
        application = self.blind()
        member = MembershipFactory(employer=application.opportunity.employer).user

        selecting.reject(application_id=application.pk, actor=member, reason="skills", at=NOW)

        told = Notice.objects.get(recipient=member)
        assert "Ada" not in told.subject + told.body
        assert shown_name(application) in told.body


class TestMatchedCandidates:
    def show(self, member, profiles):
        return selecting.show_profiles(
            employer_id=member.employer_id,
            actor=member.user,
            profile_ids=[profile.pk for profile in profiles],
            at=NOW,
        )

    def test_two_employers_know_one_candidate_under_different_names(self):
        profile = CandidateProfileFactory(pseudonym=True)

        assert handle(profile, EmployerFactory()) != handle(profile, EmployerFactory())

    def test_shows_only_those_who_allow_it(self):
        member = MembershipFactory()
        allowed = CandidateProfileFactory(pseudonym=True)
        hidden = CandidateProfileFactory(visibility=Visibility.HIDDEN)
        blocked = BlockedEmployerFactory(employer=member.employer, profile__pseudonym=True).profile

        assert set(self.show(member, [allowed, hidden, blocked])) == {allowed.pk}

    def test_an_employer_looks_at_so_many_a_day_and_at_the_same_ones_again(self):
        SiteFactory(profiles_per_day=2)
        member = MembershipFactory()
        profiles = CandidateProfileFactory.create_batch(3, pseudonym=True)

        self.show(member, profiles[:2])
        self.show(member, profiles[:2])
        with pytest.raises(LimitReached):
            self.show(member, profiles)

        assert ProfileSight.objects.count() == 2

    def test_strangers_see_nobody(self):
        with pytest.raises(NotAllowed):
            selecting.show_profiles(
                employer_id=EmployerFactory().pk, actor=UserFactory(), profile_ids=[], at=NOW
            )


class TestInvite:
    def invited(self, **facts):
        profile = CandidateProfileFactory(pseudonym=True, **facts)
        role = OpportunityFactory(open=True, at=NOW)
        member = MembershipFactory(employer=role.employer)
        TestMatchedCandidates().show(member, [profile])
        return role, profile, member.user

    def invite(self, role, profile, actor, at=NOW):
        return selecting.invite(
            opportunity_id=role.pk,
            candidate_handle=handle(profile, role.employer),
            actor=actor,
            at=at,
        )

    def test_asks_a_candidate_once_who_stays_pseudonymous(self):
        role, profile, member = self.invited()

        first = self.invite(role, profile, member)

        assert self.invite(role, profile, member) == first
        assert Notice.objects.get().recipient == profile.user

    def test_only_whom_the_employer_was_shown(self):
        role, _, member = self.invited()
        unseen = CandidateProfileFactory(pseudonym=True)

        with pytest.raises(NotFound):
            self.invite(role, unseen, member)

    def test_not_those_who_hid_or_blocked_the_employer(self):
        role, profile, member = self.invited()
        BlockedEmployerFactory(profile=profile, employer=role.employer)
        with pytest.raises(NotFound):
            self.invite(role, profile, member)

        role, profile, member = self.invited()
        profile.visibility = Visibility.HIDDEN
        profile.save(update_fields=["visibility"])
        with pytest.raises(NotFound):
            self.invite(role, profile, member)

    def test_not_those_who_applied_nor_to_a_role_that_is_not_open(self):
        role, profile, member = self.invited()
        ApplicationFactory(opportunity=role, profile=profile)
        with pytest.raises(Conflict):
            self.invite(role, profile, member)

        role, profile, member = self.invited()
        with pytest.raises(WrongState):
            self.invite(role, profile, member, at=NOW + timedelta(days=60))

    def test_a_role_has_so_many_invitations(self):
        SiteFactory(invitations_per_role=1)
        role, profile, member = self.invited()
        self.invite(role, profile, member)
        other = CandidateProfileFactory(pseudonym=True)
        TestMatchedCandidates().show(member.memberships.get(), [other])

        with pytest.raises(LimitReached):
            self.invite(role, other, member)
        assert RoleInvitation.objects.count() == 1

    def test_members_of_the_employer_alone(self):
        role, profile, _ = self.invited()

        with pytest.raises(NotAllowed):
            self.invite(role, profile, UserFactory())
