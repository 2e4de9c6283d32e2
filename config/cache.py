"""A cache that may be away: each process then counts for itself until it is back."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

PAUSE_SECONDS: Final = 5.0
MOST_KEPT: Final = 20_000
"""Entries that a process keeps meanwhile; beyond that those longest unused go first."""

MOST_SECONDS: Final = 300
"""For how long a count goes on that was begun elsewhere."""

logger = structlog.get_logger(__name__)


class OwnMemory(LocMemCache):
    """What a process keeps by itself, where counts go on from nothing."""

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count on; what was counted elsewhere before is not known here."""
        self.add(key, 0, MOST_SECONDS)
        return int(super().incr(key, delta, version))


class ForgivingClient:
    """Ask this process's own memory while Redis is away, and Redis again every few seconds.

    What is kept here are counts of attempts. An empty cache would let everybody pass; a count for
    each process lets through at most as many times more as there are processes.
    """

    def __init__(self, servers: Any, **options: Any) -> None:
        self._redis = RedisCacheClient(servers, **options)
        self._away_until = 0.0
        # One memory for all threads: each of them has a client of its own.
        self._own = OwnMemory(f"beside {servers}", {"OPTIONS": {"MAX_ENTRIES": MOST_KEPT}})

    def __getattr__(self, question: str) -> Callable[..., Any]:
        """Return any question that both answer."""
        return partial(self._ask, question)

    def _ask(self, question: str, *args: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return getattr(self._redis, question)(*args)
            except (RedisError, OSError):
                self._away_until = time.monotonic() + PAUSE_SECONDS
                logger.warning("cache is away", pause_seconds=PAUSE_SECONDS)
        return getattr(self._own, question)(*args)

    def clear(self) -> None:
        self._own.clear()
        self._ask("clear")


class ForgivingRedisCache(RedisCache):
    """Redis that never fails a request: limits protect the site, they must not break it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient
