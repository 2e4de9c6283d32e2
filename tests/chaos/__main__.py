"""Run the storm: ``make chaos``, its short form, or the control without the sweep."""

import argparse
import gc
import json
import random
import sys
from dataclasses import asdict, replace

import django
from django.core.management import call_command

from tests.chaos.arena import Arena

STORM, CONTROL = "storm", "control"


def main() -> int:
    """Break things as asked; 0 if nothing was lost (or, in the control, something was)."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument(
        "kinds",
        nargs="*",
        choices=[STORM, CONTROL],
        help="one after the other; in the control, without the sweep, losing is what is expected",
    )
    parser.add_argument("--short", action="store_true", help="the form inside the tests")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    arena = Arena()
    arena.open()
    django.setup()

    from tests.chaos import storm  # noqa: PLC0415  (needs Django set up against the arena)

    plan = storm.Plan(
        seconds=300, worker_kills=100, broker_wipes=10, database_kills=5, clock_jumps=10
    )
    if chosen.short:
        # A machine that runs all other tests beside it may take its time: what is lost counts.
        plan = storm.Plan(
            seconds=12, worker_kills=4, broker_wipes=2, database_kills=1, clock_jumps=1, rebuilds=1,
            roles=70, candidates=120, edits=30, patience=6 * storm.PATIENCE_SECONDS,
        )  # fmt: skip
    plans = {
        STORM: plan,
        CONTROL: replace(
            plan, seconds=7, database_kills=0, clock_jumps=0, rebuilds=0, broker_wipes=6, patience=3
        ),
    }
    is_as_expected = True
    gc.freeze()  # what is loaded lives until the end, and then goes unsearched
    try:
        call_command("migrate", verbosity=0)
        for kind in chosen.kinds or [STORM]:
            arena.clear(random.Random(chosen.seed))
            call_command("flush", verbosity=0, interactive=False)
            storm.prepare(plans[kind], chosen.seed)
            arena.start_programs(web_servers=2 if kind == STORM else 0, with_sweep=kind == STORM)
            found = storm.rage(arena, plans[kind], chosen.seed)
            print_report(asdict(found) | {"holds": found.holds}, as_json=chosen.json)
            is_lost = bool(found.owed or found.stale or found.wrong_rankings)
            is_as_expected &= is_lost if kind == CONTROL else found.holds
    finally:
        arena.close()
    return 0 if is_as_expected else 1


def print_report(report: dict[str, object], *, as_json: bool) -> None:
    """Say what happened, a line each or as one JSON object."""
    if as_json:
        sys.stdout.write(json.dumps(report) + "\n")
        return
    for name, value in report.items():
        sys.stdout.write(f"{name.replace('_', ' '):<16} {value}\n")


if __name__ == "__main__":
    sys.exit(main())
