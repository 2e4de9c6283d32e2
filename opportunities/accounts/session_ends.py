"""How long a sign-in lasts at most, however often its session is used, and how long it is fresh."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_signed_up
from django.contrib.auth import logout
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from opportunities.accounts import second_factor
from opportunities.accounts.models import User

LONGEST: Final = timedelta(days=30)
LONGEST_WITH_POWER: Final = timedelta(hours=12)
"""For accounts that need a second factor: once a working day."""


class SignInsEnd:
    """Sign somebody out whose sign-in is too long ago; what they typed is given back to them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and _is_over(request, request.user):
            logout(request)
        return self.get_response(request)


def is_fresh(request: HttpRequest) -> bool:
    """Say whether somebody signed in so lately that nothing asks them who they are again."""
    began = _began(request)
    return began is not None and time.time() - began < app_settings.REAUTHENTICATION_TIMEOUT


@receiver(user_signed_up)
def record_sign_up(sender: object, *, request: HttpRequest, user: User, **_: Any) -> None:
    """Record that a session began with a sign-up; allauth records only sign-ins."""
    record_authentication(request, user, "signup")


def _is_over(request: HttpRequest, user: User) -> bool:
    began = _began(request)
    if began is None:
        return False
    has_power = second_factor.demand_on(user).is_needed
    longest = LONGEST_WITH_POWER if has_power else LONGEST
    return time.time() - began > longest.total_seconds()


def _began(request: HttpRequest) -> float | None:
    """Return when whoever is signed in began to, in seconds of the epoch, if it was recorded."""
    records = get_authentication_records(request, request.user)
    return min((float(record["at"]) for record in records), default=None)
