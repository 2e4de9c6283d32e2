"""What candidates did with their matches: hid one, looked at it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from opportunities.core.ranges import in_range, once
from opportunities.core.tables import Numbered


class DismissalReason(models.TextChoices):
    NOT_MY_FIELD = "not_my_field", _("Not my field")
    PAY = "pay", _("The pay")
    TIMES = "times", _("The dates or hours")
    PLACE = "place", _("The place")
    SKILLS = "skills", _("Too easy or too hard")
    EMPLOYER = "employer", _("The employer")
    OTHER = "other", _("Something else")


class Dismissal(Numbered):
    """A role that a candidate does not want to see again."""

    profile = models.ForeignKey(
        "candidates.CandidateProfile", on_delete=models.CASCADE, related_name="dismissals"
    )
    opportunity = models.ForeignKey(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="dismissals"
    )
    reason = models.CharField(max_length=14, choices=DismissalReason)
    at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [once("dismissal_once", "profile", "opportunity")]


class Feedback(Numbered):
    """How often a match was shown, at which place at best, and when it was opened."""

    profile = models.ForeignKey(
        "candidates.CandidateProfile", on_delete=models.CASCADE, related_name="feedback"
    )
    opportunity = models.ForeignKey(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="feedback"
    )
    times_shown = models.PositiveIntegerField(default=0)
    best_place = models.PositiveSmallIntegerField(null=True, help_text="1 is the top of the list.")
    first_shown_at = models.DateTimeField(editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "feedback"
        constraints = [
            once("feedback_once", "profile", "opportunity"),
            in_range("feedback", "best_place", 1, 1000),
            models.CheckConstraint(
                name="feedback_shown_has_place",
                condition=Q(times_shown=0) | Q(best_place__isnull=False),
            ),
        ]
