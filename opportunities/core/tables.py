"""What rows are called that have no name of their own."""

from django.db import models


class Numbered(models.Model):
    """Called by what it is and its number: no word of a person gets into logs or the admin."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"
