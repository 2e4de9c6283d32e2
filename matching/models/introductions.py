"""Introductions: a role told to a candidate whose first ten it entered, and the other way round."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opportunities.core.ranges import in_range, once, one_of
from opportunities.core.tables import Numbered


class Toward(models.TextChoices):
    CANDIDATE = "candidate", "The role to the candidate"
    EMPLOYER = "employer", "The candidate to the employer"


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    """The named questions we ask of introductions."""

    def to_candidates(self) -> Self:
        """Keep those that tell a candidate of a role."""
        return self.filter(toward=Toward.CANDIDATE)

    def to_employers(self) -> Self:
        """Keep those that tell an employer of a candidate."""
        return self.filter(toward=Toward.EMPLOYER)

    def unseen(self) -> Self:
        """Keep those that their reader has not met yet, neither in a list nor on a page."""
        return self.filter(seen_at__isnull=True, opened_at__isnull=True)


class Introduction(Numbered):
    """A pair that is told to one of its sides, once and never again.

    The row is written in the transaction that stores what made the pair: the features of a role
    that opened or changed, those of a candidate, or the lists of a run. What is still to be done
    with it stands in the row as well: ``explained_at`` is empty until its reasons are written,
    ``due_at`` is when its reader is to be told by notice and email.
    """

    candidate = models.ForeignKey(
        "candidates.CandidateProfile", on_delete=models.CASCADE, related_name="introductions"
    )
    role = models.ForeignKey(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="introductions"
    )
    toward = models.CharField(max_length=9, choices=Toward, default=Toward.CANDIDATE)
    score = models.PositiveSmallIntegerField(
        help_text="The number that stood on the pair when it was introduced, from 0 to 100."
    )
    reasons = models.JSONField(
        default=list, blank=True, help_text="The sentences that explained it then."
    )
    translations = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        editable=False,
        help_text="These sentences in the other languages of the site, by their codes.",
    )
    at = models.DateTimeField(editable=False)
    explained_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    notice = models.ForeignKey(
        "messaging.Notice",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="introductions",
    )
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        constraints = [
            once("introduction_once", "candidate", "role", "toward"),
            one_of("introduction", "toward", Toward.values),
            in_range("introduction", "score", 0, 100),
        ]
        indexes = [
            models.Index(fields=["candidate", "-at"], name="introduction_newest"),
            models.Index(fields=["role", "toward", "-at"], name="introduction_of_role"),
            models.Index(
                fields=["id"], condition=Q(explained_at__isnull=True), name="introduction_raw"
            ),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="introduction_due"
            ),
        ]

    @property
    def told(self) -> list[str]:
        """The reasons in the language that is active, else in the one in which they were kept."""
        return list(self.translations.get(get_language() or "", self.reasons))


class IntroductionRhythm(models.TextChoices):
    AT_ONCE = "at_once", _("At once from a score on, the others once a day")
    DAILY = "daily", _("At most once a day")
    WEEKLY = "weekly", _("Once a week, on Monday")
    NEVER = "never", _("Never; they only stand on the page of matches")


class IntroductionPreference(Numbered):
    """How often a candidate is told of new matches by notice and email."""

    profile = models.OneToOneField(
        "candidates.CandidateProfile",
        on_delete=models.CASCADE,
        related_name="introduction_preference",
    )
    rhythm = models.CharField(
        max_length=7, choices=IntroductionRhythm, default=IntroductionRhythm.DAILY
    )
    at_once_from = models.PositiveSmallIntegerField(
        default=80, help_text="The number from which on a match is told at once, 0 to 100."
    )

    class Meta:
        constraints = [
            one_of("introduction_preference", "rhythm", IntroductionRhythm.values),
            in_range("introduction_preference", "at_once_from", 0, 100),
        ]
