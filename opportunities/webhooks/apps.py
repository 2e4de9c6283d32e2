"""Record events of what the marketplace announces."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "opportunities.webhooks"
    verbose_name = "Webhooks and events"

    def ready(self) -> None:
        from opportunities.webhooks import receivers  # noqa: F401, PLC0415  (connects them)
