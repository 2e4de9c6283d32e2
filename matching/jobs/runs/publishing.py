"""Publish a run: merge the parts, catch up with what changed meanwhile, move the pointer."""

from datetime import datetime
from typing import Final

import structlog
from django.db import connection, transaction

from matching.jobs import owed_work, refresh
from matching.jobs.runs.locks import PUBLISH_LOCK
from matching.jobs.runs.merging import merge_parts
from matching.models import Market, PackedRole, Price, RoleList, Run, RunPart, RunState, Subject
from matching.models.runs import UNFINISHED
from matching.store import State, advance, live, load_frozen, role_lists

RUNS_KEPT: Final = 3
"""Finished runs whose frozen input is kept for replay."""

logger = structlog.get_logger(__name__)


def publish(run_id: int, *, at: datetime) -> None:
    """Show this run's version: its prices and rarities, and its lists of roles.

    Most of the work is done before the market's lock is taken; after that nothing more is
    committed until the pointer has moved, and only the roles of the last moments are priced.
    """
    frozen_run = Run.objects.get(pk=run_id)
    if frozen_run.state != RunState.PUBLISHING or frozen_run.seq is None:
        return
    frozen = load_frozen(run_id, frozen_run.seq)
    roles, people = frozen.base_roles.roles, frozen.base_pool.candidates
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '110s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [PUBLISH_LOCK])
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.PUBLISHING:
            return
        shown = Market.load()
        if shown.run_id is not None and shown.run_id > run_id:
            _finish(run, RunState.SUPERSEDED, at)
            return
        for some, merged in merge_parts(run_id, roles=len(roles), ids=people.ids):
            rows = role_lists.Rows.padded(roles.ids[some], merged)
            role_lists.write(rows, version=run_id, seq=frozen.seq, at=run.frozen_at or at)
        state = advance(frozen, shown.seq)
        caught_up = _changed(after=frozen.seq)
        state, _ = refresh.list_roles(state, state.pick_roles(caught_up), at=at)
        listed = PackedRole.objects.filter(fixed__isnull=False).values("subject_id")
        RoleList.objects.exclude(pk__in=listed).delete()
        market = Market.locked()
        state, last = _price_the_last(advance(state, market.seq), after=state.seq)
        Market.objects.filter(pk=1).update(run=run)
        _finish(run, RunState.PUBLISHED, at)
        transaction.on_commit(lambda: live.keep(state))
        # Their lists are written outside the lock, as owed work.
        transaction.on_commit(lambda: owed_work.owe(Subject.ROLE, last, at=at))
    logger.info("run published", run=frozen_run.public_id, caught_up=len(caught_up) + len(last))


def _price_the_last(state: State, *, after: int) -> tuple[State, list[int]]:
    """Price the roles that changed after this commit; return the state and those roles."""
    changed = _changed(after=after)
    roles = state.pick_roles(changed)
    return refresh.price_new(state, roles, state.score_roles(roles)), changed


def _changed(*, after: int) -> list[int]:
    rows = PackedRole.objects.filter(seq__gt=after).order_by("subject_id")
    return list(rows.values_list("subject_id", flat=True))


def _finish(run: Run, state: RunState, at: datetime) -> None:
    run.state, run.finished_at = state, at
    run.save(update_fields=["state", "finished_at"])


def tidy() -> None:
    """Drop the prices of versions that nobody reads, and the frozen input of old runs."""
    market = Market.load()
    alive = set(Run.objects.filter(state__in=UNFINISHED).values_list("pk", flat=True))
    alive.add(market.run_id or 0)
    newest = Run.objects.filter(state=RunState.PUBLISHED).order_by("-pk")
    kept = alive | set(newest.values_list("pk", flat=True)[:RUNS_KEPT])
    Price.objects.exclude(version__in=kept).delete()
    old = RunPart.objects.exclude(run__in=kept)
    old.filter(fixed__isnull=False).update(
        role_lists=None,
        shown=None,
        digests=None,
        thresholds=None,
        entered=None,
        **dict.fromkeys(
            ("fixed", "skill_at", "target_at", "interest_at", "done_at", "only_at",
             "region_at", "area_at", "right_at", "week_at")
        ),
    )  # fmt: skip
    RunPart.objects.filter(
        run__in=Run.objects.exclude(state__in=UNFINISHED), role_lists__isnull=False
    ).update(role_lists=None)
