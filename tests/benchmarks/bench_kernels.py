"""Measure the kernels against each other, SQL, a matrix product and their own bare stages.

Run: ``python -m tests.benchmarks.bench_kernels`` for 10,000 and 100,000 candidates by 10,000 roles
(``--full``: 1,000,000 by 100,000, without SQL and NumPy). All ratios are of CPU or server seconds
for the same pairs within one run; SQL and, at large sizes, NumPy work on a sample of the candidates
and are scaled up. SQL does one side only. Prints one JSON object.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import psycopg

from config.embedded import Postgres, free_slot
from matching.engine import Candidates, Opportunities, Ranker, rank
from tests.benchmarks import market, sql_twin, stages

K = 50
PORTION = 50_000
ASPECT_WIDTH = 21
"""Inner dimension of the matrix product: the columns that a linear model of the aspects has."""


def cpu_seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the median CPU time of some runs."""
    found = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return statistics.median(found)


def compare(candidates: int, roles: int, sql_sample: int, numpy_sample: int) -> dict[str, object]:
    """Return the speeds of SQL, NumPy and the compiled kernel, having compared their answers."""
    world = market.World()
    people = market.candidates(candidates, world=world)
    jobs = market.opportunities(roles, world=world)
    pairs = candidates * roles
    rank(people.take(np.arange(8)), jobs, k=K, kernel="fast")
    fast = cpu_seconds(lambda: rank(people, jobs, k=K, kernel="fast")) / pairs
    some = people.take(np.arange(min(numpy_sample, candidates)))
    plain = cpu_seconds(lambda: rank(some, jobs, k=K, kernel="numpy"), times=1)
    numpy = plain / (len(some) * roles)
    quick, slow = (rank(some, jobs, k=K, kernel=kernel) for kernel in ("fast", "numpy"))
    mismatches = sum(
        int((getattr(getattr(quick, side), name) != getattr(getattr(slow, side), name)).sum())
        for side in ("candidates", "opportunities")
        for name in ("ids", "scores")
    )
    few = people.take(np.arange(min(sql_sample, candidates)))
    sql, wrong = in_sql(few, jobs)
    eligible = float((rank(few, jobs, k=roles, kernel="fast").candidates.ids >= 0).mean())
    visited = stages.visited_pairs(people, jobs)
    bare = stages.bare_seconds(visited, round(eligible * pairs)) / pairs
    return {
        "candidates": candidates,
        "roles": roles,
        "visited_share": round(visited / pairs, 4),
        "eligible_share": round(eligible, 4),
        "fast_million_pairs_per_second": round(1e-6 / fast, 1),
        "numpy_million_pairs_per_second": round(1e-6 / numpy, 1),
        "sql_million_pairs_per_second": round(1e-6 / sql, 2),
        "fast_over_sql": round(sql / fast),
        "fast_over_numpy": round(numpy / fast, 1),
        "numpy_over_sql": round(sql / numpy, 1),
        "fast_over_sgemm": round(fast / sgemm(min(candidates, 4_000), min(roles, 10_000)), 2),
        "fast_rate_over_bare_stages": round(bare / fast, 2),
        "mismatches_numpy": mismatches,
        "mismatches_sql": wrong,
    }


def in_sql(people: Candidates, jobs: Opportunities) -> tuple[float, int]:
    """Return seconds a pair in PostgreSQL, and how many rows differ from the engine's."""
    slot, lock = free_slot()
    server = Postgres(slot).start()
    try:
        with psycopg.connect(server.url) as connection:
            sql_twin.load(connection, people, jobs)
            connection.execute("SET max_parallel_workers_per_gather = 0")
            connection.execute("SET jit = off")
            connection.execute("SET work_mem = '64MB'")
            sql_twin.best_roles(connection, 1)
            began = time.perf_counter()
            rows = sql_twin.best_roles(connection, K)
            seconds = time.perf_counter() - began
    finally:
        server.stop()
        lock.close()
    lists = rank(people, jobs, k=K, kernel="fast").candidates
    person, place = np.nonzero(lists.ids >= 0)
    mine = zip(
        people.ids[person].tolist(),
        lists.ids[person, place].tolist(),
        lists.scores[person, place].tolist(),
        strict=True,
    )
    wrong = len(set(mine) ^ set(rows))
    return seconds / (len(people) * len(jobs)), wrong


def sgemm(rows: int, columns: int) -> float:
    """Return CPU seconds a pair of a product of the same shape, in blocks that fit the cache."""
    draw = np.random.default_rng(1)
    left = draw.random((rows, ASPECT_WIDTH), np.float32)
    right = draw.random((ASPECT_WIDTH, columns), np.float32)

    def multiply() -> None:
        for start in range(0, rows, 500):
            left[start : start + 500] @ right

    return cpu_seconds(multiply) / (rows * columns)


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
    began = time.perf_counter()
    ranker.opportunity_lists()
    wall += time.perf_counter() - began
    return {
        "candidates": candidates,
        "roles": roles,
        "wall_seconds": round(wall, 1),
        "cpu_seconds": round(cpu, 1),
        "million_pairs_per_second": round(candidates * roles / cpu / 1e6),
        "fast_over_sgemm": round(cpu / candidates / roles / sgemm(4_000, 10_000), 2),
        "list_entries": entries,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sql-sample", type=int, default=100)
    parser.add_argument("--numpy-sample", type=int, default=2_000)
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    figures: dict[str, object] = {}
    if chosen.full:
        figures["1M x 100k"] = whole(1_000_000, 100_000)
    else:
        for name, candidates in (("10k x 10k", 10_000), ("100k x 10k", 100_000)):
            samples = chosen.sql_sample, chosen.numpy_sample
            figures[name] = compare(candidates, 10_000, *samples)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
