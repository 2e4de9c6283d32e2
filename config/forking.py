"""Starts the programs of ``make up`` as forks of one process that has loaded the site.

What the programs only read, above all code, stands in memory once for all of them. Production
starts each by its own command: there they are containers, and share nothing.
"""

import gc
import os
import runpy
import signal
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from django.conf import LazySettings, settings
from django.db import connections
from django.db.utils import ConnectionHandler

from config.celery import app
from config.processes import Process, outlived_by_parent

LOADED: Final = (
    "config.urls",
    "config.serving",
    "gunicorn.app.wsgiapp",
    "celery.bin.celery",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.concurrency.prefork",
    "celery.worker.consumer",
    "kombu.transport.redis",
)
"""What the programs would load first of all, each for itself."""


def load() -> None:
    """Load what the programs share; nothing of it starts a thread or opens a connection."""
    for name in LOADED:
        import_module(name)
    app.autodiscover_tasks(force=True)


def fork(name: str, process: Process, environment: Mapping[str, str], log: Path) -> BaseProcess:
    """Start a program in a session of its own; what it says is added to the log."""
    # Two processes that speak over one connection to the database would read each other's answers.
    connections.close_all()
    gc.collect()
    gc.freeze()  # the collector of a fork would write to every page that it looks through
    outlived = outlived_by_parent(signal.SIGKILL)
    wanted = {**environment, **process.environment}
    target = (outlived, name, process, wanted, log)
    child = get_context("fork").Process(target=become, args=target, name=name)
    child.start()
    return child


def become(
    outlived: Callable[[], None],
    name: str,
    process: Process,
    environment: Mapping[str, str],
    log: Path,
) -> None:
    """Turn this fork into a program, as ``python -m`` would start it."""
    os.setsid()
    outlived()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with log.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    if sys.platform == "linux":
        Path("/proc/self/comm").write_text(name)  # what `ps` and `top` show
    os.environ.clear()
    os.environ.update(environment)
    forget_settings()
    sys.argv = [*process.command]
    runpy.run_module(process.command[0], run_name="__main__", alter_sys=True)


def forget_settings() -> None:
    """Have the settings read again when somebody asks: a program has an environment of its own."""
    del sys.modules[settings.SETTINGS_MODULE]
    for known, fresh in ((settings, LazySettings()), (connections, ConnectionHandler())):
        vars(known).clear()
        vars(known).update(vars(fresh))
