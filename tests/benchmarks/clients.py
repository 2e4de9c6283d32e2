"""A program that asks a web server on this machine, from one loopback address, and keeps time.

Reads one JSON object from its input: ``source``, ``port``, ``seconds``, ``connections`` and
``asks``, a list of requests; connection *n* sends the requests ``n``, ``n + connections`` … of its
kind in turn. Prints JSON: for each kind of request the milliseconds and the statuses; a redirect to
the sign-in counts as ``sign-in``. A plan is bounded in time and in connections, and only loopback
addresses are asked.
"""

import itertools
import json
import sys
import threading
import time
from collections import Counter, defaultdict
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

MOST_SECONDS: Final = 120
MOST_CONNECTIONS: Final = 64
TIMEOUT: Final = 30


class Found:
    """What the answers were like, by kind of request."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, Counter[str]] = defaultdict(Counter)
        self.without_retry = 0
        self.lock = threading.Lock()

    def add(self, kind: str, status: str, spent: float, *, retry: str | None) -> None:
        """Note one answer; ``status`` is a word where there was none."""
        with self.lock:
            self.milliseconds[kind].append(round(1000 * spent, 2))
            self.statuses[kind][status] += 1
            self.without_retry += status == "503" and not retry


def ask_on(plan: dict[str, Any], number: int, found: Found, ends_at: float) -> None:
    """Send requests over one connection, one after another, until time is up."""
    own = plan["asks"][number % len(plan["asks"]) :: plan["connections"]] or plan["asks"]
    asks = iter(own) if plan.get("once") else itertools.cycle(own)
    connection: HTTPConnection | None = None
    for ask in asks:
        if time.monotonic() >= ends_at:
            break
        began = time.perf_counter()
        retry = None
        try:
            if connection is None:
                connection = HTTPConnection(
                    "127.0.0.1", plan["port"], timeout=TIMEOUT, source_address=(plan["source"], 0)
                )
            body = bytes.fromhex(ask["body"]) if "body" in ask else None
            connection.request(ask.get("method", "GET"), ask["path"], body, ask.get("headers", {}))
            answer = connection.getresponse()
            answer.read()
            status, retry = str(answer.status), answer.getheader("Retry-After")
            if answer.getheader("Location", "").startswith("/accounts/login/"):
                status = "sign-in"
            if answer.getheader("Connection", "") == "close":
                connection.close()
        except (OSError, HTTPException) as error:
            status = type(error).__name__
            if connection is not None:
                connection.close()
            connection = None
        found.add(ask["kind"], status, time.perf_counter() - began, retry=retry)
        time.sleep(plan.get("pause", 0.0))
    if connection is not None:
        connection.close()


def main() -> None:
    """Carry out the plan at standard input."""
    plan = json.load(sys.stdin)
    assert plan["seconds"] <= MOST_SECONDS
    assert plan["connections"] <= MOST_CONNECTIONS
    assert plan["source"].startswith("127.")
    found = Found()
    ends_at = time.monotonic() + plan["seconds"]
    threads = [
        threading.Thread(target=ask_on, args=(plan, number, found, ends_at))
        for number in range(plan["connections"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(
        {
            "milliseconds": found.milliseconds,
            "statuses": found.statuses,
            "busy_without_retry_after": found.without_retry,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
