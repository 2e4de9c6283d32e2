"""What browsers told of the site's pages."""

from django.db import models

from opportunities.core.ranges import once


class PolicyReport(models.Model):
    """What browsers kept a page from doing on one day, because the site's policy forbids it.

    Counted, and of nobody: neither who looked at the page nor which row it showed.
    """

    day = models.DateField()
    directive = models.CharField(max_length=32, help_text="The rule that was broken.")
    blocked = models.CharField(max_length=120, help_text="A kind of source, or a host.")
    route = models.CharField(max_length=200, blank=True, help_text="The kind of page.")
    times = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "report of a browser"
        verbose_name_plural = "reports of browsers"
        constraints = [once("policy_report_once_a_day", "day", "directive", "blocked", "route")]

    def __str__(self) -> str:
        return f"{self.directive} kept {self.blocked} away (#{self.pk})"
