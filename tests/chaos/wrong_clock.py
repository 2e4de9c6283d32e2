"""Runs a program whose clock is wrong: ``python -m tests.chaos.wrong_clock SECONDS PROGRAM …``.

Clocks for measuring (``time.monotonic``) stay as they are, as when a machine's time is set.
"""

import runpy
import sys
from datetime import UTC, datetime, timedelta

import time_machine

if __name__ == "__main__":
    _, seconds, *sys.argv = sys.argv
    wrong = datetime.now(UTC) + timedelta(seconds=float(seconds))
    time_machine.travel(wrong, tick=True).start()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
