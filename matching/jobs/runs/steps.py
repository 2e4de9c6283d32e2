"""Begin a run, take its next steps, stop it, and find the steps that nobody works on."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from matching import ENGINE_VERSION
from matching.engine.allocating import MARKET
from matching.engine.ranking import WORTH_LOADING, kernel_for
from matching.jobs.runs.freezing import freeze, pack_missing
from matching.jobs.runs.locks import PART_LOCKS, RUN_LOCKS, being_worked_on
from matching.jobs.runs.pricing import SAMPLE, price
from matching.jobs.runs.publishing import publish, tidy
from matching.models import Run, RunPart, RunState
from matching.models.market import KEPT
from opportunities.core.alone import alone
from opportunities.core.errors import WrongState
from opportunities.core.rows import update_row

PATIENCE: Final = timedelta(seconds=60)
"""How long one task packs before it lets another continue."""
SENT_STANDS: Final = timedelta(seconds=15)
MOST_ATTEMPTS: Final = 5


class NotNow(WrongState):
    """The run is finished, or shown, already."""


def request_run(*, at: datetime) -> Run:
    """Record that everything shall be computed anew."""
    return Run.objects.create(
        engine_version=ENGINE_VERSION,
        kernel=kernel_for(WORTH_LOADING),
        parameters={"kept": KEPT, "sample": SAMPLE, "congestion": asdict(MARKET)},
        created_at=at,
        sent_at=at,
    )


@transaction.atomic
def cancel(run_id: int, *, at: datetime) -> Run:
    """Ask a run to stop; it does at its next step, and its results are never shown.

    Raises ``NotNow`` where it is finished or is shown already.
    """
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.is_finished:
        raise NotNow(f"Cannot cancel a run that is {run.get_state_display().lower()}.")
    if run.shown_at:
        raise NotNow("Cannot cancel a run that rankings already follow.")
    update_row(run, cancel_asked_at=at)
    return run


def advance(run_id: int, *, clock: Callable[[], datetime]) -> list[int]:
    """Take every step of a run that can be taken now; return the parts to rank."""
    with alone(run_id, family=RUN_LOCKS) as is_ours:
        if not is_ours:
            return []
        Run.objects.filter(pk=run_id).update(attempts=F("attempts") + 1)
        parts = _advance(run_id, clock)
        Run.objects.filter(pk=run_id).update(attempts=0)
        return parts


def _advance(run_id: int, clock: Callable[[], datetime]) -> list[int]:
    until = clock() + PATIENCE
    while True:
        run = Run.objects.get(pk=run_id)
        if run.is_finished:
            tidy()
            return []
        if run.cancel_asked_at:
            _stop(run_id, RunState.CANCELLED, at=clock())
            continue
        match run.state:
            case RunState.PACKING:
                all_packed = run.seq is not None or pack_missing(clock=clock, until=until)
                if not all_packed or not freeze(run_id, clock=clock, until=until):
                    return []
            case RunState.PRICING:
                price(run_id, at=clock())
            case RunState.RANKING:
                parts = _unranked(run_id)
                waiting = list(parts.order_by("number").values_list("pk", flat=True))
                if waiting:
                    parts.update(sent_at=clock())
                    return waiting
                Run.objects.filter(pk=run_id, state=RunState.RANKING).update(
                    state=RunState.PUBLISHING, ranked_at=clock()
                )
            case _:
                if not publish(run_id, clock=clock, until=until):
                    return []


def _stop(run_id: int, state: RunState, *, at: datetime, error: str = "") -> None:
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if not run.is_finished:
            update_row(run, state=state, finished_at=at, last_error=error)


def waiting_runs(*, at: datetime) -> list[int]:
    """Return the runs whose next step nobody works on, and note them as sent."""
    waiting = []
    for run in _idle(Run.objects.unfinished(), RUN_LOCKS, at=at):
        if run.attempts >= MOST_ATTEMPTS:
            _stop(run.pk, RunState.FAILED, at=at, error=f"{run.state} failed too often")
        elif run.state != RunState.RANKING or run.cancel_asked_at or not _unranked(run.pk).exists():
            waiting.append(run.pk)
    Run.objects.filter(pk__in=waiting).update(sent_at=at)
    return waiting


def waiting_parts(*, at: datetime) -> list[int]:
    """Return the parts that nobody ranks, and note them as sent; give up runs that cannot."""
    parts = RunPart.objects.filter(run__state=RunState.RANKING, finished_at__isnull=True)
    waiting = []
    for part in _idle(parts.only("run", "attempts"), PART_LOCKS, at=at):
        if part.attempts >= MOST_ATTEMPTS:
            _stop(part.run_id, RunState.FAILED, at=at, error=f"part {part.pk} failed too often")
        else:
            waiting.append(part.pk)
    RunPart.objects.filter(pk__in=waiting).update(sent_at=at)
    return waiting


def _idle[Row: (Run, RunPart)](rows: QuerySet[Row], locks: int, *, at: datetime) -> QuerySet[Row]:
    """Keep what was not sent a moment ago and nobody works on."""
    unsent = Q(sent_at__isnull=True) | Q(sent_at__lt=at - SENT_STANDS)
    return rows.filter(unsent).exclude(pk__in=being_worked_on(locks)).order_by("pk")


def _unranked(run_id: int) -> QuerySet[RunPart]:
    """Return the parts of a run that are still to be ranked."""
    return RunPart.objects.filter(run=run_id, finished_at__isnull=True)
