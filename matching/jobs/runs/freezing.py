"""Freeze the market for a run, range by range: its roles, then its candidates."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from matching.jobs import refresh
from matching.models import (
    Market,
    PackedCandidate,
    PackedRole,
    Run,
    RunInput,
    RunPart,
    RunRoles,
    RunState,
    Subject,
)
from matching.store.read import CANDIDATE_COLUMNS, ROLE_COLUMNS, SHOWN, end_to_end
from opportunities.candidates.models import CandidateProfile
from opportunities.core.rows import update_row
from opportunities.roles.models import Opportunity

PACKED_AT_ONCE: Final = 500
SMALLEST_PART: Final = 25_000
LARGEST_PART: Final = 100_000
PARTS: Final = 8
"""A run has up to eight parts until they would be too large: each writes a list for every role."""

ROLES_AT_ONCE: Final = 25_000
"""Roles of a range: 9 MB to freeze, and 12 MB of each part to merge."""

type _Range = type[RunRoles | RunPart]

COPIED: Final[Mapping[_Range, tuple[str, Mapping[str, str]]]] = {
    RunRoles: (PackedRole._meta.db_table, {name: name for name in ROLE_COLUMNS}),
    RunPart: (
        PackedCandidate._meta.db_table,
        {"shown": SHOWN, **{name: name for name in CANDIDATE_COLUMNS}},
    ),
}
"""The table that a range of each kind is copied from, and each column as an expression of its rows;
in the order in which they are copied."""


def _planning(kind: _Range) -> str:
    """Return the SQL that cuts the packed rows into ranges of one size, which are still empty."""
    packed, _columns = COPIED[kind]
    return f"""
        WITH numbered AS (
            SELECT subject_id, (row_number() OVER (ORDER BY subject_id) - 1) / %(size)s AS part
            FROM {packed} WHERE fixed IS NOT NULL
        )
        INSERT INTO {kind._meta.db_table} (run_id, number, count, first_id, last_id)
        SELECT %(run)s, part, 0, min(subject_id), max(subject_id) FROM numbered GROUP BY part
    """  # noqa: S608


def _copying(kind: _Range) -> str:
    """Return the SQL that copies the rows of one range.

    It returns the SHA-256 of what was copied, in hexadecimal.
    """
    packed, columns = COPIED[kind]
    return f"""
        UPDATE {kind._meta.db_table} AS part SET count = packed.rows,
            {", ".join(f"{name} = coalesce(packed.{name}, ''::bytea)" for name in columns)}
        FROM (
            SELECT count(*) AS rows,
                {", ".join(f"{end_to_end(value)} AS {name}" for name, value in columns.items())}
            FROM {packed} WHERE fixed IS NOT NULL AND subject_id BETWEEN %(first)s AND %(last)s
        ) AS packed
        WHERE part.id = %(part)s
        RETURNING encode(sha256({" || ".join(f"part.{name}" for name in columns)}), 'hex')
    """  # noqa: S608


def pack_missing(*, clock: Callable[[], datetime], until: datetime) -> bool:
    """Pack what was never packed, for as long as there is time; say whether all is packed."""
    roles = Opportunity.objects.listed(at=clock()).filter(
        ~Exists(PackedRole.objects.filter(subject_id=OuterRef("pk")))
    )
    profiles = CandidateProfile.objects.counted().filter(
        ~Exists(PackedCandidate.objects.filter(subject_id=OuterRef("pk")))
    )
    for kind, missing in ((Subject.ROLE, roles), (Subject.CANDIDATE, profiles)):
        ids = missing.order_by("pk").values_list("pk", flat=True)
        while batch := list(ids[:PACKED_AT_ONCE]):
            refresh.refresh_subjects(kind, batch, at=clock())
            if clock() >= until:
                return False
    return True


def freeze(run_id: int, *, clock: Callable[[], datetime], until: datetime) -> bool:
    """Copy the market into the run's record for as long as there is time; say whether all is there.

    Each range of roles, then of candidates, is copied in a transaction of its own, so that no
    statement grows with the market and a run that is interrupted goes on where it was. A range
    copied later may hold what was committed meanwhile; whoever publishes the run reads everything
    above its number again.
    """
    _plan(run_id)
    waiting = [
        (kind, *one)
        for kind in COPIED
        for one in kind.objects.filter(run=run_id, fixed__isnull=True)
        .order_by("number")
        .values_list("pk", "first_id", "last_id")
    ]
    for place, (kind, part, first, last) in enumerate(waiting, start=1):
        _freeze_range(kind, part, first=first, last=last)
        if clock() >= until and place < len(waiting):
            return False
    return _finish(run_id, at=clock())


@transaction.atomic
def _plan(run_id: int) -> None:
    """Note the market's last commit and decide on the ranges, once."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.PACKING or run.seq is not None:
        return
    update_row(run, seq=Market.load().seq)
    total = PackedCandidate.objects.filter(fixed__isnull=False).count()
    size = max(SMALLEST_PART, min(LARGEST_PART, -(-total // PARTS)))
    RunInput.objects.create(run=run, vocabulary=b"")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '110s'")
        cursor.execute(_planning(RunRoles), {"run": run_id, "size": ROLES_AT_ONCE})
        cursor.execute(_planning(RunPart), {"run": run_id, "size": size})


@transaction.atomic
def _freeze_range(kind: _Range, part_id: int, *, first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '110s'")
        cursor.execute(_copying(kind), {"part": part_id, "first": first, "last": last})
        (digest,) = cursor.fetchone()
    kind.objects.filter(pk=part_id).update(input_digest=digest)


@transaction.atomic
def _finish(run_id: int, *, at: datetime) -> bool:
    """Note what went in, and let the run go on."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.PACKING:
        return True
    roles, parts = (
        list(
            kind.objects.filter(run=run_id).order_by("number").values_list("count", "input_digest")
        )
        for kind in COPIED
    )
    told = json.dumps(run.parameters, sort_keys=True)
    digests = "".join(digest for _, digest in (*roles, *parts))
    content = f"{run.engine_version} {told} {digests}"
    update_row(
        run,
        role_count=sum(count for count, _ in roles),
        candidate_count=sum(count for count, _ in parts),
        input_digest=hashlib.sha256(content.encode()).hexdigest(),
        state=RunState.PRICING,
        frozen_at=at,
        sent_at=None,
    )
    return True
