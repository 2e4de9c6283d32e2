"""Celery entry points: each may run twice or late, and only calls one function."""

from celery import shared_task
from django.utils import timezone

from opportunities.privacy import retention


@shared_task(soft_time_limit=100, time_limit=120, expires=3600.0)
def let_go(**_: object) -> None:
    """Erase and empty what the rules of retention no longer keep."""
    retention.sweep(at=timezone.now())
