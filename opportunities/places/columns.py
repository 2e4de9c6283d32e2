"""Columns that follow from what was typed: worked out whenever a row is written.

The model says what they hold in a method of the column's name with ``_stated`` after it; rows that
are created together are worked out as well. Who saves some columns alone names this one among them.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


class _Stated:
    """What is written is what the model says now."""

    attname: str

    def pre_save(self, instance: models.Model, add: bool) -> Any:  # noqa: FBT001
        """Return the value that follows from the row, and leave it there.

        The rows of migrations have no methods: what stands there is written.
        """
        if stated := getattr(instance, f"{self.attname}_stated", None):
            setattr(instance, self.attname, stated())
        return getattr(instance, self.attname)


class StatedArray(_Stated, ArrayField):  # type: ignore[type-arg]
    """A list that follows from other columns."""


class StatedJSON(_Stated, models.JSONField):
    """An object or a list that follows from other columns."""


class StatedText(_Stated, models.CharField):  # type: ignore[type-arg]
    """A word that follows from other columns."""


class StatedMoment(_Stated, models.DateTimeField):  # type: ignore[type-arg]
    """An instant that follows from other columns."""
