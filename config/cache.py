"""A cache that may be away: the site then goes on without it."""

import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

PAUSE_SECONDS: Final = 5.0

logger = structlog.get_logger(__name__)


class ForgivingClient(RedisCacheClient):
    """Answer as an empty cache while Redis is away, and ask again only every few seconds."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._away_until = 0.0

    def _ask[Answer](self, question: Callable[[], Answer], otherwise: Answer) -> Answer:
        if time.monotonic() < self._away_until:
            return otherwise
        try:
            return question()
        except (RedisError, OSError):
            self._away_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("cache is away", pause_seconds=PAUSE_SECONDS)
            return otherwise

    def add(self, *args: Any) -> bool:
        return self._ask(lambda: super(ForgivingClient, self).add(*args), otherwise=True)

    def get(self, key: Any, default: Any) -> Any:
        return self._ask(lambda: super(ForgivingClient, self).get(key, default), default)

    def set(self, *args: Any) -> None:
        self._ask(lambda: super(ForgivingClient, self).set(*args), None)

    def touch(self, *args: Any) -> bool:
        return self._ask(lambda: super(ForgivingClient, self).touch(*args), otherwise=False)

    def delete(self, *args: Any) -> bool:
        return self._ask(lambda: super(ForgivingClient, self).delete(*args), otherwise=False)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return self._ask(lambda: super(ForgivingClient, self).get_many(keys), {})

    def has_key(self, *args: Any) -> bool:
        return self._ask(lambda: super(ForgivingClient, self).has_key(*args), otherwise=False)

    def incr(self, key: Any, delta: int) -> int:
        return self._ask(lambda: super(ForgivingClient, self).incr(key, delta), delta)

    def set_many(self, *args: Any) -> None:
        self._ask(lambda: super(ForgivingClient, self).set_many(*args), None)

    def delete_many(self, *args: Any) -> None:
        self._ask(lambda: super(ForgivingClient, self).delete_many(*args), None)

    def clear(self) -> bool:
        return self._ask(super().clear, otherwise=False)


class ForgivingRedisCache(RedisCache):
    """Redis that never fails a request: throttles protect the site, they must not break it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient
