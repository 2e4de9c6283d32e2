"""How long changes took to reach the rankings, counted in the broker, which may forget."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import structlog
from redis.exceptions import RedisError

from opportunities.core import heartbeats

KEY: Final = "metrics:refresh-latency"
BOUNDS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper ends of the buckets, in seconds."""

logger = structlog.get_logger(__name__)


def record(seconds: Iterable[float]) -> None:
    """Count how long each change waited until rankings knew it."""
    waits = list(seconds)
    if not waits:
        return
    counts = Counter(
        next((str(bound) for bound in BOUNDS if wait <= bound), "+Inf") for wait in waits
    )
    try:
        pipe = heartbeats.broker().pipeline(transaction=False)
        for bucket, count in counts.items():
            pipe.hincrby(KEY, bucket, count)
        pipe.hincrbyfloat(KEY, "sum", sum(waits))
        pipe.execute()
    except RedisError:
        logger.warning("latency could not be counted")


def read() -> tuple[list[tuple[str, float]], float]:
    """Return the cumulative count at every bound, the infinite one last, and the sum."""
    stored: Mapping[bytes, bytes] = heartbeats.broker().hgetall(KEY)  # type: ignore[assignment]
    counts = {key.decode(): float(value) for key, value in stored.items()}
    total, buckets = 0.0, []
    for bound in (*map(str, BOUNDS), "+Inf"):
        total += counts.get(bound, 0.0)
        buckets.append((bound, total))
    return buckets, counts.get("sum", 0.0)
