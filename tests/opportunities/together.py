"""Runs many calls at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection

from opportunities.errors import RuleBroken


def at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Return what every call returned, or the refusal that it raised, in the order given."""
    start = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(position: int, call: Callable[[], object]) -> None:
        try:
            with connection.cursor() as cursor:
                # A slow machine is no reason to refuse: the point is who wins, not how fast.
                cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
            start.wait()
            results[position] = call()
        except RuleBroken as refusal:
            results[position] = refusal
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=[position, call]) for position, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
