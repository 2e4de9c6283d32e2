"""Celery entry points: load nothing, decide nothing, call one function.

Every task may run twice or late: it works from what the tables say is owed.
"""

from celery import shared_task
from django.utils import timezone

from opportunities import alerting, delivering


@shared_task(soft_time_limit=60, time_limit=75, expires=10.0)
def deliver_notices(**_: object) -> None:
    """Send the mails that are due."""
    delivering.deliver(at=timezone.now())


@shared_task(soft_time_limit=100, time_limit=120, queue="bulk", expires=3600.0)
def tell_candidates(**_: object) -> None:
    """Tell of new roles in saved searches and of saved roles that close."""
    now = timezone.now()
    alerting.tell_new_roles(at=now)
    alerting.remind_of_deadlines(at=now)
