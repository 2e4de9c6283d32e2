"""Measure what surrounds the engine: loading, storing, and how soon a change is in every list.

Run: ``python -m tests.benchmarks.bench_matching_store [--candidates 100000] [--roles 10000]``
(``--full``: 1,000,000 by 100,000). The market is drawn straight into packed rows. Everything runs
in this process against a PostgreSQL of its own; ratios are taken within one run.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import django
from django.core.management import call_command

from config.embedded import Postgres, Valkey, free_slot

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FULL = (1_000_000, 100_000)


def timed[Result](work: Callable[[], Result]) -> tuple[float, Result]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def main() -> int:
    """Print one JSON object of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=100_000)
    parser.add_argument("--roles", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=40)
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    size = FULL if chosen.full else (chosen.candidates, chosen.roles)
    slot, lock = free_slot()
    servers = [Postgres(slot).start(), Valkey(slot).start()]
    os.environ.update(
        VAR=str(slot), DATABASE_URL=servers[0].url, REDIS_URL=servers[1].url, DEMO="true",
        DEBUG="false", LOG_LEVEL="ERROR", STATEMENT_TIMEOUT_MS="600000",
        DJANGO_SETTINGS_MODULE="config.settings",
    )  # fmt: skip
    django.setup()
    try:
        call_command("migrate", verbosity=0)
        call_command("flush", verbosity=0, interactive=False)
        figures = measure(*size, changes=chosen.changes)
    finally:
        for server in reversed(servers):
            server.stop()
        lock.close()
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def measure(candidates: int, roles: int, *, changes: int) -> dict[str, object]:
    """Fill the packed rows, compute all lists, then change roles and candidates one by one."""
    # Django must know its settings before these are read.
    from matching import refreshing, running  # noqa: PLC0415
    from matching.models import CandidateList, Market, OpportunityList, PackedCandidate, Run  # noqa: PLC0415
    from tests.benchmarks import market, storing  # noqa: PLC0415

    world = market.World()
    people, jobs = (
        market.candidates(candidates, world=world),
        market.opportunities(roles, world=world),
    )
    figures: dict[str, object] = {"candidates": candidates, "roles": roles}
    figures["fill_seconds"], _ = timed(lambda: storing.fill(people, jobs))
    figures |= storing.loading(people)
    figures |= storing.list_writing(min(candidates, 100_000), roles)

    run = running.request_run(at=NOW)
    stages: dict[str, float] = {}
    stages["freeze"], parts = timed(lambda: storing.until_ranking(run.pk, stages))
    stages["freeze"] -= stages["price"]
    stages["rank"], _ = timed(
        lambda: [running.rank_part(part, clock=lambda: NOW) for part in parts]
    )
    stages["publish"], _ = timed(lambda: running.advance(run.pk, clock=lambda: NOW))
    figures["run_seconds"] = {name: round(spent, 2) for name, spent in stages.items()}
    figures["run_state"] = Run.objects.get(pk=run.pk).state
    figures["lists"] = CandidateList.objects.count() + OpportunityList.objects.count()

    fetch = statistics.median(
        timed(lambda number=number: PackedCandidate.objects.filter(pk=number).values_list().get())[
            0
        ]
        for number in range(min(candidates, 200))
    )
    figures["indexed_fetch_ms"] = round(1000 * fetch, 3)
    new = market.opportunities(changes, seed=99, world=world)
    new = storing.renumbered(new, roles)
    figures["new_role"] = storing.changing(new, storing.change_role)
    figures["closed_role"] = storing.changing(new, storing.close_role)
    moved = storing.renumbered(market.candidates(changes, seed=98, world=world), 0)
    figures["candidate"] = storing.changing(moved, storing.change_candidate)
    figures["candidate_refresh_over_fetch"] = round(
        figures["candidate"]["median_ms"] / figures["indexed_fetch_ms"],
        1,  # type: ignore[index]
    )
    figures["market_seq"] = Market.load().seq
    refreshing.forget()
    return figures


if __name__ == "__main__":
    sys.exit(main())
