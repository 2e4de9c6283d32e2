"""Bring the catalogues of translations up to the texts of pages and code."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import catalogues


class Command(BaseCommand):
    help = "Write new texts into every room's catalogue, drop old ones, and compile them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a language and rooms; all of them without."""
        parser.add_argument("rooms", nargs="*", help="such as roles or matching; all without")
        parser.add_argument("--language", help="such as de; every translation without")

    def handle(self, *, rooms: list[str], language: str | None, **_: Any) -> None:
        """Update, compile, and say what is left to translate."""
        others = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        known = {room.name: room for room in catalogues.rooms()}
        if unknown := set(rooms) - set(known):
            raise CommandError(f"There is no room {', '.join(sorted(unknown))}.")
        for code in [language] if language else others:
            for name in rooms or known:
                found, missing = catalogues.update(known[name], code)
                if found:
                    self.stdout.write(f"{code} {name}: {found} texts, {missing} to translate")
        catalogues.compile_stale()
