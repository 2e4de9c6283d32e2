"""Celery entry points: each may run twice or late, and only calls one function."""

from celery import shared_task
from django.utils import timezone

from opportunities.desk import operations as moderating


@shared_task(soft_time_limit=60, time_limit=75, expires=30.0)
def carry_out_held(**_: object) -> None:
    """Let the decisions whose minute is over take effect."""
    moderating.carry_out_held(at=timezone.now())


@shared_task(soft_time_limit=60, time_limit=75, expires=240.0)
def end_suspensions(**_: object) -> None:
    """Show the roles of employers whose suspension has run out."""
    moderating.end_suspensions(at=timezone.now())
