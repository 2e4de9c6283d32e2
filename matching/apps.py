"""Name matching to Django, and let it hear what the marketplace announces."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = "Matching"

    def ready(self) -> None:
        from matching import receivers  # noqa: F401, PLC0415  (connects the receivers)
        from matching.jobs import watchdog  # noqa: F401, PLC0415  (connects the receivers)
