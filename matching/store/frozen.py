"""Read what a run froze: its roles, and the candidates of a part. Bytes travel as they are."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from matching.engine import Candidates, Opportunities, pack_opportunities
from matching.engine.columns import Flags, Longs
from matching.models import RunPart, RunRoles
from matching.store.binary_cursor import binary_cursor
from matching.store.encode import FIXED, LAYOUTS, decode
from matching.store.read import CANDIDATE_COLUMNS, ROLE_COLUMNS

_ROLES: Final = f"""
    SELECT count, {", ".join(ROLE_COLUMNS)} FROM {RunRoles._meta.db_table} WHERE id = %s
"""  # noqa: S608
_ROLE_ROWS: Final = f"""
    SELECT {FIXED} FROM {RunRoles._meta.db_table} WHERE run_id = %s ORDER BY number
"""  # noqa: S608
_CANDIDATES: Final = f"""
    SELECT shown, {", ".join(CANDIDATE_COLUMNS)} FROM {RunPart._meta.db_table} WHERE id = %s
"""  # noqa: S608


def role_ranges(run_id: int) -> list[tuple[int, int]]:
    """Return the key of each range of a run's roles, and how many it froze."""
    ranges = RunRoles.objects.filter(run=run_id).order_by("number")
    return list(ranges.values_list("pk", "count"))


def roles_of(run_id: int) -> Opportunities:
    """Return the roles that a run froze, of all its ranges."""
    return roles_of_ranges(key for key, _ in role_ranges(run_id))


def roles_of_ranges(keys: Iterable[int]) -> Opportunities:
    """Return the roles that these ranges froze, in their order and then by ascending id.

    Raises ``LookupError`` where what a range froze is no longer kept.
    """
    parts = []
    for key in keys:
        with binary_cursor() as cursor:
            count, *content = cursor.execute(_ROLES, [key], binary=True).fetchone() or (0,)
        parts.append(decode(Opportunities, dict(zip(ROLE_COLUMNS, content, strict=True))))
        if len(parts[-1]) != count:
            raise LookupError(f"The {count} roles of range #{key} are no longer kept.")
    return Opportunities.concatenate(parts) if parts else pack_opportunities([], priors={})


def role_ids(run_id: int) -> Longs:
    """Return the ids of the roles that a run froze, in their order."""
    with binary_cursor() as cursor:
        rows = cursor.execute(_ROLE_ROWS, [run_id], binary=True).fetchall()
    layout = LAYOUTS[Opportunities][FIXED]
    ids = [np.frombuffer(content or b"", layout)["ids"] for (content,) in rows]
    return np.concatenate([np.zeros(0, np.int64), *ids])


def candidates_of_part(part_id: int) -> tuple[Candidates, Flags]:
    """Return the candidates that a part froze, and which of them employers may be shown."""
    with binary_cursor() as cursor:
        row = cursor.execute(_CANDIDATES, [part_id], binary=True).fetchone()
    shown, *content = row or [None] * (1 + len(CANDIDATE_COLUMNS))
    columns = decode(Candidates, dict(zip(CANDIDATE_COLUMNS, content, strict=True)))
    return columns, np.frombuffer(shown or b"", np.uint8).astype(np.bool_)
