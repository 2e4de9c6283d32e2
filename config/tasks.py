"""Celery entry points of this package: delete what is kept only for a while."""

from celery import shared_task
from django.utils import timezone

from config.contract import forgetting


@shared_task(soft_time_limit=60, time_limit=75, expires=3600.0)
def forget_answers(**_: object) -> None:
    """Delete the answers whose ``Idempotency-Key`` has run out."""
    forgetting.forget_answers(at=timezone.now())
