"""The report of the mutants: the score of every area, and each that nobody noticed with why."""

from collections.abc import Iterable
from typing import Any, Final

from tests.mutants.areas import AREAS
from tests.mutants.generating import ROOT
from tests.mutants.running import BY_HAND_AREA, chosen, kept, name_of
from tests.mutants.survivors import WHY

BAR: Final = 0.95
REPORT: Final = ROOT / "docs" / "mutants.md"
HEAD: Final = """# Tests that can fail

A test that cannot fail proves nothing. `make mutants` puts small faults into the product, one at a
time, and runs the tests that guard the place: a comparison turned round, a number off by one, a
refusal or a call left out, a condition dropped from a query. The places are drawn by a fixed rule
from the modules in `tests/mutants/areas.py`; beside them stand faults that once went unnoticed
(`tests/mutants/by_hand.py`). No file is changed: the fault is put in while the module is imported.

This page is written by `python -m tests.mutants --report` from what the runs found. A fault counts
again when its line, or what is done to it, changes.
"""


def write() -> float:
    """Write the report; return which part of the faults that were run was noticed."""
    found = kept()
    rows, unnoticed = [], []
    ran = noticed = 0
    for area in (BY_HAND_AREA, *AREAS):
        mutants = {name_of(mutant): mutant for mutant, _ in chosen(area)}
        done = [
            (name, found[name] | {"line": mutant.line})  # it may have moved since it was run
            for name, mutant in mutants.items()
            if name in found
        ]
        good = sum(row["outcome"] == "killed" for _, row in done)
        rows.append((area, len(mutants), len(done), good))
        ran, noticed = ran + len(done), noticed + good
        unnoticed += [(name, area, row) for name, row in done if row["outcome"] != "killed"]
    rows.append(("all", sum(row[1] for row in rows), ran, noticed))
    REPORT.write_text(f"{HEAD}\n{_table(rows)}\n{_survivors(unnoticed)}")
    return noticed / ran if ran else 0.0


def _table(rows: Iterable[tuple[str, int, int, int]]) -> str:
    lines = ["| area | faults | run | noticed | score |", "|---|---:|---:|---:|---:|"]
    for area, all_of, done, good in rows:
        score = f"{100 * good / done:.1f}%" if done else "not run"
        lines.append(f"| {area} | {all_of} | {done} | {good} | {score} |")
    return "\n".join(lines) + "\n"


def _survivors(rows: Iterable[tuple[str, str, dict[str, Any]]]) -> str:
    lines = ["## What nobody noticed", ""]
    for name, area, row in rows:
        ended = row["outcome"] != "timeout"
        why = WHY.get(name, "A test is missing." if ended else "Its tests did not end in time.")
        lines.append(
            f"- {area}, `{row['path']}` line {row['line']}, `{_short(row['was'])}` to"
            f" `{_short(row['text']) or 'nothing'}` ({name}): {why}"
        )
    return "\n".join(lines if len(lines) > 2 else [*lines, "Nothing."]) + "\n"


def _short(passage: str) -> str:
    words = " ".join(passage.split())
    return words if len(words) <= 60 else f"{words[:57]}..."
