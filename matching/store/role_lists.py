"""The stored lists of roles: whom each fits best, as of one moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

import numpy as np

from matching.engine import Lists
from matching.engine.columns import Longs
from matching.engine.scored_pairs import RolePairs
from matching.models import RoleList
from matching.models.market import KEPT
from matching.store.binary_cursor import binary_cursor

AT_ONCE: Final = 5_000
"""Lists written by one statement."""

_TABLE: Final = RoleList._meta.db_table
_WRITE: Final = f"""
    INSERT INTO {_TABLE} AS list (opportunity_id, version, seq, ids, scores, computed_at)
    SELECT row.role, %(version)s, %(seq)s, (%(ids)s::bigint[])[row.first:row.last],
        (%(scores)s::integer[])[row.first:row.last], %(at)s
    FROM unnest(%(roles)s::bigint[], %(firsts)s::bigint[], %(lasts)s::bigint[])
        AS row (role, first, last)
    ORDER BY row.role
    ON CONFLICT (opportunity_id) DO UPDATE
    SET version = excluded.version, seq = excluded.seq, ids = excluded.ids,
        scores = excluded.scores, computed_at = excluded.computed_at
    WHERE (list.version, list.seq) < (excluded.version, excluded.seq)
        OR %(equal)s AND (list.version, list.seq) = (excluded.version, excluded.seq)
"""  # noqa: S608


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The lists of some roles, in ascending order of the roles, laid end to end."""

    roles: Longs
    lengths: Longs
    ids: Longs
    scores: Longs

    @classmethod
    def of(cls, roles: Longs, pairs: RolePairs) -> Self:
        """Return the best pairs of each of these roles by mutual score, ties by the lower id."""
        order = np.lexsort((pairs.candidate, -pairs.mutual, pairs.role))
        owners = pairs.role[order]
        starts = np.searchsorted(owners, roles)
        counts = np.searchsorted(owners, roles, side="right") - starts
        place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        best = (np.repeat(starts, counts) + place)[place < KEPT]
        chosen = order[best]
        return cls(roles, np.minimum(counts, KEPT), pairs.candidate[chosen], pairs.mutual[chosen])

    @classmethod
    def padded(cls, roles: Longs, lists: Lists) -> Self:
        """Return lists as the engine gives them, which fills them up with -1."""
        filled = lists.ids >= 0
        return cls(
            roles, filled.sum(axis=1), lists.ids[filled], lists.scores[filled].astype(np.int64)
        )


def write(rows: Rows, *, version: int, seq: int, at: datetime, replaces_equal: bool = True) -> None:
    """Store these lists as of a version and commit, unless newer ones stand there.

    Whoever changes a role stores its list as of the commit before. So a run, which knows the role
    as it was, leaves the lists that stand there as of its own commit: ``replaces_equal``.
    """
    lasts = np.cumsum(rows.lengths, dtype=np.int64)
    firsts = lasts - rows.lengths
    for first in range(0, len(rows.roles), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        begin = int(firsts[first])
        entries = slice(begin, int(lasts[some][-1]))
        with binary_cursor() as cursor:
            cursor.execute(
                _WRITE,
                {
                    "version": version,
                    "seq": seq,
                    "at": at,
                    "equal": replaces_equal,
                    "roles": rows.roles[some],
                    "ids": rows.ids[entries],
                    "scores": rows.scores[entries].astype(np.int32),
                    "firsts": firsts[some] - begin + 1,
                    "lasts": lasts[some] - begin,
                },
            )
