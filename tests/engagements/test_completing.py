"""Work counts once both sides have signed it; feedback is blind until both have given theirs."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from opportunities.candidates.models import CandidateSkill
from opportunities.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.core.signals import profile_changing
from opportunities.engagements import completing
from opportunities.engagements.completing import Work
from opportunities.engagements.models import Completion, Review
from opportunities.messaging.models import Notice
from opportunities.webhooks.models import Event
from tests.applications.together import at_once
from tests.factories import (
    ApplicationFactory,
    CandidateSkillFactory,
    CompletionFactory,
    CompletionSkillFactory,
    EmployerFactory,
    ExchangeRateFactory,
    MembershipFactory,
    ReviewFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)


def accepted():
    """Return an accepted application with the people of its two sides."""
    application = ApplicationFactory(accepted=True, at=NOW)
    member = MembershipFactory(employer=application.opportunity.employer).user
    return application, application.profile.user, member


def work(**facts):
    days = {"started_on": date(2026, 11, 23), "ended_on": date(2026, 12, 4)}
    return Work(**{"hours": 20, "summary": "A report.", **days, **facts})


def propose(application, actor, at=NOW, **facts):
    return completing.propose(application_id=application.pk, actor=actor, work=work(**facts), at=at)


def sign(application, actor, at=NOW):
    return completing.sign(application_id=application.pk, actor=actor, at=at)


class TestSigning:
    @pytest.mark.parametrize("employer_first", [True, False])
    def test_both_sides_complete_it_whoever_begins(self, employer_first):
        application, candidate, member = accepted()
        first, second = (member, candidate) if employer_first else (candidate, member)

        propose(application, first)
        application.refresh_from_db()
        assert application.status == ApplicationStatus.ACCEPTED
        sign(application, first)  # again: changes nothing
        completion = sign(application, second)

        application.refresh_from_db()
        assert completion.is_signed
        assert application.status == ApplicationStatus.COMPLETED
        told = Notice.objects.filter(kind="application_complete")
        assert {notice.recipient for notice in told} == {candidate, member}

    def test_the_hours_are_told_as_their_reader_writes_numbers(self):
        application, candidate, member = accepted()
        candidate.language = "de"
        candidate.save()

        propose(application, member, hours=7.5)

        [told] = Notice.objects.filter(kind="application_propose", recipient=candidate)
        assert "(7,5 Std.)" in told.body

    def test_writing_anew_takes_the_other_signature_back(self):
        application, candidate, member = accepted()
        propose(application, candidate)

        completion = propose(application, member, hours=10)

        assert completion.candidate_signed_at is None
        assert Completion.objects.get().hours == 10

    def test_nobody_signs_what_was_written_anew_since_it_was_read(self):
        application, candidate, member = accepted()
        propose(application, member)
        propose(application, member, at=NOW + timedelta(hours=1), hours=10)
        signing = partial(completing.sign, application_id=application.pk, actor=candidate, at=NOW)

        with pytest.raises(Conflict):
            signing(read_of=NOW)

        assert signing(read_of=NOW + timedelta(hours=1)).is_signed

    def test_nothing_written_is_nothing_to_sign_and_strangers_find_nothing(self):
        application, candidate, _ = accepted()

        with pytest.raises(WrongState):
            sign(application, candidate)
        with pytest.raises(NotFound):
            propose(application, UserFactory())
        with pytest.raises(WrongState):
            propose(ended := ApplicationFactory(rejected=True), ended.profile.user)

    def test_what_was_completed_is_not_written_anew(self):
        application, candidate, member = accepted()
        propose(application, member)
        sign(application, candidate)

        with pytest.raises(WrongState):
            propose(application, member, hours=1)

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"hours": 0}, "hours"),
            ({"hours": float("nan")}, "hours"),
            ({"hours": 24 * 12 + 0.5}, "hours"),
            ({"summary": " "}, "summary"),
            ({"paid_minor": -1, "paid_currency": "GBP"}, "paid"),
            ({"paid_minor": 1, "paid_currency": ""}, "paid"),
            ({"skills": {"unheard-of": 2}}, "skills/unheard-of"),
            ({"skills": {"python": 5}}, "skills/python"),
            ({"deliverables": [{"title": ""}]}, "deliverables/0/title"),
            ({"deliverables": [{"title": "x", "url": "ftp://a"}]}, "deliverables/0/url"),
            ({"deliverables": [{"title": "x"}] * 21}, "deliverables"),
            ({"ended_on": date(2026, 12, 9)}, "ended_on"),
            ({"started_on": date(2026, 12, 4), "ended_on": date(2026, 12, 3)}, "started_on"),
            ({"started_on": date(2026, 12, 9)}, "started_on"),
        ],
    )
    def test_names_what_does_not_pass(self, facts, field):
        SkillFactory(slug="python")
        application, _, member = accepted()

        with pytest.raises(Invalid) as refused:
            propose(application, member, **facts)

        assert [fault.field for fault in refused.value.faults] == [field]


class TestDays:
    def test_a_first_day_after_the_last_is_refused_as_a_rule(self):
        application, _, member = accepted()
        days = {"started_on": date(2026, 12, 4), "ended_on": date(2026, 12, 3)}

        with pytest.raises(Invalid, match="The first day must not be after the last"):
            propose(application, member, **days)

    def test_the_days_of_the_work_stand_in_it(self):
        application, _, member = accepted()

        written = propose(
            application, member, started_on=date(2026, 11, 30), ended_on=date(2026, 12, 7)
        )

        assert (written.started_on, written.ended_on) == (date(2026, 11, 30), date(2026, 12, 7))

    def test_a_day_has_24_hours_and_the_first_and_the_last_count(self):
        application, _, member = accepted()
        days = {"started_on": date(2026, 12, 3), "ended_on": date(2026, 12, 4)}

        assert propose(application, member, hours=48, **days).hours == 48
        with pytest.raises(Invalid) as refused:
            propose(application, member, hours=48.5, **days)
        assert "there are 48 hours" in str(refused.value.faults[0].detail)

    def test_a_day_that_has_begun_somewhere_is_today(self):
        application, _, member = accepted()
        evening = NOW.replace(hour=11)

        assert propose(application, member, at=evening, ended_on=date(2026, 12, 8)).pk

    def test_work_that_starts_in_january_is_not_completed_in_december(self):
        application, _, member = accepted()
        role = application.opportunity
        role.start_earliest = date(2027, 1, 11)
        role.save()

        with pytest.raises(Invalid, match="11 January 2027"):
            propose(application, member)


class TestSkills:
    def complete(self, level, claimed=None, *, verified=False):
        application, candidate, member = accepted()
        skill = SkillFactory(slug="python")
        if claimed is not None:
            CandidateSkillFactory(
                profile=application.profile, skill=skill, level=claimed, verified=verified
            )
        propose(application, member, skills={"python": level})
        sign(application, candidate)
        shown = CandidateSkill.objects.get(profile=application.profile)
        return shown.level, shown.verified

    def test_a_new_skill_enters_the_profile_verified(self):
        assert self.complete(2) == (2, True)

    def test_a_claim_is_verified_at_the_level_shown(self):
        assert self.complete(3, claimed=2) == (3, True)

    def test_a_higher_claim_stays_as_it_is(self):
        assert self.complete(2, claimed=4) == (4, False)
        assert CandidateSkill.objects.count() == 1

    def test_a_verified_level_never_falls(self):
        assert self.complete(1, claimed=3, verified=True) == (3, True)

    def test_the_profile_announces_its_change(self):
        heard = []

        def listen(sender, profile_id, **_):
            heard.append(profile_id)

        profile_changing.connect(listen)
        self.complete(2)
        profile_changing.disconnect(listen)

        assert len(heard) == 1


class TestFeedback:
    def completed(self):
        completion = CompletionFactory(signed=True, at=NOW)
        role = completion.application.opportunity
        member = MembershipFactory(employer=role.employer).user
        return completion, completion.application.profile.user, member

    def review(self, completion, actor, at=NOW, stars=4):
        return completing.review(
            application_id=completion.application_id, actor=actor, stars=stars, at=at
        )

    def readable(self, completion, reader, at=NOW):
        completion = Completion.objects.get(pk=completion.pk)
        return {
            review.by_employer
            for review in completing.readable_reviews(completion, reader=reader, at=at)
        }

    def test_is_blind_until_both_are_in(self):
        completion, candidate, member = self.completed()

        self.review(completion, member)
        assert self.readable(completion, candidate) == set()
        assert self.readable(completion, member) == {True}
        self.review(completion, candidate)

        assert self.readable(completion, candidate) == {True, False}
        assert Notice.objects.filter(kind="application_review").count() == 2

    def test_opens_after_14_days_and_is_then_too_late_to_answer(self):
        completion, candidate, member = self.completed()
        self.review(completion, member)

        assert self.readable(completion, candidate, NOW + timedelta(days=13)) == set()
        assert self.readable(completion, candidate, NOW + timedelta(days=14)) == {True}
        with pytest.raises(WrongState):
            self.review(completion, candidate, NOW + timedelta(days=14))

    def test_is_given_once_with_one_to_five_stars_after_both_signed(self):
        completion, candidate, member = self.completed()
        self.review(completion, member)

        with pytest.raises(Conflict):
            self.review(completion, member)
        with pytest.raises(Invalid):
            self.review(completion, candidate, stars=6)
        with pytest.raises(NotFound):
            self.review(completion, UserFactory())
        unsigned = CompletionFactory(application__accepted=True)
        with pytest.raises(WrongState):
            self.review(unsigned, unsigned.application.profile.user)

    def test_the_public_reads_what_is_no_longer_blind(self):
        both, one, old = CompletionFactory.create_batch(3, signed=True)
        for by_employer in (True, False):
            ReviewFactory(completion=both, by_employer=by_employer, at=NOW)
        ReviewFactory(completion=one, at=NOW)
        ReviewFactory(completion=old, at=NOW - timedelta(days=14))

        shown = completing.public_reviews(Completion.objects.all(), at=NOW)

        assert set(shown.values_list("completion", flat=True)) == {both.pk, old.pk}

    @pytest.mark.django_db(transaction=True)
    def test_given_by_both_sides_at_once_both_learn_of_it_once(self):
        completion, candidate, member = self.completed()

        at_once([partial(self.review, completion, person) for person in (candidate, member)])

        assert Review.objects.count() == 2
        assert Notice.objects.filter(kind="application_review").count() == 2


class TestPortfolio:
    def show(self, completion, actor, *, is_public=True):
        return completing.show(
            application_id=completion.application_id, candidate=actor, is_public=is_public, at=NOW
        )

    def test_shows_only_what_work_and_profile_allow(self):
        completion = CompletionFactory(signed=True)
        profile = completion.application.profile
        self.show(completion, profile.user)

        assert not completing.portfolio(profile).exists()
        profile.portfolio_is_public = True
        assert completing.portfolio(profile).get() == completion
        self.show(completion, profile.user, is_public=False)
        assert not completing.portfolio(profile).exists()

    def test_is_the_candidates_alone_to_decide_and_only_for_signed_work(self):
        completion = CompletionFactory(signed=True)
        role = completion.application.opportunity
        unsigned = CompletionFactory()

        with pytest.raises(NotAllowed):
            self.show(completion, MembershipFactory(employer=role.employer).user)
        with pytest.raises(NotFound):
            self.show(completion, UserFactory())
        with pytest.raises(WrongState):
            self.show(unsigned, unsigned.application.profile.user)


class TestRealisedPay:
    def test_is_all_money_over_all_hours_in_the_sites_currency(self):
        employer = EmployerFactory()
        ExchangeRateFactory(currency="EUR", rate="0.5")
        for hours, paid, currency in [(10, 10_000, "GBP"), (30, 40_000, "EUR"), (9, 9, "USD")]:
            CompletionFactory(
                signed=True,
                application__opportunity__employer=employer,
                hours=hours,
                paid_minor=paid,
                paid_currency=currency,
            )
        CompletionFactory(application__opportunity__employer=employer)  # unsigned

        pay = completing.realised_hourly_pays([employer])[employer.pk]

        assert pay == (750, "GBP", 2)

    def test_is_counted_for_many_employers_at_once_as_for_each(self):
        employers = EmployerFactory.create_batch(3)
        for employer, paid in zip(employers[:2], (40_000, 60_000), strict=True):
            CompletionFactory(
                signed=True, application__opportunity__employer=employer, paid_minor=paid
            )

        pays = completing.realised_hourly_pays(employers)

        assert pays == {
            employer.pk: completing.realised_hourly_pays([employer])[employer.pk]
            for employer in employers[:2]
        }
        assert [pay.hourly_minor for pay in pays.values()] == [2_000, 3_000]

    def test_is_nothing_without_completed_work(self):
        assert completing.realised_hourly_pays([EmployerFactory()]) == {}


class TestRevoking:
    @pytest.fixture
    def moderator(self):
        return UserFactory(moderator=True)

    def revoke(self, completion, actor, reason="It was not done.", at=NOW):
        return completing.revoke(
            application_id=completion.application_id, actor=actor, reason=reason, at=at
        )

    def test_tells_both_sides_why_and_leaves_the_portfolio(self, moderator):
        completion = CompletionFactory(signed=True, is_public=True)
        profile = completion.application.profile
        profile.portfolio_is_public = True
        role = completion.application.opportunity
        member = MembershipFactory(employer=role.employer).user
        assert completion in completing.portfolio(profile)

        self.revoke(completion, moderator)
        self.revoke(completion, moderator, at=NOW + timedelta(days=1))

        completion.refresh_from_db()
        assert completion.revoked_at == NOW
        assert completion not in completing.portfolio(profile)
        told = Notice.objects.filter(kind="credential_revoked")
        assert {notice.recipient for notice in told} == {profile.user, member}
        assert {notice.subject for notice in told} == {f"Credential revoked: {role.title}"}
        assert all("It was not done." in notice.body for notice in told)

    def test_needs_a_reason_and_signed_work(self, moderator):
        application, _, member = accepted()
        written = propose(application, member)

        with pytest.raises(WrongState):
            self.revoke(written, moderator)
        with pytest.raises(Invalid) as refused:
            self.revoke(CompletionFactory(signed=True), moderator, reason=" ")
        assert [fault.field for fault in refused.value.faults] == ["reason"]

    def test_is_for_the_employer_and_moderators_and_never_for_the_candidate(self):
        completion = CompletionFactory(
            signed=True, application__profile__user=UserFactory(moderator=True)
        )
        others = [
            completion.application.profile.user,  # though a moderator
            MembershipFactory(employer=EmployerFactory()).user,
            UserFactory(),
        ]
        for person in others:
            with pytest.raises(NotAllowed):
                self.revoke(completion, person)
        completion.refresh_from_db()
        assert completion.revoked_at is None

        employer = completion.application.opportunity.employer
        revoked = self.revoke(completion, MembershipFactory(employer=employer).user)

        assert (revoked.revoked_at, revoked.revoked_because) == (NOW, "It was not done.")
        for notice in Notice.objects.filter(kind="credential_revoked"):
            assert notice.body.startswith(f"{employer.name} revoked the credential of this work")

    def test_its_skills_are_unverified_unless_other_work_shows_them_as_high(self, moderator):
        completion = CompletionFactory(signed=True)
        profile, skills = completion.application.profile, SkillFactory.create_batch(5)
        for skill in skills:
            CandidateSkillFactory(profile=profile, skill=skill, level=3, verified=True)
        for skill in skills[:4]:
            CompletionSkillFactory(completion=completion, skill=skill, level=3)
        elsewhere = {
            skills[1]: {"level": 3},
            skills[2]: {"level": 2},
            skills[3]: {"level": 3, "completion__revoked_at": NOW},
        }
        for skill, shown in elsewhere.items():
            CompletionSkillFactory(
                skill=skill,
                completion__signed=True,
                completion__application__profile=profile,
                **shown,
            )
        CompletionSkillFactory(skill=skills[0], level=3, completion__signed=True)  # of another

        told = []

        def listen(sender, profile_id, **_):
            told.append(profile_id)

        profile_changing.connect(listen)
        self.revoke(completion, moderator)
        profile_changing.disconnect(listen)

        verified = dict(profile.skills.values_list("skill", "verified"))
        assert [verified[skill.pk] for skill in skills] == [False, True, False, False, True]
        assert told == [profile.pk]

    def test_is_on_the_track_and_an_event_for_other_systems(self, moderator):
        completion = CompletionFactory(signed=True)

        self.revoke(completion, moderator)
        self.revoke(completion, moderator)

        step = completion.application.events.get()
        assert (step.action, step.status) == ("revoke", ApplicationStatus.COMPLETED)
        credentials = Event.objects.filter(type__startswith="credential")
        assert [(event.type, event.subject) for event in credentials] == [
            ("credential.revoked", completion.public_id)
        ]
