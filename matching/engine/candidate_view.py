"""See candidates through an index of roles: codes as its local numbers, limits as its ranks.

In: ``Candidates`` and a ``RoleIndex``. Out: a ``CandidateView``, whose ragged columns leave out
whatever no role of the index knows.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import Bytes, Candidates, Flags, Floats, Ints, Longs, owning
from matching.engine.fixed_point import FAR
from matching.engine.places import AREA_COLUMNS, rows_of, sites_reached
from matching.engine.records import CREDIT_WISHES
from matching.engine.role_index import Cover, RoleIndex


@dataclass(frozen=True, slots=True, eq=False)
class CandidateView:
    """Candidates as one index sees them; ``n`` of them."""

    candidates: Candidates
    had: Ints
    """Shape (8, n): what each candidate has of ``RoleIndex.needed``.

    Of weekly loads, which have to be placed for ``differs``, those hold all.
    """
    differs: Flags
    """Whether some weeks differ, so that each engagement has to be placed."""
    held_at: Longs
    held: Ints
    """Rows of ``RoleIndex.holds``."""
    held_level: Bytes
    held_credited: Bytes
    held_weight: Ints
    """How much using it counts; 0 where that is no wish of its own."""
    wanted_at: Longs
    wanted: Ints
    """Rows of ``RoleIndex.learns``."""
    wanted_weight: Ints
    """How much practising it counts: its priority, by its rarity."""
    interest_at: Longs
    interest: Ints
    interest_value: Ints
    done_at: Longs
    done: Ints
    only_at: Longs
    only: Ints
    region_at: Longs
    region: Ints
    """The sites of the index that are reached, ascending."""
    right_at: Longs
    right: Ints
    has_targets: Flags
    has_interests: Flags
    is_choosy: Flags
    """Whether only some fields are open, known to the index or not."""

    def __len__(self) -> int:
        return len(self.candidates)


def view_candidates(candidates: Candidates, index: RoleIndex) -> CandidateView:
    """Return the candidates as the index sees them."""
    limited = candidates.available_until < FAR
    over = candidates.available_until.astype(np.float64) + 1
    spare = np.where(limited, over - candidates.available_from, np.inf)
    latest_end = np.where(limited, over, np.inf)
    differs = owning(candidates.week_at)
    held_at, held, held_level, held_credited, held_used = _local(
        index.holds,
        candidates.skill_at,
        candidates.skill,
        candidates.skill_level,
        candidates.skill_credited,
        candidates.skill_used,
    )
    wanted_at, wanted, wanted_priority = _local(
        index.learns, candidates.target_at, candidates.target, candidates.target_priority
    )
    interest_at, interest, interest_value = _local(
        index.fields, candidates.interest_at, candidates.interest, candidates.interest_value
    )
    done_at, done = _local(index.fields, candidates.done_at, candidates.done)
    only_at, only = _local(index.fields, candidates.only_at, candidates.only)
    region_at, region = sites_reached(
        index.sites,
        names=(candidates.region_at, candidates.region),
        areas=(candidates.area_at, rows_of(candidates, AREA_COLUMNS)),
    )
    right_at, right = _local(index.countries[1:], candidates.right_at, candidates.right)
    return CandidateView(
        candidates=candidates,
        had=np.array(
            [
                np.where(differs, len(index.loads), _highest(index.loads, candidates.hours)),
                -np.searchsorted(index.rates, candidates.rate_floor),
                -np.searchsorted(index.latests, candidates.available_from),
                _highest(index.days, spare),
                _highest(index.ends, latest_end),
                candidates.age_ok,
                candidates.enrolled,
                candidates.credit != CREDIT_WISHES.index("required"),
            ],
            np.int32,
        ),
        differs=differs,
        held_at=held_at,
        held=held,
        held_level=held_level,
        held_credited=held_credited,
        held_weight=index.holds.weight[held] * held_used,
        wanted_at=wanted_at,
        wanted=wanted,
        wanted_weight=index.learns.weight[wanted] * wanted_priority,
        interest_at=interest_at,
        interest=interest,
        interest_value=interest_value,
        done_at=done_at,
        done=done,
        only_at=only_at,
        only=only,
        region_at=region_at,
        region=region,
        right_at=right_at,
        right=(right + 1).astype(np.int32),
        has_targets=owning(candidates.target_at),
        has_interests=owning(candidates.interest_at),
        is_choosy=owning(candidates.only_at),
    )


def _highest(ranked: Floats, limits: Floats) -> NDArray[np.intp]:
    """Return the rank of the highest quantity within each limit; -1 if none is."""
    return np.searchsorted(ranked, limits, side="right") - 1


def _local(known: Cover | Longs, at: Longs, codes: Longs, *sisters: Any) -> tuple[Any, ...]:
    """Return the ragged column in local numbers, without the unknown, and its sister columns."""
    table = known.codes if isinstance(known, Cover) else known
    if not len(table) or not len(codes):
        return np.zeros_like(at), np.zeros(0, np.int32), *(column[:0] for column in sisters)
    found = np.minimum(np.searchsorted(table, codes), len(table) - 1)
    kept = table[found] == codes
    ends = np.concatenate([[0], np.cumsum(kept)])
    return (
        ends[at].astype(np.int64),
        found[kept].astype(np.int32),
        *(np.ascontiguousarray(column[kept]) for column in sisters),
    )
