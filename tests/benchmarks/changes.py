"""The parts of the store's benchmark that change one role or one candidate after another."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self
from unittest import mock

import numpy as np
import psycopg
from django.db import transaction

from matching import carrying, list_rows, refreshing
from matching.engine import Candidates, Opportunities
from matching.list_rows import CANDIDATES, best
from matching.models import Market, OpportunityList, PackedCandidate
from matching.models.lists import KEPT
from matching.packed_rows import decode, encode
from matching.snapshot import State, load_published
from matching.snapshot.packed import CANDIDATE_COLUMNS
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


def mend() -> int:
    """Rank afresh the roles whose lists candidates left cut, as the sweep has it done."""
    cut = OpportunityList.objects.filter(is_cut=True, version__in=Market.objects.values("run"))
    roles = np.array(sorted(cut.values_list("opportunity_id", flat=True)), np.int64)
    if len(roles):
        with transaction.atomic():
            market = Market.locked()
            state = refreshing.current() or load_published(market.run_id, market.seq)
            carrying.mend(state, roles)
    return len(roles)


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
        "p95_ms": round(later[int(len(later) * 0.95)], 1),
        # The server counts its CPU in hundredths of a second: only a mean says anything.
        "mean_cpu_ms": round(statistics.mean(cpus[1:]), 2),
        "p95_cpu_ms": round(sorted(cpus[1:])[int(len(later) * 0.95)], 1),
        "lists_touched": round(statistics.mean(touched)),
        "most_lists_touched": max(touched),
    }


def of_roles(new: Opportunities) -> dict[str, object]:
    """Open roles, then close them: from the lock of the market to the commit of all lists."""

    def write(place: int, *, close: bool) -> int:
        row = None if close else {**encode(new.take(np.array([place])))[0], "source_version": 1}
        with transaction.atomic():
            return refreshing.apply(Market.locked(), {}, {int(new.ids[place]): row}).written

    return {
        "new_role": _times(lambda place: write(place, close=False), len(new)),
        "closed_role": _times(lambda place: write(place, close=True), len(new)),
    }


def of_candidates(count: int) -> dict[str, object]:
    """Change profiles in the marketplace's tables and refresh all that follows.

    The yardstick is one indexed fetch of a candidate's packed row through the ORM, on the same
    connection. ``own_list`` is what she waits for: her packed row read, her list ranked on the warm
    snapshot and stored; ``refresh`` also reads and packs her profile, keeps account of what is
    owed, and carries the lists of the roles that she meets.
    """

    def fetch(place: int) -> int:
        PackedCandidate.objects.filter(pk=1 + place % count).values_list().get()
        return 0

    def own_list(place: int) -> int:
        with transaction.atomic():
            return keep_own_list(state, 1 + place % count)

    def refresh(place: int) -> int:
        return refreshing.refresh_candidate(1 + place, at=NOW).written

    mend()
    refreshing.refresh_candidates(range(1, count + 1), at=NOW)
    mend()
    draw = np.random.default_rng(4)
    for number in range(1, count + 1):
        people.amend(number, float(draw.random()))
    fetched = _times(fetch, 400)
    refreshed = _times(refresh, count)
    wall, cpu = time.perf_counter(), cpu_seconds()
    mended = mend()
    mending = {
        "roles": mended,
        "roles_a_refresh": round(mended / count, 2),
        "ms_a_role": round(1000 * (time.perf_counter() - wall) / max(1, mended), 2),
        "cpu_ms_a_role": round(1000 * (cpu_seconds() - cpu) / max(1, mended), 2),
    }
    people.amend(1, 0.123)
    with Statements() as statements:
        refreshing.refresh_candidate(1, at=NOW)
    state = refreshing.current()
    assert state is not None
    own = _times(own_list, count)
    return {
        "indexed_fetch": {name: fetched[name] for name in ("median_ms", "mean_cpu_ms")},
        "own_list": own,
        "refresh": refreshed,
        "mending": mending,
        "own_list_over_fetch": _ratio(own, fetched, "median_ms"),
        "own_list_over_fetch_by_cpu": _ratio(own, fetched, "mean_cpu_ms"),
        "refresh_over_fetch": _ratio(refreshed, fetched, "median_ms"),
        "refresh_over_fetch_by_cpu": _ratio(refreshed, fetched, "mean_cpu_ms"),
        "refresh_statements": statements.count,
    }


def _ratio(measured: dict[str, object], yardstick: dict[str, object], name: str) -> float:
    return round(float(str(measured[name])) / float(str(yardstick[name])), 1)


def keep_own_list(state: State, profile_id: int) -> int:
    """Read a candidate's packed row, rank her roles on the warm snapshot and store her list."""
    row = PackedCandidate.objects.values(*CANDIDATE_COLUMNS).get(pk=profile_id)
    candidate = decode(Candidates, row)
    scored = state.score(candidate)
    rows = best(scored.candidate, scored.role, scored.rank, k=KEPT, everyone=candidate.ids)
    list_rows.write(CANDIDATES, state.version, rows, seq=state.seq)
    return len(rows)
