"""Celery entry points: load nothing, decide nothing, call one function.

Every task may run twice or late: it works from what the tables say is owed.
"""

from celery import shared_task
from django.utils import timezone

from matching.plans import reminding


@shared_task(soft_time_limit=100, time_limit=120, expires=3600.0)
def remind(**_: object) -> None:
    """Remind of the applications that plans wait for."""
    reminding.remind_of_plans(at=timezone.now())
