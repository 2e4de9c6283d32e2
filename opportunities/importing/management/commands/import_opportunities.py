"""Import roles from a file."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from opportunities.core.pay import CURRENCIES
from opportunities.employers.models import Employer
from opportunities.importing import files
from opportunities.importing.columns import Naming, read_naming
from opportunities.importing.models import FORMS
from opportunities.importing.rows import Report, Unreadable
from opportunities.importing.writing import import_opportunities

SHOWN = 200
FOUND_PROBLEMS = 1


class Command(BaseCommand):
    """Put the roles of a file into moderation, naming every row that is left out."""

    help = (
        "Import roles from a table (CSV, XLSX, ODS; --mapping names its columns), NDJSON, JSON, "
        "job XML, the boards of Greenhouse, Lever, Ashby, Workable, SmartRecruiters and Personio, "
        "or schema.org JobPosting. Rows are checked one by one: each bad one is reported with "
        "line, field and reason, the good ones are kept and wait for a moderator. Running it twice "
        "changes nothing. Ends with 1 if rows were left out or nothing is a table of roles."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", type=Path, help="JSON: columns to fields, constants, currency, dates"
        )
        parser.add_argument("--source", help="name of the source; default: the file's name")
        parser.add_argument("--employer", help="slug or id: all roles belong to this employer")
        parser.add_argument("--format", choices=FORMS, help="default: by the name")
        parser.add_argument("--currency", help="of amounts that name none; default: the site's")
        parser.add_argument("--encoding", help="default: UTF-8, or as a byte order mark says")
        parser.add_argument("--dry-run", action="store_true", help="check, but store nothing")
        parser.add_argument("--json", action="store_true", help="report as NDJSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            naming = self._naming(options)
            report = import_opportunities(
                files.read(options["file"], naming, form=options["format"] or ""),
                naming=naming,
                employer=self._employer(options["employer"]),
                at=timezone.now(),
                dry_run=options["dry_run"],
            )
        except Unreadable as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self._write_json(report)
        else:
            self._write(report, dry_run=options["dry_run"])
        if report.left_out:
            raise SystemExit(FOUND_PROBLEMS)

    def _naming(self, options: dict[str, Any]) -> Naming:
        mapping = options["mapping"]
        naming = read_naming(mapping) if mapping else Naming()
        currency = (options["currency"] or naming.currency).upper()
        if currency and currency not in CURRENCIES:
            raise CommandError(f"{currency} is no currency that the site knows.")
        return replace(
            naming,
            source=(options["source"] or naming.source or options["file"].stem)[:60],
            currency=currency,
            encoding=options["encoding"] or naming.encoding,
        )

    def _employer(self, name: str | None) -> Employer | None:
        if not name:
            return None
        employer = Employer.objects.filter(Q(slug=name) | Q(public_id=name)).first()
        if employer is None:
            raise CommandError(f"There is no employer {name}.")
        return employer

    def _write(self, report: Report, *, dry_run: bool) -> None:
        for row in report.bad[:SHOWN]:
            self.stderr.write(str(row))
        if len(report.bad) > SHOWN:
            self.stderr.write(f"... and {len(report.bad) - SHOWN} more (--json shows all).")
        if report.unread:
            columns = ", ".join(sorted(report.unread)[:20])
            self.stderr.write(f"Columns that no field reads: {columns}.")
        done = "would be" if dry_run else "were"
        self.stdout.write(
            f"{report.added} roles {done} added, {report.changed} changed, "
            f"{report.unchanged} unchanged; {report.left_out} rows left out."
        )
        if report.closed:
            self.stdout.write(f"{report.closed} rows are closed or hidden at their source.")

    def _write_json(self, report: Report) -> None:
        for row in report.bad:
            self.stdout.write(json.dumps({"type": "bad_row", **row._asdict()}))
        told = ("added", "changed", "unchanged", "left_out", "closed", "unread")
        summary = {name: getattr(report, name) for name in told}
        self.stdout.write(json.dumps({"type": "summary", **summary}))
