"""Celery entry points: each may run twice or late, and only calls one function."""

from celery import shared_task
from django.utils import timezone

from opportunities.candidates import alerts


@shared_task(soft_time_limit=100, time_limit=120, expires=3600.0)
def tell_candidates(**_: object) -> None:
    """Tell of new roles in saved searches and of saved roles that close."""
    now = timezone.now()
    alerts.tell_new_roles(at=now)
    alerts.remind_of_deadlines(at=now)
