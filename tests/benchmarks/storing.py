"""The parts of the store's benchmark: packed rows in, lists out, one change at a time."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from django.db import connection, transaction

from matching import refreshing, running
from matching.engine import Candidates, Opportunities
from matching.list_copying import copy_lists
from matching.list_rows import CANDIDATES
from matching.models import CandidateList, Market, PackedCandidate, PackedRole, Run, RunState
from matching.models.lists import KEPT
from matching.packed_rows import encode
from matching.snapshot.packed import CANDIDATE_COLUMNS, ROLE_COLUMNS, read_everything

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PORTION = 20_000


def fill(people: Candidates, jobs: Opportunities) -> None:
    """Copy a market into the packed rows."""
    for model, columns, content, extra in (
        (PackedCandidate, CANDIDATE_COLUMNS, people, ["is_shown"]),
        (PackedRole, ROLE_COLUMNS, jobs, []),
    ):
        names = ["subject_id", "seq", "source_version", *extra, *columns]
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {model._meta.db_table} ({', '.join(names)}) FROM STDIN") as copy,
        ):
            for first in range(0, len(content), PORTION):
                some = content.take(np.arange(first, min(len(content), first + PORTION)))
                for subject, row in zip(some.ids.tolist(), encode(some), strict=True):
                    shown = [True] if extra else []
                    copy.write_row([subject, 1, 1, *shown, *(row[name] for name in columns)])
    Market.objects.update_or_create(pk=1, defaults={"seq": 1})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def loading(people: Candidates) -> dict[str, object]:
    """Compare loading columns with reading the same bytes row by row."""
    began = time.perf_counter()
    later = read_everything()
    packed = time.perf_counter() - began
    assert len(later.candidates) == len(people)
    sample = min(len(people), 100_000)
    began = time.perf_counter()
    rows = list(PackedCandidate.objects.values_list("subject_id", *CANDIDATE_COLUMNS)[:sample])
    by_row = (time.perf_counter() - began) * len(people) / len(rows)
    return {
        "load_candidates_per_second": round(len(people) / packed),
        "load_over_values_list": round(by_row / packed, 1),
    }


def list_writing(owners: int, roles: int) -> dict[str, object]:
    """Compare writing lists as rows of arrays with a raw COPY of one row per pair."""
    draw = np.random.default_rng(3)
    ids = draw.integers(0, roles, (owners, KEPT))
    scores = -np.sort(-draw.integers(0, 1_000_000, (owners, KEPT), dtype=np.int32), axis=1)
    began = time.perf_counter()
    with transaction.atomic():
        copy_lists(CANDIDATES, np.arange(owners), ids, scores, version=999, seq=1)
    arrays = time.perf_counter() - began
    CandidateList.objects.filter(version=999).delete()
    few = min(owners, 5_000)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE pairs (owner bigint, role bigint, score int)")
        cursor.execute("CREATE INDEX ON pairs (owner, role)")
        began = time.perf_counter()
        with cursor.copy("COPY pairs FROM STDIN") as copy:
            for owner in range(few):
                copy.write(
                    "".join(
                        f"{owner}\t{role}\t{score}\n"
                        for role, score in zip(ids[owner], scores[owner], strict=True)
                    )
                )
        rows = (time.perf_counter() - began) * owners / few
        cursor.execute("DROP TABLE pairs")
    return {
        "list_entries_per_second": round(owners * KEPT / arrays),
        "list_writing_over_copy_of_rows": round(rows / arrays, 1),
    }


def until_ranking(run_id: int, stages: dict[str, float]) -> list[int]:
    """Take a run's steps up to its parts, noting how long pricing took."""
    running.freeze(run_id, at=NOW)
    began = time.perf_counter()
    running.price(run_id, at=NOW)
    stages["price"] = time.perf_counter() - began
    assert Run.objects.get(pk=run_id).state == RunState.RANKING
    return running.advance(run_id, clock=lambda: NOW)


def renumbered[Side: (Candidates, Opportunities)](columns: Side, first: int) -> Side:
    """Return the columns under other ids."""
    return replace(columns, ids=first + np.arange(len(columns), dtype=np.int64))


def changing[Side: (Candidates, Opportunities)](
    columns: Side, change: Callable[[Side], int]
) -> dict[str, object]:
    """Change one subject after another; the first warms the process up."""
    spent, touched = [], []
    for place in range(len(columns)):
        one = columns.take(np.array([place]))
        began = time.perf_counter()
        with transaction.atomic():
            touched.append(change(one))
        spent.append(1000 * (time.perf_counter() - began))
    later = sorted(spent[1:])
    return {
        "first_ms": round(spent[0], 1),
        "median_ms": round(statistics.median(later), 1),
        "p95_ms": round(later[int(len(later) * 0.95)], 1),
        "lists_touched": round(statistics.mean(touched)),
    }


def change_role(one: Opportunities) -> int:
    """Open or amend a role."""
    row = {**encode(one)[0], "source_version": 1}
    return refreshing.apply(Market.locked(), {}, {int(one.ids[0]): row}).written


def close_role(one: Opportunities) -> int:
    """Take a role off the market."""
    return refreshing.apply(Market.locked(), {}, {int(one.ids[0]): None}).written


def change_candidate(one: Candidates) -> int:
    """Amend a profile."""
    row = {**encode(one)[0], "source_version": 2, "is_shown": True}
    return refreshing.apply(Market.locked(), {int(one.ids[0]): row}, {}).written
