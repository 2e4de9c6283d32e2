"""Public identifiers: a prefix that names the type, then a sortable, unguessable ULID.

Layout of the 26 characters (Crockford base 32): 48 bits of milliseconds, 80 random bits.
"""

import secrets
import time
from functools import partial
from typing import Any, Final

from django.db import models
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


def public_id(prefix: str) -> str:
    """Return a new public id of the type that a prefix names."""
    return f"{prefix}_{ulid()}"


opportunity_id: Final = partial(public_id, "opp")
employer_id: Final = partial(public_id, "emp")
profile_id: Final = partial(public_id, "cnd")
application_id: Final = partial(public_id, "app")
completion_id: Final = partial(public_id, "cmp")
notice_id: Final = partial(public_id, "ntc")
report_id: Final = partial(public_id, "rep")
appeal_id: Final = partial(public_id, "apl")
saved_search_id: Final = partial(public_id, "srch")
event_id: Final = partial(public_id, "evt")
webhook_id: Final = partial(public_id, "whk")
webhook_delivery_id: Final = partial(public_id, "whd")
import_id: Final = partial(public_id, "imp")
source_id: Final = partial(public_id, "src")
reading_id: Final = partial(public_id, "rdg")
plan_id: Final = partial(public_id, "plan")


def column(new: "partial[str]") -> "models.CharField[Any, str]":
    """Return the column of a public id, which is drawn by one of these when a row is made."""
    [prefix] = new.args
    longest = len(f"{prefix}_") + LENGTH
    return models.CharField(max_length=longest, unique=True, default=new, editable=False)
