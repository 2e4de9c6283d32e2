"""Celery entry points: sweeps that keep the promises, each on what is due at a moment.

Run twice, late, never for a day or three at once, they end in the same state: whatever was due is
found by its date in the tables, claimed with SKIP LOCKED and told under a unique key.
"""

from typing import Any, Final

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from opportunities.promises import answers, postings, presence, reviews

ANSWER_SWEEPS: Final = (
    answers.remind_employers, answers.tell_overdue, answers.release, answers.warn_of_lapse,
    answers.lapse_offers, answers.count_replies,
)  # fmt: skip
POSTING_SWEEPS: Final = (
    postings.close_ended, postings.warn_silent, postings.ask_to_confirm, postings.hide_silent,
    postings.ask_outcomes,
)  # fmt: skip
CONDUCT_SWEEPS: Final = (presence.climb_no_show_ladder, reviews.show_reviews)

_SWEEPING: Final[dict[str, Any]] = {
    "autoretry_for": (OperationalError,), "retry_backoff": True, "max_retries": 3,
    "soft_time_limit": 100, "time_limit": 120,
}  # fmt: skip


@shared_task(**_SWEEPING, expires=240.0)
def keep_answers(**_: object) -> None:
    """Remind, tell of overdue answers, release, lapse offers and count replies."""
    now = timezone.now()
    for sweep in ANSWER_SWEEPS:
        sweep(at=now)


@shared_task(**_SWEEPING, expires=240.0)
def keep_postings(**_: object) -> None:
    """Close what has ended, ask for confirmation and outcomes, hide silent employers' roles."""
    now = timezone.now()
    for sweep in POSTING_SWEEPS:
        sweep(at=now)


@shared_task(**_SWEEPING, expires=3600.0)
def keep_conduct(**_: object) -> None:
    """Climb the ladder of absence and tell of feedback that can be read."""
    now = timezone.now()
    for sweep in CONDUCT_SWEEPS:
        sweep(at=now)
