"""Celery entry points: each may run twice or late, and only calls one function."""

from typing import Final

from celery import shared_task
from django.utils import timezone

from matching.introductions import people, telling

TELL_SECONDS: Final = 10.0


@shared_task(soft_time_limit=100, time_limit=120, expires=TELL_SECONDS)
def tell(**_: object) -> None:
    """Explain what was introduced, and write the notices that are due, to both sides."""
    telling.explain_new(at=timezone.now())
    people.plan_new(at=timezone.now())
    telling.tell_due(at=timezone.now())
    people.tell_due(at=timezone.now())
