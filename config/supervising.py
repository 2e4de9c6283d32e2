"""Keeps the programs of the site alive, and leaves none behind."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from config.embedded import Postgres, Valkey
from config.forking import fork
from config.processes import PROCESSES

LONGEST_PAUSE: Final = 30.0
SETTLED_AFTER: Final = 60.0
PATIENCE: Final = 15.0


class Child:
    """One program, its log, and when to start it again."""

    def __init__(self, name: str, env: Mapping[str, str], log: Path) -> None:
        self.name, self.env, self.log = name, env, log
        self.deaths = 0
        log.write_bytes(b"")
        self.start()

    def start(self) -> None:
        """Start the program."""
        self.running = fork(self.name, PROCESSES[self.name], self.env, self.log)
        self.started_at = time.monotonic()
        self.start_again_at: float | None = None

    def exit_code(self) -> int | None:
        """Return how the program ended, or None while it runs."""
        return self.running.exitcode

    def end_session(self) -> None:
        """End whatever is left of the program's own session."""
        if self.running.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.join()

    def last_line(self) -> str:
        """Return the last thing the program said."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


@dataclass
class Supervisor:
    """The services and programs of one site, started in order and stopped in reverse."""

    env: dict[str, str]
    logs: Path
    say: Callable[[str], None]
    services: list[Postgres | Valkey] = field(default_factory=list)
    children: dict[str, Child] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start a program with a fresh log."""
        self.children[name] = Child(name, self.env, self.logs / f"{name}.log")

    def tend(self) -> None:
        """Start again what has died, more slowly the more often it dies."""
        for service in self.services:
            if not service.alive():
                self.say(f"{service.title} stopped; starting it again.")
                service.start()
        now = time.monotonic()
        for child in self.children.values():
            code = child.exit_code()
            if code is None:
                continue
            if child.start_again_at is None:
                lived = now - child.started_at
                child.deaths = 1 if lived > SETTLED_AFTER else child.deaths + 1
                pause = min(LONGEST_PAUSE, 0.5 * 2 ** (child.deaths - 1))
                child.start_again_at = now + pause
                self.say(f"{child.name} ended with {code}; starting it again in {pause:g} s.")
                # Forked helpers of a killed program must not go on without it.
                child.end_session()
            elif now >= child.start_again_at:
                child.start()

    def stop(self) -> None:
        """Ask every program to finish, wait, then end what remains."""
        live = [child for child in self.children.values() if child.exit_code() is None]
        for child in live:
            child.running.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in live:
            child.running.join(max(0.1, deadline - time.monotonic()))
            if child.exit_code() is None:
                self.say(f"{child.name} does not finish; ending it.")
        for child in self.children.values():
            child.end_session()
        for service in reversed(self.services):
            service.stop()
