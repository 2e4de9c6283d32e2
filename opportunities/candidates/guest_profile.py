"""Whose profile a page is about: the account signed in, or a secret link of this browser.

A session holds the digest of a link, never its secret: who reads the table of sessions can open no
profile with it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.models import User
from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.profiles import Keeper, Link
from opportunities.core.errors import NotFound
from opportunities.core.limiting import address_of

KEY: Final = "kept_by"

type Answers = Callable[[HttpRequest], Mapping[str, Any]]


class _Guests:
    """How the answers of a browser become facts: whoever asks the questions says so."""

    facts: Answers = staticmethod(lambda _: {})


def read_answers_with(facts: Answers) -> None:
    """Name the function that returns the answers of a browser as facts of a profile."""
    _Guests.facts = staticmethod(facts)


def keeper_of(request: HttpRequest) -> Keeper | None:
    """Return the account, else the link with which this browser opened a profile."""
    if isinstance(request.user, User):
        return request.user
    digest: str | None = request.session.get(KEY)
    return Link(digest) if digest else None


def profile_of(request: HttpRequest) -> CandidateProfile | None:
    """Return the keeper's profile, if there is one; a link that opens none is forgotten.

    Who asks looks at it, which is noted: profiles that nobody looks at are let go.
    """
    keeper = keeper_of(request)
    if keeper is None:
        return None
    try:
        profile = profiles.find(keeper=keeper)
    except NotFound:
        if isinstance(keeper, Link):
            request.session.pop(KEY, None)
        return None
    profiles.note_seen(profile, at=timezone.now())
    return profile


def open_here(request: HttpRequest, link: Link) -> None:
    """Let this browser keep a profile from now on, in a session of another name."""
    request.session.cycle_key()
    request.session[KEY] = link.digest


def keeper_for(request: HttpRequest, *, at: datetime) -> Keeper:
    """Return who keeps something, with a profile to keep it in.

    A guest's first one is made of the answers given in this browser. No link opens it elsewhere
    until the guest asks for one. Raises ``LimitReached`` where guests have made too many.
    """
    keeper = keeper_of(request)
    if keeper is not None and profile_of(request) is not None:
        return keeper
    if isinstance(request.user, User):
        profiles.create(facts={}, user=request.user, at=at)
        return request.user
    kept = profiles.create(facts=_Guests.facts(request), at=at, address=address_of(request))
    link = profiles.link_of(kept.secret or "")
    open_here(request, link)
    return link
