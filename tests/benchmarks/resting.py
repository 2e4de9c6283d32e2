"""Measure what ``make up`` holds and takes while nobody asks for anything.

Run: ``python -m tests.benchmarks.resting PID [--seconds 60]`` with the process of ``manage.py up``.
For it and everything that it started: megabytes by proportional set size, where memory that several
processes share counts once in all, and percent of one core. Prints one JSON object.
"""

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any, Final

TICK: Final = os.sysconf("SC_CLK_TCK")
SHARE: Final = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pid", type=int)
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    before, began = family(chosen.pid), time.monotonic()
    time.sleep(chosen.seconds)
    after, took = family(chosen.pid), time.monotonic() - began
    processes: list[dict[str, Any]] = [
        {
            "pid": pid,
            "name": name_of(pid),
            "megabytes": round(megabytes_of(pid), 1),
            "percent_of_a_core": round(100 * (spent - before.get(pid, 0.0)) / took, 2),
        }
        for pid, spent in sorted(after.items())
    ]
    figures: dict[str, Any] = {
        name: round(sum(row[name] for row in processes), 1)
        for name in ("megabytes", "percent_of_a_core")
    }
    sys.stdout.write(json.dumps(figures | {"processes": processes}, indent=2) + "\n")
    return 0


def family(root: int) -> dict[int, float]:
    """Return a process and all that descend from it, each with its seconds of processor."""
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        pid = int(stat.parent.name)
        parents[pid], spent[pid] = int(told[1]), (int(told[11]) + int(told[12])) / TICK
    if root not in spent:
        raise SystemExit(f"There is no process {root}.")
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return {pid: spent[pid] for pid in found}


def megabytes_of(pid: int) -> float:
    """Return the proportional set size of a process."""
    try:
        found = SHARE.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    except OSError:  # it has ended
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def name_of(pid: int) -> str:
    """Return what ``ps`` calls a process; helpers have the name of the program that forked them."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return "(ended)"


if __name__ == "__main__":
    sys.exit(main())
