"""The parts of the store's benchmark that run a full rematch: its stages, and two processes."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from matching.jobs.runs import cells, freezing, pricing, ranking, steps
from matching.models import Run, RunPart, RunState
from tests.benchmarks.standing_alone import cpu_seconds

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


type Stages = tuple[Counter[str], Counter[str]]


@contextmanager
def spent(stages: Stages, name: str) -> Iterator[None]:
    """Add the seconds spent inside to a stage: by the clock, and of CPU on both ends."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    yield
    stages[0][name] += time.perf_counter() - wall
    stages[1][name] += cpu_seconds() - cpu


def stages_of_a_run() -> dict[str, object]:
    """Compute all lists in this process; return seconds by stage and the share that is storage."""
    stages: Stages = Counter(), Counter()

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*positional: Any, **named: Any) -> Any:
            with spent(stages, name):
                return function(*positional, **named)

        return wrapped

    run = steps.request_run(at=NOW)
    with spent(stages, "freeze"):
        freezing.freeze(run.pk, clock=lambda: NOW, until=NOW + timedelta(days=1))
    with spent(stages, "price"):
        pricing.price(run.pk, at=NOW)
    parts = steps.advance(run.pk, clock=lambda: NOW)
    with (
        mock.patch.object(cells, "rank_cell", timed("rank", cells.rank_cell)),
        spent(stages, "parts"),
    ):
        for part in parts:
            ranking.rank_part(part, clock=lambda: NOW)
    with spent(stages, "publish"):
        steps.advance(run.pk, clock=lambda: NOW)
    for seconds in stages:
        seconds["load_and_write_parts"] = seconds.pop("parts") - seconds["rank"]
    assert Run.objects.get(pk=run.pk).state == RunState.PUBLISHED
    wall, cpu = stages
    return {
        "rematch_seconds": {name: round(seconds, 2) for name, seconds in wall.items()},
        "rematch_cpu_seconds": {name: round(seconds, 2) for name, seconds in cpu.items()},
        "load_and_write_share": _storing_share(wall),
        "load_and_write_share_by_cpu": _storing_share(cpu),
    }


def _storing_share(seconds: Counter[str]) -> float:
    """Return the share of what is neither ranking nor pricing."""
    return round(1 - (seconds["rank"] + seconds["price"]) / seconds.total(), 2)


def by_processes(count: int) -> tuple[float, list[str]]:
    """Compute all lists, the parts shared among processes; return wall seconds and digests.

    Timed from the moment that all processes are ready, their kernel loaded, to the last one's end.
    """
    run = steps.request_run(at=NOW)
    parts = steps.advance(run.pk, clock=lambda: NOW)
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.benchmarks.ranking_process",
                *map(str, parts[first::count]),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in range(count)
    ]
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        began = time.perf_counter()
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        for worker in workers:
            worker.communicate(timeout=900)
        wall = time.perf_counter() - began
    finally:
        for worker in workers:
            worker.kill()
    steps.advance(run.pk, clock=lambda: NOW)
    assert Run.objects.get(pk=run.pk).state == RunState.PUBLISHED
    digests = RunPart.objects.filter(run=run).order_by("number").values_list("digests", flat=True)
    return wall, list(digests)


def scaling_out() -> dict[str, object]:
    """Compare one process with two on the same parts: the results are equal, bit for bit."""
    alone, alone_digests = by_processes(1)
    shared, shared_digests = by_processes(2)
    return {
        "one_process_seconds": round(alone, 2),
        "two_processes_seconds": round(shared, 2),
        "two_processes_speed_up": round(alone / shared, 2),
        "two_processes_differing_parts": sum(
            one != two for one, two in zip(alone_digests, shared_digests, strict=True)
        ),
    }
