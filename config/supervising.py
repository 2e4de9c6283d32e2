"""Keeps the programs of the site alive, and leaves none behind."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from config.embedded import Postgres, Valkey
from config.forking import fork
from config.processes import Process

LONGEST_PAUSE: Final = 30.0
SETTLED_AFTER: Final = 60.0
PATIENCE: Final = 15.0


@dataclass
class Child:
    """One program, its log, and when to start it again."""

    name: str
    process: Process
    log: Path
    running: BaseProcess | None = None
    started_at: float = 0.0
    deaths: int = 0
    start_again_at: float | None = None

    def start(self, env: Mapping[str, str]) -> None:
        """Start the program."""
        self.running = fork(self.name, self.process, env, self.log)
        self.started_at = time.monotonic()
        self.start_again_at = None

    def exit_code(self) -> int | None:
        """Return how the program ended, or None while it runs."""
        return None if self.running is None else self.running.exitcode

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

    def start(self, name: str, process: Process) -> Child:
        """Start a program with a fresh log."""
        child = Child(name, process, self.logs / f"{name}.log")
        child.log.write_bytes(b"")
        child.start(self.env)
        self.children[name] = child
        return child

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
                kill_session(child)
            elif now >= child.start_again_at:
                child.start(self.env)

    def stop(self) -> None:
        """Ask every program to finish, wait, then end what remains."""
        live = [child for child in self.children.values() if child.exit_code() is None]
        for child in live:
            if child.running is not None:
                child.running.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in live:
            if child.running is None:
                continue
            child.running.join(max(0.1, deadline - time.monotonic()))
            if child.exit_code() is None:
                self.say(f"{child.name} does not finish; ending it.")
        for child in self.children.values():
            kill_session(child)
        for service in reversed(self.services):
            service.stop()


def kill_session(child: Child) -> None:
    """End whatever is left of a program's own session."""
    if child.running is None or child.running.pid is None:
        return
    try:
        os.killpg(child.running.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.running.join()
