"""Send imports to a worker as soon as they are asked for."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "opportunities.importing"
    verbose_name = "Imports"

    def ready(self) -> None:
        from opportunities.importing import receivers  # noqa: F401, PLC0415  (connects it)
