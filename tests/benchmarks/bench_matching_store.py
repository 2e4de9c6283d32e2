"""Measure what surrounds the engine: loading, storing, and how soon rankings know a change.

Run: ``python -m tests.benchmarks.bench_matching_store [--candidates 100000] [--roles 10000]``
(``--full``: 1,000,000 by 100,000, without the two processes). The market is drawn straight into
packed rows, and some profiles into the marketplace's own tables. Everything but the processes of
the speed-up runs in this one, against a PostgreSQL of its own; ratios are taken within one run.
Prints one JSON object.
"""

import argparse
import json
import resource
import sys
import time

from tests.benchmarks.standing_alone import own_servers

FULL = (1_000_000, 100_000)
PROFILES = 2_000


def main() -> int:
    """Print one JSON object of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=100_000)
    parser.add_argument("--roles", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    size = FULL if chosen.full else (chosen.candidates, chosen.roles)
    with own_servers("config.settings", DEMO="true", DEBUG="false"):
        figures = measure(*size, changes=chosen.changes)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def measure(candidates: int, roles: int, *, changes: int) -> dict[str, object]:
    """Fill the packed rows, run a full computation, then change roles and candidates one by one."""
    # Django must know its settings before these are read.
    from matching.engine import rank  # noqa: PLC0415
    from matching.store import live  # noqa: PLC0415
    from tests.benchmarks import changes as changing  # noqa: PLC0415
    from tests.benchmarks import market, people, rematching, storing  # noqa: PLC0415

    world = market.World()
    figures: dict[str, object] = {"candidates": candidates, "roles": roles}
    began = time.perf_counter()
    storing.fill(candidates, market.opportunities(roles, world=world), world)
    people.settle(PROFILES, world)
    figures["fill_seconds"] = round(time.perf_counter() - began, 1)
    figures |= storing.loading(candidates)
    figures |= storing.list_writing(roles, candidates)
    rank(market.candidates(8), market.opportunities(8), k=5, kernel="fast")
    figures |= rematching.stages_of_a_run()
    if candidates < FULL[0]:
        figures |= rematching.scaling_out()
    new = market.opportunities(changes, seed=99, world=world)
    figures["indexed_fetch"] = fetch = changing.indexed_fetch(changes)
    figures |= changing.of_roles(changing.renumbered(new, roles), fetch)
    figures |= changing.of_candidates(changes, fetch)
    figures["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    live.forget()
    return figures


if __name__ == "__main__":
    sys.exit(main())
