"""Measure the kernels against each other, SQL, a matrix product and their own bare stages.

Run: ``python -m tests.benchmarks.bench_kernels`` for 10,000 and 100,000 candidates by 10,000 roles
(``--full``: 1,000,000 by 100,000, without SQL and NumPy). All ratios are of CPU seconds, of SQL by
the clock, for as many pairs: the median over rounds in which all take turns. SQL and NumPy work on
a sample of the candidates and are scaled up. SQL does one side only. Prints one JSON object.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import psycopg

from config.embedded import Postgres, free_slot
from matching.engine import Candidates, Opportunities, Ranker, rank
from tests.benchmarks import market, sql_twin, stages

K = 50
PORTION = 50_000
ROUNDS = 5
ASPECT_WIDTH = 21
"""Inner dimension of the matrix product: the columns that a linear model of the aspects has."""


def in_turns(works: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return the seconds of some runs of each: the cores are not equally fast at all times."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            clock = time.perf_counter if name == "sql" else time.process_time
            began = clock()
            work()
            found[name].append(clock() - began)
    return found


def compare(candidates: int, roles: int, sql_sample: int, numpy_sample: int) -> dict[str, object]:
    """Return the speeds of SQL, NumPy and the compiled kernel, having compared their answers."""
    world = market.World()
    people = market.candidates(candidates, world=world)
    jobs = market.opportunities(roles, world=world)
    some = people.take(np.arange(min(numpy_sample, candidates)))
    few = people.take(np.arange(min(sql_sample, candidates)))
    eligible = float((rank(few, jobs, k=roles, kernel="fast").candidates.ids >= 0).mean())
    visited = stages.visited_pairs(people, jobs)
    shape = min(candidates, 4_000), min(roles, 10_000)
    with database(few, jobs) as best_roles:
        wrong = differing_rows(few, jobs, best_roles())
        seconds = in_turns(
            {
                "fast": lambda: rank(people, jobs, k=K, kernel="fast"),
                "numpy": lambda: rank(some, jobs, k=K, kernel="numpy"),
                "sql": best_roles,
            }
        )
    # Alone: its threads wait busily for a while after each product.
    seconds |= in_turns({"sgemm": sgemm(*shape)})
    pairs = {
        "fast": candidates * roles,
        "numpy": len(some) * roles,
        "sql": len(few) * roles,
        "sgemm": shape[0] * shape[1],
    }
    a_pair = {name: np.array(seconds[name]) / number for name, number in pairs.items()}
    bare = stages.bare_seconds(visited, round(eligible * pairs["fast"])) / pairs["fast"]

    def ratio(slow: str, quick: str) -> float:
        return float(np.median(a_pair[slow] / a_pair[quick]))

    def speed(name: str) -> float:
        return round(1e-6 / float(np.median(a_pair[name])), 2)

    return {
        "candidates": candidates,
        "roles": roles,
        "visited_share": round(visited / pairs["fast"], 4),
        "eligible_share": round(eligible, 4),
        "fast_million_pairs_per_second": speed("fast"),
        "numpy_million_pairs_per_second": speed("numpy"),
        "sql_million_pairs_per_second": speed("sql"),
        "fast_over_sql": round(ratio("sql", "fast")),
        "fast_over_numpy": round(ratio("numpy", "fast"), 1),
        "numpy_over_sql": round(ratio("sql", "numpy"), 1),
        "fast_over_sgemm": round(ratio("fast", "sgemm"), 2),
        "fast_rate_over_bare_stages": round(bare / float(np.median(a_pair["fast"])), 2),
        "mismatches_numpy": mismatches(some, jobs),
        "mismatches_sql": wrong,
    }


def mismatches(people: Candidates, jobs: Opportunities) -> int:
    """Return in how many places of all lists the two kernels differ."""
    quick, slow = (rank(people, jobs, k=K, kernel=kernel) for kernel in ("fast", "numpy"))
    return sum(
        int((getattr(getattr(quick, side), name) != getattr(getattr(slow, side), name)).sum())
        for side in ("candidates", "opportunities")
        for name in ("ids", "scores")
    )


@contextmanager
def database(people: Candidates, jobs: Opportunities) -> Iterator[Callable[[], list]]:
    """Give the query for the candidates' lists in a PostgreSQL that has read both sides."""
    slot, lock = free_slot()
    server = Postgres(slot).start()
    try:
        with psycopg.connect(server.url) as connection:
            sql_twin.load(connection, people, jobs)
            connection.execute("SET max_parallel_workers_per_gather = 0")
            connection.execute("SET jit = off")
            connection.execute("SET work_mem = '64MB'")
            yield lambda: sql_twin.best_roles(connection, K)
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


def sgemm(rows: int, columns: int) -> Callable[[], None]:
    """Return a product of two matrices of this shape, in blocks that fit the cache."""
    draw = np.random.default_rng(1)
    left = draw.random((rows, ASPECT_WIDTH), np.float32)
    right = draw.random((ASPECT_WIDTH, columns), np.float32)

    def multiply() -> None:
        for start in range(0, rows, 500):
            left[start : start + 500] @ right

    return multiply


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
    product = statistics.median(in_turns({"sgemm": sgemm(4_000, 10_000)})["sgemm"])
    return {
        "candidates": candidates,
        "roles": roles,
        "wall_seconds": round(wall, 1),
        "cpu_seconds": round(cpu, 1),
        "million_pairs_per_second": round(candidates * roles / cpu / 1e6),
        "fast_over_sgemm": round(cpu / candidates / roles / product * 4_000 * 10_000, 2),
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
