# ruff: noqa: INP001  (Python imports it by this name from a directory, not from a package)
"""Imported by a Python whose ``PYTHONPATH`` begins here: its clock goes wrong by so many seconds.

Clocks for measuring (``time.monotonic``) stay as they are, as when a machine's time is set.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

time_machine.travel(
    datetime.now(UTC) + timedelta(seconds=float(os.environ["CLOCK_OFFSET"])), tick=True
).start()
