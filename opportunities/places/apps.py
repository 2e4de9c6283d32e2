"""Make the table of cities when a deployment migrates, so that no visitor waits for it."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate

from opportunities.places import building


def make_table(**_: Any) -> None:
    """Make the table of cities, if it is not there."""
    building.ensure(Path(settings.PLACES_DIR))


class PlacesConfig(AppConfig):
    name = "opportunities.places"

    def ready(self) -> None:
        """Look for the table after every migration."""
        post_migrate.connect(make_table, sender=self)
