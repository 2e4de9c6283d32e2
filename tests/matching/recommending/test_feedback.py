"""What was shown and opened is counted once for each role."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.models import Feedback
from matching.recommending import feedback
from tests.factories import CandidateProfileFactory, OpportunityFactory

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_a_page_is_counted_and_the_best_place_kept():
    profile = CandidateProfileFactory()
    first, second = OpportunityFactory(open=True), OpportunityFactory(open=True)

    feedback.shown(
        profile_id=profile.pk,
        opportunity_ids=[first.pk, second.pk],
        first_place=11,
        at=NOW,
    )
    feedback.shown(
        profile_id=profile.pk,
        opportunity_ids=[second.pk],
        first_place=1,
        at=NOW + timedelta(1),
    )

    rows = Feedback.objects.order_by("opportunity_id").values_list(
        "opportunity_id", "times_shown", "best_place", "first_shown_at"
    )
    assert list(rows) == [(first.pk, 1, 11, NOW), (second.pk, 2, 1, NOW)]


def test_opening_is_dated_the_first_time():
    profile, role = CandidateProfileFactory(), OpportunityFactory(open=True)

    for day in range(2):
        feedback.opened(profile_id=profile.pk, opportunity_id=role.pk, at=NOW + timedelta(day))

    noted = Feedback.objects.get()
    assert (noted.times_shown, noted.opened_at) == (0, NOW)
