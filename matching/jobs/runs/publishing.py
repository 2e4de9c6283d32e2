"""Publish a run: catch up with what changed meanwhile, move the pointer, store the roles' lists.

Rankings follow the run from the moment that the pointer moves. A stored list says which version it
follows from; those of all roles are merged from the parts and stored after that, a range of the
roles at a time.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from matching.jobs import owed_work, refresh
from matching.jobs.runs.cells import merge_parts
from matching.jobs.runs.locks import PUBLISH_LOCK
from matching.models import (
    Market,
    PackedRole,
    Price,
    RoleList,
    Run,
    RunCell,
    RunPart,
    RunRoles,
    RunState,
    Subject,
)
from matching.models.runs import UNFINISHED
from matching.store import State, advance, live, load_frozen, role_lists
from matching.store.frozen import roles_of_ranges
from matching.store.read import CANDIDATE_COLUMNS, ROLE_COLUMNS
from opportunities.core.rows import update_row

RUNS_KEPT: Final = 3
"""Finished runs whose frozen input is kept for replay."""

logger = structlog.get_logger(__name__)


def publish(run_id: int, *, clock: Callable[[], datetime], until: datetime) -> bool:
    """Show this run's version, and store its roles' lists for as long as there is time.

    Says whether nothing is left to do now. Each range is stored in a transaction of its own, so
    that a run that is interrupted goes on where it was.
    """
    _show(run_id, at=clock())
    run = Run.objects.get(pk=run_id)
    if run.state != RunState.PUBLISHING or run.shown_at is None:
        return True
    begin, before = 0, -1
    ranges = RunRoles.objects.filter(run=run_id).order_by("number")
    for each in list(ranges.defer(*ROLE_COLUMNS)):
        if each.listed_at is None:
            if clock() >= until:
                return False
            _store_lists(run, each, begin=begin, after=before, at=clock())
        begin, before = begin + each.count, each.last_id
    Run.objects.filter(pk=run_id, state=RunState.PUBLISHING).update(
        state=RunState.PUBLISHED, finished_at=clock()
    )
    return True


def _show(run_id: int, *, at: datetime) -> None:
    """Move the pointer to this run, whose prices and rarities every ranking follows from then on.

    Most of the work is done before the market's lock is taken; after that nothing more is
    committed until the pointer has moved, and only the roles of the last moments are priced.
    """
    known = Run.objects.get(pk=run_id)
    if known.state != RunState.PUBLISHING or known.shown_at or known.seq is None:
        return
    frozen = load_frozen(run_id, known.seq)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '110s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [PUBLISH_LOCK])
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.PUBLISHING or run.cancel_asked_at or run.shown_at:
            return
        shown = Market.load()
        if shown.run_id is not None and shown.run_id > run_id:
            update_row(run, state=RunState.SUPERSEDED, finished_at=at)
            return
        state = advance(frozen, shown.seq)
        caught_up = _changed(after=frozen.seq)
        state, _ = refresh.list_roles(state, state.pick_roles(caught_up), at=at)
        market = Market.locked()
        state, last = _price_the_last(advance(state, market.seq), after=state.seq)
        Market.objects.filter(pk=1).update(run=run)
        update_row(run, shown_at=at)
        transaction.on_commit(lambda: live.keep(state))
        # Their lists are written outside the lock, as owed work.
        transaction.on_commit(lambda: owed_work.owe(Subject.ROLE, last, at=at))
    logger.info("run shown", run=known.public_id, caught_up=len(caught_up) + len(last))


def _store_lists(run: Run, roles: RunRoles, *, begin: int, after: int, at: datetime) -> None:
    """Store the lists of a range of roles, unless newer ones stand there.

    Its roles stand in the parts' lists from ``begin`` on; ``after`` is the id that the range before
    ends with. Lists of roles that left the market go.
    """
    lists = merge_parts(run.pk, begin=begin, count=roles.count)
    rows = role_lists.Rows.padded(roles_of_ranges([roles.pk]).ids, lists)
    listed = PackedRole.objects.filter(fixed__isnull=False, subject_id=OuterRef("pk"))
    stored = RoleList.objects.filter(pk__gt=after, pk__lte=roles.last_id)
    with transaction.atomic():
        role_lists.write(
            rows,
            version=run.pk,
            seq=run.seq or 0,
            at=run.frozen_at or at,
            replaces_equal=False,
        )
        stored.filter(~Exists(listed)).delete()
        RunRoles.objects.filter(pk=roles.pk).update(listed_at=at)


def _price_the_last(state: State, *, after: int) -> tuple[State, list[int]]:
    """Price the roles that changed after this commit; return the state and those roles."""
    changed = _changed(after=after)
    roles = state.pick_roles(changed)
    return refresh.price_new(state, roles, state.score_roles(roles)), changed


def _changed(*, after: int) -> list[int]:
    rows = PackedRole.objects.filter(seq__gt=after).order_by("subject_id")
    return list(rows.values_list("subject_id", flat=True))


def tidy() -> None:
    """Drop the prices of versions that nobody reads, and the frozen input of old runs."""
    market = Market.load()
    alive = set(Run.objects.filter(state__in=UNFINISHED).values_list("pk", flat=True))
    alive.add(market.run_id or 0)
    newest = Run.objects.filter(state=RunState.PUBLISHED).order_by("-pk")
    kept = alive | set(newest.values_list("pk", flat=True)[:RUNS_KEPT])
    Price.objects.exclude(version__in=kept).delete()
    old_roles = RunRoles.objects.exclude(run__in=kept).filter(fixed__isnull=False)
    old_roles.update(**dict.fromkeys(ROLE_COLUMNS))
    old = RunPart.objects.exclude(run__in=kept)
    old.filter(fixed__isnull=False).update(
        shown=None,
        digests=None,
        thresholds=None,
        entered=None,
        **dict.fromkeys(CANDIDATE_COLUMNS),
    )
    RunCell.objects.exclude(part__run__state__in=UNFINISHED).delete()
