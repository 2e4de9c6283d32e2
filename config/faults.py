"""Temporary faults: whoever runs into one is asked to try again, and sees no server error."""

import errno
from typing import Final

from django.db import InterfaceError, OperationalError

from opportunities.core.errors import Busy

ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Errors of a machine that has run out of disk, of open files or of memory."""
WAIT: Final = Busy.wait
"""Seconds after which to come again."""


def is_transient(error: BaseException | None) -> bool:
    """Say whether the same request may pass later: database or machine are short of something.

    That is a lock that is held, a statement that takes too long, connections that are used up or
    lost, a deadlock, a server that restarts, a disk that is full.
    """
    if isinstance(error, Busy | OperationalError | InterfaceError):
        return True
    return isinstance(error, OSError) and error.errno in ROOM
