"""A site of its own to be broken: database, broker, mail, workers, beat and two web servers."""

import contextlib
import os
import random
import signal
import time
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO

from config import forking, processes
from config.embedded import VAR, Postgres, ServiceFailed, Valkey, free_slot
from tests.chaos.mail_server import SlowMail
from tests.running_site import free_port

FORKS = get_context("forkserver")
LOADED = ["tests.chaos.loaded", "numba"]
"""What programs load first, and what one that counts a run loads where it is installed."""

END_WITH_PARENT = partial(processes.die_with_parent, signal.SIGKILL)
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
    clock: float = 0
    """By how many seconds its clock is wrong."""
    running: BaseProcess = field(init=False)
    deaths: int = 0

    def start(self) -> None:
        """Fork it from the process that has loaded the site, as ``make up`` does."""
        wrong = ("tests.chaos.wrong_clock", str(self.clock)) if self.clock else ()
        process = processes.Process((*wrong, *self.words))
        args = (END_WITH_PARENT, self.name, process, dict(os.environ), self.log)
        self.running = FORKS.Process(target=forking.become, args=args)
        self.running.start()

    def lives(self) -> bool:
        return self.running.exitcode is None

    def tend(self) -> None:
        if not self.lives():
            self.deaths += 1
            self.start()

    def children(self) -> list[int]:
        """Return the forked processes of a worker."""
        path = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children")
        with contextlib.suppress(OSError):
            return [int(pid) for pid in path.read_text().split()]
        return []

    def kill(self) -> None:
        """Kill the process alone: what it has forked has to notice."""
        self.running.kill()
        self.running.join()

    def stop(self) -> None:
        """Kill the process and all that it has forked."""
        if self.lives():
            self.kill()
            self.end_session()

    def end_session(self) -> None:
        """Kill whatever is left of what it has forked."""
        if self.running.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)


@dataclass
class Arena:
    """The whole site, and what may befall it."""

    draw: random.Random = field(init=False)
    workers: int = 2
    slot: Path = field(init=False)
    lock: IO[str] = field(init=False)
    programs: dict[str, Program] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    ports: list[int] = field(default_factory=list)
    mail: SlowMail = field(default_factory=SlowMail)

    def open(self) -> None:
        """Start database and broker, and let this process see them."""
        self.slot, self.lock = free_slot()
        self.postgres = Postgres(self.slot, durable=True, max_connections=100).start()
        self.valkey = Valkey(self.slot).start()
        mail_port = self.mail.start()
        os.environ.update(
            VAR=str(self.slot),
            PLACES_DIR=str(VAR / "places"),
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
        FORKS.set_forkserver_preload(LOADED)

    def clear(self, draw: random.Random) -> None:
        """End the programs of a storm and forget it; the next one is drawn from ``draw``."""
        self.end_programs()
        self.valkey.stop()
        self.valkey.start()
        self.mail.clear(MAIL_PAUSE)
        self.counts.clear()
        self.draw = draw

    def start_programs(self, *, web_servers: int, with_sweep: bool) -> None:
        """Start workers, beat and web servers; what goes out has a worker of its own, as always."""
        worker = ("worker", "--without-gossip", "--without-mingle", "--concurrency", "1")
        queues = ["interactive,bulk", *["interactive"] * (self.workers - 1), "outgoing"]
        for number, served in enumerate(queues):
            name = f"{WORKER}{number}"
            words = (*worker, "--queues", served, "--hostname", f"{name}@%h")
            self._start(name, (*processes.CELERY, *words))
        if with_sweep:
            schedule = str(self.slot / "beat-chaos")
            Path(schedule).unlink(missing_ok=True)
            self._start("beat", (*processes.CELERY, "beat", "--schedule", schedule))
        for number in range(web_servers):
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
        program.clock = seconds
        program.start()
        self.count("clock jumps")

    def set_clocks_right(self) -> None:
        """Restart every worker whose clock is wrong."""
        for program in self.programs.values():
            if program.clock:
                program.stop()
                program.clock = 0
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
        if not program.lives():
            return False
        if whole:
            program.kill()
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

    def end_programs(self) -> None:
        for program in self.programs.values():
            program.stop()
        self.programs.clear()
        self.ports.clear()

    def close(self) -> None:
        """End everything."""
        self.end_programs()
        self.mail.stop()
        self.valkey.stop()
        self.postgres.stop()
        self.lock.close()
