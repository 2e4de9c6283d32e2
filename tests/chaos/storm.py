"""The storm: edits, faults and readers at once; then the reckoning."""

import random
import threading
import time
from dataclasses import dataclass, field

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from matching import refreshing, running, tasks
from matching.models import (
    Market,
    OpportunityList,
    OwedWork,
    PackedCandidate,
    PackedRole,
    Run,
    RunState,
)
from opportunities.candidates.models import CandidateProfile
from opportunities.core import nudge
from opportunities.roles.models import Opportunity
from tests.chaos.arena import Arena
from tests.matching.markets import build_market, fresh_lists, random_edit, stored_lists

PATIENCE_SECONDS = 30.0
READ = """
    SELECT list.ids, list.scores, list.seq FROM matching_market AS market
    JOIN matching_candidatelist AS list ON list.version = market.run_id
    ORDER BY random() LIMIT 20
"""


@dataclass
class Plan:
    """How much is to be broken, over how long."""

    seconds: float
    worker_kills: int
    broker_wipes: int
    database_kills: int
    rebuilds: int = 2
    roles: int = 100
    candidates: int = 250
    edit_pause: float = 0.05
    patience: float = PATIENCE_SECONDS + 15
    """Seconds after which quiet is no longer waited for."""


@dataclass
class Reckoning:
    """What became of it."""

    edits: int = 0
    refused: int = 0
    reads: int = 0
    torn: int = 0
    owed: int = 0
    parked: int = 0
    stale: int = 0
    wrong_lists: int = 0
    unfinished_runs: int = 0
    settled_after: float = 0.0
    published: bool = False
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Say whether nothing was lost, stale, torn or left over."""
        return (
            self.published
            and not (self.torn or self.owed or self.parked or self.stale or self.wrong_lists)
            and not self.unfinished_runs
            and self.settled_after <= PATIENCE_SECONDS
        )


def prepare(plan: Plan, seed: int) -> None:
    """Fill the market and compute the first lists here."""
    build_market(seed, roles=plan.roles, candidates=plan.candidates, at=timezone.now())
    run = running.request_run(at=timezone.now())
    while parts := running.advance(run.pk, clock=timezone.now):
        for part in parts:
            running.rank_part(part, clock=timezone.now)
    refreshing.forget()
    OwedWork.objects.all().delete()


def rage(arena: Arena, plan: Plan, seed: int) -> Reckoning:
    """Edit, read and break for the plan's time, then wait for quiet and compare."""
    found = Reckoning()
    done = threading.Event()
    threads = [
        threading.Thread(target=_edit, args=(plan, seed, found, done)),
        threading.Thread(target=_read, args=(found, done)),
    ]
    for thread in threads:
        thread.start()
    try:
        _break(arena, plan)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    settle(arena, found, patience=plan.patience)
    found.faults = dict(arena.counts)
    return found


def _edit(plan: Plan, seed: int, found: Reckoning, done: threading.Event) -> None:
    draw = random.Random(seed)
    while not done.is_set():
        try:
            random_edit(draw, at=timezone.now())
            found.edits += 1
        except DatabaseError:
            found.refused += 1
            connection.close()
        time.sleep(plan.edit_pause)
    connection.close()


def _read(found: Reckoning, done: threading.Event) -> None:
    while not done.is_set():
        try:
            with connection.cursor() as cursor:
                cursor.execute(READ)
                for ids, scores, _ in cursor.fetchall():
                    found.reads += 1
                    keys = [(-score, role) for role, score in zip(ids, scores, strict=False)]
                    whole = len(ids) == len(scores) and len(set(ids)) == len(ids)
                    found.torn += not (whole and keys == sorted(keys))
        except DatabaseError:
            connection.close()
        time.sleep(0.02)
    connection.close()


def _break(arena: Arena, plan: Plan) -> None:
    faults = (
        ["worker"] * plan.worker_kills
        + ["broker"] * plan.broker_wipes
        + ["database"] * plan.database_kills
        + ["rebuild"] * plan.rebuilds
    )
    arena.draw.shuffle(faults)
    began = time.monotonic()
    for number, fault in enumerate(faults):
        due = began + plan.seconds * number / max(1, len(faults))
        while time.monotonic() < due:
            arena.tend()
            time.sleep(0.05)
        arena.tend()
        match fault:
            case "worker":
                whole = arena.draw.random() < 0.3
                for _ in range(1000):
                    if arena.kill_worker(whole=whole):
                        break
                    arena.tend()
                    time.sleep(0.05)
            case "broker":
                arena.wipe_broker()
            case "database":
                connection.close()
                arena.kill_database()
            case _:
                # Two at once, as two impatient people ask for them.
                for _ in range(2):
                    run = running.request_run(at=timezone.now())
                    nudge.send(tasks.advance_run, run_id=run.pk)
                arena.count("rebuilds")
    while time.monotonic() < began + plan.seconds:
        arena.tend()
        time.sleep(0.05)


def _cut_lists() -> QuerySet[OpportunityList]:
    """Return the lists that still wait for what stands behind their last entry."""
    return OpportunityList.objects.filter(version__in=Market.objects.values("run"), is_cut=True)


def settle(arena: Arena, found: Reckoning, *, patience: float) -> None:
    """Wait until nothing is owed, then compare every list with a fresh computation."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        arena.tend()
        if not (
            OwedWork.objects.outstanding().exists()
            or _cut_lists().exists()
            or Run.objects.unfinished().exists()
        ):
            break
        time.sleep(0.1)
    found.settled_after = round(time.monotonic() - began, 1)
    found.owed = OwedWork.objects.waiting().count() + _cut_lists().count()
    found.parked = OwedWork.objects.parked().count()
    found.unfinished_runs = Run.objects.unfinished().count()
    found.published = Market.objects.filter(run__state=RunState.PUBLISHED).exists()
    versions = dict(CandidateProfile.objects.values_list("pk", "version"))
    packed = dict(
        PackedCandidate.objects.filter(fixed__isnull=False).values_list(
            "subject_id", "source_version"
        )
    )
    found.stale = sum(versions.get(profile) != version for profile, version in packed.items())
    roles = dict(Opportunity.objects.values_list("pk", "version"))
    shown = PackedRole.objects.filter(fixed__isnull=False)
    found.stale += sum(
        roles.get(role) != version
        for role, version in shown.values_list("subject_id", "source_version")
    )
    for stored, fresh in zip(stored_lists(), fresh_lists(at=timezone.now()), strict=True):
        owners = stored.keys() | fresh.keys()
        found.wrong_lists += sum(stored.get(owner) != fresh.get(owner) for owner in owners)
