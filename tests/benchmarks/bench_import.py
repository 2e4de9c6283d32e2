# ruff: noqa: E402  (Django is set up before its models)
"""Read a source of 5,960 rows in the shape of the student lists, twice (aim: under 60 s each).

Run by ``make bench``, or alone: ``python -m tests.benchmarks.bench_import``. It uses a database of
its own that is thrown away. A third of the rows is live, as late in a season; the others are read
and left alone (``LIVE=1`` makes every row live). The second reading must change nothing.
"""

import json
import logging
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from config import pytest_services  # noqa: F401  (offers PostgreSQL and Valkey)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings
from django.test.utils import get_runner
from django.utils import timezone

from opportunities.importing.operations import Naming, Report, import_opportunities, read
from opportunities.roles.models import Opportunity

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


def reading(path: Path) -> tuple[float, float, Report]:
    """Read the file once; return the seconds, those of this processor, and what became of it."""
    began, worked = time.monotonic(), time.process_time()
    report = import_opportunities(read(path), naming=Naming(source="list"), at=timezone.now())
    return time.monotonic() - began, time.process_time() - worked, report


def main() -> int:
    """Measure and print one JSON object."""
    logging.disable(logging.WARNING)
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "listings.json"
            path.write_text(json.dumps([listing(number) for number in range(ROWS)]))
            first, worked, written = reading(path)
            again, _, second = reading(path)
        figures = {
            "rows": ROWS,
            "first_seconds": round(first, 1),
            "first_cpu_seconds": round(worked, 1),
            "again_seconds": round(again, 1),
            "added": written.added,
            "left_out": written.left_out,
            "closed": written.closed,
            "changed_again": second.added + second.changed + second.left_out,
            "stored": Opportunity.objects.count(),
        }
    finally:
        runner.teardown_databases(databases)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
