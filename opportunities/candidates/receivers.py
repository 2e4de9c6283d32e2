"""Announce a profile when its account's addresses change: whether it counts hangs on them."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

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
