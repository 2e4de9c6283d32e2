"""Who asks for a page, and what they ask for."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from opportunities.accounts.models import User


def person(request: HttpRequest) -> User:
    """Return the account that is signed in; pages that call this demand one."""
    if not isinstance(request.user, User):
        raise TypeError("This page is for people who are signed in.")
    return request.user


def asked[Done](
    request: HttpRequest, operation: Callable[..., Done], **known: Any
) -> Callable[[], Done]:
    """Return an operation as a page asks for it: with who asks, the moment, and what is known."""
    return partial(operation, actor=person(request), at=timezone.now(), **known)


def actor(request: Request) -> User:
    """Return the account that asks, or answer 401."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
