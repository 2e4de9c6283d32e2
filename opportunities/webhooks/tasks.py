"""Celery entry points: each may run twice or late, and only calls one function."""

from celery import shared_task
from django.utils import timezone

from opportunities.webhooks import endpoints, sending


@shared_task(soft_time_limit=60, time_limit=75, expires=10.0)
def send_webhooks(**_: object) -> None:
    """Send the events that webhooks are owed."""
    sending.send_due(at=timezone.now())


@shared_task(soft_time_limit=100, time_limit=120, expires=3600.0)
def encrypt_secrets(**_: object) -> None:
    """Encrypt the secrets that a former release or a former key has left."""
    endpoints.encrypt_all()
