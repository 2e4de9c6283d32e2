"""Name who sends a request before its view runs, to count and keep things by sender."""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import HttpRequest
from knox.models import AuthToken
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from opportunities.core.limiting import address_of

if TYPE_CHECKING:
    from rest_framework.views import APIView


class Asker(NamedTuple):
    """A name for the token, the account or the address that a request comes from."""

    name: str
    is_known: bool


def asker_of(request: HttpRequest, view_class: "type[APIView]") -> Asker:
    """Return who asks; a token or session that is refused counts as nobody."""
    authenticators = [kind() for kind in view_class.authentication_classes]
    inquiry = Request(request, authenticators=authenticators)
    try:
        person = inquiry.user
    except APIException:
        person = None
    return named(person, inquiry.auth if person is not None else None, inquiry)


def named(person: Any, token: Any, request: Request) -> Asker:
    """Name an asker; of an address only a digest is ever kept."""
    if isinstance(token, AuthToken):
        return Asker(f"token:{token.pk[:64]}", is_known=True)
    if person is not None and person.is_authenticated:
        return Asker(f"account:{person.pk}", is_known=True)
    return Asker(f"address:{address_of(request)}", is_known=False)
