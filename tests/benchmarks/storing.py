"""The parts of the store's benchmark: packed rows in, packed rows out, lists in."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import numpy as np
from django.db import connection, transaction

from matching.engine import Candidates, Opportunities
from matching.models import Market, PackedCandidate, PackedRole, RoleList
from matching.models.market import KEPT
from matching.store import profiles, role_lists
from matching.store.encode import encode
from matching.store.read import CANDIDATE_COLUMNS, ROLE_COLUMNS, read_everything
from opportunities.candidates.models import CandidateProfile, CandidateSkill, TargetSkill
from tests.benchmarks import market

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PORTION: Final = 25_000
"""Candidates drawn and copied at once, whatever the size of the market."""


def fill(candidates: int, jobs: Opportunities, world: market.World) -> None:
    """Copy a market into the packed rows, portion by portion."""
    _copy(PackedRole, ROLE_COLUMNS, jobs)
    for first in range(0, candidates, PORTION):
        count = min(PORTION, candidates - first)
        some = market.candidates(count, seed=8 + first, world=world, first_id=first)
        _copy(PackedCandidate, CANDIDATE_COLUMNS, some)
    Market.objects.update_or_create(pk=1, defaults={"seq": 1})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(
    model: type[PackedCandidate | PackedRole],
    columns: tuple[str, ...],
    content: Candidates | Opportunities,
) -> None:
    extra = ["is_shown"] if model is PackedCandidate else []
    names = ["subject_id", "seq", "source_version", *extra, *columns]
    kinds = ["int8", "int8", "int4", *(["bool"] if extra else []), *("bytea" for _ in columns)]
    shown = [True] if extra else []
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY {model._meta.db_table} ({', '.join(names)}) FROM STDIN (FORMAT binary)"
        ) as copy,
    ):
        copy.set_types(kinds)
        for subject, row in zip(content.ids.tolist(), encode(content), strict=True):
            copy.write_row([subject, 1, 1, *shown, *(row[name] for name in columns)])


def median_seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the median of some runs by the clock, which counts the server's work too."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def loading(candidates: int) -> dict[str, object]:
    """Compare loading all columns with reading the same facts, and the same bytes, as rows."""
    packed = median_seconds(read_everything) / candidates
    count = CandidateProfile.objects.count()

    def facts() -> None:
        list(CandidateProfile.objects.values_list(*profiles.COLUMNS))
        list(
            CandidateSkill.objects.order_by("id").values_list(
                "profile_id", "skill__slug", "level", "verified"
            )
        )
        list(
            TargetSkill.objects.order_by("id").values_list("profile_id", "skill__slug", "priority")
        )

    few = min(candidates, 50_000)
    rows = PackedCandidate.objects.values_list("subject_id", *CANDIDATE_COLUMNS)[:few]
    return {
        "load_candidates_per_second": round(1 / packed),
        "load_over_values_list": round(median_seconds(facts) / count / packed, 1),
        "load_over_values_list_of_packed_rows": round(
            median_seconds(lambda: list(rows.all())) / few / packed, 1
        ),
    }


def list_writing(owners: int, candidates: int) -> dict[str, object]:
    """Compare writing roles' lists as rows of arrays with a raw COPY of one row per pair."""
    draw = np.random.default_rng(3)
    ids = draw.integers(0, candidates, (owners, KEPT))
    scores = -np.sort(-draw.integers(0, 1_000_000, (owners, KEPT), dtype=np.int32), axis=1)
    rows = role_lists.Rows(
        np.arange(owners), np.full(owners, KEPT), ids.ravel(), scores.ravel().astype(np.int64)
    )
    began = time.perf_counter()
    with transaction.atomic():
        role_lists.write(rows, version=0, seq=1, at=NOW)
    arrays = time.perf_counter() - began
    RoleList.objects.filter(version=0).delete()
    few = min(owners, 5_000)
    lines = [
        "".join(
            f"{owner}\t{other}\t{score}\n"
            for other, score in zip(ids[owner].tolist(), scores[owner].tolist(), strict=True)
        ).encode()
        for owner in range(few)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE pairs (owner bigint, other bigint, score int)")
        cursor.execute("CREATE INDEX ON pairs (owner, other)")
        began = time.perf_counter()
        with cursor.copy("COPY pairs FROM STDIN") as copy:
            for line in lines:
                copy.write(line)
        pairs = (time.perf_counter() - began) * owners / few
        cursor.execute("DROP TABLE pairs")
    return {
        "list_entries_per_second": round(owners * KEPT / arrays),
        "list_writing_over_copy_of_rows": round(pairs / arrays, 1),
    }
