"""Name the room as administrators read it."""

from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "opportunities.roles"
    verbose_name = "Roles"

    def ready(self) -> None:
        """Connect what roles hear of accounts."""
        from opportunities.roles import receivers  # noqa: F401, PLC0415  (connects it)
