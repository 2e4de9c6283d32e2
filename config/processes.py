"""The one table of what runs: ``make up`` and docker-compose.yml start these very commands."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True, slots=True)
class Process:
    """A program of the site, and what its environment says beyond everybody's."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


# The checks import every page and ask the database; `migrate` and the web server run them.
CELERY: Final = ("celery", "--app", "config", "--skip-checks")
WORKER: Final = (
    *CELERY,
    *("worker", "--loglevel", "INFO"),
    *("--without-gossip", "--without-mingle", "--heartbeat-interval", "5"),
)
PATIENT: Final = {"STATEMENT_TIMEOUT_MS": "120000"}  # a rebuild reads whole tables
COSTLY_AT_ONCE: Final = 1
"""Costly views that a web process runs at a time; the other threads are there for other pages.

One process computes one thing at a time anyway. Two that compute would hand the interpreter to each
other, and every other page would wait for both at each of its questions to the database.
"""
METERED_AT_ONCE: Final = 2
"""Views that wait for other programs, each in a thread of a web process."""
REFUSED: Final = "foothold.refused"
"""What the gate writes into the environment of a request that it refuses."""
WEB: Final = ("gunicorn", "config.wsgi", "--worker-class", "config.serving.Worker")

# The second worker serves `interactive` alone: a rebuild that fills every place of the first one
# never delays a candidate's own refresh.
PROCESSES: Final[dict[str, Process]] = {
    "worker": Process(
        (*WORKER, "--hostname", "worker@%h", "--queues", "interactive,bulk", "--concurrency", "2"),
        PATIENT,
    ),
    "quick": Process(
        (*WORKER, "--hostname", "quick@%h", "--queues", "interactive", "--concurrency", "1"),
        PATIENT,
    ),
    # A slow mail server or webhook delays only what goes out; each of the four kinds of outgoing
    # work has a process of its own here.
    "outgoing": Process(
        (*WORKER, "--hostname", "outgoing@%h", "--queues", "outgoing", "--concurrency", "4"),
    ),
    "beat": Process((*CELERY, "beat", "--loglevel", "INFO")),
    "web": Process(
        (*WEB, "--threads", "8", "--graceful-timeout", "10", "--no-control-socket"),
    ),
}


def die_with_parent(how: signal.Signals) -> None:
    """Ask Linux to send this process a signal when its parent is gone; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(how))


def outlived_by_parent(how: signal.Signals) -> Callable[[], None]:
    """Return what a child does first, so that it never outlives this process.

    Programs that wait for the broker when asked to end need SIGKILL: the broker ends with them.
    """
    parent = os.getpid()

    def setup() -> None:
        die_with_parent(how)
        if os.getppid() != parent:
            os._exit(1)

    return setup
