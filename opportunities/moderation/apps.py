"""Name the room as administrators read it."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "opportunities.moderation"
    verbose_name = "Moderation"
