# ruff: noqa: E402  (Django is set up before its models)
"""One lookup of near-duplicates among 100,000 postings (aim: under 50 ms at the 95th percentile).

Run by ``make bench``, or alone: ``python -m tests.benchmarks.bench_near_duplicates``. It uses a
database of its own that is thrown away. Some thousand postings are written from a vocabulary with
a Zipf tail; every other one is a relative of one of these, with a share of its signature drawn
anew, from hardly alike to nearly the same. The yardstick is the reading of one fingerprint by its
primary key on the same connection in the same run: the ratio travels between computers.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from itertools import accumulate

from tests import services  # noqa: F401  (offers PostgreSQL and Valkey)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
import numpy as np
from numpy.typing import NDArray

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import get_runner

from opportunities.moderation.models import Fingerprint
from opportunities.roles.checks import duplicates

POSTINGS = int(os.environ.get("POSTINGS", "100000"))
WRITTEN = 4000
LOOKUPS = 400
WORDS = 80


def texts(draw: random.Random) -> list[str]:
    """Return postings of Zipf-distributed words."""
    vocabulary = [f"word{number}" for number in range(20_000)]
    heaped = list(accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    return [" ".join(draw.choices(vocabulary, cum_weights=heaped, k=WORDS)) for _ in range(WRITTEN)]


def signed(text: str) -> NDArray[np.uint64]:
    """Return the signature of a posting that says this."""
    lowest = duplicates.signature({"description": text})
    assert lowest is not None
    return lowest


def related(written: list[str]) -> NDArray[np.uint64]:
    """Return the signatures of all postings, those of the written ones first."""
    draw = np.random.default_rng(20260701)
    own = np.array([signed(text) for text in written])
    kin = own[draw.integers(0, len(own), POSTINGS - len(own))]
    anew = draw.random(kin.shape) < draw.uniform(0.05, 0.95, (len(kin), 1))
    kin[anew] = draw.integers(0, 2**32, int(anew.sum()), dtype=np.uint64)
    return np.concatenate([own, kin])


def fill(signatures: NDArray[np.uint64]) -> None:
    """Store fingerprints with their bands, without the postings themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")  # the lookup reads no posting
        with cursor.copy(
            "COPY moderation_fingerprint (opportunity_id, shingles) FROM STDIN"
        ) as rows:
            for number, lowest in enumerate(signatures, start=1):
                rows.write_row((number, lowest.tolist()))
        with cursor.copy(
            "COPY moderation_fingerprintband (fingerprint_id, key) FROM STDIN"
        ) as rows:
            for number, lowest in enumerate(signatures, start=1):
                for key in duplicates.bands(lowest):
                    rows.write_row((number, key))
        cursor.execute("VACUUM ANALYZE moderation_fingerprint, moderation_fingerprintband")


def timed(act: Callable[[], object]) -> tuple[float, object]:
    """Return how many seconds an act took, and what it returned."""
    started = time.perf_counter()
    returned = act()
    return time.perf_counter() - started, returned


def measure(written: list[str], draw: random.Random) -> tuple[list[float], list[float], float]:
    """Return the sorted seconds of lookups, of the yardstick, and the share of copies found.

    A lookup computes the signature of a posting with one word changed, as a submission does.
    """
    seconds, yardstick, found = [], [], 0
    for number in draw.choices(range(WRITTEN), k=LOOKUPS):
        words = written[number].split()
        words[draw.randrange(WORDS)] = "changed"
        changed = " ".join(words)
        spent, near = timed(lambda changed=changed: duplicates.similar([signed(changed)])[0])
        seconds.append(spent)
        found += number + 1 in dict(near)
        one = Fingerprint.objects.filter(pk=number + 1)
        yardstick.append(timed(lambda one=one: one.values_list("shingles").get())[0])
    return sorted(seconds), sorted(yardstick), found / LOOKUPS


def main() -> None:
    """Fill, measure, report."""
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=set())
    try:
        draw = random.Random(20260701)
        written = texts(draw)
        filled, _ = timed(lambda: fill(related(written)))
        seconds, yardstick, recall = measure(written, draw)
    finally:
        runner.teardown_databases(databases)
    middle, row = statistics.median(seconds), statistics.median(yardstick)
    figures = {
        "postings": POSTINGS,
        "fill_seconds": round(filled, 1),
        "median_ms": round(1000 * middle, 1),
        "p95_ms": round(1000 * seconds[int(0.95 * LOOKUPS)], 1),
        "max_ms": round(1000 * seconds[-1], 1),
        "row_by_primary_key_ms": round(1000 * row, 2),
        "median_over_row": round(middle / row, 1),
        "copies_with_a_changed_word_found": round(recall, 4),
    }
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
