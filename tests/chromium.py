"""The browser that tests and pictures drive; needs no Django."""

import os
import shutil

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--single-threaded",
]
"""How every Chromium is started: it draws without a graphics process and asks nobody anything.

A page lives for a second or two: compiling its scripts ahead on further threads would cost more
than it gives on machines whose processors all run tests.
"""


def chromium() -> str | None:
    """Return the browser to drive, where there is one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return os.environ.get("CHROMIUM")
