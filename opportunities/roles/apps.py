"""Name the room as administrators read it."""

from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "opportunities.roles"
    verbose_name = "Roles"
