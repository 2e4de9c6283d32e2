"""Freeze the market for a run: its roles as of one commit, its candidates range by range."""

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
from matching.store.frozen import roles_of
from matching.store.read import CANDIDATE_COLUMNS, ROLE_COLUMNS, SHOWN, end_to_end
from opportunities.candidates.models import CandidateProfile
from opportunities.roles.models import Opportunity

PACKED_AT_ONCE: Final = 500
SMALLEST_PART: Final = 25_000
LARGEST_PART: Final = 100_000
PARTS: Final = 8
"""A run has up to eight parts until they would be too large: each writes a list for every role."""

PLAN: Final = f"""
    WITH numbered AS (
        SELECT subject_id, (row_number() OVER (ORDER BY subject_id) - 1) / %(size)s AS part
        FROM {PackedCandidate._meta.db_table} WHERE fixed IS NOT NULL
    )
    INSERT INTO {RunPart._meta.db_table} (run_id, number, count, first_id, last_id, attempts)
    SELECT %(run)s, part, 0, min(subject_id), max(subject_id), 0 FROM numbered GROUP BY part
"""  # noqa: S608
ROLES: Final = f"""
    INSERT INTO {RunInput._meta.db_table}
        (run_id, vocabulary, dual_ids, duals, {", ".join(ROLE_COLUMNS)})
    SELECT %(run)s, ''::bytea, ''::bytea, ''::bytea,
        {", ".join(f"coalesce(packed.{name}, ''::bytea)" for name in ROLE_COLUMNS)}
    FROM (SELECT {", ".join(f"{end_to_end(name)} AS {name}" for name in ROLE_COLUMNS)}
        FROM {PackedRole._meta.db_table} WHERE fixed IS NOT NULL) AS packed
    RETURNING encode(sha256({" || ".join(ROLE_COLUMNS)}), 'hex')
"""  # noqa: S608
PART: Final = f"""
    UPDATE {RunPart._meta.db_table} AS part
    SET count = packed.people, shown = coalesce(packed.visible, ''::bytea),
        {", ".join(f"{name} = coalesce(packed.{name}, ''::bytea)" for name in CANDIDATE_COLUMNS)}
    FROM (
        SELECT count(*) AS people, {end_to_end(SHOWN)} AS visible,
            {", ".join(f"{end_to_end(name)} AS {name}" for name in CANDIDATE_COLUMNS)}
        FROM {PackedCandidate._meta.db_table}
        WHERE fixed IS NOT NULL AND subject_id BETWEEN %(first)s AND %(last)s
    ) AS packed
    WHERE part.id = %(part)s
    RETURNING encode(
        sha256(part.shown || {" || ".join(f"part.{name}" for name in CANDIDATE_COLUMNS)}), 'hex'
    )
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

    The roles are copied first, with the number of the commit. Each range of candidates follows in a
    transaction of its own, so that no statement grows with the market and a run that is interrupted
    goes on where it was. A range copied later may hold what was committed meanwhile; whoever
    publishes the run reads everything above its number again.
    """
    _plan(run_id)
    waiting = RunPart.objects.filter(run=run_id, fixed__isnull=True).order_by("number")
    for part, first, last in list(waiting.values_list("pk", "first_id", "last_id")):
        _freeze_part(part, first=first, last=last)
        if clock() >= until:
            break
    return not waiting.exists() and _finish(run_id, at=clock())


@transaction.atomic
def _plan(run_id: int) -> None:
    """Copy the roles as of one commit, and decide on the ranges of candidates, once."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.PACKING or run.seq is not None:
        return
    run.seq = Market.load().seq
    total = PackedCandidate.objects.filter(fixed__isnull=False).count()
    size = max(SMALLEST_PART, min(LARGEST_PART, -(-total // PARTS)))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '110s'")
        cursor.execute(ROLES, {"run": run_id})
        (run.input_digest,) = cursor.fetchone()
        cursor.execute(PLAN, {"run": run_id, "size": size})
    run.role_count = len(roles_of(run_id))
    run.save(update_fields=["seq", "input_digest", "role_count"])


@transaction.atomic
def _freeze_part(part_id: int, *, first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '110s'")
        cursor.execute(PART, {"part": part_id, "first": first, "last": last})
        (digest,) = cursor.fetchone()
    RunPart.objects.filter(pk=part_id).update(input_digest=digest)


@transaction.atomic
def _finish(run_id: int, *, at: datetime) -> bool:
    """Note what went in, and let the run go on."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.PACKING:
        return True
    parts = list(
        RunPart.objects.filter(run=run_id).order_by("number").values_list("count", "input_digest")
    )
    told = json.dumps(run.parameters, sort_keys=True)
    digests = "".join(digest for _, digest in parts)
    content = f"{run.engine_version} {told} {run.input_digest} {digests}"
    run.candidate_count = sum(count for count, _ in parts)
    run.input_digest = hashlib.sha256(content.encode()).hexdigest()
    run.state, run.frozen_at, run.sent_at = RunState.PRICING, at, None
    run.save(update_fields=["candidate_count", "input_digest", "state", "frozen_at", "sent_at"])
    return True
