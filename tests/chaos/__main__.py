"""Run the storm: ``make chaos``, its short form, or the control without the sweep."""

import argparse
import json
import random
import sys
from dataclasses import asdict, replace

import django
from django.core.management import call_command

from tests.chaos.arena import Arena


def main() -> int:
    """Break things as asked; 0 if nothing was lost (or, in the control, something was)."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the form inside the tests")
    parser.add_argument(
        "--control", action="store_true", help="without the sweep: losing is what is expected"
    )
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    arena = Arena(
        random.Random(chosen.seed),
        web_servers=0 if chosen.control else 2,
        with_sweep=not chosen.control,
    )
    arena.open()
    django.setup()

    from tests.chaos import storm  # noqa: PLC0415  (needs Django set up against the arena)

    plan = storm.Plan(
        seconds=300, worker_kills=100, broker_wipes=10, database_kills=5, clock_jumps=10
    )
    if chosen.short:
        plan = storm.Plan(
            seconds=12, worker_kills=4, broker_wipes=2, database_kills=1, clock_jumps=1, rebuilds=1,
            roles=70, candidates=120, edits=30,
        )  # fmt: skip
    if chosen.control:
        plan = replace(
            plan, seconds=7, database_kills=0, clock_jumps=0, rebuilds=0, broker_wipes=6, patience=3
        )
    try:
        call_command("migrate", verbosity=0)
        call_command("flush", verbosity=0, interactive=False)
        storm.prepare(plan, chosen.seed)
        arena.start_programs()
        found = storm.rage(arena, plan, chosen.seed)
    finally:
        arena.close()
    print_report(asdict(found) | {"holds": found.holds}, as_json=chosen.json)
    if chosen.control:
        return 0 if found.owed or found.stale or found.wrong_rankings else 1
    return 0 if found.holds else 1


def print_report(report: dict[str, object], *, as_json: bool) -> None:
    """Say what happened, a line each or as one JSON object."""
    if as_json:
        sys.stdout.write(json.dumps(report) + "\n")
        return
    for name, value in report.items():
        sys.stdout.write(f"{name.replace('_', ' '):<16} {value}\n")


if __name__ == "__main__":
    sys.exit(main())
