"""A database and a broker of a benchmark's own, and Django set up on them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command

from config.embedded import Postgres, Valkey, free_slot


@contextmanager
def own_servers(settings: str, **environment: str) -> Iterator[None]:
    """Start both, migrate, begin and end with empty tables, and stop them."""
    slot, lock = free_slot()
    servers = [Postgres(slot).start(), Valkey(slot).start()]
    os.environ.update(
        VAR=str(slot), DATABASE_URL=servers[0].url, REDIS_URL=servers[1].url, LOG_LEVEL="ERROR",
        STATEMENT_TIMEOUT_MS="600000", DJANGO_SETTINGS_MODULE=settings, **environment,
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
