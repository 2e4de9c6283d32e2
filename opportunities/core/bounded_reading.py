"""Look into files that strangers send: each in a process of its own, and few of them at a time."""

import subprocess
import sys
import threading
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from opportunities.core.errors import Busy

INSPECTOR: Final = Path(__file__).with_name("inspecting.py")
MAX_SIZE: Final = 2 * 1024 * 1024
TEXT: Final = "--text"
SHEETS: Final = "--sheets"
SECONDS: Final = 10
AT_ONCE: Final = 2
"""Files of all kinds that one process has looked into at a time; for further ones it is busy."""
_SLOTS: Final = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def slot() -> Iterator[None]:
    """Hold one of the few places for looking into a file, or raise ``Busy`` at once.

    Nobody waits for a place: a request that waits keeps a thread from everybody else.
    """
    if not _SLOTS.acquire(blocking=False):
        raise Busy(_("Too many files are being looked into just now. Send yours again shortly."))
    try:
        yield
    finally:
        _SLOTS.release()


def look_into(
    data: bytes, *options: str, refusals: Container[str], most: int = MAX_SIZE
) -> tuple[str, str]:
    """Return "ok" or one of ``refusals``, and what the options ``TEXT`` or ``SHEETS`` ask for.

    The script bounds its own memory and processor time, and gets neither environment nor
    connection; whoever calls holds a ``slot``. ``most`` is the size in bytes that is read. Raises
    ``Busy`` where the machine has no time for it.
    """
    if not data:
        return "empty", ""
    if len(data) > most:
        return "too_large", ""
    try:
        finished = subprocess.run(
            [sys.executable, "-I", str(INSPECTOR), *options],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        # The script's own bound is of processor time: what ran out of the clock got too little.
        raise Busy(_("There was no time to look into your file. Send it again shortly.")) from error
    if finished.returncode:
        return "too_complex", ""
    verdict, _newline, words = finished.stdout.decode("utf-8", "replace").partition("\n")
    return (verdict, words) if verdict == "ok" or verdict in refusals else ("broken", "")
