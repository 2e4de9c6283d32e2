"""A cache that may be away: each process then counts for itself until it is back."""

import time
from collections.abc import Callable
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


class ForgivingClient(RedisCacheClient):
    """Ask this process's own memory while Redis is away, and Redis again every few seconds.

    What is kept here are counts of attempts. An empty cache would let everybody pass; a count for
    each process lets through at most as many times more as there are processes.
    """

    def __init__(self, servers: Any, *args: Any, **options: Any) -> None:
        super().__init__(servers, *args, **options)
        self._away_until = 0.0
        # One memory for all threads: each of them has a client of its own.
        self._own = LocMemCache(f"beside {servers}", {"OPTIONS": {"MAX_ENTRIES": MOST_KEPT}})

    def _ask[Answer](
        self, question: Callable[[], Answer], otherwise: Callable[[], Answer]
    ) -> Answer:
        if time.monotonic() < self._away_until:
            return otherwise()
        try:
            return question()
        except (RedisError, OSError):
            self._away_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("cache is away", pause_seconds=PAUSE_SECONDS)
            return otherwise()

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return self._ask(
            lambda: super(ForgivingClient, self).add(key, value, timeout),
            lambda: self._own.add(key, value, timeout),
        )

    def get(self, key: Any, default: Any) -> Any:
        return self._ask(
            lambda: super(ForgivingClient, self).get(key, default),
            lambda: self._own.get(key, default),
        )

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._ask(
            lambda: super(ForgivingClient, self).set(key, value, timeout),
            lambda: self._own.set(key, value, timeout),
        )

    def touch(self, key: Any, timeout: Any) -> bool:
        return self._ask(
            lambda: super(ForgivingClient, self).touch(key, timeout),
            lambda: self._own.touch(key, timeout),
        )

    def delete(self, key: Any) -> bool:
        return self._ask(
            lambda: super(ForgivingClient, self).delete(key), lambda: self._own.delete(key)
        )

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return self._ask(
            lambda: super(ForgivingClient, self).get_many(keys), lambda: self._own.get_many(keys)
        )

    def has_key(self, key: Any) -> bool:
        return self._ask(
            lambda: super(ForgivingClient, self).has_key(key), lambda: self._own.has_key(key)
        )

    def incr(self, key: Any, delta: int) -> int:
        count: int = self._ask(
            lambda: super(ForgivingClient, self).incr(key, delta), lambda: self._count(key, delta)
        )
        return count

    def _count(self, key: Any, delta: int) -> int:
        """Count on; what was counted elsewhere before is not known here."""
        self._own.add(key, 0, MOST_SECONDS)
        return int(self._own.incr(key, delta))

    def set_many(self, data: Any, timeout: Any) -> None:
        self._ask(
            lambda: super(ForgivingClient, self).set_many(data, timeout),
            lambda: self._keep_many(data, timeout),
        )

    def _keep_many(self, data: Any, timeout: Any) -> None:
        self._own.set_many(data, timeout)

    def delete_many(self, keys: Any) -> None:
        self._ask(
            lambda: super(ForgivingClient, self).delete_many(keys),
            lambda: self._own.delete_many(keys),
        )

    def clear(self) -> bool:
        self._own.clear()
        return self._ask(super().clear, lambda: False)


class ForgivingRedisCache(RedisCache):
    """Redis that never fails a request: limits protect the site, they must not break it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient
