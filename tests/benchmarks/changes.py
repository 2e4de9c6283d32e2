"""The parts of the store's benchmark that change one role or one candidate after another."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self
from unittest import mock

import numpy as np
import psycopg
from django.db import transaction

from matching.engine import Opportunities
from matching.jobs import refresh
from matching.models import PackedCandidate, PackedRole, Subject
from matching.store import live, read_profiles
from matching.store.encode import encode
from matching.store.write import Packed, read_standings
from tests.benchmarks import people
from tests.benchmarks.standing_alone import cpu_seconds

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def renumbered(columns: Opportunities, first: int) -> Opportunities:
    """Return the columns under other ids."""
    return replace(columns, ids=first + np.arange(len(columns), dtype=np.int64))


class Statements:
    """Count the statements that this process sends, Django's and those of its own cursors."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Self:
        plain = psycopg.Cursor.execute

        def counted(cursor: object, *positional: Any, **named: Any) -> Any:
            self.count += 1
            return plain(cursor, *positional, **named)

        self._patch = mock.patch.object(psycopg.Cursor, "execute", counted)
        self._patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.stop()


def _times(work: Callable[[int], int], count: int) -> dict[str, object]:
    """Do the work so many times; the first warms the process up."""
    walls, cpus, touched = [], [], []
    for place in range(count):
        wall, cpu = time.perf_counter(), cpu_seconds()
        touched.append(work(place))
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (cpu_seconds() - cpu))
    later = sorted(walls[1:])
    return {
        "first_ms": round(walls[0], 1),
        "median_ms": round(statistics.median(later), 2),
        "mean_ms": round(statistics.mean(later), 2),
        "p95_ms": round(later[int(len(later) * 0.95)], 1),
        "median_cpu_ms": round(statistics.median(cpus[1:]), 2),
        "mean_cpu_ms": round(statistics.mean(cpus[1:]), 2),
        "p95_cpu_ms": round(sorted(cpus[1:])[int(len(later) * 0.95)], 1),
        "changed": sum(touched),
    }


def of_roles(new: Opportunities, fetch: Mapping[str, object]) -> dict[str, object]:
    """Open roles, then close them: the transaction after which every ranking knows it.

    The list of the role is in it, and the price of a new one.
    """

    def write(place: int, *, close: bool) -> int:
        role = int(new.ids[place])
        columns = new.take(np.array([] if close else [place], np.int64))
        rows = {} if close else {role: {**encode(columns)[0], "source_version": 1}}
        with transaction.atomic():
            refresh.lock_roles([role])
            packed = Packed(read_standings(PackedRole, [role]), rows, columns)
            return len(refresh.apply_roles(packed, at=NOW).subject_ids)

    opened = _times(lambda place: write(place, close=False), len(new))
    closed = _times(lambda place: write(place, close=True), len(new))
    return {
        f"{name}{over}": figure
        for name, measured in (("new_role", opened), ("closed_role", closed))
        for over, figure in (
            ("", measured),
            ("_mean_over_fetch", _ratio(measured["mean_ms"], fetch["mean_ms"])),
            ("_p95_over_fetch", _ratio(measured["p95_ms"], fetch["mean_ms"])),
        )
    }


def indexed_fetch(count: int) -> dict[str, object]:
    """Measure the yardstick: one indexed fetch of a packed row through the ORM."""

    def fetch(place: int) -> int:
        PackedCandidate.objects.filter(pk=1 + place % count).values_list().get()
        return 0

    found = _times(fetch, 400)
    return {name: found[name] for name in ("median_ms", "mean_ms", "median_cpu_ms", "mean_cpu_ms")}


def of_candidates(count: int, fetch: Mapping[str, object]) -> dict[str, object]:
    """Change profiles in the marketplace's tables and refresh what the engine reads of them.

    ``own_ranking`` is what the candidate waits for: the profile read, every open role ranked on
    the live index; ``refresh`` reads and packs the profile, stores it and settles what is owed.
    """

    def own_ranking(place: int) -> int:
        person = read_profiles([1 + place % count], at=NOW)[1 + place % count].candidate
        return len(live.rank_roles(person, at=NOW))

    def follow(place: int) -> int:
        return len(refresh.refresh_subjects(Subject.CANDIDATE, [1 + place], at=NOW).subject_ids)

    refresh.refresh_subjects(Subject.CANDIDATE, range(1, count + 1), at=NOW)
    draw = np.random.default_rng(4)
    for number in range(1, count + 1):
        people.amend(number, float(draw.random()))
    refreshed = _times(follow, count)
    people.amend(1, 0.123)
    with Statements() as statements:
        refresh.refresh_subjects(Subject.CANDIDATE, [1], at=NOW)
    own = _times(own_ranking, count)
    return {
        "own_ranking": own,
        "refresh": refreshed,
        "own_ranking_over_fetch": _ratio(own["median_ms"], fetch["median_ms"]),
        "own_ranking_over_fetch_by_cpu": _ratio(own["median_cpu_ms"], fetch["median_cpu_ms"]),
        "refresh_over_fetch": _ratio(refreshed["median_ms"], fetch["median_ms"]),
        "refresh_over_fetch_by_cpu": _ratio(refreshed["median_cpu_ms"], fetch["median_cpu_ms"]),
        "refresh_statements": statements.count,
    }


def _ratio(measured: object, yardstick: object) -> float:
    return round(float(str(measured)) / float(str(yardstick)), 1)
