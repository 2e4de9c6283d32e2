"""Tips that an administrator writes."""

from django.db import models


class Tip(models.Model):
    """One piece of advice, shown from a moment on."""

    text = models.CharField(max_length=240)
    shown_from = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-shown_from", "-id"], name="tip_newest")]

    def __str__(self) -> str:
        return f"tip #{self.pk}"
