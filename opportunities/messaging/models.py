"""What people are told: a notice in the app and, from the same transaction, one email."""

from typing import Final, NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opportunities.core import identifiers, languages
from opportunities.core.queued import Outgoing
from opportunities.core.ranges import in_range, once
from opportunities.core.tables import Numbered, optional_text


class NoticeWords(NamedTuple):
    """The words of a notice in one language."""

    subject: str
    body: str


class Notice(models.Model):
    """One thing told to one person. ``key`` names the event, so that it is told once."""

    public_id = identifiers.column(identifiers.notice_id)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=160)
    body = models.TextField(max_length=4000, help_text="Plain text.")
    translations = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        editable=False,
        help_text="Subject and body in the other languages of the site, by their codes.",
    )
    url = models.CharField(max_length=300, blank=True, help_text="Path on this site.")
    is_decision = models.BooleanField(
        default=False, help_text="Always sent at once; no unsubscribe."
    )
    created_at = models.DateTimeField(editable=False)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [once("notice_told_once", "recipient", "key")]
        indexes = [models.Index(fields=["recipient", "-id"], name="notice_newest")]

    def __str__(self) -> str:
        return f"notice {self.kind} #{self.pk}"

    @property
    def told(self) -> NoticeWords:
        """The words in the language that is active, else in the one in which it was mailed."""
        own = (self.subject, self.body)
        return NoticeWords(*self.translations.get(get_language() or "", own))


class Delivery(Outgoing):
    """The email of a notice, until it is sent or given up."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="delivery")
    digested = models.BooleanField(default=False, editable=False)

    class Meta(Outgoing.Meta):
        verbose_name = "email of a notice"
        verbose_name_plural = "emails of notices"


class NoticeRhythm(models.TextChoices):
    EACH = "each", _("Each as it happens")
    DAILY = "daily", _("One a day")
    OFF = "off", _("Only decisions")


MOST_KINDS: Final = 20
"""Kinds of notices that a person may choose at once not to have mailed."""


class NoticePreference(Numbered):
    """How often a person wants email that is not a decision; the link in each mail sets it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference"
    )
    rhythm = models.CharField(max_length=6, choices=NoticeRhythm, default=NoticeRhythm.EACH)
    stopped = ArrayField(
        models.CharField(max_length=40),
        size=MOST_KINDS,
        default=list,
        db_default=[],
        blank=True,
        help_text="Kinds of notices that are not mailed.",
    )
    quiet_from = models.PositiveSmallIntegerField(
        default=22, help_text="Hour from which on no news is mailed, by the time zone."
    )
    quiet_until = models.PositiveSmallIntegerField(
        default=7, help_text="Hour from which on news is mailed again; the same hour for no quiet."
    )

    class Meta:
        constraints = [
            in_range("notice_preference", "quiet_from", 0, 23),
            in_range("notice_preference", "quiet_until", 0, 23),
        ]


class Letter(Outgoing):
    """A mail to an address that may have no account; its body is emptied once it is sent."""

    address = models.EmailField()
    subject = models.CharField(max_length=160)
    body = models.TextField(max_length=4000, blank=True)
    button = optional_text(60, "Where its link leads.")
    language = optional_text(languages.LONGEST_CODE)
    written_at = models.DateTimeField(editable=False)

    class Meta(Outgoing.Meta):
        verbose_name = "letter to an address"
        verbose_name_plural = "letters to addresses"
