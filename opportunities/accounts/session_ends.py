"""How long one sign-in lasts at most, however often its session is used."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import logout
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


def _is_over(request: HttpRequest, user: User) -> bool:
    began = [record["at"] for record in get_authentication_records(request, user)]
    if not began:
        return False
    has_power = second_factor.demand_on(user).is_needed
    longest = LONGEST_WITH_POWER if has_power else LONGEST
    return bool(time.time() - min(began) > longest.total_seconds())
