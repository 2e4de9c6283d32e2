"""Programs that are forked from a process that has loaded the site are as if started alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)

# A program that tells what it finds.
TELL = """
import json, os, signal, sys
from pathlib import Path
if "web" in sys.argv:
    import config.wsgi
from django.conf import settings
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    (timeout,) = cursor.fetchone()
print(json.dumps({
    "address": settings.SITE_URL,
    "words": sys.argv[1:],
    "ends by SIGTERM": signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
    "leads its session": os.getsid(0) == os.getpid(),
    "name": Path("/proc/self/comm").read_text().strip(),
    "pool": settings.DATABASES["default"]["OPTIONS"].get("pool", {}).get("max_size"),
    "stdin": os.read(0, 1).decode(),
    "timeout": timeout,
    "word": os.environ.get("WORD"),
}))
sys.exit(3)
"""
FORK = """
import json, os, signal, sys
from pathlib import Path
import django
django.setup()
from django.db import connection
from config import forking
from config.processes import Process
def refuse(number, frame): raise KeyboardInterrupt
signal.signal(signal.SIGTERM, refuse)
forking.load()
own = json.loads(sys.argv[2])
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
    here = dict(os.environ, SITE_URL="http://localhost:8123")
    del here["WORD"]
    program = Process(("teller", *sys.argv[3:]), own)
    child = forking.fork("teller", program, here, Path(sys.argv[1]))
    child.join()
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
sys.exit(child.exitcode)
"""


def told_by_a_fork(directory, *words, **environment):
    """Return what a program says that is forked with words and an environment of its own."""
    (directory / "teller.py").write_text(TELL)
    log = directory / "log"
    done = subprocess.run(
        [sys.executable, "-c", FORK, str(log), json.dumps(environment), *words],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEMO": "true",
            "PYTHONPATH": str(directory),
            "SITE_URL": "http://localhost:8000",
            "WORD": "of the parent",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, (done.stderr, log.read_text())
    assert done.stdout == ""
    return json.loads(log.read_text().splitlines()[-1])


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_a_fork_has_an_environment_settings_and_signals_of_its_own(tmp_path):
    assert told_by_a_fork(tmp_path, "one") == {
        "address": "http://localhost:8123",
        "words": ["one"],
        "ends by SIGTERM": True,
        "leads its session": True,
        "name": "teller",
        "pool": None,
        "stdin": "",
        "timeout": "15s",
        "word": None,
    }


def test_a_fork_has_the_time_limits_and_the_pool_that_its_environment_names(tmp_path):
    told = told_by_a_fork(
        tmp_path, STATEMENT_TIMEOUT_MS="120000", DATABASE_POOL_SIZE="3", WORD="own"
    )

    assert (told["timeout"], told["pool"], told["word"]) == ("2min", 3, "own")


def test_a_forked_web_server_has_its_pool(tmp_path):
    assert told_by_a_fork(tmp_path, "web")["pool"] == 14
