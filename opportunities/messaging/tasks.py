"""Celery entry points: each may run twice or late, and only calls one function."""

from celery import shared_task
from django.utils import timezone

from opportunities.messaging import delivery, letters


@shared_task(soft_time_limit=60, time_limit=75, expires=10.0)
def deliver_notices(**_: object) -> None:
    """Send the mails that are due."""
    delivery.deliver(at=timezone.now())


@shared_task(soft_time_limit=60, time_limit=75, expires=10.0)
def send_letters(**_: object) -> None:
    """Send the letters that are due to addresses without an account."""
    letters.send_letters(at=timezone.now())
