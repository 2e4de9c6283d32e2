"""What is known of the chance at each open role, counted now and then. All of it is derived."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from opportunities.core.ranges import in_range
from opportunities.core.tables import Numbered


class SiteOdds(Numbered):
    """The one row of the last count: when it was, and what holds for the whole site.

    ``formats`` has lower end, middle and upper end for a new employer's role of each format, only
    where enough was answered; ``told`` and ``happened`` are the knots of the isotonic map, none
    while outcomes are too few.
    """

    counted_at = models.DateTimeField()
    formats = models.JSONField(default=dict)
    told = ArrayField(models.FloatField(), default=list)
    happened = ArrayField(models.FloatField(), default=list)

    class Meta:
        verbose_name = "chances on the whole site"
        verbose_name_plural = "chances on the whole site"
        constraints = [
            models.CheckConstraint(name="site_odds_is_one_row", condition=Q(pk=1)),
        ]


class RoleOdds(Numbered):
    """The applications to one open role, and which share of them get an offer as far as is known.

    The range is of roles like it, before what is still free here is looked at; empty where too few
    were answered. The role is named by number without a foreign key, as many rows are written at
    once.
    """

    opportunity_id = models.BigIntegerField(primary_key=True)
    applicants = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    low = models.FloatField(null=True)
    middle = models.FloatField(null=True)
    high = models.FloatField(null=True)

    class Meta:
        verbose_name = "chances at a role"
        verbose_name_plural = "chances at roles"
        constraints = [
            in_range("role_odds", "low", 0, 1),
            in_range("role_odds", "high", 0, 1),
            models.CheckConstraint(
                name="role_odds_are_ordered",
                condition=Q(low__lte=F("middle"), middle__lte=F("high"))
                | Q(low__isnull=True, middle__isnull=True, high__isnull=True),
            ),
        ]
