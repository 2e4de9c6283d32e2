"""Export roles to a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from opportunities.core.lifecycle import RoleStatus
from opportunities.importing import exporting
from opportunities.roles.models import Opportunity

WRITERS = {"ndjson": exporting.write_ndjson, "csv": exporting.write_csv}


class Command(BaseCommand):
    """Write roles in the shape that import_opportunities reads."""

    help = (
        "Export the roles that lists show now, or those of --status, as NDJSON or CSV. "
        "import_opportunities reads the result; reading it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: standard output")
        parser.add_argument("--format", choices=sorted(WRITERS), default="ndjson")
        parser.add_argument("--status", choices=[*RoleStatus.values, "all"], help="default: listed")
        parser.add_argument("--source", help="only roles of this source")

    def handle(self, *args: Any, **options: Any) -> None:
        roles = Opportunity.objects.all()
        if options["status"] is None:
            roles = roles.listed(at=timezone.now())
        elif options["status"] != "all":
            roles = roles.filter(status=options["status"])
        if options["source"] is not None:
            roles = roles.filter(source=options["source"])
        write = WRITERS[options["format"]]
        if options["file"] is None:
            write(roles, cast("TextIO", self.stdout))
            return
        try:
            with options["file"].open("w", encoding="utf-8", newline="") as file:
                count = write(roles, file)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from error
        self.stderr.write(f"{count} roles written to {options['file']}.")
