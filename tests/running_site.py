"""The site that make up starts, in a directory and on a port of its own."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLOWEST_START = 180


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_of(var):
    """Return the processes that were started for one directory, each with its name."""
    mark = f"VAR={var}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "comm").read_text().strip()
        except OSError:
            continue
    return found


def heed_ctrl_c():
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Site:
    """The site that make up started in a directory and on a port of its own."""

    def __init__(self, var):
        self.var, self.port = var, free_port()
        env = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(self.port)],
            cwd=ROOT,
            env=env | {"VAR": str(var), "DEMO": "true", "DEBUG": "false"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # A test run in the background of a script ignores Ctrl-C, and so would its children.
            preexec_fn=heed_ctrl_c,  # noqa: PLW1509
        )
        self.said = ""

    def read_until(self, text):
        deadline = time.monotonic() + SLOWEST_START
        while text not in self.said:
            heard, _, _ = select.select([self.process.stdout], [], [], 1)
            part = os.read(self.process.stdout.fileno(), 65536) if heard else None
            assert part != b"", f"make up ended without {text!r}:\n{self.said}"
            assert time.monotonic() < deadline, f"make up is stuck:\n{self.said}"
            self.said += (part or b"").decode()

    def password_of(self, email):
        """Return the password that make up printed beside a sign-in."""
        (line,) = (line for line in self.said.splitlines() if email in line)
        return line.split(email)[1].strip()

    def get(self, path):
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=10
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return None, ""

    def ready(self):
        status, body = self.get("/readyz")
        return status == 200 and json.loads(body)

    def main_process(self, name):
        """Return the oldest process of one program."""
        found = [pid for pid, own in processes_of(self.var).items() if own == name]
        return min(found, default=None)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def eventually(question, seconds=90):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.1)
    return question()
