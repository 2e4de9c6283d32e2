"""Read what a run froze: its roles, and the candidates of a part. Bytes travel as they are."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine import Candidates, Opportunities, pack_opportunities
from matching.models import Run, RunPart, RunRoles
from matching.store.binary_cursor import binary_cursor
from matching.store.encode import decode
from matching.store.read import CANDIDATE_COLUMNS, ROLE_COLUMNS

_ROLES: Final = f"""
    SELECT {", ".join(ROLE_COLUMNS)} FROM {RunRoles._meta.db_table} WHERE id = %s
"""  # noqa: S608
_CANDIDATES: Final = f"""
    SELECT shown, {", ".join(CANDIDATE_COLUMNS)} FROM {RunPart._meta.db_table} WHERE id = %s
"""  # noqa: S608


def roles_of(run_id: int) -> Opportunities:
    """Return the roles that a run froze, of all its ranges.

    Raises ``LookupError`` where some are missing, as in a run that the release before froze.
    """
    ranges = RunRoles.objects.filter(run=run_id).order_by("number").values_list("pk", flat=True)
    parts = [roles_of_range(number) for number in ranges]
    roles = Opportunities.concatenate(parts) if parts else pack_opportunities([], priors={})
    count = Run.objects.values_list("role_count", flat=True).get(pk=run_id)
    if len(roles) != count:
        raise LookupError(f"Run #{run_id} froze {count} roles, and {len(roles)} are there.")
    return roles


def roles_of_range(range_id: int) -> Opportunities:
    """Return the roles that a range froze, by ascending id."""
    with binary_cursor() as cursor:
        content = cursor.execute(_ROLES, [range_id], binary=True).fetchone()
    return decode(Opportunities, dict(zip(ROLE_COLUMNS, content or (), strict=True)))


def candidates_of_part(part_id: int) -> tuple[Candidates, NDArray[np.bool_]]:
    """Return the candidates that a part froze, and which of them employers may be shown."""
    with binary_cursor() as cursor:
        row = cursor.execute(_CANDIDATES, [part_id], binary=True).fetchone()
    shown, *content = row or [None] * (1 + len(CANDIDATE_COLUMNS))
    columns = decode(Candidates, dict(zip(CANDIDATE_COLUMNS, content, strict=True)))
    return columns, np.frombuffer(shown or b"", np.uint8).astype(np.bool_)
