"""Connect what roles hear of accounts: a sign-in that a draft waits for."""

from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "opportunities.roles"

    def ready(self) -> None:
        from opportunities.roles import receivers  # noqa: F401, PLC0415  (connects it)
