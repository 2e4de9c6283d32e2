from datetime import UTC, date, datetime, timedelta

import pytest

from matching.recommending.decision_days import last_day_to_apply, timeline, timelines
from opportunities.core.models import Site
from tests.factories import ApplicationFactory, OpportunityFactory

TODAY = date(2027, 3, 1)
"""A Monday."""
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def role(**facts):
    return OpportunityFactory(open=True, at=AT, employer__country="", country="", **facts)


def test_a_micro_internship_is_decided_when_its_answer_is_promised():
    # Applied on Monday, five working days: the next Monday; work begins the day after.
    found = timeline(role(response_days=5, steps=["resume", "questions"]), Site(), applied=TODAY)

    assert (found.answered, found.decided) == (date(2027, 3, 8), date(2027, 3, 8))
    assert found.begins == date(2027, 3, 9)


def test_talks_and_tests_take_their_days_and_the_promise_counts_anew_after_them():
    # Answer 8 March; an interview 5 and a test 3 working days, then 5 for the answer: 13 in all.
    found = timeline(role(response_days=5, steps=["interview", "test"]), Site(), applied=TODAY)

    assert (found.answered, found.decided) == (date(2027, 3, 8), date(2027, 3, 25))
    assert found.begins == date(2027, 3, 26)


def test_an_internship_is_decided_after_its_last_day_to_apply():
    internship = role(
        internship=True, response_days=5, steps=["resume"], apply_by=date(2027, 4, 30)
    )

    found = timeline(internship, Site(), applied=TODAY)

    assert found.answered == date(2027, 3, 8)
    assert found.decided == date(2027, 5, 7)  # five working days after Friday 30 April
    assert found.begins == date(2027, 5, 10)


def test_steps_that_are_not_stated_count_as_those_of_the_format():
    stated = role(internship=True, response_days=5, steps=["resume"])
    unstated = role(internship=True, response_days=5, steps=None)
    stated.apply_by = unstated.apply_by = TODAY

    assert (
        timeline(unstated, Site(), applied=TODAY).decided
        > timeline(stated, Site(), applied=TODAY).decided
    )


def test_a_role_that_states_no_promise_counts_with_that_of_the_site():
    quick, slow = Site(response_days_micro=1), Site(response_days_micro=20)
    unstated = role(response_days=None, steps=[])

    assert timeline(unstated, quick, applied=TODAY).decided == date(2027, 3, 2)
    assert timeline(unstated, slow, applied=TODAY).decided == date(2027, 3, 29)


def test_the_last_day_to_apply_is_the_last_that_leads_to_the_start():
    given = role(response_days=5, steps=[])
    given.apply_by = date(2027, 6, 30)
    starts = date(2027, 3, 22)

    last = last_day_to_apply(given, Site(), starts=starts, today=TODAY)

    assert timeline(given, Site(), applied=last).begins <= starts
    assert timeline(given, Site(), applied=last + timedelta(days=1)).begins > starts
    given.apply_by = date(2027, 3, 4)
    assert last_day_to_apply(given, Site(), starts=starts, today=TODAY) == date(2027, 3, 4)
    assert last_day_to_apply(given, Site(), starts=date(2027, 3, 3), today=TODAY) is None


def test_who_has_applied_waits_for_what_was_promised_then():
    given = role(response_days=5, steps=[])
    sent = ApplicationFactory(opportunity=given, at=AT - timedelta(days=4))

    found = timelines([given], {given.pk: sent}, today=TODAY)[given.pk]

    assert found.is_sent
    assert found.answered == max(sent.answer_due_on, TODAY)
    assert found.decided >= found.answered
    assert found.begins > found.decided


def test_an_application_is_expected_within_two_days_and_before_the_last_one():
    later, soon = role(), role()
    later.apply_by, soon.apply_by = date(2027, 6, 30), date(2027, 3, 2)

    found = timelines([later, soon], {}, today=TODAY)

    assert [found[one.pk].applied for one in (later, soon)] == [date(2027, 3, 3), date(2027, 3, 2)]
