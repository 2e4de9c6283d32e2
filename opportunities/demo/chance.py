"""Chance that is the same on every machine: dice and public ids drawn from names."""

import random
from datetime import datetime
from typing import Final

from opportunities.core.identifiers import ulid_of

_SEED: Final = "foothold demo market 1"


def dice(*names: object) -> random.Random:
    """Return a generator that depends on nothing but the names."""
    return random.Random(":".join((_SEED, *map(str, names))))  # noqa: S311 - not for secrets


def public_id(prefix: str, name: object, *, at: datetime) -> str:
    """Return the public id that this thing has in every demo market of that moment."""
    chance = dice(prefix, name).randbytes(10)
    return f"{prefix}_{ulid_of(int(at.timestamp() * 1000), chance)}"
