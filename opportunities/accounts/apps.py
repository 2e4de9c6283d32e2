"""Name the room, let forms that were taken forget their drafts, and log the ways in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "opportunities.accounts"
    verbose_name = "People and access"

    def ready(self) -> None:
        from opportunities.accounts import sign_in_log  # noqa: PLC0415  (models)
        from opportunities.accounts.draft_views import forget_taken  # noqa: PLC0415  (models)
        from opportunities.core import given_back  # noqa: PLC0415

        given_back.taken.provide(forget_taken)
        sign_in_log.connect()
