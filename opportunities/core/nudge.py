"""Nudge a worker to take up owed work; never make a request wait for the broker.

A broker that refuses or keeps silent costs one caller a fraction of a second; after that nobody
asks it for a while. Nothing is lost, because the sweep finds what is owed.
"""

from functools import cache
from typing import Any, Final

import structlog
from celery import Task, current_app
from django.core.cache import caches
from kombu import Connection, pools
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

AWAY: Final = "broker-is-away"
"""What this process keeps while nobody asks the broker."""
PAUSE_SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 0.12
"""The cache waits as long: together they may cost one request 300 milliseconds."""

logger = structlog.get_logger(__name__)


@cache
def _connection() -> Connection:
    """Return a connection of our own that gives up quickly; it is shared through its pool."""
    connection: Connection = current_app.connection_for_write(
        connect_timeout=PATIENCE_SECONDS,
        transport_options={
            **current_app.conf.broker_transport_options,
            "socket_timeout": PATIENCE_SECONDS,
            "socket_connect_timeout": PATIENCE_SECONDS,
            "retry_on_timeout": False,
            # To kombu 0 means for ever.
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
        },
    )
    return connection


def reset() -> None:
    """Forget what is known of the broker."""
    caches["limits"].delete(AWAY)
    _connection.cache_clear()


def send(task: Task[..., Any], **arguments: object) -> bool:
    """Send a task if the broker answers at once; say whether it was sent."""
    if AWAY in caches["limits"]:
        return False
    try:
        with pools.producers[_connection()].acquire(block=True, timeout=1) as producer:
            task.apply_async(kwargs=arguments, producer=producer, retry=False)
    except (OperationalError, RedisError, OSError):
        caches["limits"].set(AWAY, value=True, timeout=PAUSE_SECONDS)
        logger.warning("broker is away", pause_seconds=PAUSE_SECONDS)
        return False
    return True
