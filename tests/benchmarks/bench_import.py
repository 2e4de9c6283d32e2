# ruff: noqa: E402  (Django is set up before its models)
"""Read a source of 5,960 rows in the shape of the student lists, twice (aim: under 60 s each).

Run by ``make bench``, or alone: ``python -m tests.benchmarks.bench_import``. It uses a database of
its own that is thrown away. A third of the rows is live, as late in a season; the others are read
and left alone (``LIVE=1`` makes every row live). The second reading must change nothing.

It is read once as an operator's file, of 900 employers, and once as the source of one employer,
with its log row by row. Beside the seconds stand those of this processor, here and in the
database: on a machine that does other work only these can be compared.
"""

import json
import logging
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

from tests import services  # noqa: F401  (offers PostgreSQL and Valkey)

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import get_runner
from django.utils import timezone

from opportunities.importing import readings, sources
from opportunities.importing.columns import Naming
from opportunities.importing.fetching import Fetched
from opportunities.importing.files import read
from opportunities.importing.models import Source
from opportunities.importing.rows import Report
from opportunities.importing.writing import import_opportunities
from opportunities.roles.models import Opportunity
from tests.factories import employer_with_owner

ROWS = int(os.environ.get("ROWS", "5960"))
LIVE = int(os.environ.get("LIVE", "3"))
"""Every how many-th row is live."""
EMPLOYERS = 900
PLACES = ("Leeds, UK", "New York, NY", "Remote in USA", "Toronto, ON, Canada", "Austin, TX")
WORK = ("Software", "Data", "Hardware", "Product", "Quantitative Research", "Security")


def listing(number: int) -> dict[str, Any]:
    """Return one row as the student lists write it."""
    return {
        "date_updated": 1_793_000_000 + number,
        "url": f"https://jobs.example.org/{number}",
        "locations": [PLACES[number % 5], PLACES[(number // 5) % 5]][: 1 + number % 2],
        "sponsorship": "Other",
        "active": number % LIVE == 0,
        "company_name": f"Employer {number % EMPLOYERS}",
        "title": f"{WORK[number % 6]} Intern {number}",
        "season": "Summer",
        "terms": ["Summer 2027"],
        "source": "crowd",
        "id": f"listing-{number}",
        "date_posted": 1_792_000_000,
        "company_url": "",
        "is_visible": True,
    }


class Stopwatch:
    """Seconds since it was made: of the clock, of this processor here, and in the database."""

    def __init__(self) -> None:
        self.clock, self.here, self.there = time.monotonic(), time.process_time(), _database()

    def read(self, name: str) -> dict[str, float]:
        """Return the three, under names that begin with this one."""
        return {
            f"{name}_seconds": round(time.monotonic() - self.clock, 1),
            f"{name}_cpu_seconds": round(time.process_time() - self.here, 1),
            f"{name}_database_cpu_seconds": round(_database() - self.there, 1),
        }


def _database() -> float:
    """Return the seconds that the process of our connection has worked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def from_file(path: Path) -> Report:
    """Read the file once as an operator would."""
    return import_opportunities(read(path), naming=Naming(source="list"), at=timezone.now())


def from_source(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Read the rows as the source of one employer, and then wholly once more."""
    employer, owner = employer_with_owner()
    content = json.dumps([row | {"company_name": employer.name} for row in rows]).encode()
    settled = {"actor": owner, "at": timezone.now()}
    source = sources.create(
        employer_id=employer.pk, values={"url": "https://1.1.1.1/listings.json"}, **settled
    )
    Source.objects.update(state="on")
    source.readings.all().delete()
    figures: dict[str, Any] = {}
    readings.fetch = lambda *_, **__: Fetched(content)
    for name in ("source_first", "source_again"):
        sources.read_now(source_id=source.pk, **settled)
        watch = Stopwatch()
        while readings.read_due(clock=timezone.now):
            pass
        figures |= watch.read(name)
        last = source.readings.latest("pk")
        figures[f"{name}_changed"] = last.added + last.changed + last.left_out + last.asked
    return figures


def main() -> int:
    """Measure and print one JSON object."""
    logging.disable(logging.WARNING)
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "listings.json"
            path.write_text(json.dumps([listing(number) for number in range(ROWS)]))
            watch = Stopwatch()
            written = from_file(path)
            first = watch.read("first")
            watch = Stopwatch()
            second = from_file(path)
            again = watch.read("again")
        figures = {
            "rows": ROWS,
            **first,
            **again,
            "added": written.added,
            "left_out": written.left_out,
            "closed": written.closed,
            "changed_again": second.added + second.changed + second.left_out,
            "stored": Opportunity.objects.count(),
            **from_source([listing(number) for number in range(ROWS)]),
        }
    finally:
        runner.teardown_databases(databases)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
