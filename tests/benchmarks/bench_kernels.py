"""Measure the kernels against each other, against SQL and against a matrix product.

Run: ``python -m tests.benchmarks.bench_kernels`` for 10,000 and 100,000 candidates by 10,000 roles
and for 100,000 by 100,000 (``--full``: 1,000,000 by 100,000 as well, without SQL and NumPy). All
ratios are of CPU seconds, those of SQL being its server's, for as many pairs: the median over
rounds in which all take turns. NumPy works on a sample of the candidates, and SQL on as many as its
share of a minute allows; both are scaled up. SQL does one side only. Prints one JSON object.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psycopg

from config.embedded import Postgres, free_slot
from matching.engine import IDENTITY, Candidates, Opportunities, Ranker, rank
from matching.engine.ranking import KernelName
from matching.engine.role_index import build_index
from tests.benchmarks import market, product, sql_twin

K = 50
PROBED = 100
"""Candidates by which SQL is timed first: a server's CPU is told in hundredths of a second."""
PORTION = 50_000
ROUNDS = 3
SQL_SECONDS = 60
SQL_MOST = 2_000
"""Candidates that the database is given; SQL ranks the first of them."""

SIZES = {
    "10k x 10k": (10_000, 10_000),
    "100k x 10k": (100_000, 10_000),
    "100k x 100k": (100_000, 100_000),
}


def cpu_of(process: int) -> float:
    """Return the CPU seconds that a process has taken."""
    told = Path(f"/proc/{process}/stat").read_text()
    return sum(map(int, told.rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def seconds_of(work: Callable[[], object], process: int) -> float:
    """Return the CPU seconds that a process takes for some work."""
    clock = time.process_time if process == os.getpid() else lambda: cpu_of(process)
    began = clock()
    work()
    return clock() - began


def compare(candidates: int, roles: int, numpy_sample: int) -> dict[str, object]:
    """Return the speeds of SQL, NumPy and the compiled kernel, having compared their answers."""
    world = market.World()
    people = market.candidates(candidates, world=world)
    jobs = market.opportunities(roles, world=world)
    some = people.take(np.arange(min(numpy_sample, candidates)))
    few = people.take(np.arange(min(SQL_MOST, candidates)))
    all_open = Ranker(jobs, k=roles, kernel="fast", one_sided=True)
    eligible = float((all_open.rank(few.take(np.arange(200))).ids >= 0).mean())
    a_pair: dict[str, list[float]] = {"fast": [], "numpy": [], "sql": []}
    with database(few, jobs) as (best_roles, server):
        tried = seconds_of(lambda: best_roles(PROBED), server) / PROBED
        number = int(max(5, min(len(few), SQL_SECONDS / ROUNDS / tried)))
        ranked: list = []
        for _ in range(ROUNDS):
            fast = seconds_of(lambda: rank(people, jobs, k=K, kernel="fast"), os.getpid())
            plain = seconds_of(lambda: rank(some, jobs, k=K, kernel="numpy"), os.getpid())
            sql = seconds_of(lambda: ranked.append(best_roles(number)), server)
            for name, seconds, width in (
                ("fast", fast, candidates), ("numpy", plain, len(some)), ("sql", sql, number)
            ):  # fmt: skip
                a_pair[name].append(seconds / width / roles)
    wrong = differing_rows(few.take(np.arange(number)), jobs, ranked[0])
    a_pair["sgemm"] = product.seconds_a_pair(min(candidates, 4_000), min(roles, 10_000), ROUNDS)

    def ratio(slow: str, quick: str) -> float:
        return float(np.median(np.divide(a_pair[slow], a_pair[quick])))

    def speed(name: str) -> float:
        return round(1e-6 / float(np.median(a_pair[name])), 2)

    return {
        "candidates": candidates,
        "roles": roles,
        "eligible_share": round(eligible, 4),
        "sql_candidates": number,
        "fast_million_pairs_per_second": speed("fast"),
        "numpy_million_pairs_per_second": speed("numpy"),
        "sql_million_pairs_per_second": speed("sql"),
        "sgemm_million_pairs_per_second": speed("sgemm"),
        "fast_over_sql": round(ratio("sql", "fast")),
        "fast_over_numpy": round(ratio("numpy", "fast"), 1),
        "numpy_over_sql": round(ratio("sql", "numpy"), 1),
        "fast_over_sgemm": round(ratio("fast", "sgemm"), 2),
        "mismatches_numpy": mismatches(some, jobs),
        "mismatches_sql": wrong,
    }


def alone(roles: int) -> dict[str, float]:
    """Return how long one candidate's list takes among so many roles, their index being warm."""
    world = market.World()
    index = build_index(market.opportunities(roles, world=world), vocabulary=IDENTITY)
    people = market.candidates(300, world=world)
    found: dict[str, float] = {}
    kernels: tuple[KernelName, ...] = ("fast", "numpy")
    for kernel in kernels:
        milliseconds = []
        for place in range(len(people)):
            one = people.take(np.array([place]))
            ranker = Ranker(index, k=K, kernel=kernel, one_sided=True)
            began = time.process_time()
            ranker.rank(one)
            milliseconds.append(1000 * (time.process_time() - began))
        found[f"{kernel}_median_ms"] = round(statistics.median(milliseconds[100:]), 2)
        found[f"{kernel}_p95_ms"] = round(sorted(milliseconds[100:])[189], 2)
    return found


def mismatches(people: Candidates, jobs: Opportunities) -> int:
    """Return in how many places of all lists the two kernels differ."""
    quick, slow = (rank(people, jobs, k=K, kernel=kernel) for kernel in ("fast", "numpy"))
    return sum(
        int((getattr(getattr(quick, side), name) != getattr(getattr(slow, side), name)).sum())
        for side in ("candidates", "opportunities")
        for name in ("ids", "scores")
    )


@contextmanager
def database(
    people: Candidates, jobs: Opportunities
) -> Iterator[tuple[Callable[[int], list], int]]:
    """Give the query for the lists of the first candidates, and the server process that answers.

    The PostgreSQL has read both sides, and knows their statistics.
    """
    slot, lock = free_slot()
    server = Postgres(slot).start()
    try:
        with psycopg.connect(server.url) as connection:
            sql_twin.load(connection, people, jobs)
            connection.execute("SET max_parallel_workers_per_gather = 0")
            connection.execute("SET jit = off")
            connection.execute("SET work_mem = '64MB'")
            yield (
                lambda number: sql_twin.best_roles(connection, K, number),
                connection.info.backend_pid,
            )
    finally:
        server.stop()
        lock.close()


def differing_rows(people: Candidates, jobs: Opportunities, rows: list) -> int:
    """Return how many rows of the candidates' lists differ from the engine's."""
    lists = rank(people, jobs, k=K, kernel="fast").candidates
    person, place = np.nonzero(lists.ids >= 0)
    mine = zip(
        people.ids[person].tolist(),
        lists.ids[person, place].tolist(),
        lists.scores[person, place].tolist(),
        strict=True,
    )
    return len(set(mine) ^ set(rows))


def whole(candidates: int, roles: int) -> dict[str, object]:
    """Return how long all candidates take against all roles, both sides, in portions."""
    world = market.World()
    jobs = market.opportunities(roles, world=world)
    warm = market.candidates(8, world=world)
    rank(warm, jobs, k=K, kernel="fast")
    ranker = Ranker(jobs, k=K, kernel="fast")
    wall = cpu = 0.0
    entries = 0
    for first in range(0, candidates, PORTION):
        people = market.candidates(
            min(PORTION, candidates - first), seed=first + 11, world=world, first_id=first
        )
        began = time.perf_counter(), time.process_time()
        lists = ranker.rank(people)
        wall += time.perf_counter() - began[0]
        cpu += time.process_time() - began[1]
        entries += int((lists.ids >= 0).sum())
    began = time.perf_counter(), time.process_time()
    ranker.opportunity_lists()
    wall += time.perf_counter() - began[0]
    cpu += time.process_time() - began[1]
    a_pair = statistics.median(product.seconds_a_pair(4_000, 10_000, ROUNDS))
    return {
        "candidates": candidates,
        "roles": roles,
        "wall_seconds": round(wall, 1),
        "cpu_seconds": round(cpu, 1),
        "million_pairs_per_second": round(candidates * roles / cpu / 1e6),
        "fast_over_sgemm": round(cpu / candidates / roles / a_pair, 2),
        "list_entries": entries,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numpy-sample", type=int, default=2_000)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", choices=[*SIZES, "1M x 100k"])
    chosen = parser.parse_args()
    figures: dict[str, object] = {"one x 100k": alone(100_000)}
    for name, size in SIZES.items():
        if chosen.only in {None, name}:
            figures[name] = compare(*size, chosen.numpy_sample)
    if chosen.full and chosen.only in {None, "1M x 100k"}:
        figures["1M x 100k"] = whole(1_000_000, 100_000)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
