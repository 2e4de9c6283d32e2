"""Name the room as administrators read it."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "opportunities.applications"
    verbose_name = "Applications"
