"""Celery entry points: each may run twice or late, and only calls one function."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from opportunities.core import nudge
from opportunities.importing import jobs, readings


@shared_task(
    autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3,
    soft_time_limit=110, time_limit=120,
)  # fmt: skip
def import_roles(*, job_id: int, **_: object) -> None:
    """Import the next rows of a file, and send on what one turn leaves."""
    if jobs.work(job_id=job_id, clock=timezone.now):
        nudge.send(import_roles, job_id=job_id)


@shared_task(soft_time_limit=20, time_limit=30, expires=10.0)
def sweep_imports(**_: object) -> None:
    """Send the imports that nobody seems to be doing."""
    for job_id in jobs.claim_waiting(at=timezone.now()):
        nudge.send(import_roles, job_id=job_id)


@shared_task(soft_time_limit=290, time_limit=300, expires=30.0)
def read_sources(**_: object) -> None:
    """Read the sources that are due, and go on with what one turn leaves."""
    if readings.read_due(clock=timezone.now):
        nudge.send(read_sources)
