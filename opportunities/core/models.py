"""What an administrator edits: currency and rates, floors, auto-approval, promises, words."""

from django.db import models
from django.db.models import Q

from opportunities.core.ranges import in_range
from opportunities.core.tables import Numbered


class Site(models.Model):
    """The one row of site-wide choices."""

    currency = models.CharField(max_length=3, default="GBP", help_text="ISO 4217.")
    unpaid_with_credit_allowed = models.BooleanField(
        default=False, help_text="Rule 3.2: unpaid productive work where credit is given."
    )
    response_days_micro = models.PositiveSmallIntegerField(
        default=5, help_text="Rule 6.1, working days."
    )
    response_days_internship = models.PositiveSmallIntegerField(default=15)
    grace_days = models.PositiveSmallIntegerField(
        default=5, help_text="Working days between a missed promise and the release."
    )
    confirm_days = models.PositiveSmallIntegerField(
        default=30, help_text="An open role is confirmed again this often, or closes."
    )
    offer_days = models.PositiveSmallIntegerField(
        default=5, help_text="Working days an offer stands unless it says otherwise."
    )
    review_hours = models.PositiveSmallIntegerField(
        default=24, help_text="Moderators decide within this time."
    )
    invitations_per_role = models.PositiveSmallIntegerField(default=20)
    profiles_per_day = models.PositiveSmallIntegerField(
        default=200, help_text="Matched candidates one employer may look at in a day."
    )
    owners_need_second_factor = models.BooleanField(
        "owners need a second factor",
        default=False,
        db_default=False,
        help_text="Owners of employers sign in with a second factor, as staff and moderators do.",
    )

    class Meta:
        verbose_name = "site settings"
        verbose_name_plural = "site settings"
        constraints = [
            models.CheckConstraint(name="site_is_one_row", condition=Q(pk=1)),
            in_range("site", "response_days_micro", 1, 60),
            in_range("site", "response_days_internship", 1, 60),
            in_range("site", "grace_days", 0, 60),
            in_range("site", "confirm_days", 1, 365),
            in_range("site", "offer_days", 1, 60),
            in_range("site", "review_hours", 1, 240),
        ]

    def __str__(self) -> str:
        return "site settings"

    @classmethod
    def load(cls) -> "Site":
        """Return the one row; until an administrator saves it, the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class PayFloor(models.Model):
    """The least effective hourly pay in a country (rule 3.1); the empty country is all others."""

    country = models.CharField(max_length=2, blank=True, unique=True)
    currency = models.CharField(max_length=3)
    hourly_minor = models.PositiveIntegerField(help_text="Minor units an hour.")

    def __str__(self) -> str:
        return f"pay floor of {self.country or 'everywhere else'}"


class ExchangeRate(models.Model):
    """Majors of the site's currency for one major of ``currency``; no rate, no comparison."""

    currency = models.CharField(max_length=3, unique=True)
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints = [in_range("exchange_rate", "rate", 0.00000001, 1_000_000)]

    def __str__(self) -> str:
        return f"rate of {self.currency}"


class AutoApproval(models.Model):
    """When a role may open without a person: verified employer, clean roles, clear checks."""

    is_on = models.BooleanField(default=False)
    clean_roles = models.PositiveSmallIntegerField(
        default=3, help_text="Roles of this employer that a moderator approved at once."
    )

    class Meta:
        verbose_name = "automatic approval"
        verbose_name_plural = "automatic approval"
        constraints = [
            models.CheckConstraint(name="auto_approval_is_one_row", condition=Q(pk=1)),
            in_range("auto_approval", "clean_roles", 1, 100),
        ]

    def __str__(self) -> str:
        return "auto-approval"


class ReservedWord(Numbered):
    """A word or phrase that a check looks for, and the rule it concerns."""

    text = models.CharField(max_length=80, unique=True)
    rule = models.CharField(max_length=5)
    stops = models.BooleanField(default=False, help_text="Stop rather than look.")


class SentForm(Numbered):
    """A form that was carried out, for as long as the same one might come again."""

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)
