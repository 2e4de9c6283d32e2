"""Celery entry points: load nothing, decide nothing, call one function.

Arguments are ids. Every task may run twice or late: it recomputes from the tables.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from matching.jobs import erased, odds, owed_work
from matching.jobs import sweep as sweeper
from matching.jobs.refresh import refresh_owed
from matching.jobs.runs import entering, ranking, steps
from matching.models import OwedWork, Subject
from opportunities.core import nudge as nudging
from opportunities.roles.models import Opportunity

SWEEP_SECONDS: Final = 5.0
RECONCILE_SECONDS: Final = 600.0
COUNT_SECONDS: Final = 600.0


@shared_task(soft_time_limit=60, time_limit=75)
def refresh(*, kind: str, subject_ids: list[int], **_: Any) -> None:
    """Bring what follows from these subjects up to date."""
    refresh_owed(Subject(kind), subject_ids, clock=timezone.now)


@shared_task(soft_time_limit=20, time_limit=30, expires=SWEEP_SECONDS)
def sweep(**_: Any) -> None:
    """Send what is owed and nobody seems to be doing, and the next steps of runs."""
    now = timezone.now()
    for kind, subject_ids in sweeper.claim(at=now):
        nudging.send(refresh, kind=kind, subject_ids=subject_ids)
    for run_id in steps.waiting_runs(at=now):
        nudging.send(advance_run, run_id=run_id)
    for part_id in steps.waiting_parts(at=now):
        nudging.send(rank_part, part_id=part_id)
    for part_id in entering.waiting_introductions():
        nudging.send(introduce_part, part_id=part_id)


@shared_task(soft_time_limit=100, time_limit=120, expires=RECONCILE_SECONDS)
def reconcile(**_: Any) -> None:
    """Owe what differs from its packed row although nobody announced it; forget the erased."""
    now = timezone.now()
    sweeper.reconcile(at=now)
    erased.blank_erased(clock=timezone.now, until=now + timedelta(seconds=60))


@shared_task(
    soft_time_limit=110,
    time_limit=120,
    autoretry_for=(OperationalError,),
    retry_backoff=True,
    retry_backoff_max=60,
    max_retries=5,
)
def advance_run(*, run_id: int, **_: Any) -> None:
    """Take the next steps of a run, and send its parts when it comes to ranking."""
    for part_id in steps.advance(run_id, clock=timezone.now):
        nudging.send(rank_part, part_id=part_id)


@shared_task(
    soft_time_limit=110,
    time_limit=120,
    autoretry_for=(OperationalError,),
    retry_backoff=True,
    retry_backoff_max=60,
    max_retries=5,
)
def rank_part(*, part_id: int, **_: Any) -> None:
    """Rank one range of candidates of a run; the last one done publishes."""
    run_id = ranking.rank_part(part_id, clock=timezone.now)
    if run_id is not None:
        nudging.send(advance_run, run_id=run_id)


@shared_task(soft_time_limit=110, time_limit=120, expires=60.0)
def introduce_part(*, part_id: int, **_: Any) -> None:
    """Introduce what a run brought into the first roles of one range of candidates."""
    entering.introduce_part(part_id, clock=timezone.now)


@shared_task(soft_time_limit=20, time_limit=30, expires=3600.0)
def rebuild(**_: Any) -> None:
    """Begin a full computation: rarities and prices follow the market, old inputs are let go."""
    run = steps.request_run(at=timezone.now())
    nudging.send(advance_run, run_id=run.pk)


@shared_task(soft_time_limit=110, time_limit=120, expires=COUNT_SECONDS)
def count_odds(**_: Any) -> None:
    """Count what became of applications, and what it says of the chance at each open role."""
    odds.count_odds(at=timezone.now())


def ask_for_list(role_id: int, *, at: datetime) -> None:
    """Owe the list of a role that somebody looks at, unless it is owed or the role is closed."""
    owed = OwedWork.objects.outstanding().filter(kind=Subject.ROLE, subject_id=role_id)
    if not owed.exists() and Opportunity.objects.listed(at=at).filter(pk=role_id).exists():
        owed_work.owe(Subject.ROLE, [role_id], at=at)
        nudge(Subject.ROLE, [role_id])


def nudge(kind: Subject, subject_ids: Iterable[int]) -> None:
    """Ask a worker to refresh these now; the sweep will if this message is lost."""
    nudging.send(refresh, kind=kind.value, subject_ids=sorted(subject_ids))
