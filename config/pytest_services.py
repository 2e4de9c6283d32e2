"""A pytest plugin: PostgreSQL and Valkey of its own for every test run, shared by its workers.

Runs at the same time take different slots under ``var/tests``. A slot keeps its databases for the
next run as long as the migrations are the same.
"""

import atexit
import hashlib
import os
import shutil
from pathlib import Path

from config.embedded import Postgres, Valkey, free_slot


def migrations_digest() -> str:
    """Return a fingerprint of everything that shapes the test database."""
    root = Path(__file__).resolve().parent.parent
    files = [*sorted(root.glob("*/migrations/*.py")), root / "uv.lock"]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def start() -> None:
    """Start what the environment does not already offer."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return
    slot, lock = free_slot()
    atexit.register(lock.close)
    if "DATABASE_URL" not in os.environ:
        stamp = slot / "migrations"
        postgres = Postgres(slot, durable=False, max_connections=600)
        if not stamp.exists() or stamp.read_text() != migrations_digest():
            # A server left behind by a killed run must go before its files do.
            if (postgres.data / "PG_VERSION").exists():
                postgres.start().stop()
            shutil.rmtree(postgres.data, ignore_errors=True)
            stamp.write_text(migrations_digest())
        postgres.start()
        atexit.register(postgres.stop)
        os.environ["DATABASE_URL"] = postgres.url
    if "REDIS_URL" not in os.environ:
        valkey = Valkey(slot).start()
        atexit.register(valkey.stop)
        os.environ["REDIS_URL"] = valkey.url


start()
