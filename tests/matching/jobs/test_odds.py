"""What a worker counts of applications: which count, what is kept, and what it says."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.engine.calibration import ENOUGH_OUTCOMES
from matching.jobs.odds import count_odds
from matching.models import RoleOdds, SiteOdds
from matching.store.histories import (
    LOOKED_BACK_DAYS,
    SETTLED_DAYS,
    count_applications,
    read_histories,
)
from opportunities.applications.models import Application
from opportunities.core.lifecycle import ApplicationStatus
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    EmployerFactory,
    ExternalApplicationFactory,
    OpportunityFactory,
    UserFactory,
)
from tests.matching.applying import (
    LONG_AGO,
    apply_to,
    format_with_answers,
    past_role,
    people,
)

pytestmark = pytest.mark.django_db

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def counted(role):
    found = count_applications(at=AT).get(role.pk)
    return found and (found.applicants, found.waiting, found.answered, found.offered)


class TestWhatCounts:
    @pytest.mark.parametrize(
        ("became", "counts"),
        [
            ({}, (1, 1, 0, 0)),
            ({"shortlisted": True}, (1, 1, 0, 0)),
            ({"interviewing": True}, (1, 1, 0, 0)),
            ({"offered": True}, (1, 0, 1, 1)),
            ({"accepted": True}, (1, 0, 1, 1)),
            ({"completed": True}, (1, 0, 1, 1)),
            ({"declined": True}, (1, 0, 1, 1)),
            ({"lapsed": True}, (1, 0, 1, 1)),
            ({"rejected": True}, (1, 0, 1, 0)),
            ({"released": True}, (1, 0, 1, 0)),
            ({"withdrawn": True}, (1, 0, 0, 0)),
            ({"withdrawn": True, "offered_at": AT - LONG_AGO}, (1, 0, 1, 1)),
        ],
    )
    def test_an_answer_counts_and_withdrawing_before_one_does_not(self, became, counts):
        role = OpportunityFactory(open=True)
        ApplicationFactory(opportunity=role, at=AT - LONG_AGO, **became)

        assert counted(role) == counts

    @pytest.mark.parametrize(
        ("days", "answered"),
        [
            (SETTLED_DAYS - 1, 0),
            (SETTLED_DAYS, 1),
            (LOOKED_BACK_DAYS - 1, 1),
            (LOOKED_BACK_DAYS, 0),
        ],
    )
    def test_an_answer_counts_from_four_weeks_to_two_years(self, days, answered):
        role = OpportunityFactory(open=True)
        apply_to(role, people(1), at=AT, offers=1, ago=timedelta(days=days))

        assert counted(role) == (1, 0, answered, answered)

    def test_neither_unconfirmed_nor_erased_people_nor_what_was_sent_elsewhere(self):
        role = OpportunityFactory(open=True)
        for profile in (
            CandidateProfileFactory(anonymous=True),
            CandidateProfileFactory(user=UserFactory(confirmed=False)),
            CandidateProfileFactory(erased_at=AT),
        ):
            ApplicationFactory(opportunity=role, profile=profile, at=AT - LONG_AGO, rejected=True)
        ExternalApplicationFactory(opportunity=role)

        assert counted(role) is None
        assert len(read_histories(at=AT).histories.role) == 0

    def test_is_asked_in_one_query(self, django_assert_num_queries):
        format_with_answers(at=AT)

        with django_assert_num_queries(1):
            count_applications(at=AT)


class TestHistories:
    def test_tell_from_when_on_an_answer_counts_and_a_place_is_held(self):
        role = OpportunityFactory(open=True, capacity=3)
        who = people(5)
        sent = AT - timedelta(days=100)
        for place, (days, status, offered, ended) in enumerate(
            [
                (0, ApplicationStatus.REJECTED, None, 40),
                (1, ApplicationStatus.DECLINED, 10, 12),
                (2, ApplicationStatus.COMPLETED, 10, 90),
                (3, ApplicationStatus.WITHDRAWN, None, 5),
                (4, ApplicationStatus.SUBMITTED, None, None),
            ]
        ):
            Application.objects.create(
                opportunity=role, profile=who[place], status=status, name="Ada",
                submitted_at=sent + timedelta(days=days),
                offered_at=None if offered is None else sent + timedelta(days=offered),
                accepted_at=sent if status == ApplicationStatus.COMPLETED else None,
                ended_at=None if ended is None else sent + timedelta(days=ended),
                rejection_reason="skills" if status == ApplicationStatus.REJECTED else "",
                answer_due_on=AT.date(), release_on=AT.date(),
            )  # fmt: skip

        read = read_histories(at=AT)

        never = float("inf")
        one = read.histories
        assert read.day_of(AT) == 100
        assert one.sent.tolist() == [0, 1, 2, 3, 4]
        assert one.known.tolist() == [40, 29, 30, never, never]
        assert one.waits_until.tolist() == [40, 10, 10, 5, never]
        assert one.held_from.tolist() == [never, 10, 10, never, never]
        assert one.held_until.tolist() == [never, 12, never, never, never]
        assert one.offered.tolist() == [False, True, True, False, False]
        assert one.capacity.tolist() == [3]


class TestCount:
    @pytest.mark.parametrize(("roles", "each"), [(5, 4), (4, 5), (6, 3)])
    def test_says_nothing_below_twenty_answers_of_five_roles(self, roles, each):
        role = OpportunityFactory(open=True, at=AT)
        format_with_answers(at=AT, roles=roles, offers=1, refusals=each - 1)

        count_odds(at=AT)

        row = RoleOdds.objects.get(pk=role.pk)
        if (roles, each) == (5, 4):
            assert 0 < row.low < row.middle < row.high < 1
            assert SiteOdds.objects.get().formats.keys() == {role.format}
        else:
            assert (row.low, row.middle, row.high) == (None, None, None)
            assert SiteOdds.objects.get().formats == {}

    def test_an_employer_who_offers_more_is_told_apart(self):
        generous = EmployerFactory()
        format_with_answers(at=AT, roles=8, offers=1, refusals=4)
        for _ in range(3):
            apply_to(past_role(at=AT, employer=generous), people(10), at=AT, offers=8, refusals=2)
        usual = OpportunityFactory(open=True, at=AT)
        theirs = OpportunityFactory(open=True, at=AT, employer=generous)

        count_odds(at=AT)

        rows = RoleOdds.objects.in_bulk()
        assert rows[theirs.pk].middle > rows[usual.pk].middle + 0.1
        assert set(rows) == {usual.pk, theirs.pk}
        own = rows[usual.pk]
        assert SiteOdds.objects.get().formats[usual.format] == pytest.approx(
            [own.low, own.middle, own.high]
        )

    def test_keeps_open_roles_only_and_writes_what_differs(self):
        first, second = (OpportunityFactory(open=True, at=AT) for _ in range(2))
        apply_to(first, people(6), at=AT, refusals=2, ago=timedelta(days=2))

        assert count_odds(at=AT) == 2
        assert count_odds(at=AT + timedelta(minutes=10)) == 0
        row = RoleOdds.objects.get(pk=first.pk)
        assert (row.applicants, row.waiting) == (6, 4)
        assert SiteOdds.objects.get().counted_at == AT + timedelta(minutes=10)

        first.apply_by = (AT - timedelta(days=1)).date()
        first.save(update_fields=["apply_by"])
        assert count_odds(at=AT) == 0
        assert list(RoleOdds.objects.values_list("pk", flat=True)) == [second.pk]

    def test_learns_from_what_happened_once_a_thousand_are_known(self):
        roles = [past_role(at=AT) for _ in range(55)]
        who = people(25)
        for number, role in enumerate(roles):
            ago = timedelta(days=700 - 12 * number)
            apply_to(role, who, at=AT, offers=number % 5, refusals=25 - number % 5, ago=ago)
        count_odds(at=AT)
        learnt = SiteOdds.objects.get()

        Application.objects.filter(opportunity__in=roles[:20]).delete()
        count_odds(at=AT)

        assert len(roles) * 25 > ENOUGH_OUTCOMES
        assert learnt.told == sorted(learnt.told)
        assert learnt.happened == sorted(learnt.happened)
        assert len(learnt.told) == len(learnt.happened) > 1
        assert SiteOdds.objects.get().told == []

    def test_an_empty_site_is_counted(self):
        assert count_odds(at=AT) == 0
        assert SiteOdds.objects.get().formats == {}
