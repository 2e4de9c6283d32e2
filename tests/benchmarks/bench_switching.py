"""Measure what a page waits for beside threads of its process that compute.

Run: ``python -m tests.benchmarks.bench_switching [--seconds 0.5]``. A page here asks another
program six times and computes a little in between, as one that is shown again does with its
database. For each number of computing threads and each switch interval: median and 95th percentile
of its milliseconds by the clock, and what the computing threads get done in a second of processor
time, over what one thread gets done alone. Prints one JSON object; all of them take turns.
"""

import argparse
import json
import os
import socket
import statistics
import sys
import threading
import time
from collections import defaultdict
from typing import Any, Final

INTERVALS: Final = (0.005, 0.001, 0.0002)
"""Python's own, then shorter ones; ``config.serving`` sets the one that the site has."""
COMPUTING: Final = (0, 1, 2)
TURNS: Final = 6
QUESTIONS: Final = 6
PAUSE: Final = 0.01


class Threads:
    """Some threads that compute until they are stopped, and count what they got done."""

    def __init__(self, number: int) -> None:
        self.done = 0
        self.goes_on = True
        self.threads = [threading.Thread(target=self._compute) for _ in range(number)]
        for thread in self.threads:
            thread.start()

    def _compute(self) -> None:
        total = 0
        while self.goes_on:
            for number in range(2_000):
                total += number * number
            self.done += 1

    def stop(self) -> None:
        """Stop them all."""
        self.goes_on = False
        for thread in self.threads:
            thread.join()


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each state in each turn")
    chosen = parser.parse_args()
    here, there = socket.socketpair()
    if os.fork() == 0:
        here.close()
        while asked := there.recv(100):
            there.sendall(asked)
        os._exit(0)
    there.close()
    figures = measure(here, chosen.seconds)
    here.close()
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def measure(program: socket.socket, seconds: float) -> dict[str, Any]:
    """Return the figures of all states."""
    spent: dict[tuple[int, float], list[float]] = defaultdict(list)
    rates: dict[tuple[int, float], list[float]] = defaultdict(list)
    for _ in range(TURNS):
        for interval in INTERVALS:
            sys.setswitchinterval(interval)
            for number in COMPUTING:
                threads = Threads(number)
                began, done = time.process_time(), threads.done
                ends_at = time.perf_counter() + seconds
                while time.perf_counter() < ends_at:
                    spent[number, interval].append(page(program))
                    time.sleep(PAUSE)
                rates[number, interval].append(
                    (threads.done - done) / (time.process_time() - began)
                )
                threads.stop()
    alone = statistics.median(rates[1, INTERVALS[0]])
    return {
        f"{number} computing": {
            f"{interval:g} s": {
                "median_ms": round(statistics.median(spent[number, interval]), 2),
                "p95_ms": round(statistics.quantiles(spent[number, interval], n=20)[-1], 2),
                "computed": round(statistics.median(rates[number, interval]) / alone, 2),
            }
            for interval in INTERVALS
        }
        for number in COMPUTING
    }


def page(program: socket.socket) -> float:
    """Return the milliseconds that one page takes."""
    began = time.perf_counter()
    for _ in range(QUESTIONS):
        program.sendall(b"?")
        program.recv(100)
        sum(range(3_000))
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
