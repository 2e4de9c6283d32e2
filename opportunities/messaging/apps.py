"""Name the room as administrators read it."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "opportunities.messaging"
    verbose_name = "Notices and email"
