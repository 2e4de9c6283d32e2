"""Run every benchmark in turn and print the table of yardsticks: ``make bench``.

Each benchmark is a program of its own that prints one JSON object; ``--full`` asks those that have
a large size for it. The objects go to ``var/bench``, beside the table with the bars it is read by.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "var" / "bench"
FULL: Final = "--full"
BENCHES: Final = {
    path.stem: [FULL] if FULL in path.read_text() else []
    for path in sorted(Path(__file__).parent.glob("bench_*.py"))
}
KERNELS: Final = "bench_kernels"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, where it stands in the results, and the bar that it is held against."""

    goal: str
    bench: str
    path: str
    bar: float
    at_least: bool = False

    def of(self, results: dict[str, Any]) -> float | None:
        """Return the figure, or None if it was not measured."""
        found: Any = results.get(self.bench, {})
        for key in self.path.split("/"):
            found = found.get(key) if isinstance(found, dict) else None
        return None if found is None else float(found)

    def line(self, results: dict[str, Any]) -> str:
        """Return the row of the table."""
        figure = self.of(results)
        sign = ">=" if self.at_least else "<="
        if figure is None:
            return f"{self.goal:58} {'not measured':>12}   {sign} {self.bar:g}"
        held = figure >= self.bar if self.at_least else figure <= self.bar
        return f"{self.goal:58} {figure:12g}   {sign} {self.bar:g}{'' if held else '   missed'}"


ROWS: Final = (
    *(
        row
        for size, over_sql, over_numpy, over_sgemm in (
            ("10k x 10k", 242, 6.5, 2.5),
            ("100k x 10k", 320, 9.9, 2),
            ("100k x 100k", 600, 15, 1.5),
        )
        for row in (
            Row(f"compiled / SQL, {size}", KERNELS, f"{size}/fast_over_sql", over_sql, True),
            Row(f"compiled / NumPy, {size}", KERNELS, f"{size}/fast_over_numpy", over_numpy, True),
            Row(f"NumPy / SQL, {size}", KERNELS, f"{size}/numpy_over_sql", 30, at_least=True),
            Row(
                f"compiled, CPU / sgemm, one thread, {size}",
                KERNELS,
                f"{size}/fast_over_sgemm",
                over_sgemm,
            ),
            Row(f"mismatches between kernels, {size}", KERNELS, f"{size}/mismatches_numpy", 0),
            Row(f"mismatches with SQL, {size}", KERNELS, f"{size}/mismatches_sql", 0),
        )
    ),
    Row("one candidate among 100k roles, warm, ms", KERNELS, "one x 100k/fast_median_ms", 2),
    Row("both sides, 1M x 100k, CPU seconds", KERNELS, "1M x 100k/cpu_seconds", 45),
    Row("compiled, CPU / sgemm, one thread, 1M x 100k", KERNELS, "1M x 100k/fast_over_sgemm", 1.5),
    Row("peak memory MB, 1M x 100k", KERNELS, "1M x 100k/peak_memory_mb", 1500),
    Row("load / values_list", "bench_matching_store", "load_over_values_list", 10, at_least=True),
    Row(
        "list writing / raw COPY of rows",
        "bench_matching_store",
        "list_writing_over_copy_of_rows",
        3,
        at_least=True,
    ),
    Row("load and write share of a rematch", "bench_matching_store", "load_and_write_share", 0.3),
    Row("new role in every ranking, p95 ms", "bench_matching_store", "new_role/p95_ms", 250),
    Row("candidate's own ranking / fetch", "bench_matching_store", "own_ranking_over_fetch", 3),
    Row("candidate's refresh / fetch", "bench_matching_store", "refresh_over_fetch", 3),
    Row(
        "differing parts, two processes / one",
        "bench_matching_store",
        "two_processes_differing_parts",
        0,
    ),
    Row("list of roles, CPU / stock serializer", "bench_api", "prepared_over_stock", 0.45),
    Row("list of roles, CPU / bare view", "bench_api", "prepared_over_bare", 4),
    *(
        Row(
            f"{page}, viewed {view}{words} / bare view", "bench_pages", f"{name}/{view}/{kind}", bar
        )
        for page, name, bar in (("matches", "matches", 4), ("search", "browse, searched", 6))
        for view in ("first", "again")
        for words, kind in (("", "over_bare_view"), (", CPU", "cpu_over_bare_view"))
    ),
    Row("web processor time of an application, ms", "bench_mixed_load", "apply/cpu_ms", 60),
    *(
        Row(
            f"{kind} beside an attack / alone, p95",
            "bench_mixed_load",
            f"attack/{kind}/beside_over_alone",
            2,
        )
        for kind in ("browse", "apply")
    ),
    Row(
        "liveness beside an attack, at most, ms",
        "bench_mixed_load",
        "attack/health/beside_most_ms",
        250,
    ),
    Row("faults under an attack", "bench_mixed_load", "attack/faults", 0),
    Row("source of 5,960 rows, first reading, s", "bench_import", "first_seconds", 60),
    Row("source of 5,960 rows, second reading, s", "bench_import", "again_seconds", 60),
    Row("rows that a second reading changes", "bench_import", "changed_again", 0),
    Row("near-duplicates, p95 ms", "bench_near_duplicates", "p95_ms", 50),
)


def run(name: str, arguments: list[str]) -> dict[str, Any]:
    """Run one benchmark; what it says on the way goes to the terminal."""
    began = time.monotonic()
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.stdout.write(f"{name}: failed with exit code {done.returncode}\n")
        return {}
    figures: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n")
    sys.stdout.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    sys.stdout.flush()
    return figures


def main(arguments: list[str]) -> int:
    """Run the benchmarks named, or all, and return how many failed."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    named = [name for name in arguments if name != FULL] or list(BENCHES)
    results = {name: run(name, BENCHES[name] if FULL in arguments else []) for name in named}
    sys.stdout.write(f"\n{'goal':58} {'measured':>12}   bar\n")
    for row in ROWS:
        if row.bench in named:
            sys.stdout.write(row.line(results) + "\n")
    return sum(not figures for figures in results.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
