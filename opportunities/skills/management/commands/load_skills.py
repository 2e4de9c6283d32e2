"""Load our own list of skills."""

from typing import Any

from django.core.management.base import BaseCommand

from opportunities.skills import loading


class Command(BaseCommand):
    """Bring the stored skills in line with ``opportunities/data/skills.csv``."""

    help = "Load our own skills, their other names and groups. Running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = loading.load_own_skills()
        self.stdout.write(
            f"Skills: {loaded.skills} added, {loaded.changed} changed, {loaded.retired} retired; "
            f"{loaded.aliases} names and {loaded.edges} relations added."
        )
