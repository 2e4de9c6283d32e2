"""Name the room as administrators read it."""

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "opportunities.skills"
    verbose_name = "Skills"
