"""Celery entry points: load nothing, decide nothing, call one function.

Every task may run twice or late: it works from what the tables say is owed.
"""

from celery import shared_task
from django.utils import timezone

from opportunities import delivering


@shared_task(soft_time_limit=60, time_limit=75, expires=10.0)
def deliver_notices(**_: object) -> None:
    """Send the mails that are due."""
    delivering.deliver(at=timezone.now())
