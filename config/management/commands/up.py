"""One command: services, migrations, demo market, Celery, web, and all matches computed."""

import errno
import os
import shutil
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from redis.exceptions import RedisError

from config.checks import demo_stays_at_home
from config.embedded import Postgres, ServiceFailed, Valkey, hold
from config.forking import load
from config.processes import PROCESSES, die_with_parent, outlived_by_parent
from config.supervising import Supervisor
from matching.management.commands.rebuild_matches import is_current
from matching.tasks import count_odds
from opportunities.core import heartbeats, nudge

ADDRESS: Final = "127.0.0.1"
NEEDED_MEGABYTES: Final = 300
PATIENCE: Final = 120.0
POLL_SECONDS: Final = 0.05
FIRST: Final = ("worker", "web")
THEN: Final = tuple(name for name in PROCESSES if name not in FIRST)


class Command(BaseCommand):
    help = "Start the whole site on this machine with the demo market, until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--once", action="store_true", help="stop as soon as all is ready")

    def handle(self, *args: Any, port: int, once: bool, **options: Any) -> None:
        self.began = time.perf_counter()
        self.port = port
        self.var: Path = settings.VAR_DIR
        if os.environ.get("MAKELEVEL"):
            die_with_parent(signal.SIGTERM)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, interrupt)
        try:
            self.look_first()
            with hold(self.var) as lock:
                # A fork that outlives this process for a moment does not hold the directory.
                os.register_at_fork(after_in_child=lock.close)
                self.run(once=once)
        except ServiceFailed as failure:
            raise CommandError(str(failure)) from failure
        except OperationalError as error:
            raise CommandError(f"The database refuses: {str(error).splitlines()[0]}") from error
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise CommandError(f"The disk of {self.var} is full.") from error

    def look_first(self) -> None:
        """Refuse in one line what cannot work."""
        for problem in demo_stays_at_home():
            raise ServiceFailed(str(problem.msg))
        self.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = free_megabytes(self.var)
        if free < NEEDED_MEGABYTES:
            raise ServiceFailed(
                f"Only {free} MB are free on the disk of {self.var}; {NEEDED_MEGABYTES} MB are"
                " needed."
            )
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, self.port))
            except OSError as error:
                raise ServiceFailed(
                    f"Port {self.port} is in use; choose another: make up PORT={self.port + 1}"
                ) from error

    def run(self, *, once: bool) -> None:
        """Start everything in order of readiness, then tend it until told to stop."""
        logs = self.var / "log"
        logs.mkdir(exist_ok=True)
        env = dict(os.environ, VAR=str(self.var))
        env["SITE_URL"] = f"http://localhost:{self.port}"
        env["GUNICORN_CMD_ARGS"] = f"--bind={ADDRESS}:{self.port}"
        supervisor = Supervisor(env, logs, self.say)
        try:
            load()
            self.start_services(supervisor)
            in_a_process_of_its_own(self.migrate)
            self.say("the database is up to date")
            # Those that people wait for come first.
            for name in FIRST:
                supervisor.start(name)
            in_a_process_of_its_own(self.fill_empty_database)
            self.await_programs(supervisor)
            for name in THEN:
                supervisor.start(name)
            in_a_process_of_its_own(self.compute_matches, meanwhile=supervisor.tend)
            self.welcome()
            while not once:
                supervisor.tend()
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            connections.close_all()
            supervisor.stop()
            self.say("everything has stopped")

    def start_services(self, supervisor: Supervisor) -> None:
        """Start what the environment does not already offer."""
        if "DATABASE_URL" not in os.environ:
            supervisor.services.append(Postgres(self.var).start())
            self.say("PostgreSQL is ready")
        if "REDIS_URL" not in os.environ:
            supervisor.services.append(Valkey(self.var).start())
            self.say("Valkey is ready")
        try:
            heartbeats.broker().ping()
        except RedisError as error:
            raise ServiceFailed(f"The broker at REDIS_URL does not answer: {error}") from error

    def migrate(self) -> None:
        """Bring the database up to date."""
        call_command("migrate", verbosity=0)

    def fill_empty_database(self) -> None:
        """Put the demo market into a database that knows nobody yet."""
        if not get_user_model().objects.exists():
            call_command("load_skills")
            call_command("seed_demo")
            self.say("the demo market is in place")

    def await_programs(self, supervisor: Supervisor) -> None:
        """Wait until web and workers answer."""
        for name in FIRST:
            deadline = time.monotonic() + PATIENCE
            child = supervisor.children[name]
            while not (self.web_answers() if name == "web" else worker_lives(name)):
                if child.exit_code() is not None or time.monotonic() > deadline:
                    raise ServiceFailed(
                        f"{name} did not start: {child.last_line()} (see {child.log})"
                    )
                time.sleep(POLL_SECONDS)
            self.say(f"{name} is ready")

    def web_answers(self) -> bool:
        """Say whether the site serves."""
        web = HTTPConnection(ADDRESS, self.port, timeout=5)
        try:
            web.request("GET", "/healthz")
            return web.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            web.close()

    def compute_matches(self) -> None:
        """Have the workers compute every list, with a progress bar, unless they are there."""
        nudge.send(count_odds)
        if not is_current():
            call_command("rebuild_matches", stdout=self.stdout)
            self.say("all matches are computed")

    def welcome(self) -> None:
        """Say where the site is and how to come in."""
        self.stdout.write("")
        self.stdout.write(f"  {settings.SITE_NAME} is at http://localhost:{self.port}")
        call_command("seed_demo", "--sign-ins", stdout=self.stdout)
        self.stdout.write(f"  Mails and mailed codes: http://localhost:{self.port}/outbox/")
        self.stdout.write(f"  Logs: {self.var / 'log'} (make logs). Stop with Ctrl-C.\n")
        self.stdout.flush()

    def say(self, message: str) -> None:
        """Print one line with the seconds since the start."""
        self.stdout.write(f"[{time.perf_counter() - self.began:6.2f} s] {message}")
        self.stdout.flush()


def in_a_process_of_its_own(
    work: Callable[[], None], meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Do some work in a fork, which takes with it what the work has loaded and opened.

    ``meanwhile`` is called every moment until it is done. Raises ``ServiceFailed`` if it did not
    end well; what went wrong stands on the terminal.
    """
    connections.close_all()
    outlived = outlived_by_parent(signal.SIGKILL)
    child = os.fork()
    if not child:
        try:
            outlived()
            work()
            connections.close_all()
            sys.stdout.flush()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  (the fork never returns into the command)
            sys.stderr.write(f"{error}\n")
            os._exit(1)
    try:
        while not (ended := os.waitpid(child, os.WNOHANG))[0]:
            meanwhile()
            time.sleep(POLL_SECONDS)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    if os.waitstatus_to_exitcode(ended[1]):
        raise ServiceFailed("It could not be prepared; the reason stands above.")


def free_megabytes(directory: Path) -> int:
    """Return the room on the disk of a directory."""
    return shutil.disk_usage(directory).free >> 20


def interrupt(number: int, frame: FrameType | None) -> None:
    """Treat every wish to end as Ctrl-C."""
    raise KeyboardInterrupt


def worker_lives(name: str) -> bool:
    """Say whether a worker of that name left a sign of life of late."""
    hosts = heartbeats.ages("worker")
    return any(host.startswith(f"{name}@") and age < 5 for host, age in hosts.items())
