"""What tables share: how rows are called that have no name, and a text that may be left out."""

from typing import Any

from django.db import models


class Numbered(models.Model):
    """Called by what it is and its number: no word of a person gets into logs or the admin."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


def optional_text(
    most: int, help_text: str = "", *, editable: bool = True
) -> "models.CharField[Any, str]":
    """Return a column for a short text, empty where it is not stated, also for older code."""
    return models.CharField(
        max_length=most,
        blank=True,
        default="",
        db_default="",
        editable=editable,
        help_text=help_text,
    )
