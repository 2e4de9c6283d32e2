"""Celery entry points: load nothing, decide nothing, call one function.

Every task may run twice or late: it works from what the tables say is owed.
"""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from opportunities import (
    alerting,
    delivering,
    eventing,
    hurrying,
    importing,
    mailing,
    moderating,
    privacy,
    promising,
)
from opportunities.webhooking import sending


@shared_task(soft_time_limit=60, time_limit=75, expires=10.0)
def deliver_notices(**_: object) -> None:
    """Send the mails that are due."""
    delivering.deliver(at=timezone.now())


@shared_task(soft_time_limit=60, time_limit=75, expires=10.0)
def send_letters(**_: object) -> None:
    """Send the letters that are due to addresses without an account."""
    mailing.send_letters(at=timezone.now())


@shared_task(soft_time_limit=60, time_limit=75, expires=10.0)
def send_webhooks(**_: object) -> None:
    """Send the events that webhooks are owed."""
    sending.send_due(at=timezone.now())


@shared_task(
    autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3,
    soft_time_limit=110, time_limit=120,
)  # fmt: skip
def import_roles(*, job_id: int, **_: object) -> None:
    """Import the next rows of a file, and send on what one turn leaves."""
    if importing.work(job_id=job_id, clock=timezone.now):
        hurrying.send(import_roles, job_id=job_id)


@shared_task(soft_time_limit=20, time_limit=30, expires=10.0)
def sweep_imports(**_: object) -> None:
    """Send the imports that nobody seems to be doing."""
    for job_id in importing.claim_waiting(at=timezone.now()):
        hurrying.send(import_roles, job_id=job_id)


@shared_task(soft_time_limit=60, time_limit=75, expires=3600.0)
def forget_events(**_: object) -> None:
    """Delete events that nobody needs any more."""
    eventing.forget(at=timezone.now())


@shared_task(soft_time_limit=60, time_limit=75, expires=240.0)
def end_suspensions(**_: object) -> None:
    """Show the roles of employers whose suspension has run out."""
    moderating.end_suspensions(at=timezone.now())


@shared_task(soft_time_limit=100, time_limit=120, expires=3600.0)
def tell_candidates(**_: object) -> None:
    """Tell of new roles in saved searches and of saved roles that close."""
    now = timezone.now()
    alerting.tell_new_roles(at=now)
    alerting.remind_of_deadlines(at=now)


@shared_task(
    autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3,
    soft_time_limit=100, time_limit=120, expires=240.0,
)  # fmt: skip
def keep_answers(**_: object) -> None:
    """Remind, tell of overdue answers, release, lapse offers and count replies."""
    promising.keep_answers(at=timezone.now())


@shared_task(
    autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3,
    soft_time_limit=100, time_limit=120, expires=240.0,
)  # fmt: skip
def keep_postings(**_: object) -> None:
    """Close what has ended, ask for confirmation and outcomes, hide silent employers' roles."""
    promising.keep_postings(at=timezone.now())


@shared_task(
    autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3,
    soft_time_limit=100, time_limit=120, expires=3600.0,
)  # fmt: skip
def keep_conduct(**_: object) -> None:
    """Climb the ladder of absence and tell of feedback that can be read."""
    promising.keep_conduct(at=timezone.now())


@shared_task(soft_time_limit=100, time_limit=120, expires=3600.0)
def let_go(**_: object) -> None:
    """Erase and empty what the rules of retention no longer keep."""
    privacy.sweep(at=timezone.now())
