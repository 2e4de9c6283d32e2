"""Signs of life that worker processes leave in the broker, for readiness and for ``make up``."""

import time
from functools import cache
from typing import Final

import redis
from django.conf import settings

KEPT_SECONDS: Final = 600
PREFIX: Final = "heartbeat:"


def broker() -> redis.Redis:
    """Return a client that gives up quickly; a process keeps it, and its connections."""
    return _client(settings.REDIS_URL)


@cache
def _client(url: str) -> redis.Redis:
    client: redis.Redis = redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.3)
    return client


def record(name: str) -> None:
    """Note that something lives now."""
    broker().set(f"{PREFIX}{name}", repr(time.time()), ex=KEPT_SECONDS)


def ages(kind: str) -> dict[str, float]:
    """Return for everything of one kind the seconds since it last gave a sign."""
    client = broker()
    keys = list(client.scan_iter(f"{PREFIX}{kind}:*", count=1000))
    values = client.mget(keys) if keys else []
    now = time.time()
    return {
        key.decode().removeprefix(f"{PREFIX}{kind}:"): max(0.0, now - float(value))
        for key, value in zip(keys, values, strict=True)
        if value is not None
    }
