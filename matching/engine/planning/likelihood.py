"""Say how likely a plan is to come about, from the chances at its roles.

In: for each role the chance at it and at its fallback, 0 to 1. Out: chances of the whole. Roles are
taken to be decided independently of each other, since different employers decide them.
"""

from collections.abc import Iterable
from math import prod


def leg_chance(role: float | None, fallback: float | None) -> float | None:
    """Return the chance that a role or else its fallback comes about; None if nothing is known.

    A fallback of which nothing is known counts as none.
    """
    if role is None:
        return None
    return 1 - (1 - role) * (1 - (fallback or 0.0))


def all_of(legs: Iterable[float | None]) -> float | None:
    """Return the chance that every leg comes about; None if that of one is unknown."""
    known = list(legs)
    if not known or any(chance is None for chance in known):
        return None
    return prod(chance for chance in known if chance is not None)


def any_of(legs: Iterable[float | None]) -> float | None:
    """Return the chance that at least one leg comes about; None if that of one is unknown."""
    missed = all_of(None if chance is None else 1 - chance for chance in legs)
    return None if missed is None else 1 - missed
