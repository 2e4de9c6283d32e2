"""Publish a run: merge the parts, carry its lists over what changed meanwhile, move the pointer."""

from datetime import datetime
from typing import Final

import structlog
from django.db import connection, transaction

from matching import refreshing
from matching.carrying import carry
from matching.list_copying import copy_lists
from matching.list_rows import ROLES
from matching.models import CandidateList, Market, OpportunityList, Price, Run, RunPart, RunState
from matching.models.runs import UNFINISHED
from matching.running.merging import merge_parts
from matching.snapshot import advance, load_frozen
from matching.snapshot.packed import read_later

RUNS_KEPT: Final = 3
"""Finished runs whose frozen input is kept for replay."""

logger = structlog.get_logger(__name__)


def publish(run_id: int, *, at: datetime) -> None:
    """Make this run's lists the ones that are shown."""
    frozen_run = Run.objects.get(pk=run_id)
    if frozen_run.state != RunState.PUBLISHING or frozen_run.seq is None:
        return
    frozen = load_frozen(run_id, frozen_run.seq)
    merged = merge_parts(run_id, roles=len(frozen.shelf.roles), ids=frozen.crowd.candidates.ids)
    with transaction.atomic():
        market = Market.locked()
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.PUBLISHING:
            return
        if market.run_id is not None and market.run_id > run_id:
            _finish(run, RunState.SUPERSEDED, at)
            return
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '110s'")
        copy_lists(
            ROLES, frozen.shelf.roles.ids, merged.ids, merged.scores, version=run_id, seq=frozen.seq
        )
        later = read_later(frozen.seq)
        roles, people = later.role_ids.tolist(), later.candidate_ids.tolist()
        current, met = refreshing.meet_priced(advance(frozen, market.seq), roles)
        carry(
            frozen,
            current,
            candidate_ids=people,
            role_ids=roles,
            of_roles=met,
            seq=market.seq,
        )
        Market.objects.filter(pk=1).update(run=run)
        _finish(run, RunState.PUBLISHED, at)
        transaction.on_commit(lambda: refreshing.remember(current))
    logger.info("run published", run=frozen_run.public_id, caught_up=len(roles) + len(people))


def _finish(run: Run, state: RunState, at: datetime) -> None:
    run.state, run.finished_at = state, at
    run.save(update_fields=["state", "finished_at"])


def tidy() -> None:
    """Drop the lists of versions that nobody reads, and the frozen input of old runs."""
    market = Market.load()
    alive = set(Run.objects.filter(state__in=UNFINISHED).values_list("pk", flat=True))
    alive.add(market.run_id or 0)
    for model in (CandidateList, OpportunityList):
        model.objects.exclude(version__in=alive).delete()
    newest = Run.objects.filter(state=RunState.PUBLISHED).order_by("-pk")
    kept = alive | set(newest.values_list("pk", flat=True)[:RUNS_KEPT])
    Price.objects.exclude(version__in=kept).delete()
    old = RunPart.objects.exclude(run__in=kept)
    old.filter(fixed__isnull=False).update(
        role_lists=None,
        shown=None,
        **dict.fromkeys(
            ("fixed", "skill_at", "target_at", "interest_at", "done_at", "region_at",
             "right_at", "week_at")
        ),
    )  # fmt: skip
    RunPart.objects.filter(
        run__in=Run.objects.exclude(state__in=UNFINISHED), role_lists__isnull=False
    ).update(role_lists=None)
