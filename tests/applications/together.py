"""Runs many calls at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from opportunities.core.errors import RuleBroken

SECONDS_TO_CONNECT = 60


def at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Return what every call returned, or the refusal that it raised, in the order given."""
    start = threading.Barrier(len(calls), timeout=SECONDS_TO_CONNECT)

    def run(call: Callable[[], object]) -> object:
        try:
            with connection.cursor() as cursor:
                # A slow machine is no reason to refuse: the point is who wins, not how fast.
                cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
            start.wait()
            return call()
        except RuleBroken as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as threads:
        return list(threads.map(run, calls))
