"""Run the mutants that have not been run since their lines changed, and write the report.

python -m tests.mutants                     all areas, two at a time (JOBS=1 for one)
python -m tests.mutants pay "seen before"   some areas
python -m tests.mutants --again             those that survived, once more
python -m tests.mutants --report            write docs/mutants.md from what was found
"""

import argparse
import os
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import Queue
from threading import Lock

from config.embedded import Postgres, Valkey, free_slot
from tests.mutants import reporting
from tests.mutants.areas import AREAS
from tests.mutants.generating import Mutant
from tests.mutants.running import (
    BY_HAND_AREA,
    Verdict,
    chosen,
    database_of,
    environment,
    keep,
    kept,
    name_of,
    run,
    run_together,
)

ALL = (BY_HAND_AREA, *AREAS)

type Wanted = tuple[str, Mutant, tuple[str, ...]]
"""An area, one of its mutants, and the tests that guard it."""


def main() -> int:
    """Run what is asked for; end with 1 where too many faults went unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=", ".join(ALL))
    parser.add_argument("--again", action="store_true", help="those that survived, once more")
    parser.add_argument("--report", action="store_true", help="run nothing, write the report")
    asked = parser.parse_args()
    if unknown := set(asked.areas) - set(ALL):
        parser.error(f"There is no area {sorted(unknown)[0]!r}: {', '.join(ALL)}.")
    if not asked.report:
        found = kept()
        wanted = [
            (area, mutant, tests)
            for area in asked.areas or ALL
            for mutant, tests in chosen(area)
            if name_of(mutant) not in found
            or (asked.again and found[name_of(mutant)]["outcome"] != "killed")
        ]
        _run(wanted, jobs=int(os.environ.get("JOBS", "2")))
    score = reporting.write()
    sys.stdout.write(f"{score:.1%} noticed; see docs/mutants.md\n")
    return 0 if score >= reporting.BAR else 1


def _run(wanted: list[Wanted], *, jobs: int) -> None:
    """Run mutants beside one server of each kind; every job has a database of its own."""
    free: Queue[int] = Queue()
    for job in range(jobs):
        free.put(job)
    writing = Lock()

    def keep_one(area: str, mutant: Mutant, verdict: Verdict) -> None:
        with writing:
            keep(mutant, area, verdict)
            sys.stdout.write(
                f"{verdict.outcome:<10}{verdict.seconds:>6.1f} s  {area}: {mutant.path}"
                f":{mutant.line}  {mutant.was[:60]!r} -> {mutant.text[:60]!r}\n"
            )
            sys.stdout.flush()

    with ExitStack() as stack:
        slot, lock = free_slot()
        stack.enter_context(lock)
        postgres = Postgres(slot, durable=False, max_connections=300).start()
        stack.callback(postgres.stop)
        valkey = Valkey(slot).start()
        stack.callback(valkey.stop)
        env = environment({"REDIS_URL": valkey.url})

        left: dict[str, Wanted] = {name_of(row[1]): row for row in wanted}

        def together(tests: tuple[str, ...], rows: list[Wanted]) -> None:
            job = free.get()
            here = env | {"DATABASE_URL": database_of(postgres.url, job)}
            try:
                mutants = [row[1] for row in rows]
                for mutant, verdict in run_together(mutants, tests, job=job, env=here):
                    if verdict.outcome in {"killed", "timeout"}:
                        area, *_ = left.pop(name_of(mutant))
                        keep_one(area, mutant, verdict)
            finally:
                free.put(job)

        def by_itself(area: str, mutant: Mutant, tests: tuple[str, ...]) -> None:
            job = free.get()
            here = env | {"DATABASE_URL": database_of(postgres.url, job)}
            try:
                keep_one(area, mutant, run(mutant, tests, job=job, env=here))
            finally:
                free.put(job)

        batches: dict[tuple[str, ...], list[Wanted]] = defaultdict(list)
        for row in wanted:
            batches[row[2]].append(row)
        with ThreadPoolExecutor(jobs) as pool:
            # One alone is not worth the run without any fault that a fork begins with.
            several = [batch for batch in batches.items() if len(batch[1]) > 1]
            for each in [pool.submit(together, *batch) for batch in several]:
                each.result()
            for each in [pool.submit(by_itself, *row) for row in list(left.values())]:
                each.result()


if __name__ == "__main__":
    sys.exit(main())
