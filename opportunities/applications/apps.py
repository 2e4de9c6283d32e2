"""Name the room as administrators read it."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "opportunities.applications"
    verbose_name = "Applications"

    def ready(self) -> None:
        from opportunities.applications import external  # noqa: F401, PLC0415  (how its rows move)
