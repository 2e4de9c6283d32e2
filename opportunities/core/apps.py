"""Name the room as administrators read it."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "opportunities.core"
    verbose_name = "Site settings"
