"""Two questions a machine asks: does this process live, and can the site do its work."""

from collections.abc import Callable
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from config.celery import SWEEP
from opportunities.core import heartbeats

OLDEST_HEARTBEAT_SECONDS: Final = 30.0
OLDEST_SWEEP_SECONDS: Final = 60.0


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that this process answers; it asks nobody else."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether database, broker, worker and sweep are there: 200, or 503 with what is not."""
    findings = {name: probe() for name, probe in PROBES.items()}
    ready = all(finding["ok"] for finding in findings.values())
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", "checks": findings},
        status=200 if ready else 503,
    )


def _database() -> dict[str, object]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"ok": False, "detail": "does not answer"}
    return {"ok": True}


def _broker() -> dict[str, object]:
    try:
        heartbeats.broker().ping()
    except RedisError:
        return {"ok": False, "detail": "does not answer"}
    return {"ok": True}


def _youngest(kind: str, limit: float, *, apart_from: str | None = None) -> dict[str, object]:
    """Judge the most recent sign of life of one kind."""
    try:
        known = heartbeats.ages(kind)
    except RedisError:
        return {"ok": False, "detail": "unknown, the broker does not answer"}
    ages = [age for name, age in known.items() if not (apart_from and name.startswith(apart_from))]
    if not ages:
        return {"ok": False, "detail": "none seen"}
    age = min(ages)
    return {"ok": age <= limit, "age_seconds": round(age, 1), "seen": len(ages)}


PROBES: Final[dict[str, Callable[[], dict[str, object]]]] = {
    "database": _database,
    "broker": _broker,
    "worker": lambda: _youngest("worker", OLDEST_HEARTBEAT_SECONDS, apart_from="outgoing@"),
    "sweep": lambda: _youngest(f"task:{SWEEP}", OLDEST_SWEEP_SECONDS),
}
