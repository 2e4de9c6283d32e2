"""Follow a run as server-sent events: one whenever it gets further, a last one when it ends.

A follower takes a thread of the web process, so there are few of them and each is sent away after a
while: browsers come back by themselves and say what they saw last.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import close_old_connections, connection

from matching.models import Run

MOST_FOLLOWERS: Final = 2
"""In one process; a browser shows one run at a time."""
PAUSE_SECONDS: Final = 1
HEARTBEAT_SECONDS: Final = 15
COME_BACK_SECONDS: Final = 5

_room = threading.BoundedSemaphore(MOST_FOLLOWERS)


def is_full() -> bool:
    """Say whether another follower would find no room."""
    if _room.acquire(blocking=False):
        _room.release()
        return False
    return True


def mark_of(run: Run) -> str:
    """Return the id of the event that tells how far a run is."""
    return f"{run.state}-{run.done}"


def follow(
    run_id: int,
    *,
    seen: str = "",
    clock: Callable[[], datetime],
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[bytes]:
    """Yield events until the run ends or the follower has stayed long enough.

    ``seen`` is the id of the last event that the follower knows; it is not told again.
    """
    if not _room.acquire(blocking=False):
        yield f"retry: {1000 * COME_BACK_SECONDS}\n\n".encode()
        return
    try:
        yield f"retry: {1000 * PAUSE_SECONDS}\n\n".encode()
        silent = 0
        for look in range(1 + settings.RUN_EVENTS_SECONDS // PAUSE_SECONDS):
            if look:
                sleep(PAUSE_SECONDS)
                silent += PAUSE_SECONDS
            run = Run.objects.get(pk=run_id)
            _give_connection_back()
            if (mark := mark_of(run)) != seen:
                yield _event(run, clock())
                seen, silent = mark, 0
            elif silent >= HEARTBEAT_SECONDS:
                yield b": still here\n\n"
                silent = 0
            if run.is_finished:
                return
    finally:
        _room.release()


def _give_connection_back() -> None:
    """Hold no connection through a pause, unless a transaction around this one needs it."""
    if not connection.in_atomic_block:
        close_old_connections()


def _event(run: Run, now: datetime) -> bytes:
    content = json.dumps(
        {
            "state": run.state,
            "done": run.done,
            "total": run.candidate_count,
            "seconds": round(((run.finished_at or now) - run.created_at).total_seconds(), 1),
        }
    )
    name = "end" if run.is_finished else "progress"
    return f"id: {mark_of(run)}\nevent: {name}\ndata: {content}\n\n".encode()
