"""Feedback that was blind until now."""

from datetime import datetime, timedelta

from django.db.models import Q

from opportunities.applications.tracking import tell
from opportunities.core.claims import each_id
from opportunities.engagements.models import BLIND_DAYS, Review

WINDOW = timedelta(days=30)
"""How long after it became visible a review may still be announced."""


def show_reviews(*, at: datetime) -> int:
    """Tell each side of feedback that it can read since two weeks have passed."""
    shown_from = at - timedelta(days=BLIND_DAYS)
    due = Review.objects.filter(Q(at__lte=shown_from) & Q(at__gt=shown_from - WINDOW))
    told = 0
    for review_id in each_id(due):
        review = Review.objects.select_related(
            "completion__application__opportunity__employer",
            "completion__application__profile__user",
        ).get(pk=review_id)
        to = "candidate" if review.by_employer else "employer"
        tell(review.completion.application, "review", at=at, key=f"to_{to}", to=[to])
        told += 1
    return told
