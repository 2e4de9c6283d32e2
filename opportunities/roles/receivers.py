"""What roles hear of accounts: a sign-in that the draft of this browser waits for."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.models import User
from opportunities.roles.views import poster


@receiver(user_logged_in)
def send_what_waits(sender: object, *, request: HttpRequest | None, user: User, **_: Any) -> None:
    """Send the role that a visitor wrote and sent before there was an account."""
    if request is None or not hasattr(request, "session"):
        return
    role = poster.go_on(request, user, at=timezone.now())
    if role is not None:
        request.session[poster.ARRIVED] = role.public_id
        messages.success(request, poster.SENT)
