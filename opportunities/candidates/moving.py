"""How rows about a profile go along when a guest's profile becomes one with an account's.

A room with a table about profiles says it once, where its operations stand::

    moving.moves(SavedRole, moving.rows_of(SavedRole, once="opportunity", most=MAX_ROLES))

What no room names is deleted with the guest's profile. A test holds that every such table is named
or stands in its list of those that no guest has.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from opportunities.candidates.models import CandidateProfile
from opportunities.core.signals import announce_profile

type Mover = Callable[[CandidateProfile, CandidateProfile], object]
"""Takes the guest's profile and the account's; both are locked, in one transaction."""

_movers: dict[str, Mover] = {}


def moves(model: type[Model], mover: Mover) -> None:
    """Say how the rows of a table go from a guest's profile to that of an account."""
    _movers[model._meta.label] = mover


def tables() -> frozenset[str]:
    """Return the labels of the tables whose rows go along."""
    return frozenset(_movers)


def rows_of(model: type[Model], *, once: str, most: int | None = None) -> Mover:
    """Return a mover for a table with at most one row for each ``once`` of a profile.

    A row that the account has already stays as it is; of more than ``most`` rows in all the guest's
    newest fill what room there is.
    """
    rows: Any = model._meta.default_manager

    def move(guest: CandidateProfile, own: CandidateProfile) -> None:
        has = rows.filter(profile=own)
        fresh = rows.filter(profile=guest).exclude(**{f"{once}__in": has.values(once)})
        chosen = list(fresh.order_by("-pk").values_list("pk", flat=True))
        if most is not None:
            chosen = chosen[: max(0, most - has.count())]
        rows.filter(pk__in=chosen).update(profile=own)

    return move


def absorb(theirs: CandidateProfile, own: CandidateProfile) -> None:
    """Move every row of a guest's profile into another and delete what is left of it."""
    for mover in _movers.values():
        mover(theirs, own)
    announce_profile(theirs)
    theirs.delete()
