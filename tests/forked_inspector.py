"""Looks into files as the site does, by forks of one process that has imported all it takes.

Nearly all that a look takes is starting Python and importing. A fork does with a file what the
script does, within the same bounds; that the site starts the script is what other tests go through,
those of ``tests/attacks`` above all.
"""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from runpy import run_path
from typing import Any


class Forking:
    """Stands in for the module ``subprocess`` where files are looked into."""

    TimeoutExpired = subprocess.TimeoutExpired

    def __init__(self, script: str, connection: Connection) -> None:
        self.start = [sys.executable, "-I", script]
        self.connection = connection

    def run(self, command: list[str], *, input: bytes, **_: Any) -> Any:  # noqa: A002
        """Return what ``subprocess.run`` would; the one bound here is that of processor time."""
        assert command[:3] == self.start
        self.connection.send((command[3:], input))
        return subprocess.CompletedProcess(command, *self.connection.recv())


@contextmanager
def forking(script: str) -> Iterator[Forking]:
    """Keep a process that has imported a script, as bare of the site as the script itself."""
    ours, theirs = Pipe()
    place = theirs.fileno()
    command = [sys.executable, "-I", __file__, script, str(place)]
    with subprocess.Popen(command, pass_fds=[place], env={}, cwd="/"):
        theirs.close()
        with ours:
            yield Forking(script, ours)


def serve(script: str, connection: Connection) -> None:
    """Fork for each file that comes, until no more can come."""
    main = run_path(script)["main"]
    while True:
        try:
            options, data = connection.recv()
        except EOFError:
            return
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            try:
                sys.argv[1:], sys.stdin = options, io.TextIOWrapper(io.BytesIO(data))
                with os.fdopen(writing, "wb") as out:
                    out.write(main().encode("utf-8", "replace"))
                os._exit(0)
            finally:
                os._exit(1)
        os.close(writing)
        with os.fdopen(reading, "rb") as said:
            output = said.read()
        _, status = os.waitpid(child, 0)
        connection.send((os.waitstatus_to_exitcode(status), output))


if __name__ == "__main__":
    serve(sys.argv[1], Connection(int(sys.argv[2])))
