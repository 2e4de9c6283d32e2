"""What runs leave behind: which version is shown, the lists of roles, and prices.

All of it is derived: a list may be deleted at any time and is computed again. Owners are named by
number without a foreign key, because many rows are written at once and an owner may be gone.
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from opportunities.core.tables import Numbered

KEPT = 60
"""Entries of a list: some stand in for those who are left out when it is read."""


class Market(models.Model):
    """The one row that numbers commits of packed rows and points at the published version.

    Who takes the next number holds this row until the commit, so that numbers are in the order of
    commits: whoever has read up to a number and asks for later ones misses nothing. It is the last
    lock that a transaction takes.
    """

    run = models.ForeignKey(
        "matching.Run", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seq = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "state of the market"
        verbose_name_plural = "state of the market"
        constraints = [
            models.CheckConstraint(name="market_is_one_row", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return f"market at {self.seq}"

    @classmethod
    def load(cls) -> Self:
        """Return the one row; before anything was written, an empty market."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def locked(cls) -> Self:
        """Return the one row under its lock, made if need be: until the commit none follows."""
        cls.objects.bulk_create([cls(pk=1)], ignore_conflicts=True)
        return cls.objects.select_for_update().get(pk=1)


class RoleList(Numbered):
    """The best candidates of one role, best first, by mutual score, as they were at one moment.

    Equal scores stand in the order of ids. ``version`` and ``seq`` are the run and the commit that
    the list follows from: an older result never overwrites a newer one. Who reads a list leaves out
    whoever may not be shown any more.
    """

    opportunity_id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField()
    seq = models.BigIntegerField()
    ids = ArrayField(models.BigIntegerField(), size=KEPT)
    scores = ArrayField(models.IntegerField(), size=KEPT)
    computed_at = models.DateTimeField()


class Price(Numbered):
    """What crowding costs at one role in one version, in ten-thousandths of a point.

    The run prices the roles it knew; a later one is priced once, when it opens.
    """

    pk = models.CompositePrimaryKey("version", "opportunity_id")
    version = models.BigIntegerField()
    opportunity_id = models.BigIntegerField()
    price = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="price_is_not_negative", condition=models.Q(price__gte=0)),
        ]
