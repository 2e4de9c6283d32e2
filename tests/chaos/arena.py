"""A site of its own to be broken: database, broker, workers and beat as separate processes."""

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

ROOT = Path(__file__).resolve().parents[2]
CELERY = (sys.executable, "-m", *processes.CELERY)


@dataclass
class Program:
    """A Celery process that is started again whenever it is found dead."""

    name: str
    words: tuple[str, ...]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    deaths: int = 0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [*CELERY, *self.words],
                cwd=ROOT,
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
    with_sweep: bool = True
    slot: Path = field(init=False)
    lock: IO[str] = field(init=False)
    programs: dict[str, Program] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def open(self) -> None:
        """Start database and broker, and let this process see them."""
        self.slot, self.lock = free_slot()
        self.postgres = Postgres(self.slot, durable=True, max_connections=100).start()
        self.valkey = Valkey(self.slot).start()
        os.environ.update(
            VAR=str(self.slot),
            DATABASE_URL=self.postgres.url,
            REDIS_URL=self.valkey.url,
            DEMO="true",
            DEBUG="false",
            LOG_LEVEL="WARNING",
            # Every list is old when it is looked at.
            ROLE_LIST_MAX_AGE="0",
            DJANGO_SETTINGS_MODULE="config.settings",
        )

    def start_programs(self) -> None:
        """Start workers and beat."""
        worker = ("worker", "--without-gossip", "--without-mingle", "--concurrency", "1")
        for number in range(self.workers):
            queues = "interactive" if number else "interactive,bulk,outgoing"
            name = f"chaos{number}"
            self._start(name, (*worker, "--queues", queues, "--hostname", f"{name}@%h"))
        if self.with_sweep:
            schedule = str(self.slot / "beat-chaos")
            Path(schedule).unlink(missing_ok=True)
            self._start("beat", ("beat", "--schedule", schedule))

    def _start(self, name: str, words: tuple[str, ...]) -> None:
        program = Program(name, words, self.slot / f"{name}.log")
        program.log.write_bytes(b"")
        program.start()
        self.programs[name] = program

    def tend(self) -> None:
        """Start again what has died, as a supervisor does."""
        for program in self.programs.values():
            program.tend()

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def kill_worker(self, *, whole: bool) -> bool:
        """Kill a worker, or only the process in which it runs its task; say whether one lived."""
        name = self.draw.choice([name for name in self.programs if name != "beat"])
        program = self.programs[name]
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
        self.valkey.stop()
        self.postgres.stop()
        self.lock.close()
