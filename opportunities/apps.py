"""Name the marketplace to Django."""

from django.apps import AppConfig


class OpportunitiesConfig(AppConfig):
    name = "opportunities"
    verbose_name = "Marketplace"

    def ready(self) -> None:
        from opportunities import receivers  # noqa: F401, PLC0415  (connects them)
