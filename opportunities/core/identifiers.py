"""Public identifiers: a prefix that names the type, then a sortable, unguessable ULID.

Layout of the 26 characters (Crockford base 32): 48 bits of milliseconds, 80 random bits.
"""

import secrets
import time
from typing import Final

from ulid import ULID

LENGTH: Final = 26


def ulid() -> str:
    """Return 26 lower-case characters that sort by time of creation.

    The library's own default counts on within a millisecond, so that an id would tell the next.
    """
    return ulid_of(time.time_ns() // 1_000_000, secrets.token_bytes(10))


def ulid_of(milliseconds: int, chance: bytes) -> str:
    """Return the characters of a moment and ten bytes."""
    return str(ULID(milliseconds.to_bytes(6) + chance)).lower()


def opportunity_id() -> str:
    """Return a new public id of an opportunity."""
    return f"opp_{ulid()}"


def employer_id() -> str:
    """Return a new public id of an employer."""
    return f"emp_{ulid()}"


def profile_id() -> str:
    """Return a new public id of a candidate profile."""
    return f"cnd_{ulid()}"


def application_id() -> str:
    """Return a new public id of an application."""
    return f"app_{ulid()}"


def completion_id() -> str:
    """Return a new public id of a completed engagement."""
    return f"cmp_{ulid()}"


def notice_id() -> str:
    """Return a new public id of a notice."""
    return f"ntc_{ulid()}"


def report_id() -> str:
    """Return a new public id of a report."""
    return f"rep_{ulid()}"


def appeal_id() -> str:
    """Return a new public id of an appeal."""
    return f"apl_{ulid()}"


def saved_search_id() -> str:
    """Return a new public id of a saved search."""
    return f"srch_{ulid()}"


def event_id() -> str:
    """Return a new public id of an event."""
    return f"evt_{ulid()}"


def webhook_id() -> str:
    """Return a new public id of a webhook endpoint."""
    return f"whk_{ulid()}"


def webhook_delivery_id() -> str:
    """Return a new public id of a delivery to a webhook."""
    return f"whd_{ulid()}"


def import_id() -> str:
    """Return a new public id of an import of roles."""
    return f"imp_{ulid()}"


def source_id() -> str:
    """Return a new public id of a source of roles."""
    return f"src_{ulid()}"


def reading_id() -> str:
    """Return a new public id of a reading of a source."""
    return f"rdg_{ulid()}"


def plan_id() -> str:
    """Return a new public id of a plan."""
    return f"plan_{ulid()}"
