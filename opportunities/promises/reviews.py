"""Feedback that was blind until now."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from opportunities.applications.tracking import tell
from opportunities.core.claims import each_row
from opportunities.core.rows import update_row
from opportunities.engagements.models import BLIND_DAYS, Review

WINDOW = timedelta(days=30)
"""How long after it became visible a review may still be announced."""


def show_reviews(*, at: datetime) -> int:
    """Tell each side of feedback that it can read since two weeks have passed."""
    shown_from = at - timedelta(days=BLIND_DAYS)
    due = Review.objects.filter(
        Q(at__lte=shown_from) & Q(at__gt=shown_from - WINDOW), told_at__isnull=True
    )
    application = "completion__application"
    related = (f"{application}__opportunity__employer", f"{application}__profile__user")
    return each_row(due, partial(_show, at=at), related=related)


def _show(review: Review, *, at: datetime) -> None:
    update_row(review, told_at=at)
    to = "candidate" if review.by_employer else "employer"
    tell(review.completion.application, "review", at=at, key=f"to_{to}", to=[to])
