"""A guest's profile that waits for the account that its guest has signed up for."""

from django.conf import settings
from django.db import models


class PromisedProfile(models.Model):
    """Whoever signed up in the guest's browser finds the profile wherever they sign in first.

    Addresses are confirmed on another device as often as not. ``proof`` is of the password set at
    that sign-up: who owns the mailbox alone, or sets another password, is not shown the profile.
    """

    profile = models.OneToOneField(
        "candidates.CandidateProfile", on_delete=models.CASCADE, related_name="promise"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="promised_profiles"
    )
    proof = models.CharField(max_length=64, editable=False)
    promised_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return f"promised profile #{self.pk}"
