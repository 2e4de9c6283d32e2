"""One person, one profile: what a guest has goes into the account that they sign up or in with.

An account without a profile takes the guest's as it is. Into a profile that is there, everything
goes by one rule:

* an answer that only one side gave is kept;
* where both gave one, the account's stands until its person chooses, and the guest's is handed
  back for that choice;
* what is a list of things (saved roles, searches, skills …) becomes one list;
* who may see the profile is the account's alone.

Then the guest's profile is gone, and its secret link opens nothing. A room with a table of its own
about profiles says in ``moving`` how its rows go along.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import transaction

from opportunities.accounts.models import User
from opportunities.candidates import moving, profiles
from opportunities.candidates.fields import FIELDS, MONEY
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.profiles import Link
from opportunities.core.errors import NotFound
from opportunities.core.signals import announce_profile

THE_ACCOUNTS: Final = frozenset({"visibility", "portfolio_is_public"})
"""What no answer of a browser changes: who may see the account's profile."""
_TOGETHER: Final = (
    ("available_from", "available_until"),
    ("modes", "regions"),
    ("currency", *MONEY.values()),
    ("importance", "top3"),
    ("interests", "field_rule"),
)
"""Answers that mean something only beside each other."""
ANSWERS: Final[tuple[tuple[str, ...], ...]] = tuple(
    tuple(name for name in group if name in FIELDS)
    for group in (
        *_TOGETHER,
        *((name,) for name in FIELDS if not any(name in group for group in _TOGETHER)),
    )
    if not set(group) & THE_ACCOUNTS
)
"""The facts of a profile, those of one answer together."""


class Joined(NamedTuple):
    """The account's profile, and the facts of the guest that differ from the account's answers."""

    profile: CandidateProfile
    differing: dict[str, Any]


@transaction.atomic
def join(*, guest: str | Link, user: User, at: datetime) -> Joined:
    """Make a profile without an account one with the account's.

    Of two at a time one finds it and the other nothing. Raises ``NotFound`` where there is none, or
    another account has it.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    theirs = profiles.locked(guest)
    if theirs.user_id == user.pk:
        return Joined(theirs, {})
    if theirs.user_id is not None:
        raise NotFound(profiles.NO_PROFILE)
    if not CandidateProfile.objects.of(user).exists():
        return Joined(profiles.adopt(secret=guest, user=user, at=at), {})
    own = profiles.locked(user)
    added, differing = _weighed(own, stated(theirs))
    moving.absorb(theirs, own)
    if added:
        own = profiles.change(owner=user, facts=added, at=at)
    else:
        announce_profile(own)
    return Joined(own, differing)


@transaction.atomic
def tell(*, user: User, facts: Mapping[str, Any], at: datetime) -> Joined:
    """Let an account know answers that were given before anything was kept, by the same rule.

    Raises ``Invalid`` for what is no fact of a profile.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not CandidateProfile.objects.of(user).exists():
        return Joined(profiles.create(facts=facts, user=user, at=at).profile, {})
    made = profiles.create(facts=facts, at=at, is_counted=False)
    return join(guest=made.secret or "", user=user, at=at)


def stated(profile: CandidateProfile) -> dict[str, Any]:
    """Return the facts that somebody gave: all that a profile of that day would not say alone."""
    blank = CandidateProfile(available_from=profile.created_at.date(), currency=profile.currency)
    given: dict[str, Any] = {}
    for group in ANSWERS:
        if any(getattr(profile, name) != getattr(blank, name) for name in group):
            given |= {name: getattr(profile, name) for name in group}
    return given


def as_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as a session can hold them; ``profiles.change`` reads them again."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _weighed(
    own: CandidateProfile, theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the account does not say yet, and what it says otherwise."""
    mine = stated(own)
    added: dict[str, Any] = {}
    differing: dict[str, Any] = {}
    for group in ANSWERS:
        given = {name: theirs[name] for name in group if name in theirs}
        if any(getattr(own, name) != value for name, value in given.items()):
            (differing if any(name in mine for name in group) else added).update(given)
    return added, differing
