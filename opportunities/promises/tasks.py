"""Celery entry points: each may run twice or late, and only calls one function."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from opportunities.promises import operations as promising


@shared_task(
    autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3,
    soft_time_limit=100, time_limit=120, expires=240.0,
)  # fmt: skip
def keep_answers(**_: object) -> None:
    """Remind, tell of overdue answers, release, lapse offers and count replies."""
    promising.keep_answers(at=timezone.now())


@shared_task(
    autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3,
    soft_time_limit=100, time_limit=120, expires=240.0,
)  # fmt: skip
def keep_postings(**_: object) -> None:
    """Close what has ended, ask for confirmation and outcomes, hide silent employers' roles."""
    promising.keep_postings(at=timezone.now())


@shared_task(
    autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3,
    soft_time_limit=100, time_limit=120, expires=3600.0,
)  # fmt: skip
def keep_conduct(**_: object) -> None:
    """Climb the ladder of absence and tell of feedback that can be read."""
    promising.keep_conduct(at=timezone.now())
