"""Fill the database with the demo market."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from opportunities.demo.accounts import PASSWORD, SIGN_INS
from opportunities.demo.seeding import seed
from opportunities.skills.models import Skill


class Command(BaseCommand):
    """Write the demo market once; its passwords are public, so only demo mode may have it."""

    help = "Fill an empty database with the demo market, or print its sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sign-ins", action="store_true", help="only print who can sign in, and how"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo market has public passwords: it needs DEMO=true.")
        if options["sign_ins"]:
            for email in SIGN_INS:
                self.stdout.write(f"  {email:24} {PASSWORD}")
            return
        if find_spec("faker") is None:
            raise CommandError("Install the extra demo first: uv sync --inexact --extra demo.")
        if not Skill.objects.exists():
            raise CommandError("No skills are stored: run load_skills first.")
        done = seed(at=timezone.now())
        if not done.candidates:
            self.stdout.write("The demo market is already there.")
            return
        self.stdout.write(
            f"Demo market: {done.employers} employers, {done.open_roles} open roles, "
            f"{done.candidates} candidates, {done.applications} applications, "
            f"{done.completions} completed, {done.waiting} waiting for review."
        )
