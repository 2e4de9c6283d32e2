"""Rank candidates and roles for each other, both sides in one pass.

In: columns of both sides. Out: the best ``k`` of the other side for each, exactly. The kernel is
the compiled one where it is installed and worth loading, else NumPy; the answer is the same.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final, Literal, Protocol, cast

import numpy as np

from matching.engine.candidate_view import CandidateView, view_candidates
from matching.engine.columns import Candidates, Floats, Longs, Opportunities
from matching.engine.role_index import RoleIndex, build_index
from matching.engine.skills import IDENTITY, Vocabulary
from matching.engine.topk import EMPTY, Lists, lists_of

type Order = Literal["mutual", "fit"]
type KernelName = Literal["numpy", "fast"]


class Kernel(Protocol):
    """What a kernel offers; the contracts are those of ``numpy_kernel``."""

    def sweep(
        self,
        view: CandidateView,
        index: RoleIndex,
        *,
        ties: Longs,
        kept: Longs,
        width: int,
        by_fit: bool,
    ) -> Longs: ...

    def score_role(
        self, candidates: Candidates, rows: Longs, index: RoleIndex, *, by_fit: bool
    ) -> tuple[Longs, Longs]: ...


KERNELS: Final[Mapping[KernelName, str]] = {
    "numpy": "matching.engine.numpy_kernel",
    "fast": "matching.engine.numba_kernel",
}
"""The modules of the kernels; ``fast`` needs the extra of that name."""

WORTH_LOADING: Final = 20_000_000
"""Pairs from which on loading the compiled kernel, about two seconds, is worth its while."""


@cache
def kernel_named(name: KernelName) -> Kernel:
    """Load a kernel when it is first needed, because importing the compiler's library is slow."""
    return cast("Kernel", import_module(KERNELS[name]))


def kernel_for(pairs: int) -> KernelName:
    """Return the kernel to use for so many pairs; the answer does not depend on it."""
    if KERNELS["fast"] in sys.modules:
        return "fast"
    # Looked for last: to find that a library is there costs more than to rank a few roles.
    return "fast" if pairs >= WORTH_LOADING and find_spec("numba") else "numpy"


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Both sides' lists: one row for every candidate, one for every role, in the order given."""

    candidates: Lists
    opportunities: Lists


class Ranker:
    """Rank candidates, portion by portion, against one set of roles.

    Lists of the candidates are returned at once; those of the roles grow with every portion, which
    must therefore come in the order of ids, unless ``one_sided`` leaves them out. Roles may come as
    an index, which has vocabulary and prices in it: what a kernel makes of it is made once.
    """

    def __init__(
        self,
        opportunities: Opportunities | RoleIndex,
        *,
        k: int,
        vocabulary: Vocabulary = IDENTITY,
        prices: Floats | None = None,
        order: Order = "mutual",
        kernel: KernelName | None = None,
        one_sided: bool = False,
    ) -> None:
        if k < 0:
            raise ValueError(f"k: {k} is less than 0")
        self._index = (
            opportunities
            if isinstance(opportunities, RoleIndex)
            else build_index(opportunities, vocabulary=vocabulary, prices=prices)
        )
        self._width = k
        self._by_fit = order == "fit"
        self._kernel: KernelName | None = kernel
        self._one_sided = one_sided
        self._kept = np.full((len(self._index), 0 if one_sided else k), EMPTY, np.int64)
        self._seen: list[Longs] = []
        self._positions: list[Longs] = []
        self._count = 0

    def rank(self, candidates: Candidates) -> Lists:
        """Return the best roles of every candidate and let them into the lists of the roles."""
        order = np.argsort(candidates.ids, kind="stable")
        ascending = candidates.ids[order]
        if (
            self._seen
            and not self._one_sided
            and len(ascending)
            and ascending[0] < self._seen[-1][-1]
        ):
            raise ValueError("ids: portions must come in the order of ids")
        ties = np.empty(len(candidates), np.int64)
        ties[order] = self._count + np.arange(len(candidates))
        view = view_candidates(candidates, self._index)
        kernel = kernel_named(self._kernel or kernel_for(len(candidates) * len(self._index)))
        keys = kernel.sweep(
            view,
            self._index,
            ties=ties,
            kept=self._kept,
            width=self._width,
            by_fit=self._by_fit,
        )
        if len(ascending) and not self._one_sided:
            self._seen.append(ascending)
            self._positions.append(self._count + order)
        self._count += len(candidates)
        return lists_of(keys, self._index.ids_by_tie, self._index.position_by_tie)

    def opportunity_lists(self) -> Lists:
        """Return the best candidates of every role among those ranked so far.

        Positions count over all portions.
        """
        order = np.empty_like(self._index.position)
        order[self._index.position] = np.arange(len(order))
        empty = [np.zeros(0, np.int64)]
        return lists_of(
            self._kept,
            np.concatenate(self._seen or empty),
            np.concatenate(self._positions or empty).astype(np.int32),
            order=order,
        )


def rank(
    candidates: Candidates,
    opportunities: Opportunities,
    *,
    k: int,
    vocabulary: Vocabulary = IDENTITY,
    prices: Floats | None = None,
    order: Order = "mutual",
    kernel: KernelName | None = None,
) -> Ranking:
    """Return the best ``k`` roles of every candidate and the best ``k`` candidates of every role.

    A candidate's list is ordered by mutual score less the role's price (``prices``: in points, one
    for each role), or by fit alone; a role's list by mutual score. Ties go to the lower id.
    """
    ranker = Ranker(
        opportunities,
        k=k,
        vocabulary=vocabulary,
        prices=prices,
        order=order,
        kernel=kernel,
    )
    return Ranking(candidates=ranker.rank(candidates), opportunities=ranker.opportunity_lists())
