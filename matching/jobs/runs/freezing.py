"""Freeze the market for a run: one statement copies the packed rows as of one commit."""

import hashlib
import json
from collections.abc import Callable
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
    RunState,
    Subject,
)
from matching.store.read import CANDIDATE_COLUMNS, ROLE_COLUMNS, SHOWN, end_to_end, joined
from opportunities.candidates.models import CandidateProfile
from opportunities.roles.models import Opportunity

PACKED_AT_ONCE: Final = 500
SMALLEST_PART: Final = 25_000
LARGEST_PART: Final = 100_000
PARTS: Final = 8
"""A run has up to eight parts until they would be too large: each writes a list for every role."""

FREEZE: Final = f"""
    WITH moment AS (SELECT seq FROM {Market._meta.db_table} WHERE id = 1),
    numbered AS (
        SELECT *, (row_number() OVER (ORDER BY subject_id) - 1) / %(size)s AS part
        FROM {PackedCandidate._meta.db_table} WHERE fixed IS NOT NULL
    ),
    parts AS (
        INSERT INTO {RunPart._meta.db_table} (run_id, number, count, first_id, last_id, attempts,
            shown, {", ".join(CANDIDATE_COLUMNS)})
        SELECT %(run)s, part, count(*), min(subject_id), max(subject_id), 0,
            {end_to_end(SHOWN)}, {joined(CANDIDATE_COLUMNS)}
        FROM numbered GROUP BY part
        RETURNING number, count,
            sha256(shown || {" || ".join(CANDIDATE_COLUMNS)}) AS digest
    ),
    input AS (
        INSERT INTO {RunInput._meta.db_table}
            (run_id, vocabulary, dual_ids, duals, {", ".join(ROLE_COLUMNS)})
        SELECT %(run)s, ''::bytea, ''::bytea, ''::bytea,
            {", ".join(f"coalesce(packed.{name}, ''::bytea)" for name in ROLE_COLUMNS)}
        FROM (SELECT {", ".join(f"{end_to_end(name)} AS {name}" for name in ROLE_COLUMNS)}
            FROM {PackedRole._meta.db_table} WHERE fixed IS NOT NULL) AS packed
        RETURNING sha256({" || ".join(ROLE_COLUMNS)}) AS digest
    )
    SELECT coalesce((SELECT seq FROM moment), 0), (SELECT encode(digest, 'hex') FROM input),
        (SELECT coalesce(sum(count), 0) FROM parts),
        (SELECT string_agg(encode(digest, 'hex'), '' ORDER BY number) FROM parts),
        (SELECT count(*) FROM {PackedRole._meta.db_table} WHERE fixed IS NOT NULL)
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


@transaction.atomic
def freeze(run_id: int, *, at: datetime) -> None:
    """Copy the market into the run's record, and note what went in."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.PACKING:
        return
    total = PackedCandidate.objects.filter(fixed__isnull=False).count()
    size = max(SMALLEST_PART, min(LARGEST_PART, -(-total // PARTS)))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '110s'")
        cursor.execute(FREEZE, {"run": run_id, "size": size})
        seq, roles_digest, candidates, parts_digest, roles = cursor.fetchone()
    told = json.dumps(run.parameters, sort_keys=True)
    content = f"{run.engine_version} {told} {roles_digest} {parts_digest or ''}"
    run.seq, run.candidate_count, run.role_count = seq, int(candidates), roles
    run.input_digest = hashlib.sha256(content.encode()).hexdigest()
    run.state, run.frozen_at, run.sent_at = RunState.PRICING, at, None
    run.save(
        update_fields=[
            "seq", "candidate_count", "role_count", "input_digest", "state", "frozen_at", "sent_at",
        ]
    )  # fmt: skip
