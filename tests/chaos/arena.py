"""A site of its own to be broken: database, broker, mail, workers, beat and two web servers."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config import processes
from config.embedded import Postgres, ServiceFailed, Valkey, free_slot
from tests.chaos.mail_server import SlowMail
from tests.running_site import free_port

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-m")
CLOCK = ROOT / "tests" / "chaos" / "jumped_clock"
WORKER = "chaos"
"""What the names of the workers begin with."""

MAIL_PAUSE = 0.5
"""Seconds that the mail server takes over each message."""


@dataclass
class Program:
    """A process of the site that is started again whenever it is found dead."""

    name: str
    words: tuple[str, ...]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None
    deaths: int = 0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [*PYTHON, *self.words],
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=processes.outlived_by_parent(signal.SIGKILL),  # noqa: PLW1509
            )

    def tend(self) -> None:
        if self.running is not None and self.running.poll() is not None:
            self.deaths += 1
            self.start()

    def children(self) -> list[int]:
        """Return the forked processes of a worker."""
        if self.running is None:
            return []
        path = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children")
        with contextlib.suppress(OSError):
            return [int(pid) for pid in path.read_text().split()]
        return []

    def stop(self) -> None:
        if self.running is not None and self.running.poll() is None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()


@dataclass
class Arena:
    """The whole site, and what may befall it."""

    draw: random.Random
    workers: int = 2
    web_servers: int = 2
    with_sweep: bool = True
    slot: Path = field(init=False)
    lock: IO[str] = field(init=False)
    programs: dict[str, Program] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    ports: list[int] = field(default_factory=list)
    mail: SlowMail = field(default_factory=lambda: SlowMail(MAIL_PAUSE))

    def open(self) -> None:
        """Start database and broker, and let this process see them."""
        self.slot, self.lock = free_slot()
        self.postgres = Postgres(self.slot, durable=True, max_connections=100).start()
        self.valkey = Valkey(self.slot).start()
        mail_port = self.mail.start()
        os.environ.update(
            VAR=str(self.slot),
            DATABASE_URL=self.postgres.url,
            REDIS_URL=self.valkey.url,
            DEMO="true",
            DEBUG="false",
            LOG_LEVEL="WARNING",
            SITE_URL="http://localhost:8000",
            MAIL_HOST="127.0.0.1",
            MAIL_PORT=str(mail_port),
            MAIL_USE_TLS="false",
            API_QUOTA_FACTOR="100000",
            # Every list is old when it is looked at.
            ROLE_LIST_MAX_AGE="0",
            DJANGO_SETTINGS_MODULE="config.settings",
        )

    def start_programs(self) -> None:
        """Start workers, beat and web servers; what goes out has a worker of its own, as always."""
        worker = ("worker", "--without-gossip", "--without-mingle", "--concurrency", "1")
        queues = ["interactive,bulk", *["interactive"] * (self.workers - 1), "outgoing"]
        for number, served in enumerate(queues):
            name = f"{WORKER}{number}"
            words = (*worker, "--queues", served, "--hostname", f"{name}@%h")
            self._start(name, (*processes.CELERY, *words))
        if self.with_sweep:
            schedule = str(self.slot / "beat-chaos")
            Path(schedule).unlink(missing_ok=True)
            self._start("beat", (*processes.CELERY, "beat", "--schedule", schedule))
        for number in range(self.web_servers):
            port = free_port()
            words = (*processes.WEB, "--threads", "4", "--no-control-socket")
            self._start(f"web{number}", (*words, "--bind", f"127.0.0.1:{port}"))
            self.ports.append(port)

    def _start(self, name: str, words: tuple[str, ...]) -> None:
        program = Program(name, words, self.slot / f"{name}.log")
        program.log.write_bytes(b"")
        program.start()
        self.programs[name] = program

    def jump_clock(self, seconds: float) -> None:
        """Restart a worker whose clock is wrong by so much; the next jump may set it right."""
        name = self.draw.choice(self._workers())
        program = self.programs[name]
        program.stop()
        program.environment = (
            {"PYTHONPATH": str(CLOCK), "CLOCK_OFFSET": str(seconds)} if seconds else {}
        )
        program.start()
        self.count("clock jumps")

    def set_clocks_right(self) -> None:
        """Restart every worker whose clock is wrong."""
        for program in self.programs.values():
            if program.environment:
                program.stop()
                program.environment = {}
                program.start()

    def _workers(self) -> list[str]:
        return [name for name in self.programs if name.startswith(WORKER)]

    def tend(self) -> None:
        """Start again what has died, as a supervisor does."""
        for program in self.programs.values():
            program.tend()

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def kill_worker(self, *, whole: bool) -> bool:
        """Kill a worker, or only the process in which it runs its task; say whether one lived."""
        program = self.programs[self.draw.choice(self._workers())]
        if program.running is None or program.running.poll() is not None:
            return False
        if whole:
            os.kill(program.running.pid, signal.SIGKILL)
            program.running.wait()
            program.start()
        else:
            children = program.children()
            if not children:
                return False
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.draw.choice(children), signal.SIGKILL)
        self.count("worker kills")
        return True

    def wipe_broker(self) -> None:
        """Kill the broker, which keeps nothing, and start it empty."""
        os.killpg(self.valkey.process.pid, signal.SIGKILL)
        self.valkey.process.wait()
        self.valkey.start()
        self.count("broker wipes")

    def kill_database(self) -> None:
        """Kill PostgreSQL in the middle of whatever it does, and let it recover."""
        os.kill(self.postgres.process.pid, signal.SIGKILL)
        self.postgres.process.wait()
        for _ in range(100):
            try:
                self.postgres.start()
            except ServiceFailed:
                # Its processes go within moments of their parent's end.
                time.sleep(0.1)
            else:
                break
        else:
            raise ServiceFailed("PostgreSQL did not come back.")
        self.count("database kills")

    def close(self) -> None:
        """End everything."""
        for program in self.programs.values():
            program.stop()
        self.mail.stop()
        self.valkey.stop()
        self.postgres.stop()
        self.lock.close()
