"""A pytest plugin: PostgreSQL and Valkey of its own for every test run, shared by its workers.

Runs at the same time take different slots under ``var/tests``. A slot keeps its databases for the
next run as long as the migrations are the same. What every worker needs is made once, while the
workers collect.
"""

import atexit
import fcntl
import gc
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from config.embedded import Postgres, Valkey, free_slot

ROOT = Path(__file__).resolve().parent.parent
ALONE = "COLLECTING_ALONE"
"""The variable that names the file on which all workers but the first wait."""


def migrations_digest() -> str:
    """Return a fingerprint of everything that shapes the test database."""
    files = [*sorted(ROOT.glob("[!.]*/**/migrations/*.py")), ROOT / "uv.lock"]
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


class Preparing:
    """Runs ``tests.preparing`` beside the workers, and lets no test begin before it is done.

    In a fresh clone the first worker imports everything alone: all would compile the same files.
    """

    def __init__(self, workers: int, settings: str) -> None:
        env = os.environ | {"DJANGO_SETTINGS_MODULE": settings}
        self.jobs = {
            name: subprocess.Popen(
                [sys.executable, "-m", f"tests.preparing.{name}", str(workers)], cwd=ROOT, env=env
            )
            for name in ("kernel", "databases")
        }
        self.alone = tempfile.NamedTemporaryFile()  # noqa: SIM115  (held while the first collects)
        os.environ[ALONE] = self.alone.name
        if not Path(cache_from_source(str(ROOT / "tests" / "matching" / "a.py"))).parent.exists():
            fcntl.flock(self.alone, fcntl.LOCK_EX)

    def let_others_in(self) -> None:
        fcntl.flock(self.alone, fcntl.LOCK_UN)

    def pytest_testnodedown(self) -> None:
        self.let_others_in()

    @pytest.hookimpl(tryfirst=True)
    def pytest_xdist_node_collection_finished(self) -> None:
        self.let_others_in()
        for name, job in self.jobs.items():
            if job.wait():
                pytest.exit(f"tests.preparing.{name} failed; its message is above.", 1)

    def pytest_unconfigure(self) -> None:
        """Leave none behind where the run ended before its first test."""
        self.alone.close()
        for job in self.jobs.values():
            job.kill()
            job.wait()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Search for no garbage until the tests begin: what imports make lives as long as the run."""
    gc.disable()
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker, and prepare for the workers, where there are any."""
    config.addinivalue_line("markers", "long: takes ten seconds or more, so workers begin with it")
    if workers := config.getoption("numprocesses", None):
        config.pluginmanager.register(Preparing(workers, config.getoption("ds")))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the first worker go first; search for garbage from here on, among what is new."""
    if ALONE in os.environ and os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0":
        with Path(os.environ[ALONE]).open() as alone:
            fcntl.flock(alone, fcntl.LOCK_SH)
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let workers begin with what takes long, lest one of them end long after the others."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: item.get_closest_marker("long") is None)


start()
