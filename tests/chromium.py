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
    "--js-flags=--single-threaded,--no-turbofan,--no-maglev",
]
"""How every Chromium is started: it draws without a graphics process and asks nobody anything.

A page lives for a second or two: compiling its scripts ahead on further threads, or anew once they
are known well, would cost more than it gives on machines whose processors all run tests.
"""


def chromium() -> str | None:
    """Return the browser to drive, where there is one.

    The headless shell is the same engine without windows, tabs and extensions, which nobody sees
    here and which take half of Chromium's processor time.
    """
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return os.environ.get("CHROMIUM")
