"""The wiring as an app, so that its command and its system checks are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Wiring"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415  (registers the checks)
