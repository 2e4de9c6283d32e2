"""Measure the server time of the busiest pages among 100,000 open roles, against a bare view.

Run: ``python -m tests.benchmarks.bench_pages [--roles 100000]``. The demo market's open roles are
copied with other ids and days until there are so many; a run computes everybody's matches. Every
page goes through all middleware, as the bare view does, which answers two letters. Prints one JSON
object: median milliseconds and their ratio to the bare view's.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Final

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
        yardstick = milliseconds(lambda: visitor.get("/bare/"))
        figures["bare_view_ms"] = round(yardstick, 3)
        pages = {name: (visitor, path) for name, path in BROWSE.items()}
        pages |= {
            "home": (visitor, "/"),
            "role": (visitor, crowding.some_role()),
            "matches": (person, "/matches/"),
            "role, signed in": (person, crowding.some_role()),
        }
        for name, (client, path) in pages.items():
            assert client.get(path).status_code == 200, path
            spent = milliseconds(lambda client=client, path=path: client.get(path))
            figures[name] = {"ms": round(spent, 2), "over_bare_view": round(spent / yardstick, 1)}
    return figures


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median time of some runs."""
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - began))
    return statistics.median(spent)


if __name__ == "__main__":
    sys.exit(main())
