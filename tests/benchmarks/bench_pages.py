"""Measure the server time of the busiest pages among 100,000 open roles, against a bare view.

Run: ``python -m tests.benchmarks.bench_pages [--roles 100000]``. The demo market's open roles are
copied with other ids and days until there are so many; a run computes everybody's matches. Every
page goes through all middleware, as the bare view does, which answers two letters. Each is viewed
with every cache emptied before (``first``) and then while nothing changes (``again``). Prints one
JSON object: median milliseconds by the clock and of processor time, the database's included, and
their ratios to a bare view's, which takes turns with the page.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from tests.benchmarks.standing_alone import own_servers

TIMES: Final = 40
BROWSE: Final = {
    "browse": "/opportunities/",
    "browse, filtered": "/opportunities/?kind=micro&mode=remote",
    "browse, searched": "/opportunities/?q=data+dashboard",
    "browse, misspelt": "/opportunities/?q=dashbord",
}


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roles", type=int, default=100_000)
    chosen = parser.parse_args()
    with own_servers("tests.settings"):
        figures = measure(chosen.roles)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def measure(roles: int) -> dict[str, object]:
    """Build the market and time every page as the person who opens it."""
    # Django must know its settings before these are read.
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import override_settings  # noqa: PLC0415

    from tests.benchmarks import crowding  # noqa: PLC0415

    began = time.perf_counter()
    listed, candidate = crowding.crowd(roles)
    figures: dict[str, object] = {
        "roles": listed,
        "market_seconds": round(time.perf_counter() - began, 1),
    }
    visitor, person = Client(), Client()
    person.force_login(candidate)
    with override_settings(ROOT_URLCONF="tests.benchmarks.crowding"):
        role = crowding.some_role()
        pages = {name: (visitor, path) for name, path in BROWSE.items()}
        pages |= {
            "home": (visitor, "/"),
            "role": (visitor, role),
            "bare view, signed in": (person, "/bare/"),
            "matches": (person, "/matches/"),
            "role, signed in": (person, role),
        }
        for name, (client, path) in pages.items():
            assert client.get(path).status_code == 200, path
            view = partial(client.get, path)
            bare = partial(visitor.get, "/bare/")
            figures[name] = {
                "first": compared(view, bare, before=forget),
                "again": compared(view, bare),
            }
    return figures


def forget() -> None:
    """Empty every cache."""
    from django.core.cache import caches  # noqa: PLC0415

    for cache in caches.all():
        cache.clear()


def compared(
    view: Callable[[], object],
    bare: Callable[[], object],
    *,
    before: Callable[[], None] = lambda: None,
) -> dict[str, float]:
    """Return the median times of a view and their ratios to those of a bare one."""
    spent: dict[str, list[Spent]] = {"view": [], "bare": []}
    for _ in range(TIMES):
        before()
        spent["view"].append(timed(view))
        bare()
        spent["bare"].append(timed(bare))
    clock, cpu = (_median(spent["view"], kind) for kind in range(2))
    return {
        "ms": round(clock, 2),
        "over_bare_view": round(clock / _median(spent["bare"], 0), 1),
        "cpu_ms": round(cpu, 2),
        "cpu_over_bare_view": round(cpu / _median(spent["bare"], 1), 1),
    }


class Spent(NamedTuple):
    """Milliseconds by the clock, and of processor time in this process and its database's."""

    clock: float
    cpu: float


def timed(work: Callable[[], object]) -> Spent:
    """Return what some work takes."""
    clock, cpu = time.perf_counter(), _processor_seconds()
    work()
    return Spent(1000 * (time.perf_counter() - clock), 1000 * (_processor_seconds() - cpu))


def _processor_seconds() -> float:
    from django.db import connection  # noqa: PLC0415

    # The kernel counts in nanoseconds how long the process behind the connection has run.
    known = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    backend = int(known.read_text().split()[0]) / 1e9 if known.exists() else 0.0
    return time.process_time() + backend


def _median(spent: list[Spent], kind: int) -> float:
    return statistics.median(row[kind] for row in spent)


if __name__ == "__main__":
    sys.exit(main())
