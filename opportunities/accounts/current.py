"""Who asks for a page."""

from django.http import HttpRequest
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from opportunities.accounts.models import User


def person(request: HttpRequest) -> User:
    """Return the account that is signed in; pages that call this demand one."""
    if not isinstance(request.user, User):
        raise TypeError("This page is for people who are signed in.")
    return request.user


def actor(request: Request) -> User:
    """Return the account that asks, or answer 401."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
