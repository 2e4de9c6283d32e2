"""What candidates hear of accounts: a sign-up, a sign-in, and addresses that change.

Every way in (password, code by email, passkey, confirming an address) ends in Django's one signal.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import user_signed_up
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.models import User
from opportunities.candidates import guest_profile
from opportunities.candidates.models import CandidateProfile
from opportunities.core.signals import announce_profile


@receiver([post_save, post_delete], sender=EmailAddress)
def announce_whose_address_changed(
    sender: object, *, instance: EmailAddress, created: bool = False, **_: Any
) -> None:
    """Announce the profile of an account with a confirmed, changed or removed address.

    An address that was only just given and not confirmed changes nothing.
    """
    if created and not instance.verified:
        return
    with transaction.atomic():
        profile = CandidateProfile.objects.filter(user=instance.user_id).first()
        if profile is not None:
            announce_profile(profile)


@receiver(user_signed_up)
def promise_to_who_signed_up(sender: object, *, request: HttpRequest, user: User, **_: Any) -> None:
    """Promise the guest's profile before the address is confirmed, wherever that will be."""
    guest_profile.promise(request, user, at=timezone.now())


@receiver(user_logged_in)
def bring_along(sender: object, *, request: HttpRequest | None, user: User, **_: Any) -> None:
    """Bring along what a browser has as a guest, whichever way the account signed in."""
    if request is not None and hasattr(request, "session"):
        guest_profile.bring_along(request, user, at=timezone.now())
