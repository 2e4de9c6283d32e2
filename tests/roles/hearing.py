"""Hear which roles the market is told of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from opportunities.core.signals import opportunity_changing


@contextmanager
def hearing() -> Iterator[list[int]]:
    """Collect the ids of the roles that are announced meanwhile, in their order."""
    ids: list[int] = []

    def listen(sender: object, *, opportunity_id: int, **_: object) -> None:
        ids.append(opportunity_id)

    opportunity_changing.connect(listen)
    try:
        yield ids
    finally:
        opportunity_changing.disconnect(listen)


def heard(action: Callable[[], object]) -> list[int]:
    """Return the ids of the roles that an action announces."""
    with hearing() as ids:
        action()
    return ids
