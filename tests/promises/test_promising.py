"""Promises are kept by dates, not by luck: late, twice or three at once ends the same."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from opportunities.applications import applying, selecting, tracking
from opportunities.applications.applying import Papers
from opportunities.applications.models import Application, ApplicationEvent
from opportunities.core.calendar import is_working_day
from opportunities.core.lifecycle import LIVE, ApplicationStatus, RoleStatus
from opportunities.desk import operations as moderating
from opportunities.employers.models import Employer
from opportunities.employers.reply_rate import reply_rate
from opportunities.messaging.models import Delivery, Notice
from opportunities.moderation.models import Decision, Report, Sanction, SanctionLevel
from opportunities.promises import answers, postings, presence, reviews, tasks
from opportunities.promises.postings import unconfirmed
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import ClosedBecause
from opportunities.roles.publishing import living
from tests.applications.together import at_once
from tests.core.test_calendar import working_days_between
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    ReviewFactory,
    SanctionFactory,
)

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 12, 7, 9, tzinfo=UTC)
SWEEPS = (
    *tasks.ANSWER_SWEEPS,
    *tasks.POSTING_SWEEPS,
    *tasks.CONDUCT_SWEEPS,
)


def sweep(at, sweeps=SWEEPS):
    for each in sweeps:
        each(at=at)


def waiting(*, at=MONDAY, **role):
    """Return an application made now, by the operation, and a member of its employer."""
    role = OpportunityFactory(open=True, at=at, **{"response_days": 5, **role})
    member = MembershipFactory(employer=role.employer).user
    profile = CandidateProfileFactory()
    application = applying.apply(
        opportunity_id=role.pk, candidate=profile.user, papers=Papers("Ada"), at=at
    )
    return application, member


def told(kind, person):
    return Notice.objects.filter(kind=kind, recipient=person).count()


class TestTheClockOfAnAnswer:
    def test_reminder_overdue_and_release_come_each_once_on_their_day(self):
        application, member = waiting()  # due Monday 14th, released after Monday 21st
        candidate = application.profile.user
        seen = []
        for day in range(20):
            sweep(MONDAY + timedelta(days=day))
            sweep(MONDAY + timedelta(days=day, hours=1))
            application.refresh_from_db()
            seen.append(
                (
                    told("application_remind", member),
                    told("application_overdue", candidate),
                    told("application_release", candidate),
                    application.status,
                )
            )

        submitted, released = ApplicationStatus.SUBMITTED, ApplicationStatus.RELEASED
        assert application.answer_due_on == date(2026, 12, 14)
        assert application.release_on == date(2026, 12, 21)
        assert seen[3] == (0, 0, 0, submitted)
        assert seen[4] == (1, 0, 0, submitted)  # Friday, for Monday
        assert seen[7] == (1, 0, 0, submitted)
        assert seen[8] == (1, 1, 0, submitted)
        assert seen[14] == (1, 1, 0, submitted)
        assert seen[15] == seen[19] == (1, 1, 1, released)

    def test_who_was_reminded_or_is_late_already_is_not_reminded(self):
        application, member = waiting()
        due = datetime.combine(application.answer_due_on, MONDAY.time(), tzinfo=UTC)

        answers.remind_employers(at=due + timedelta(days=1))
        assert told("application_remind", member) == 0
        answers.remind_employers(at=due)
        answers.remind_employers(at=due + timedelta(hours=1))

        application.refresh_from_db()
        assert application.reminded_at == due
        assert told("application_remind", member) == 1

    def test_whoever_was_told_that_an_answer_is_overdue_is_passed_over(self):
        application, _ = waiting()
        late = datetime.combine(application.answer_due_on, MONDAY.time(), tzinfo=UTC)
        late += timedelta(days=1)

        assert answers.tell_overdue(at=late) == 1
        assert answers.tell_overdue(at=late + timedelta(hours=1)) == 0
        application.refresh_from_db()
        assert application.overdue_told_at == late

    @pytest.mark.parametrize(
        ("country", "reminders"),
        [("GB", 1), ("", 0)],  # in Britain the 25th and the 28th are holidays
    )
    def test_the_reminder_knows_the_holidays_of_the_employers_country(self, country, reminders):
        eve = datetime(2026, 12, 24, 9, tzinfo=UTC)
        _, member = waiting(employer__country=country, country="")
        Application.objects.update(answer_due_on=date(2026, 12, 29), release_on=date(2027, 1, 6))

        sweep(eve, tasks.ANSWER_SWEEPS)

        assert told("application_remind", member) == reminders

    def test_an_answer_in_time_stops_the_clock(self):
        application, member = waiting()
        selecting.reject(application_id=application.pk, actor=member, reason="skills", at=MONDAY)

        sweep(MONDAY + timedelta(days=60))

        application.refresh_from_db()
        assert application.status == ApplicationStatus.REJECTED
        assert not Notice.objects.filter(kind="application_overdue").exists()

    def test_silence_after_the_shortlist_is_released_too(self):
        application, member = waiting()
        selecting.shortlist(application_id=application.pk, actor=member, at=MONDAY)

        sweep(MONDAY + timedelta(days=30))

        application.refresh_from_db()
        assert application.status == ApplicationStatus.RELEASED


@settings(deadline=None)  # the first look at a country's holidays takes a while
@given(
    start=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    days=st.integers(1, 20),
    country=st.sampled_from(["GB", "US", "DE", "IN", "JP", "SA", "ZZ", ""]),
)
def test_a_promise_is_kept_in_working_days_wherever_the_year_puts_its_holidays(
    start, days, country
):
    employer = EmployerFactory.build(country=country)
    role = OpportunityFactory.build(employer=employer, response_days=days, country="")

    due_on, release_on = tracking.promise(role, since=start)

    assert is_working_day(due_on, country=country)
    assert is_working_day(release_on, country=country)
    assert working_days_between(start, due_on, country=country) == days
    assert working_days_between(due_on, release_on, country=country) == 5


def test_through_a_year_of_weekends_and_holidays_nobody_waits_past_promise_and_grace():
    employer = EmployerFactory(country="GB")
    role = OpportunityFactory(
        open=True,
        at=MONDAY,
        employer=employer,
        response_days=5,
        apply_by=date(2028, 1, 1),
        confirmed_at=datetime(2028, 1, 1, tzinfo=UTC),
    )
    profiles = iter(CandidateProfileFactory.create_batch(27))
    for day in range(366):
        now = MONDAY + timedelta(days=day)
        if day % 14 == 3:
            application = applying.apply(
                opportunity_id=role.pk,
                candidate=next(profiles).user,
                papers=Papers("Ada"),
                at=now,
            )
            assert application.release_on <= now.date() + timedelta(days=24)

        sweep(now, tasks.ANSWER_SWEEPS)

        assert not Application.objects.live().filter(release_on__lt=now.date()).exists()
    assert Application.objects.filter(status=ApplicationStatus.RELEASED).count() >= 24
    assert Notice.objects.filter(kind="application_release").count() == (
        Application.objects.filter(status=ApplicationStatus.RELEASED).count()
    )


class TestReplyRate:
    def rate(self, employer, at):
        answers.count_replies(at=at)
        return reply_rate(Employer.objects.get(pk=employer.pk))

    def test_counts_what_fell_due_and_not_what_still_may_be_answered(self):
        role = OpportunityFactory(open=True, at=MONDAY)
        ApplicationFactory(opportunity=role, at=MONDAY)  # waits within its promise
        ApplicationFactory(opportunity=role, at=MONDAY - timedelta(days=10))  # overdue
        ApplicationFactory(opportunity=role, released=True, at=MONDAY)
        ApplicationFactory(opportunity=role, rejected=True, at=MONDAY)
        ApplicationFactory(opportunity=role, shortlisted=True, at=MONDAY)
        ApplicationFactory(opportunity=role, accepted=True, at=MONDAY)
        ApplicationFactory(opportunity=role, withdrawn=True, at=MONDAY)
        late = ApplicationFactory(opportunity=role, withdrawn=True, at=MONDAY)
        late.ended_at = MONDAY + timedelta(days=8)
        late.save(update_fields=["ended_at"])

        rate = self.rate(role.employer, MONDAY)

        assert (rate.answered, rate.due) == (3, 6)
        assert rate.share == 0.5
        assert round(rate.lower, 4) == 0.1876  # Wilson's interval for 3 of 6

    def test_a_late_answer_heals_and_a_second_count_changes_nothing(self):
        application, member = waiting()
        later = MONDAY + timedelta(days=9)
        employer = application.opportunity.employer

        assert self.rate(employer, later)[:2] == (0, 1)
        selecting.reject(application_id=application.pk, actor=member, reason="skills", at=later)
        assert self.rate(employer, later)[:2] == (1, 1)
        assert answers.count_replies(at=later) == 0

    def test_nothing_due_is_no_rate(self):
        assert self.rate(EmployerFactory(), MONDAY).share is None


class TestOffers:
    def offered(self):
        application, member = waiting()
        selecting.offer(application_id=application.pk, actor=member, at=MONDAY)
        application.refresh_from_db()
        return application

    def test_one_that_stands_is_not_even_locked(self, django_assert_num_queries):
        application = ApplicationFactory(offered=True)

        with django_assert_num_queries(1):
            answers.lapse_offers(at=application.offer_lapses_at - timedelta(seconds=1))

    def test_lapse_at_their_date_and_give_the_place_back(self):
        application = self.offered()
        member = MembershipFactory(employer=application.opportunity.employer).user

        early = application.offer_lapses_at - timedelta(seconds=1)
        assert answers.lapse_offers(at=early) == 0
        application.refresh_from_db()
        assert application.status == ApplicationStatus.OFFERED

        assert answers.lapse_offers(at=application.offer_lapses_at) == 1
        application.refresh_from_db()
        assert application.status == ApplicationStatus.LAPSED
        assert Opportunity.objects.get().seats_held == 0
        for person in (application.profile.user, member):
            assert told("application_lapse", person) == 1

    def test_one_that_was_accepted_since_it_was_found_does_not_lapse(self):
        application = self.offered()
        candidate = application.profile.user
        applying.accept(application_id=application.pk, candidate=candidate, at=MONDAY)

        assert answers._lapse(application.pk, at=application.offer_lapses_at) is False
        application.refresh_from_db()
        assert application.status == ApplicationStatus.ACCEPTED

    def test_the_candidate_is_warned_once_a_day_before(self):
        application = self.offered()
        candidate = application.profile.user
        lapses_at = application.offer_lapses_at

        answers.warn_of_lapse(at=lapses_at - timedelta(hours=25))
        assert told("application_offer_ends", candidate) == 0
        for hours in (24, 12, 1):
            answers.warn_of_lapse(at=lapses_at - timedelta(hours=hours))
        assert told("application_offer_ends", candidate) == 1


class TestLivingPostings:
    def role(self, **facts):
        role = OpportunityFactory(open=True, at=MONDAY, **facts)
        return role, MembershipFactory(employer=role.employer).user

    @pytest.mark.parametrize(
        ("applied", "said"), [(0, None), (1, "1 applicant still waits"), (2, "2 applicants still")]
    )
    def test_a_closing_speaks_of_applicants_only_where_some_wait(self, applied, said):
        role, member = self.role()
        for _ in range(applied):
            ApplicationFactory(opportunity=role, at=MONDAY)

        postings.close_ended(at=MONDAY + timedelta(days=400))

        body = Notice.objects.get(kind="role_closed", recipient=member).body
        assert ("still wait" in body) == (said is not None)
        assert said is None or said in body

    @pytest.mark.parametrize("paused", [False, True])
    def test_a_role_closes_after_its_last_day_and_asks_what_happened(self, paused):
        role, member = self.role()
        if paused:
            Opportunity.objects.update(status=RoleStatus.PAUSED, paused_at=MONDAY)
        last = datetime.combine(role.apply_by, datetime.max.time(), tzinfo=UTC)

        postings.close_ended(at=last)
        assert Opportunity.objects.get().closed_at is None
        postings.close_ended(at=last + timedelta(seconds=1))

        role.refresh_from_db()
        assert (role.status, role.closed_because) == (RoleStatus.CLOSED, ClosedBecause.APPLY_BY)
        assert told("role_closed", member) == 1
        assert Notice.objects.get(kind="role_closed").is_decision

    def test_confirmation_is_asked_for_and_without_it_the_role_closes(self):
        role, member = self.role(apply_by=date(2027, 12, 1))
        for day in range(40):
            sweep(MONDAY + timedelta(days=day), tasks.POSTING_SWEEPS)
            role.refresh_from_db()
            assert told("role_confirm", member) == (day >= 23)
            assert (role.status == RoleStatus.CLOSED) == (day >= 30)
        assert role.closed_because == ClosedBecause.UNCONFIRMED
        assert told("role_outcome", member) == 1

    def test_who_was_asked_whether_it_is_open_is_looked_at_again_only_once_confirmed(self):
        role, member = self.role(apply_by=date(2027, 12, 1))
        asked_on = MONDAY + timedelta(days=24)

        assert postings.ask_to_confirm(at=asked_on) == 1
        assert postings.ask_to_confirm(at=asked_on + timedelta(minutes=5)) == 0

        living.confirm(opportunity_id=role.pk, actor=member, at=asked_on + timedelta(days=1))
        assert postings.ask_to_confirm(at=asked_on + timedelta(days=2)) == 0
        assert postings.ask_to_confirm(at=asked_on + timedelta(days=25)) == 1
        assert told("role_confirm", member) == 2

    def test_what_became_of_it_is_asked_of_closed_roles_alone_and_once(self):
        _, member = self.role(apply_by=date(2027, 12, 1))
        closed = MONDAY - timedelta(days=8)
        for facts in ({"outcome": "filled_here"}, {"closed_because": ClosedBecause.SANCTION}, {}):
            role = OpportunityFactory(closed=True, at=closed, **facts)
            MembershipFactory(employer=role.employer, user=member)
        Opportunity.objects.filter(status=RoleStatus.CLOSED).update(closed_at=closed)

        assert [postings.ask_outcomes(at=MONDAY) for _ in range(2)] == [1, 0]

        assert told("role_outcome", member) == 1
        assert role.public_id in Notice.objects.get(kind="role_outcome").url

    def test_a_role_is_unconfirmed_from_the_day_on_which_it_would_close(self):
        role, _ = self.role()
        days = timedelta(days=30)

        def found(at):
            return Opportunity.objects.filter(unconfirmed(30, at=at)).exists()

        assert not found(role.confirmed_at + days - timedelta(seconds=1))
        assert found(role.confirmed_at + days)

    def test_a_confirmed_role_lives_on(self):
        role, _ = self.role(apply_by=date(2027, 12, 1))
        Opportunity.objects.update(confirmed_at=MONDAY + timedelta(days=25))

        postings.close_ended(at=MONDAY + timedelta(days=54))

        role.refresh_from_db()
        assert role.status == RoleStatus.OPEN


class TestSilentEmployers:
    def silent(self):
        """Return a role whose only applicant was released on Wednesday 16 December."""
        application, member = waiting(response_days=1, apply_by=date(2027, 6, 1))
        sweep(MONDAY + timedelta(days=9), tasks.ANSWER_SWEEPS)
        return application.opportunity, member

    def climb(self, role, at):
        sweep(at, tasks.POSTING_SWEEPS)
        role.refresh_from_db()

    def test_their_role_is_hidden_then_closed_and_put_to_moderators(self):
        role, member = self.silent()

        self.climb(role, MONDAY + timedelta(days=9))
        assert role.status == RoleStatus.OPEN
        assert not Opportunity.objects.listed(at=MONDAY).exists()
        assert told("role_hidden", member) == 1

        self.climb(role, MONDAY + timedelta(days=24))  # New Year's Eve: the tenth working day
        assert role.status == RoleStatus.OPEN
        self.climb(role, MONDAY + timedelta(days=25))
        assert (role.status, role.closed_because) == (RoleStatus.CLOSED, ClosedBecause.SILENT)
        assert Report.objects.get().opportunity == role
        self.climb(role, MONDAY + timedelta(days=26))
        assert Report.objects.count() == 1

    def test_they_are_warned_by_rule_once_in_a_year_and_may_appeal(self):
        role, member = self.silent()
        closing = MONDAY + timedelta(days=25)

        self.climb(role, closing - timedelta(days=1))
        assert not Sanction.objects.exists()
        self.climb(role, closing)
        OpportunityFactory(
            employer=role.employer, closed=True, closed_because=ClosedBecause.SILENT, at=closing
        )
        self.climb(role, closing + timedelta(days=1))

        sanction = Sanction.objects.get()
        assert (sanction.employer, sanction.level) == (role.employer, SanctionLevel.WARNING)
        decision = Decision.objects.get()
        assert (decision.action, decision.moderator, decision.rules) == ("warn", None, ["6.1"])
        assert told("decision_warn", member) == 1
        role.employer.refresh_from_db()
        assert role.employer.status == "active"
        moderating.appeal(decision_id=decision.pk, author=member, text="No.", at=closing)

    def test_an_answer_to_another_applicant_brings_the_role_back(self):
        role, member = self.silent()
        self.climb(role, MONDAY + timedelta(days=9))
        other = ApplicationFactory(opportunity=role, at=MONDAY + timedelta(days=9))

        at = MONDAY + timedelta(days=10)
        selecting.shortlist(application_id=other.pk, actor=member, at=at)
        self.climb(role, at)

        assert role.hidden_at is None

    def test_a_role_that_is_off_the_market_is_hidden_no_more_and_nobody_is_told(self):
        role, member = self.silent()
        at = MONDAY + timedelta(days=9)
        living.close(opportunity_id=role.pk, actor=member, outcome="filled_here", at=at)

        assert postings.hide_silent(at=at) == 0

        role.refresh_from_db()
        assert role.hidden_at is None
        assert told("role_hidden", member) == 0

    def test_a_sweep_that_comes_a_month_late_ends_in_the_same_state(self):
        role, _ = self.silent()

        self.climb(role, MONDAY + timedelta(days=60))

        assert role.closed_because == ClosedBecause.SILENT
        assert Report.objects.count() == 1


class TestTheLadderOfAbsence:
    def absent(self, profile, count):
        for _ in range(count):
            ApplicationFactory(profile=profile, no_show=True, at=MONDAY)

    def test_climbs_a_rung_for_each_employer_and_never_twice(self):
        profile = CandidateProfileFactory()
        for rung in range(1, 5):
            self.absent(profile, 1)
            assert presence.climb_no_show_ladder(at=MONDAY) == (rung <= 3)
            assert presence.climb_no_show_ladder(at=MONDAY) == 0
            assert Sanction.objects.count() == min(rung, 2)
            assert Report.objects.count() == (rung >= 3)

        levels = list(Sanction.objects.order_by("id").values_list("level", "in_force_at"))
        assert levels == [
            (SanctionLevel.WARNING, MONDAY),
            (SanctionLevel.SUSPENSION, MONDAY),
        ]
        profile.user.refresh_from_db()
        assert profile.user.suspended_until == MONDAY + timedelta(days=30)
        assert Decision.objects.filter(account=profile.user).count() == 2
        for outcome in ("warn", "suspend"):
            assert told(f"decision_{outcome}", profile.user) == 1

    def test_one_employer_alone_only_warns(self):
        profile = CandidateProfileFactory()
        employer = EmployerFactory()
        for _ in range(3):
            role = OpportunityFactory(open=True, employer=employer, at=MONDAY)
            ApplicationFactory(profile=profile, opportunity=role, no_show=True, at=MONDAY)

        presence.climb_no_show_ladder(at=MONDAY)

        assert Sanction.objects.get().level == SanctionLevel.WARNING

    def test_what_was_decided_for_other_reasons_or_long_ago_is_no_rung(self):
        profile = CandidateProfileFactory()
        SanctionFactory(in_force=True, on_account=True, account=profile.user, at=MONDAY)
        self.absent(profile, 1)
        presence.climb_no_show_ladder(at=MONDAY)
        Sanction.objects.update(proposed_at=MONDAY - timedelta(days=366))

        presence.climb_no_show_ladder(at=MONDAY)

        by_rule = Sanction.objects.filter(proposed_by__isnull=True)
        assert [row.level for row in by_rule] == [SanctionLevel.WARNING] * 2

    def test_a_year_forgives(self):
        self.absent(CandidateProfileFactory(), 1)

        presence.climb_no_show_ladder(at=MONDAY + timedelta(days=366))

        assert not Sanction.objects.exists()


def test_feedback_that_was_blind_is_told_once_after_two_weeks():
    review = ReviewFactory(by_employer=True, at=MONDAY)
    candidate = review.completion.application.profile.user

    reviews.show_reviews(at=MONDAY + timedelta(days=13))
    assert told("application_review", candidate) == 0
    days = (14, 15)
    shown = [reviews.show_reviews(at=MONDAY + timedelta(days=day)) for day in days]
    assert shown == [1, 0]
    assert told("application_review", candidate) == 1


def market():
    """Make a little of everything that sweeps look at, due at different days."""
    for days in (1, 5, 15):
        for _ in range(3):
            waiting(response_days=days)
    application, member = waiting(capacity=2)
    selecting.offer(application_id=application.pk, actor=member, at=MONDAY)
    shortlisted, member = waiting()
    selecting.shortlist(application_id=shortlisted.pk, actor=member, at=MONDAY)
    for days in (3, 20, 200):
        role = OpportunityFactory(
            open=True, at=MONDAY, apply_by=MONDAY.date() + timedelta(days=days)
        )
        MembershipFactory(employer=role.employer)
    profile = CandidateProfileFactory()
    ApplicationFactory.create_batch(2, profile=profile, no_show=True, at=MONDAY)
    ReviewFactory(at=MONDAY)


@contextmanager
def rolled_back():
    """Undo everything done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def end_state():
    """Return what people would see, without the moments at which sweeps happened to run."""
    return (
        list(Application.objects.order_by("id").values_list("status", "release_on")),
        list(
            Opportunity.objects.order_by("id").values_list("status", "closed_because", "seats_held")
        ),
        sorted(Notice.objects.values_list("recipient__email", "kind")),
        Sanction.objects.count(),
        Report.objects.count(),
        list(Employer.objects.order_by("id").values_list("answered_count", "due_count")),
    )


@pytest.mark.django_db(transaction=True)
def test_three_sweeps_at_once_tell_each_person_each_thing_once():
    market()
    threes = [partial(sweep, MONDAY + timedelta(days=90))] * 3

    at_once(threes)

    assert not Application.objects.filter(status__in=LIVE).exists()
    keys = Notice.objects.values_list("recipient", "kind", "url")
    once = [row for row in keys if row[1] != "application_message"]
    assert len(once) == len(set(once))
    assert Delivery.objects.count() == Notice.objects.count()
    steps = ApplicationEvent.objects.filter(actor__isnull=True)
    assert steps.values("application").distinct().count() == steps.count()


def test_sweeping_daily_now_and_then_or_once_at_the_end_gives_the_same_state():
    market()
    states = []
    for pace in (range(46), [*range(0, 45, 10), 45, 45], [45]):
        with rolled_back():
            for day in pace:
                sweep(MONDAY + timedelta(days=day))
            states.append(end_state())

    daily, seldom, late = states
    # Who sweeps late no longer reminds of what is past, but everything that counts is the same.
    assert daily[:2] == seldom[:2] == late[:2]
    assert daily[3:] == seldom[3:] == late[3:]
    assert len(daily[2]) >= len(seldom[2]) >= len(late[2])
    assert set(late[2]) <= set(daily[2])
