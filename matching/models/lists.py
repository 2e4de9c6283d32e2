"""The stored lists of both sides, and the pointer that says which of them are shown.

Lists are derived: a row may be deleted at any time and is computed again. Owners are named by
number without a foreign key, because a million rows are copied in at once and an owner may be gone.
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

KEPT = 60
"""Entries kept in a list."""
SHOWN = 50
"""Entries shown: the rest stand in for what is filtered out when a list is read."""


class Market(models.Model):
    """The one row that serializes writers and points at the published version.

    Whoever changes packed rows or the lists of the published version holds this row's lock from
    before reading until the commit: a stale result therefore cannot overwrite a newer one.
    ``seq`` numbers those commits.
    """

    run = models.ForeignKey(
        "matching.Run", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seq = models.BigIntegerField(default=0)

    class Meta:
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
        """Return the one row under its lock, made if need be."""
        statement = f"SELECT run_id, seq FROM {cls._meta.db_table} WHERE id = 1 FOR UPDATE"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
            if row is None:
                cls.objects.bulk_create([cls(pk=1)], ignore_conflicts=True)
                cursor.execute(statement)
                row = cursor.fetchone()
        return cls(pk=1, run_id=row[0], seq=row[1])


class CandidateList(models.Model):
    """The best roles of one candidate in one version, best first.

    ``scores`` are mutual score less the role's price, in ten-thousandths of a point; equal scores
    stand in the order of ids. ``seq`` is the commit that wrote the row.
    """

    pk = models.CompositePrimaryKey("version", "profile_id")
    version = models.BigIntegerField()
    profile_id = models.BigIntegerField()
    ids = ArrayField(models.BigIntegerField(), size=KEPT)
    scores = ArrayField(models.IntegerField(), size=KEPT)
    seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"list of candidate #{self.profile_id}"


class OpportunityList(models.Model):
    """The best candidates of one role in one version, best first, by mutual score.

    A list that is cut lost entries and waits for what stands behind the last one: it is exact as
    far as it goes, and the sweep sees to the rest.
    """

    pk = models.CompositePrimaryKey("version", "opportunity_id")
    version = models.BigIntegerField()
    opportunity_id = models.BigIntegerField()
    ids = ArrayField(models.BigIntegerField(), size=KEPT)
    scores = ArrayField(models.IntegerField(), size=KEPT)
    seq = models.BigIntegerField()
    is_cut = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["version", "opportunity_id"],
                condition=models.Q(is_cut=True),
                name="opportunity_list_cut",
            ),
        ]

    def __str__(self) -> str:
        return f"list of role #{self.opportunity_id}"


class Price(models.Model):
    """What crowding costs at one role in one version, in ten-thousandths of a point.

    The run prices the roles it knew; a later one is priced once, when it opens.
    """

    pk = models.CompositePrimaryKey("version", "opportunity_id")
    version = models.BigIntegerField()
    opportunity_id = models.BigIntegerField()
    price = models.IntegerField()
    by_run = models.BooleanField(help_text="Priced by the run, not when it opened later.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="price_is_not_negative", condition=models.Q(price__gte=0)),
        ]

    def __str__(self) -> str:
        return f"price of role #{self.opportunity_id}"
