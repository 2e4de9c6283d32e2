"""A database and a broker of a benchmark's own, and Django set up on them."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from config.embedded import Postgres, Valkey, free_slot


def cpu_seconds() -> float:
    """Return the CPU that this process and the server's end of its connection have taken."""
    connection.ensure_connection()
    # The first number is nanoseconds; ``stat`` counts in hundredths of a second.
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return time.process_time() + int(told.split()[0]) / 1e9


@contextmanager
def own_servers(settings: str, **environment: str) -> Iterator[None]:
    """Start both, migrate, begin and end with empty tables, and stop them."""
    slot, lock = free_slot()
    servers = [Postgres(slot).start(), Valkey(slot).start()]
    os.environ.update(
        VAR=str(slot), DATABASE_URL=servers[0].url, REDIS_URL=servers[1].url, LOG_LEVEL="ERROR",
        STATEMENT_TIMEOUT_MS="600000", DJANGO_SETTINGS_MODULE=settings,
        API_QUOTA_FACTOR="1000000", **environment,
    )  # fmt: skip
    try:
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("flush", verbosity=0, interactive=False)
        yield
        call_command("flush", verbosity=0, interactive=False)
    finally:
        for server in reversed(servers):
            server.stop()
        lock.close()
