"""Celery entry points: each may run twice or late, and only calls one function."""

from celery import shared_task
from django.utils import timezone

from matching.plans import reminding


@shared_task(soft_time_limit=100, time_limit=120, expires=3600.0)
def remind(**_: object) -> None:
    """Remind of the applications that plans wait for."""
    reminding.remind_of_plans(at=timezone.now())
