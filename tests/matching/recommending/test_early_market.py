"""What a page of matches says first where little is open of what somebody wants."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from matching.recommending import widening
from matching.recommending.early_market import FEW, WEAK, EarlyMarket, early_market, first_page
from matching.store import live
from tests.factories import CandidateProfileFactory, OpportunityFactory
from tests.matching.markets import market_at
from tests.matching.recommending.test_places import engine
from tests.matching.recommending.test_views import answer

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = date(2027, 5, 24)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at():
    with market_at(AT):
        yield


def person(**facts):
    profile = CandidateProfileFactory(
        **{"interests": {"finance": 1}, "field_rule": "first", "hours_per_week": 40} | facts
    )
    return engine(profile, OpportunityFactory(open=True, field="law"))[0]


def roles(count, **facts):
    return OpportunityFactory.create_batch(
        count, open=True, **{"field": "finance", "start_latest": date(2027, 1, 30)} | facts
    )


def early(who):
    return early_market(live.rank_roles(who, at=AT), at=AT, currency="GBP")


class TestTheSentence:
    def test_of_a_field_in_which_nothing_is_open(self):
        found = early(person())

        assert found.sentence == "No role in Finance and accounting is open yet."
        assert (found.near, found.others) == (0, 1)

    def test_of_roles_that_start_too_early_and_what_one_change_opens(self):
        who = person(available_from=LATER)
        roles(2)

        found = early(who)

        assert found.sentence == (
            "2 roles in Finance and accounting are open, and none meets your must-haves."
        )
        assert [(change.text, change.adds) for change in found.changes] == [("Start right away", 2)]

    def test_of_few(self):
        who = person()
        roles(1)

        assert early(who).sentence == (
            "Few roles match yet: 1 role in Finance and accounting meets your must-haves."
        )

    def test_of_few_for_somebody_who_wants_any_field(self):
        roles(2, mode="onsite", place="Leeds", country="GB")

        found = early(person(interests={}, modes=["remote"]))

        assert found.sentence == ("Few roles match yet: 1 of 3 open roles meets your must-haves.")

    def test_is_not_there_where_there_is_enough(self):
        who = person()
        roles(FEW)

        assert early(who) is None


class TestChanges:
    def test_bring_in_what_they_say_when_they_are_made(self):
        who = person(
            available_from=LATER, rate_floor_minor=2500, modes=["remote"], hours_per_week=5
        )
        roles(2, hours_per_week=10, pay_amount_minor=60_000)
        roles(3, mode="onsite", place="Leeds", country="GB", start_latest=None, work_rights="GB",
              hours_per_week=4, weeks=5, pay_amount_minor=60_000)  # fmt: skip

        changes = early(who).changes

        assert changes
        wanted = {"only_fields": frozenset({"finance"})}
        for change in changes:
            before, after = live.count_open(
                [replace(who, **wanted), replace(who, **wanted, **change.replaced)], at=AT
            )
            assert after - before == change.adds > 0

    def test_are_two_at_once_where_no_single_one_helps(self):
        who = person(available_from=LATER, hours_per_week=5)
        roles(2, hours_per_week=10)

        [change] = early(who).changes

        assert change.text == "10 hours a week, and: Start right away"
        assert change.adds == 2

    def test_tell_the_least_that_is_enough(self):
        who = person(available_from=date(2027, 2, 8))
        roles(3)

        [change] = early(who).changes

        assert (change.text, change.adds) == ("Start four weeks sooner", 3)

    def test_go_down_to_what_most_roles_pay(self):
        who = person(rate_floor_minor=2200)
        roles(1, pay_kind="hourly", pay_amount_minor=1900, hourly_minor=1900)
        roles(3, pay_kind="hourly", pay_amount_minor=1600, hourly_minor=1600)

        assert [(c.text, c.adds) for c in early(who).changes] == [("£15 an hour or more", 4)]

    def test_go_as_far_as_people_may_have_to(self):
        who = person(modes=["onsite"], regions=["Leeds, 10 km"], rights=["GB"])
        roles(1, mode="onsite", place="York", country="GB")
        roles(1, mode="onsite", place="London", country="GB")

        assert [(c.text, c.adds) for c in early(who).changes] == [
            ("Anywhere in the country of your places", 2)
        ]
        assert widening.FARTHER == 100


@dataclass
class Row:
    number: int


class TestTheFirstPage:
    def cut(self, numbers, early=None):
        return [row.number for row in first_page([Row(number) for number in numbers], early)]

    def test_ends_before_what_falls_far_below_the_best(self):
        assert self.cut([50, 40, 35, 34, 33]) == [50, 40, 35]
        assert self.cut([20, 19, 14]) == [20, 19, 14]
        assert self.cut([]) == []

    def test_leaves_weak_ones_out_where_nothing_is_near(self):
        nothing = EarlyMarket("Law", 2, 0, 3, ())

        assert self.cut([WEAK + 1, WEAK - 1], nothing) == [WEAK + 1]
        assert self.cut([WEAK - 1], nothing) == []
        assert self.cut([WEAK - 1], replace(nothing, near=1)) == [WEAK - 1]

    def test_says_what_is_true_and_shows_the_rest_on_request(self, client):
        [law] = roles(1, field="law", hours_per_week=10)
        answer(client, field=["finance"], time="10")

        first, whole = client.get("/matches/"), client.get("/matches/?show=all")

        assert "No role in Finance and accounting is open yet." in first.text
        shown = [match.role for match in first.context["matches"]]
        number = whole.context["matches"][0].number
        assert shown == ([law] if number >= WEAK else [])
        assert [match.role for match in whole.context["matches"]] == [law]
        assert ("show=all" in first.text) == (number < WEAK)
