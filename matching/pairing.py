"""Score every eligible pair of some candidates and some roles, for changes to stored lists."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine import Candidates
from matching.engine.candidate_view import view_candidates
from matching.engine.numpy_kernel import eligible_pairs
from matching.engine.pairs import eligible_scores
from matching.engine.role_index import RoleIndex

type Longs = NDArray[np.int64]

BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Scored:
    """Eligible pairs by id, with what each side's list orders by."""

    candidate: Longs
    role: Longs
    fit: Longs
    mutual: Longs
    rank: Longs
    """Mutual score less the role's price: the order of the candidate's list."""

    def __len__(self) -> int:
        return len(self.role)


def score_market(candidates: Candidates, index: RoleIndex) -> Scored:
    """Return all pairs that pass every gate, with their scores."""
    empty = np.zeros(0, np.int64)
    found = [Scored(empty, empty, empty, empty, empty)]
    if len(candidates) and len(index):
        view = view_candidates(candidates, index)
        for first in range(0, len(view), BLOCK):
            last = min(len(view), first + BLOCK)
            gated = eligible_pairs(view, index, first, last)
            found += [
                Scored(
                    candidate=candidates.ids[pairs.candidate],
                    role=index.opportunities.ids[pairs.role],
                    fit=scores.fit,
                    mutual=scores.mutual,
                    rank=scores.mutual - index.price[pairs.role],
                )
                for pairs, scores in eligible_scores(view, index, gated)
            ]
    return Scored(
        *(
            np.concatenate([getattr(part, name) for part in found])
            for name in ("candidate", "role", "fit", "mutual", "rank")
        )
    )


def best(
    owners: Longs, others: Longs, scores: Longs, *, k: int
) -> dict[int, tuple[list[int], list[int]]]:
    """Return for every owner the best ``k`` others and their scores; ties go to the lower id."""
    order = np.lexsort((others, -scores, owners))
    owners, others, scores = owners[order], others[order], scores[order]
    names, starts = np.unique(owners, return_index=True)
    ends = np.append(starts, len(owners))[1:]
    return {
        int(name): (
            others[start : min(end, start + k)].tolist(),
            scores[start : min(end, start + k)].tolist(),
        )
        for name, start, end in zip(names, starts, ends, strict=True)
    }
