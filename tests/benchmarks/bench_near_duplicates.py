# ruff: noqa: E402, T201  (Django is set up before its models; the figures go to the terminal)
"""One lookup of near-duplicates among 100,000 postings (aim: under 50 ms at the 95th percentile).

Run by ``make bench``, or alone: ``python -m tests.benchmarks.bench_near_duplicates``. It uses a
database of its own that is thrown away. The postings are written from a vocabulary with a Zipf
tail, and every twentieth is a copy with a few words changed, as scams and templates are.
"""

import os
import random
import statistics
import time
from collections.abc import Iterator
from itertools import accumulate

from config import pytest_services  # noqa: F401  (offers PostgreSQL and Valkey)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import get_runner

from opportunities.checks import duplicates
from opportunities.models import Fingerprint

POSTINGS = int(os.environ.get("POSTINGS", "100000"))
LOOKUPS = 400
WORDS = 80
BATCH = 2000


def texts(draw: random.Random) -> Iterator[str]:
    """Iterate over postings of Zipf-distributed words; every twentieth copies an earlier one."""
    vocabulary = [f"word{number}" for number in range(20_000)]
    heaped = list(accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    earlier: list[list[str]] = []
    while True:
        if earlier and draw.random() < 0.05:
            words = list(draw.choice(earlier))
            for place in draw.sample(range(WORDS), 3):
                words[place] = draw.choice(vocabulary)
        else:
            words = draw.choices(vocabulary, cum_weights=heaped, k=WORDS)
            if len(earlier) < 1000:
                earlier.append(words)
        yield " ".join(words)


def fill(draw: random.Random) -> list[str]:
    """Store fingerprints, without the postings themselves, and return some of their texts."""
    source, kept = texts(draw), []
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")  # the lookup reads no posting
        cursor.execute("DROP INDEX fingerprint_bands")
        for start in range(0, POSTINGS, BATCH):
            batch = [next(source) for _ in range(min(BATCH, POSTINGS - start))]
            Fingerprint.objects.bulk_create(
                fingerprint(start + number + 1, text) for number, text in enumerate(batch)
            )
            kept += batch[:8]
        cursor.execute(
            "CREATE INDEX fingerprint_bands ON opportunities_fingerprint USING gin (bands)"
        )
        cursor.execute("VACUUM ANALYZE opportunities_fingerprint")
    return kept


def fingerprint(number: int, text: str) -> Fingerprint:
    """Return the fingerprint that the posting of this number would have."""
    lowest = duplicates.signature({"description": text})
    assert lowest is not None
    return Fingerprint(
        opportunity_id=number,
        bands=duplicates.bands(lowest),
        shingles=[int(value) for value in lowest],
    )


def measure(kept: list[str], draw: random.Random) -> tuple[list[float], float]:
    """Return the seconds of each lookup, signature included, and the share of copies found."""
    seconds, found = [], 0
    for text in draw.choices(kept, k=LOOKUPS):
        words = text.split()
        words[draw.randrange(WORDS)] = "changed"
        started = time.perf_counter()
        lowest = duplicates.signature({"description": " ".join(words)})
        assert lowest is not None
        near = duplicates.similar(lowest)
        seconds.append(time.perf_counter() - started)
        found += bool(near)
    return sorted(seconds), found / LOOKUPS


def main() -> None:
    """Fill, measure, report."""
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=set())
    try:
        draw = random.Random(20260701)
        started = time.perf_counter()
        kept = fill(draw)
        filled = time.perf_counter() - started
        seconds, recall = measure(kept, draw)
    finally:
        runner.teardown_databases(databases)
    print(f"near-duplicates among {POSTINGS:,} postings (filled in {filled:.0f} s)")
    print(f"  median {1000 * statistics.median(seconds):.1f} ms")
    print(f"  p95    {1000 * seconds[int(0.95 * LOOKUPS)]:.1f} ms (aim: under 50)")
    print(f"  max    {1000 * seconds[-1]:.1f} ms")
    print(f"  copies with one word of {WORDS} changed, found: {recall:.1%}")


if __name__ == "__main__":
    main()
