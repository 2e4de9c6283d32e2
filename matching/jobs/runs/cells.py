"""Rank candidates among some of a run's roles after the others, so that neither side must fit.

A *cell* is the candidates of a part by the roles of a few ranges. The lists of both sides are kept
as the engine's keys, score above and tie number below, the tie being where the other side stands:
a role in the run, a candidate in the part. Keys merge by sorting whole numbers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import batched
from typing import Final, Self

import numpy as np

from matching.engine import POINT, Candidates, Lists, Ranker
from matching.engine.columns import Flags, Longs
from matching.engine.role_index import RoleIndex, build_index
from matching.engine.topk import EMPTY, lists_of, pack_keys
from matching.models import RunCell, RunPart
from matching.models.market import KEPT
from matching.store.binary_cursor import binary_cursor
from matching.store.firsts import FIRST, NOT_FULL, FirstLists, names_skills
from matching.store.frozen import role_ranges, roles_of_ranges
from matching.store.loading import read_frozen_vocabulary, read_prices

RANGES_AT_ONCE: Final = 4
"""Ranges of roles in a cell: among 100,000 roles the compiled kernel leaves out the most."""

ROW_BYTES: Final = 8 * KEPT

_LISTS: Final = f"""
    SELECT substring(cell.role_lists
            FROM 1 + {ROW_BYTES} * (%(begin)s - cell.begin) FOR {ROW_BYTES} * %(count)s),
        substring(part.thresholds FROM 1 FOR 8 * part.count)
    FROM {RunPart._meta.db_table} AS part JOIN {RunCell._meta.db_table} AS cell
        ON cell.part_id = part.id AND cell.begin <= %(begin)s
        AND cell.begin + cell.count >= %(end)s
    WHERE part.id = %(part)s LIMIT 1
"""  # noqa: S608


def keys_of(lists: Lists, places: Longs) -> Longs:
    """Return lists as keys; ``places`` says where each of the other side stands."""
    ties = np.append(places, 0)[lists.positions]
    keys: Longs = np.where(lists.positions >= 0, pack_keys(lists.scores, ties), EMPTY)
    return keys


def merge(best: Longs, keys: Longs, *, first: int) -> Longs:
    """Return the best keys of both, ascending; the other side of ``keys`` stands from ``first`` on.

    Both have the width of a list. In which order they are merged changes nothing.
    """
    # A place among all is a higher tie, and a higher tie a lower key.
    later = np.where(keys == EMPTY, EMPTY, keys - first)
    merged: Longs = np.sort(np.concatenate([best, later], axis=1), axis=1)[:, keys.shape[1] :]
    return merged


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The best roles of some candidates among those looked at so far, as keys."""

    lists: Longs
    """By mutual score less price."""
    by_fit: Longs
    """The first ones by fit, of the candidates who name no skills."""

    @classmethod
    def nothing(cls, candidates: Candidates) -> Self:
        """Return the lists of these candidates before any role was looked at."""
        unskilled = np.count_nonzero(~names_skills(candidates))
        return cls(
            np.full((len(candidates), KEPT), EMPTY, np.int64),
            np.full((unskilled, FIRST), EMPTY, np.int64),
        )

    @classmethod
    def from_bytes(cls, content: bytes | memoryview, candidates: Candidates) -> Self:
        """Return the lists of these candidates that ``to_bytes`` made."""
        keys, count = np.frombuffer(content, np.int64), len(candidates) * KEPT
        return cls(keys[:count].reshape(-1, KEPT), keys[count:].reshape(-1, FIRST))

    def to_bytes(self) -> bytes:
        """Return the keys of both kinds of lists, int64."""
        return self.lists.tobytes() + self.by_fit.tobytes()

    def merge(self, later: "Best", *, begin: int) -> "Best":
        """Return the best of both; the roles of ``later`` stand from place ``begin`` on."""
        if not begin:
            return later
        return Best(
            merge(self.lists, later.lists, first=begin),
            merge(self.by_fit, later.by_fit, first=begin),
        )

    def listed(self, role_ids: Longs) -> Lists:
        """Return the lists; ``role_ids`` are those of the run in their order."""
        return lists_of(self.lists, role_ids, np.arange(len(role_ids), dtype=np.int32))

    def first(self, lists: Lists, candidates: Candidates, role_ids: Longs) -> FirstLists:
        """Return everybody's first roles, each in the order in which they are shown roles.

        ``lists`` are those of ``listed``.
        """
        ids, scores = lists.ids[:, :FIRST].copy(), lists.scores[:, :FIRST].astype(np.int64)
        fitting = lists_of(self.by_fit, role_ids, np.arange(len(role_ids), dtype=np.int32))
        unskilled = np.flatnonzero(~names_skills(candidates))
        ids[unskilled], scores[unskilled] = fitting.ids, fitting.scores
        return FirstLists(ids, np.where(ids >= 0, scores, NOT_FULL))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The roles of some consecutive ranges of a run."""

    run_id: int
    number: int
    """Of the first range."""
    ranges: tuple[int, ...]
    """Keys of the ranges."""
    begin: int
    """How many roles of the run stand before them."""
    count: int
    is_last: bool

    def index(self) -> RoleIndex:
        """Return the roles arranged for ranking, with the run's rarities and prices."""
        return arrange(self.run_id, self.ranges)


@lru_cache(maxsize=1)
def arrange(run_id: int, ranges: tuple[int, ...]) -> RoleIndex:
    """Arrange roles; kept, because a worker ranks several parts of one run."""
    roles = roles_of_ranges(ranges)
    ids = roles.ids.tolist()
    prices = read_prices(run_id, between=(ids[0], ids[-1])) if ids else {}
    points = np.array([prices[role] / POINT for role in ids], np.float64)
    return build_index(roles, vocabulary=read_frozen_vocabulary(run_id), prices=points)


def stretches_of(run_id: int, *, after: int = 0) -> Iterator[Stretch]:
    """Yield a run's roles from its range of this number on, a few ranges at a time."""
    ranges = role_ranges(run_id)
    begin, number = sum(count for _, count in ranges[:after]), after
    for some in batched(ranges[after:], RANGES_AT_ONCE, strict=False):
        keys, counts = zip(*some, strict=True)
        following = number + len(some)
        yield Stretch(run_id, number, keys, begin, sum(counts), following == len(ranges))
        begin, number = begin + sum(counts), following


def rank_cell(index: RoleIndex, candidates: Candidates, shown: Flags) -> tuple[Best, Longs]:
    """Return the best of these roles for every candidate, and the roles' lists over those shown.

    Places of roles are counted from the first of these roles.
    """
    best, places = Best.nothing(candidates), np.arange(len(index))
    seen, unseen = np.flatnonzero(shown), np.flatnonzero(~shown)
    both_sides = Ranker(index, k=KEPT)
    rankers = (both_sides, Ranker(index, k=KEPT, one_sided=True))
    for ranker, chosen in zip(rankers, (seen, unseen), strict=True):
        if len(chosen) and len(index):
            best.lists[chosen] = keys_of(ranker.rank(candidates.take(chosen)), places)
    unskilled = np.flatnonzero(~names_skills(candidates))
    if len(unskilled) and len(index):
        by_fit = Ranker(index, k=FIRST, order="fit", one_sided=True)
        best.by_fit[:] = keys_of(by_fit.rank(candidates.take(unskilled)), places)
    return best, keys_of(both_sides.opportunity_lists(), seen)


def best_of(candidates: Candidates, indices: Iterable[RoleIndex]) -> Best:
    """Return the best roles of these candidates among all of these, one index after the other."""
    best, nobody, begin = Best.nothing(candidates), np.zeros(len(candidates), np.bool_), 0
    for index in indices:
        found, _ = rank_cell(index, candidates, nobody)
        best = best.merge(found, begin=begin)
        begin += len(index)
    return best


def merge_parts(run_id: int, *, begin: int, count: int) -> Lists:
    """Return the lists, over all parts, of ``count`` of the run's roles from place ``begin`` on.

    The roles are those of one range. Of each part only these lists and its candidates' ids are
    read, so that memory grows with neither side of the market but for eight bytes a candidate.
    Raises ``LookupError`` where a part has no lists of them.
    """
    best = np.full((count, KEPT), EMPTY, np.int64)
    ids, first = [np.zeros(0, np.int64)], 0
    parts = RunPart.objects.filter(run=run_id).order_by("number").values_list("pk", flat=True)
    for part in list(parts):
        with binary_cursor() as cursor:
            # Added up here: the server takes each small number for two bytes and adds within them.
            wanted = {"begin": begin, "end": begin + count, "count": count, "part": part}
            found = cursor.execute(_LISTS, wanted, binary=True).fetchone()
        if found is None:
            raise LookupError(f"Part #{part} has no lists of the roles from place {begin} on.")
        content, people = found
        mine = np.frombuffer(content, np.int64).reshape(count, KEPT)
        best = merge(best, mine, first=first)
        ids.append(np.frombuffer(people, np.int64))
        first += len(ids[-1])
    return lists_of(best, np.concatenate(ids), np.arange(first, dtype=np.int32))
