"""Notice a worker that has stopped consuming while work is owed, and end it.

After a broker restart a consumer may sit in a state from which its transport never recovers. The
supervisor starts an ended worker again; a worker that is only silent it would leave alone.
"""

import os
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from celery.signals import task_received, worker_ready
from celery.worker import state as worker_state
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from redis.exceptions import RedisError

from matching.jobs.owed_work import OWED
from matching.store import market_file
from opportunities.core import heartbeats

LOOK_SECONDS: Final = 5.0
LOOKS_BETWEEN_FORGETTING: Final = 60
"""After so many looks, five minutes, files with features of people who left are removed."""
SILENT_SECONDS: Final = 30.0
"""How long a worker may receive nothing while work is owed."""
BUSY_SECONDS: Final = 150.0
"""The same while it is at a task: longer than any task may last."""
EXIT_CODE: Final = 70

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Consumer:
    """When this worker last received a message."""

    received_at: float = 0.0


_consumer = _Consumer()


@task_received.connect
def note_message(**_: Any) -> None:
    """Note that the consumer lives."""
    _consumer.received_at = time.monotonic()


@worker_ready.connect
def watch(**_: Any) -> None:
    """Watch this worker from a thread of its own."""
    _consumer.received_at = time.monotonic()
    threading.Thread(target=_watch, name="watchdog", daemon=True).start()


def _watch() -> None:
    looks = 0
    while True:
        time.sleep(LOOK_SECONDS)
        looks += 1
        try:
            if is_stuck(silent=time.monotonic() - _consumer.received_at):
                logger.critical("worker consumes nothing while work is owed; ending it")
                os._exit(EXIT_CODE)
            if looks % LOOKS_BETWEEN_FORGETTING == 0:
                market_file.forget_erased()
        except (DatabaseError, RedisError):
            logger.warning("watchdog cannot judge: database or broker is away")
        finally:
            connection.close()


def is_stuck(*, silent: float) -> bool:
    """Say whether a worker that was silent for so many seconds should have received something."""
    patience = BUSY_SECONDS if worker_state.active_requests else SILENT_SECONDS
    if silent < patience:
        return False
    now = timezone.now()
    overdue = OWED.rows().filter(
        raised_at__lt=now - timedelta(seconds=SILENT_SECONDS), due_at__lte=now
    )
    return overdue.exists() and bool(heartbeats.broker().ping())
