"""Whose profile a page is about: the account signed in, or a secret link of this browser."""

from typing import Final

from django.http import HttpRequest

from opportunities.accounts.models import User
from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.profiles import Keeper
from opportunities.core.errors import NotFound

KEY: Final = "kept_by"


def keeper_of(request: HttpRequest) -> Keeper | None:
    """Return the account, else the secret with which this browser opened a profile."""
    if isinstance(request.user, User):
        return request.user
    secret: str | None = request.session.get(KEY)
    return secret


def profile_of(request: HttpRequest) -> CandidateProfile | None:
    """Return the keeper's profile, if there is one; a secret that opens none is forgotten."""
    keeper = keeper_of(request)
    if keeper is None:
        return None
    try:
        return profiles.find(keeper=keeper)
    except NotFound:
        if isinstance(keeper, str):
            request.session.pop(KEY, None)
        return None
