"""What candidates keep: roles and searches."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from opportunities.core import identifiers


class SavedRole(models.Model):
    """A role that a candidate keeps an eye on, and is reminded of before it closes."""

    profile = models.ForeignKey(
        "candidates.CandidateProfile", on_delete=models.CASCADE, related_name="saved_roles"
    )
    opportunity = models.ForeignKey(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="saved_by"
    )
    saved_at = models.DateTimeField(editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "opportunity"], name="saved_role_once"),
        ]

    def __str__(self) -> str:
        return f"saved role #{self.pk}"


class Rhythm(models.TextChoices):
    OFF = "off", _("No email")
    DAILY = "daily", _("At most once a day")
    WEEKLY = "weekly", _("At most once a week")


class SavedSearch(models.Model):
    """A filter of the list of roles, and how often to tell of new ones."""

    public_id = models.CharField(
        max_length=31, unique=True, default=identifiers.saved_search_id, editable=False
    )
    profile = models.ForeignKey(
        "candidates.CandidateProfile", on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000, help_text="The list's own query string.")
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.DAILY)
    created_at = models.DateTimeField(editable=False)
    looked_at = models.DateTimeField(editable=False, help_text="Newer roles have not been told.")

    class Meta:
        verbose_name = "saved search"
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint(fields=["profile", "query"], name="saved_search_once"),
            models.CheckConstraint(name="saved_search_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"saved search #{self.pk}"
