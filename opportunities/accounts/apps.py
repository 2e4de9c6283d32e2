"""Name the room as administrators read it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "opportunities.accounts"
    verbose_name = "People and access"
