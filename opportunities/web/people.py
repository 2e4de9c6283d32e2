"""Who asks for a page."""

from django.http import HttpRequest

from opportunities.models import User


def person(request: HttpRequest) -> User:
    """Return the account that is signed in; pages that call this demand one."""
    if not isinstance(request.user, User):
        raise TypeError("This page is for people who are signed in.")
    return request.user
