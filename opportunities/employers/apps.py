"""Name the room as administrators read it."""

from django.apps import AppConfig


class EmployersConfig(AppConfig):
    name = "opportunities.employers"
    verbose_name = "Employers"
